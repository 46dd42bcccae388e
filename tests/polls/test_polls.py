"""Polls as programs make, read, close and delete them, on both engines."""

from datetime import UTC, datetime, timedelta
from unittest.mock import AsyncMock

import pytest
from aiohttp.test_utils import TestClient

from giphynavigator.polls.repository import PollNotFound
from giphynavigator.sandbox.application import Sandbox
from tests.polls.making import counts, forget, made, results, vote
from tests.problems import assert_problem

HOUR = timedelta(hours=1)


async def test_a_poll_is_made_of_a_question_and_its_choices(keeper: TestClient) -> None:
    gif = {"id": "abc", "url": "https://giphy.com/gifs/abc", "title": "A cat"}
    choices = [{"text": "Cats", "gif": gif}, {"text": "Dogs"}]

    answer = await keeper.post("/polls", json={"question": "Pets?", "choices": choices})

    poll = await answer.json()
    first, second = (choice.pop("id") for choice in poll["choices"])
    assert poll == {
        "id": 1,
        "question": "Pets?",
        "choices": [
            {"text": "Cats", "gif": gif, "votes": 0},
            {"text": "Dogs", "gif": None, "votes": 0},
        ],
        "voters": 0,
        "version": 1,
        "closes_at": None,
        "closed": False,
    }
    assert first < second
    assert (answer.status, answer.headers["Location"]) == (201, "/poll/1")


async def test_a_poll_reads_alike_at_its_address_and_at_its_results(
    client: TestClient,
) -> None:
    poll = await made(client)

    answer = await client.get(f"/poll/{poll['id']}")

    assert await answer.json() == poll == await results(client, poll)
    assert answer.headers["Vary"] == "Accept"
    assert answer.headers["Cache-Control"] == "private, no-cache"


async def test_polls_are_listed_newest_first_and_in_slices(keeper: TestClient) -> None:
    polls = [await made(keeper, "a", "b", question=f"Poll {n}") for n in range(5)]

    answer = await keeper.get("/polls", params={"limit": 2, "offset": 1})

    assert await answer.json() == {"polls": [polls[3], polls[2]], "total": 5}


async def test_the_choices_of_a_poll_may_be_what_a_search_finds(
    service: TestClient, upstream: Sandbox
) -> None:
    found = await (await service.get("/gifs?query=cats&limit=4")).json()
    body = {"question": "Which cat?", "query": " cats ", "limit": 4}

    answer = await service.post("/polls", json=body)

    poll = await answer.json()
    gifs = [
        {"id": gif["id"], "url": gif["url"], "title": gif["title"]}
        for gif in found["gifs"]
    ]
    assert [choice["gif"] for choice in poll["choices"]] == gifs
    assert [choice["text"] for choice in poll["choices"]] == [
        gif["title"] for gif in gifs
    ]
    assert upstream.calls.count == 1


async def test_a_search_makes_as_many_choices_as_the_settings_say(
    service: TestClient,
) -> None:
    answer = await service.post("/polls", json={"question": "?", "query": "cats"})

    assert len((await answer.json())["choices"]) == 10


async def test_a_search_that_finds_nothing_makes_no_poll(
    client: TestClient, giphy: AsyncMock
) -> None:
    answer = await client.post("/polls", json={"question": "?", "query": "cats"})

    detail = "there are not two GIFs to choose from for 'cats'"
    await assert_problem(answer, 404, detail)
    assert (await (await client.get("/polls")).json())["total"] == 0


async def test_a_search_that_fails_makes_no_poll(
    service: TestClient, upstream: Sandbox
) -> None:
    upstream.faults.set("http-500")

    answer = await service.post("/polls", json={"question": "?", "query": "cats"})

    await assert_problem(answer, 502, "Giphy failed with status 500")


async def test_the_same_gif_twice_is_one_choice_and_one_that_is_none_is_left_out(
    client: TestClient, giphy: AsyncMock
) -> None:
    gifs = [
        {"id": name, "url": f"https://giphy.com/{name}", "title": title}
        for name, title in (("a", "A"), ("b", ""), ("a", "A"), ("c", "C" * 600))
    ]
    giphy.search.return_value = {"data": [*gifs, {"id": "no id!", "url": "nothing"}]}

    answer = await client.post("/polls", json={"question": "?", "query": "cats"})

    texts = [choice["text"] for choice in (await answer.json())["choices"]]
    assert texts == ["A", "GIF 2", "C" * 200]


@pytest.mark.parametrize(
    ("body", "parameter"),
    [
        ({}, "question"),
        ({"question": "?"}, "body"),
        ({"question": "  ", "query": "cats"}, "question"),
        ({"question": "?" * 201, "query": "cats"}, "question"),
        ({"question": "?", "choices": [{"text": "only"}]}, "choices"),
        (
            {"question": "?", "choices": [{"text": "a"}, {"text": " "}]},
            "choices[1].text",
        ),
        ({"question": "?", "choices": [{"text": "a"}] * 51}, "choices"),
        ({"question": "?", "choices": [{"text": "a"}] * 2, "query": "cats"}, "body"),
        ({"question": "?", "choices": [{"text": "a"}] * 2, "limit": 2}, "body"),
        ({"question": "?", "query": "cats", "limit": 51}, "limit"),
        ({"question": "?", "query": "cats", "limit": 1}, "limit"),
        ({"question": "?", "query": "c" * 51}, "query"),
        ({"question": "?", "query": "cats", "results": "never"}, "results"),
        ({"question": "?", "query": "cats", "closes_at": "soon"}, "closes_at"),
        ({"question": "?", "query": "cats", "closes_at": "2026-02-30"}, "closes_at"),
        ({"question": "?", "query": "cats", "colour": "red"}, "colour"),
        ({"question": "a\0b", "query": "cats"}, "question"),
    ],
)
async def test_what_is_no_poll_is_refused_by_name(
    client: TestClient, body: dict, parameter: str
) -> None:
    answer = await client.post("/polls", json=body)

    problem = await answer.json()
    assert (answer.status, problem["parameter"]) == (400, parameter)
    assert (await (await client.get("/polls")).json())["total"] == 0


@pytest.mark.parametrize(
    "poll", ["abc", "0", "-1", "1.0", "99", "9" * 40, "²", "%00", "1%2F2"]
)
@pytest.mark.parametrize("method", ["GET", "PATCH", "DELETE"])
async def test_a_poll_that_is_not_there_is_not_found(
    client: TestClient, poll: str, method: str
) -> None:
    body = {"closed": True} if method == "PATCH" else None

    answer = await client.request(method, f"/poll/{poll}", json=body)

    assert (answer.status, answer.content_type) == (404, "application/problem+json")


async def test_who_made_a_poll_closes_it(keeper: TestClient) -> None:
    poll = await made(keeper)

    answer = await keeper.patch(f"/poll/{poll['id']}", json={"closed": True})

    closed = await answer.json()
    assert (answer.status, closed["closed"], closed["version"]) == (200, True, 2)
    ago = datetime.now(UTC) - datetime.fromisoformat(closed["closes_at"])
    assert timedelta(0) <= ago < timedelta(minutes=1)


async def test_closing_time_may_be_moved_and_taken_away(client: TestClient) -> None:
    later = datetime.now(UTC).replace(microsecond=0) + HOUR
    poll = await made(client, closes_at=(later - 2 * HOUR).isoformat())
    path = f"/poll/{poll['id']}"

    moved = await client.patch(path, json={"closes_at": later.isoformat()})
    open_ended = await client.patch(path, json={"closes_at": None})

    assert poll["closed"]
    shown = await moved.json()
    assert datetime.fromisoformat(shown["closes_at"]) == later
    assert not shown["closed"]
    assert (await open_ended.json())["closes_at"] is None


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"closed": False},
        {"closed": True, "closes_at": None},
        {"closes_at": 5},
        {"question": "Another?"},
    ],
)
async def test_only_closing_time_changes(client: TestClient, body: dict) -> None:
    poll = await made(client)

    answer = await client.patch(f"/poll/{poll['id']}", json=body)

    assert answer.status == 400
    assert await results(client, poll) == poll


async def test_a_deleted_poll_is_gone_with_its_votes(keeper: TestClient) -> None:
    poll, other = await made(keeper), await made(keeper)
    await vote(keeper, poll, 0)
    await vote(keeper, other, 1)

    answer = await keeper.delete(f"/poll/{poll['id']}")

    assert (answer.status, await answer.read()) == (204, b"")
    assert (await keeper.get(f"/poll/{poll['id']}")).status == 404
    assert counts(await results(keeper, other)) == [0, 1, 0]
    assert (await made(keeper))["id"] > other["id"]


@pytest.mark.parametrize("method", ["PATCH", "DELETE"])
async def test_another_browser_neither_closes_nor_deletes_it(
    client: TestClient, method: str
) -> None:
    poll = await made(client)
    forget(client)
    await client.get("/polls")

    body = {"closed": True} if method == "PATCH" else None
    answer = await client.request(method, f"/poll/{poll['id']}", json=body)

    detail = "poll 1 may be closed and deleted where it was made, and by whoever shows"
    await assert_problem(answer, 403, f"{detail} a token")
    assert await results(client, poll) == poll


async def test_a_program_on_this_machine_keeps_no_cookies_and_may(
    client: TestClient,
) -> None:
    poll = await made(client)
    forget(client)

    answer = await client.delete(f"/poll/{poll['id']}")

    assert answer.status == 204


async def test_polls_are_listed_as_a_slice_that_must_be_one(client: TestClient) -> None:
    answer = await client.get("/polls?limit=0")

    detail = "limit must be a whole number from 1 to 50, not '0'"
    await assert_problem(answer, 400, detail, parameter="limit")


async def test_of_two_who_delete_it_at_once_one_is_too_late(keeper: TestClient) -> None:
    poll = await made(keeper)
    repository = keeper.app.container.polls.repository()

    await repository.delete(poll["id"])

    with pytest.raises(PollNotFound):
        await repository.delete(poll["id"])
