"""Votes as programs give them, on both engines."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie

import pytest
from aiohttp import ClientResponse, FormData
from aiohttp.test_utils import TestClient

from giphynavigator.settings import Settings
from tests.guarding import guarded_by
from tests.polls.making import COOKIE, counts, forget, made, results, vote
from tests.problems import assert_problem


def cookie_of(answer: ClientResponse):
    return SimpleCookie(answer.headers.get("Set-Cookie", "")).get(COOKIE)


async def test_a_vote_is_answered_with_the_poll_that_has_it(keeper: TestClient) -> None:
    poll = await made(keeper)

    answer = await vote(keeper, poll, 1)

    shown = await answer.json()
    assert answer.status == 200
    assert (counts(shown), shown["voters"], shown["version"]) == ([0, 1, 0], 1, 2)
    assert shown == await results(keeper, poll)


async def test_a_second_vote_moves_the_first(keeper: TestClient) -> None:
    poll = await made(keeper)

    await vote(keeper, poll, 0)
    shown = await (await vote(keeper, poll, 2)).json()

    assert (counts(shown), shown["voters"], shown["version"]) == ([0, 0, 1], 1, 3)


async def test_the_same_vote_again_changes_nothing(keeper: TestClient) -> None:
    poll = await made(keeper)
    before = await (await vote(keeper, poll, 0)).json()

    again = await vote(keeper, poll, 0)

    assert (again.status, await again.json()) == (200, before)


@pytest.mark.parametrize(
    "how",
    [
        lambda choice: {"data": {"choice": choice}},
        lambda choice: {"data": f'{{"choice": {choice}}}'},
        lambda choice: {"json": {"choice": choice}},
        lambda choice: {"params": {"choice": choice}},
        lambda choice: {"data": in_parts(choice)},
    ],
    ids=["form", "JSON by any name", "JSON", "query", "form in parts"],
)
async def test_the_choice_is_named_in_whatever_way_is_at_hand(
    client: TestClient, how
) -> None:
    poll = await made(client)
    choice = poll["choices"][1]["id"]

    answer = await client.post(f"/poll/{poll['id']}/vote", **how(choice))

    assert counts(await answer.json()) == [0, 1, 0]


def in_parts(choice: int) -> FormData:
    form = FormData(default_to_multipart=True)
    form.add_field("choice", str(choice))
    return form


@pytest.mark.parametrize(
    ("given", "detail"),
    [
        ({}, "choice is missing; it must be the id of a choice"),
        ({"json": {}}, "choice is missing; it must be the id of a choice"),
        ({"params": {"choice": "x"}}, "choice must be a whole number, not 'x'"),
        ({"json": {"choice": "1"}}, 'choice must be a whole number, not "1"'),
        ({"json": {"choice": None}}, "choice must be a whole number, not null"),
        ({"data": "choice=1&choice=2"}, "choice may be given once only"),
    ],
)
async def test_a_vote_for_nothing_is_refused(
    client: TestClient, given: dict, detail: str
) -> None:
    poll = await made(client)

    answer = await client.post(f"/poll/{poll['id']}/vote", **given)

    await assert_problem(answer, 400, detail, parameter="choice")


async def test_a_form_that_breaks_off_is_refused(client: TestClient) -> None:
    poll = await made(client)
    headers = {"Content-Type": "multipart/form-data"}

    answer = await client.post(
        f"/poll/{poll['id']}/vote", data=b"no parts", headers=headers
    )

    await assert_problem(answer, 400, "body must be a whole form", parameter="body")


async def test_a_choice_of_another_poll_is_not_found_and_counts_nothing(
    keeper: TestClient,
) -> None:
    poll, other = await made(keeper), await made(keeper)
    stranger = {**poll, "choices": other["choices"]}

    answer = await vote(keeper, stranger, 0)

    choice = other["choices"][0]["id"]
    await assert_problem(answer, 404, f"poll {poll['id']} has no choice {choice}")
    assert await results(keeper, poll) == poll
    assert await results(keeper, other) == other


@pytest.mark.parametrize("choice", [0, -1, 999, 2**63, 10**30])
async def test_a_choice_that_is_not_there_is_not_found(
    client: TestClient, choice: int
) -> None:
    poll = await made(client)

    answer = await client.post(f"/poll/{poll['id']}/vote", json={"choice": choice})

    await assert_problem(answer, 404, f"poll {poll['id']} has no choice {choice}")
    assert await results(client, poll) == poll


async def test_nobody_votes_in_a_poll_that_is_not_there(client: TestClient) -> None:
    answer = await client.post("/poll/7/vote", json={"choice": 1})

    await assert_problem(answer, 404, "there is no poll 7")


async def test_after_closing_nobody_votes_nor_moves_a_vote(keeper: TestClient) -> None:
    poll = await made(keeper)
    await vote(keeper, poll, 0)
    closing = await keeper.patch(f"/poll/{poll['id']}", json={"closed": True})
    closed = await closing.json()

    moved = await vote(keeper, poll, 1)
    forget(keeper)
    late = await vote(keeper, poll, 1)

    await assert_problem(moved, 409, f"poll {poll['id']} is closed")
    await assert_problem(late, 409, f"poll {poll['id']} is closed")
    assert await results(keeper, poll) == closed


async def test_a_poll_closes_by_itself(keeper: TestClient) -> None:
    poll = await made(keeper)
    soon = datetime.now(UTC) + timedelta(seconds=0.3)
    path = f"/poll/{poll['id']}"

    await keeper.patch(path, json={"closes_at": soon.isoformat()})
    late = await vote(keeper, poll, 1)
    while late.status == 200:
        late = await vote(keeper, poll, 1)

    assert late.status == 409
    assert datetime.now(UTC) >= soon


async def test_a_voter_is_known_by_a_cookie_that_no_script_reads(
    client: TestClient,
) -> None:
    cookie = cookie_of(await client.get("/polls"))

    again = await client.get("/polls")

    assert cookie["httponly"]
    assert (cookie["samesite"], cookie["path"], cookie["secure"]) == ("Lax", "/", "")
    assert cookie_of(again) is None


async def test_the_cookie_is_for_https_alone_where_that_is_spoken(
    serving: Callable[[Settings], Awaitable[TestClient]],
) -> None:
    client = await serving(guarded_by(proxies=("127.0.0.1",)))

    proxied = await client.get("/polls", headers={"X-Forwarded-Proto": "https"})

    assert cookie_of(proxied)["secure"]


async def test_a_cookie_that_was_not_signed_here_is_no_voter(
    client: TestClient,
) -> None:
    poll = await made(client)
    await vote(client, poll, 0)
    mine = client.session.cookie_jar.filter_cookies(client.make_url("/"))[COOKIE].value
    forget(client)

    forged = await vote(client, poll, 1, voter=mine[:-2] + "xx")

    assert counts(await forged.json()) == [1, 1, 0]
    assert cookie_of(forged) is not None


async def test_a_program_without_a_memory_is_a_new_voter_each_time(
    client: TestClient,
) -> None:
    poll = await made(client)

    for _ in range(3):
        forget(client)
        answer = await vote(client, poll, 0)

    assert counts(await answer.json()) == [3, 0, 0]
    assert cookie_of(answer) is not None


async def test_who_keeps_his_cookie_has_one_vote_wherever_he_comes_from(
    client: TestClient,
) -> None:
    poll = await made(client)
    forget(client)
    cookie = cookie_of(await vote(client, poll, 0)).value
    forget(client)

    answer = await vote(client, poll, 2, voter=cookie)

    assert counts(await answer.json()) == [0, 0, 1]


@pytest.mark.parametrize(
    ("mode", "before", "after", "closed"),
    [
        ("always", [0, 0], [1, 0], [1, 0]),
        ("after_vote", [None, None], [1, 0], [1, 0]),
        ("after_close", [None, None], [None, None], [1, 0]),
    ],
)
async def test_results_show_when_they_are_meant_to(
    client: TestClient, mode: str, before: list, after: list, closed: list
) -> None:
    poll = await made(client, "a", "b", results=mode)
    assert counts(poll) == before

    voted = await (await vote(client, poll, 0)).json()

    assert (counts(voted), voted["voters"]) == (after, 1)
    assert counts((await (await client.get("/polls")).json())["polls"][0]) == after
    forget(client)
    stranger = counts(await results(client, poll))
    assert stranger == ([1, 0] if mode == "always" else before)
    forget(client)
    await client.patch(f"/poll/{poll['id']}", json={"closed": True})
    assert counts(await results(client, poll)) == closed


@pytest.mark.parametrize("body", [None, b"", b" {} "])
async def test_the_winner_is_kept_as_a_note(
    keeper: TestClient, body: bytes | None
) -> None:
    gif = {"id": "abc", "url": "https://giphy.com/gifs/abc", "title": "A cat"}
    choices = [{"text": "Cats", "gif": gif}, {"text": "Dogs"}]
    poll = await made(keeper, choices=choices)
    await vote(keeper, poll, 0)

    answer = await keeper.post(f"/poll/{poll['id']}/winner", data=body)

    note = await (await keeper.get(answer.headers["Location"])).json()
    assert answer.status == 201
    assert await answer.json() == {"note": note["id"], "url": f"/notes/{note['id']}"}
    assert (note["title"], note["gif"]) == ("Cats", gif)
    assert note["description"] == "Picked in the poll “Which one?”"


async def test_of_several_that_lead_one_must_be_named(client: TestClient) -> None:
    poll = await made(client)
    for place in (0, 2):
        forget(client)
        await vote(client, poll, place)
    path, last = f"/poll/{poll['id']}/winner", poll["choices"][2]["id"]

    undecided = await client.post(path)
    named = await client.post(path, json={"choice": last})

    detail = f"poll {poll['id']} has no winner: name one by its choice"
    await assert_problem(undecided, 409, detail)
    note = await (await client.get(named.headers["Location"])).json()
    assert note["title"] == "blue"
    assert (await client.post(path, json={"choice": 999})).status == 404


async def test_a_winner_that_is_hidden_is_not_given_away(client: TestClient) -> None:
    poll = await made(client, results="after_close")
    await vote(client, poll, 0)

    answer = await client.post(f"/poll/{poll['id']}/winner")

    assert answer.status == 409
