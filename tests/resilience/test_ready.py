"""What a popular request was answered a moment ago, it is answered again."""

from unittest.mock import AsyncMock

import pytest
from aiohttp.test_utils import TestClient
from dependency_injector import providers
from multidict import CIMultiDict

from giphynavigator.pages import Kept
from giphynavigator.services import SearchService
from giphynavigator.web.ready import OVERHEAD, Ready
from tests.fakes import FakeClock, Notes
from tests.resilience.pages import page_of

HEADERS = CIMultiDict({"ETag": '"abc"'})

MAX_BYTES = 100_000


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def notes() -> Notes:
    return Notes()


@pytest.fixture
def provider() -> providers.Object:
    return providers.Object("the service")


@pytest.fixture
def ready(provider: providers.Object, notes: Notes, clock: FakeClock) -> Ready:
    return Ready(provider, notes, max_bytes=MAX_BYTES, clock=clock)


def fresh(ttl: float = 59.4, outcome: str = "hit") -> Kept:
    return Kept(page_of("a"), 1, outcome, ttl, 0.6)


def test_a_reply_is_ready_until_its_lifetime_is_a_second_less(
    ready: Ready, clock: FakeClock
) -> None:
    ready.remember("/?query=a", b"{}", HEADERS, fresh(59.5))

    clock.advance(0.49)
    still = ready.reply("/?query=a")
    clock.advance(0.01)

    assert (still.body, still.headers) == (b"{}", HEADERS)
    assert ready.reply("/?query=a") is None


def test_each_ready_reply_is_a_hit(ready: Ready, notes: Notes) -> None:
    ready.remember("/?query=a", b"{}", HEADERS, fresh())

    ready.reply("/?query=a")
    ready.reply("/?query=b")
    ready.reply("/?query=a")

    assert notes.named("kept") == ["hit", "hit"]


@pytest.mark.parametrize("outcome", ["miss", "collapsed", "stale"])
def test_only_what_came_out_of_the_store_fresh_is_ready(
    ready: Ready, outcome: str
) -> None:
    ready.remember("/?query=a", b"{}", HEADERS, fresh(outcome=outcome))

    assert ready.reply("/?query=a") is None


def test_nothing_is_ready_while_something_stands_in_for_the_service(
    ready: Ready, provider: providers.Object
) -> None:
    ready.remember("/?query=a", b"{}", HEADERS, fresh())

    with provider.override("a mock"):
        assert ready.reply("/?query=a") is None


def test_no_crowd_of_targets_and_no_long_one_fills_the_memory(ready: Ready) -> None:
    body = b"{" + 9_000 * b" " + b"}"
    most = MAX_BYTES // (len(body) + OVERHEAD + len("/?query=0"))
    ready.remember("/" + "a" * MAX_BYTES, b"{}", HEADERS, fresh())
    for number in range(most + 1):
        ready.remember(f"/?query={number}", body, HEADERS, fresh())

    kept = [n for n in range(most + 1) if ready.reply(f"/?query={n}")]
    assert most > 1
    assert kept == list(range(1, most + 1))
    assert ready.reply("/" + "a" * MAX_BYTES) is None


async def test_the_third_time_is_as_the_second_byte_for_byte(
    service: TestClient,
) -> None:
    answers = [await service.get("/gifs?query=cats&limit=2") for _ in range(3)]

    bodies = [await answer.read() for answer in answers]
    statuses = [answer.headers["Cache-Status"].split(";")[1] for answer in answers]
    assert bodies == [bodies[0]] * 3
    assert statuses == [" fwd=miss", " hit", " hit"]
    assert answers[2].headers["ETag"] == answers[0].headers["ETag"]


async def test_a_stand_in_is_seen_at_once_even_by_who_just_asked(
    client: TestClient,
) -> None:
    mock = AsyncMock(spec=SearchService)
    mock.search.return_value = [{"url": "https://giphy.com/gifs/one"}]
    before = [await (await client.get("/?query=cats")).json() for _ in range(3)]

    with client.app.container.search_service.override(mock):
        during = await (await client.get("/?query=cats")).json()
    after = await (await client.get("/?query=cats")).json()

    assert during["gifs"] == mock.search.return_value
    assert before == [after] * 3


async def test_whoever_has_a_ready_reply_is_not_sent_it_again(
    client: TestClient,
) -> None:
    for _ in range(2):
        first = await client.get("/?query=cats")
    tag = {"If-None-Match": first.headers["ETag"]}

    assert (await client.get("/?query=cats", headers=tag)).status == 304


async def test_a_browser_gets_its_page_though_the_reply_to_programs_is_ready(
    client: TestClient,
) -> None:
    for _ in range(2):
        await client.get("/?query=cats")

    page = await client.get("/?query=cats", headers={"Accept": "text/html"})
    answer = await client.get("/?query=cats")

    assert (page.content_type, answer.content_type) == ("text/html", "application/json")


async def test_every_answer_has_its_own_id_though_its_reply_was_ready(
    client: TestClient,
) -> None:
    answers = [
        await client.get("/?query=cats", headers={"X-Request-ID": f"n{number}"})
        for number in range(4)
    ]

    ids = [answer.headers.getall("X-Request-ID") for answer in answers]
    assert ids == [["n0"], ["n1"], ["n2"], ["n3"]]
