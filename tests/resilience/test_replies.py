"""Headers say how fresh an answer is, and 304 spares whoever has it."""

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from dependency_injector import providers

from giphynavigator.answers import Answer, Reply
from giphynavigator.pages import Kept
from giphynavigator.recorder import Recorder
from giphynavigator.web.ready import READY, Ready
from giphynavigator.web.replies import cache_status, respond, respond_anew
from tests.resilience.pages import page_of

ANSWER = Answer(b"{}", '"abc"')


def kept_as(outcome="hit", ttl: float = 59.6, age: float = 0.4) -> Kept:
    return Kept(page_of("a"), 1, outcome, ttl, age)


def responded(kept: Kept, **headers: str):
    given = {name.replace("_", "-"): value for name, value in headers.items()}
    app = web.Application()
    app[READY] = Ready(providers.Object("the service"), Recorder(), max_bytes=1_000_000)
    request = make_mocked_request("GET", "/", given, app=app)
    return respond(request, Reply(ANSWER, kept))


@pytest.mark.parametrize(
    ("kept", "text"),
    [
        (kept_as("hit"), "GiphyNavigator; hit; ttl=59"),
        (kept_as("miss", 60), "GiphyNavigator; fwd=miss; stored; ttl=60"),
        (kept_as("miss", -0.0), "GiphyNavigator; fwd=miss; ttl=0"),
        (kept_as("collapsed", 60), "GiphyNavigator; fwd=miss; collapsed; ttl=60"),
        (kept_as("stale", -1.5), "GiphyNavigator; fwd=stale; ttl=-1"),
        (kept_as("stale", -900), "GiphyNavigator; fwd=stale; ttl=-900"),
    ],
)
def test_cache_status_says_where_the_answer_came_from(kept: Kept, text: str) -> None:
    assert cache_status(kept) == text


def test_a_fresh_answer_may_be_kept_as_long_as_it_is_fresh() -> None:
    answer = responded(kept_as("hit", 59.6))

    assert answer.headers["Cache-Control"] == "public, max-age=59"
    assert "Age" not in answer.headers


def test_a_stale_answer_tells_its_age_and_is_to_be_asked_for_again() -> None:
    answer = responded(kept_as("stale", ttl=-40.2, age=100.2))

    assert answer.headers["Cache-Control"] == "public, max-age=0"
    assert answer.headers["Age"] == "100"


def test_an_answer_that_nobody_kept_has_no_age() -> None:
    answer = responded(kept_as("miss", ttl=-0.0, age=0.0))

    assert answer.headers["Cache-Control"] == "public, max-age=0"
    assert "Age" not in answer.headers


@pytest.mark.parametrize(
    "given",
    ['"abc"', 'W/"abc"', '"x", "abc"', '"x",W/"y" , W/"abc"', "*"],
)
def test_whoever_has_the_answer_is_not_sent_it_again(given: str) -> None:
    answer = responded(kept_as(), If_None_Match=given)

    assert (answer.status, answer.body) == (304, None)
    assert answer.headers["ETag"] == '"abc"'
    assert answer.headers["Cache-Control"] == "public, max-age=59"
    assert answer.headers["Vary"] == "Accept"


@pytest.mark.parametrize("given", ['"x"', 'W/"x"', '"x", "y"', '"ABC"', "abc", ""])
def test_whoever_has_another_answer_is_sent_this_one(given: str) -> None:
    answer = responded(kept_as(), If_None_Match=given)

    assert (answer.status, answer.body) == (200, b"{}")


def test_an_answer_for_one_request_is_not_to_be_kept() -> None:
    answer = respond_anew(ANSWER)

    assert answer.headers["Cache-Control"] == "no-store"
    assert "ETag" not in answer.headers
