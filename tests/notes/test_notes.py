"""/notes as programs use it, on SQLite and on PostgreSQL."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from aiohttp.test_utils import TestClient

from tests.problems import assert_problem

GIVEN = {
    "title": "note two",
    "created_at": "2017-08-23 00:00",
    "created_by": "apcelent",
    "description": "sample notes",
    "priority": 4,
}
KEPT = {"id": 1, **GIVEN, "created_at": "2017-08-23T00:00:00Z", "gif": None}
GIF = {"id": "abc", "url": "https://giphy.com/gifs/abc", "title": "A cat"}

MOMENTS = [
    ("2017-08-23 00:00", "2017-08-23T00:00:00Z"),
    ("2017-08-23", "2017-08-23T00:00:00Z"),
    ("2017-08-23T12:30:05", "2017-08-23T12:30:05Z"),
    ("2017-08-23T12:30:05.25Z", "2017-08-23T12:30:05.250000Z"),
    ("2017-08-23T00:30+02:00", "2017-08-22T22:30:00Z"),
    ("2017-08-23 00:30-0730", "2017-08-23T08:00:00Z"),
    ("0001-01-01T00:00Z", "0001-01-01T00:00:00Z"),
    ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
]
SEARCHES = [
    ("CAT", ["dogs", "a Cat"]),
    ("über", ["ÜBER"]),
    ("100%", ["100% wool"]),
    ("%", ["100% wool"]),
    ("_", ["a_b"]),
    ("\\", ["back\\slash"]),
    ("/", []),
    ("'; DROP TABLE note; --", []),
    ("", ["back\\slash", "a_b", "100% wool", "ÜBER", "dogs", "a Cat"]),
    ("  cat  ", ["dogs", "a Cat"]),
]


async def post(client: TestClient, **note: Any) -> dict[str, Any]:
    """Keep a note, and give it."""
    async with client.post("/notes", json={"title": "a note", **note}) as answer:
        assert answer.status == 201
        return await answer.json()


async def listed(client: TestClient, **parameters: Any) -> dict[str, Any]:
    async with client.get("/notes", params=parameters) as answer:
        assert answer.status == 200
        return await answer.json()


async def titles(client: TestClient, **parameters: Any) -> list[str]:
    return [note["title"] for note in (await listed(client, **parameters))["notes"]]


async def test_the_tutorials_requests_do_what_the_tutorial_says(
    keeper: TestClient,
) -> None:
    def follow(ask: Callable[..., requests.Response]) -> None:
        made = ask("POST", "", data=json.dumps(GIVEN))
        assert (made.status_code, made.json()) == (201, KEPT)
        assert made.headers["Location"] == "/notes/1"

        assert ask("GET", "").json() == {"notes": [KEPT], "total": 1}
        assert ask("GET", "/1").json() == KEPT

        changed = {**GIVEN, "title": "note two, changed", "priority": 1}
        put = ask("PUT", "/1", data=json.dumps(changed))
        assert put.status_code == 200
        assert put.json() == {**KEPT, "title": "note two, changed", "priority": 1}
        assert ask("GET", "/1").json() == put.json()

        assert ask("DELETE", "/1").status_code == 204
        assert ask("GET", "").json() == {"notes": [], "total": 0}
        for method, data in (("GET", None), ("PUT", json.dumps(GIVEN)), ("DELETE", "")):
            assert ask(method, "/1", data=data).status_code == 404

    def with_requests() -> None:
        url = str(keeper.make_url("/notes"))
        with requests.Session() as session:
            follow(
                lambda method, path, **rest: session.request(
                    method, url + path, timeout=5, **rest
                )
            )

    await asyncio.to_thread(with_requests)


async def test_a_found_gif_is_kept_with_one_post_and_let_go_with_one_patch(
    keeper: TestClient,
) -> None:
    note = await post(keeper, gif=GIF)
    untitled = await post(keeper, gif={"id": "x", "url": "http://giphy.com/gifs/x"})
    bare = await keeper.patch(f"/notes/{note['id']}", json={"gif": None})

    assert note["gif"] == GIF
    assert untitled["gif"]["title"] == ""
    assert (await bare.json())["gif"] is None


async def test_a_note_needs_no_more_than_a_title(keeper: TestClient) -> None:
    before = datetime.now(UTC) - timedelta(seconds=1)

    note = await post(keeper, title="x")

    made = datetime.fromisoformat(note.pop("created_at"))
    assert before < made < before + timedelta(seconds=5)
    assert note == {
        "id": 1,
        "title": "x",
        "description": "",
        "created_by": "",
        "priority": 0,
        "gif": None,
    }


async def test_a_moment_is_kept_in_utc(keeper: TestClient) -> None:
    for given, kept in MOMENTS:
        note = await post(keeper, created_at=given)
        found = await keeper.get(f"/notes/{note['id']}")

        assert note["created_at"] == (await found.json())["created_at"] == kept


async def test_put_replaces_all_but_the_moment_and_patch_only_what_it_names(
    keeper: TestClient,
) -> None:
    await post(keeper, **GIVEN, gif=GIF)

    patched = await keeper.patch("/notes/1", json={"priority": 9, "description": ""})
    untouched = await keeper.patch("/notes/1", json={})
    replaced = await keeper.put("/notes/1", json={"title": "new"})

    some = {**KEPT, "gif": GIF, "priority": 9, "description": ""}
    assert await patched.json() == await untouched.json() == some
    bare = {"title": "new", "description": "", "created_by": "", "priority": 0}
    assert await replaced.json() == {**KEPT, **bare, "gif": None}


async def test_notes_come_newest_first_and_in_pages(keeper: TestClient) -> None:
    for day in (3, 1, 4, 2):
        await post(keeper, title=f"{day}", created_at=f"2020-01-0{day}")
    for title in ("first", "second"):
        await post(keeper, title=title, created_at="2020-01-05")

    pages = [await titles(keeper, limit=4, offset=at) for at in (0, 4, 8)]

    assert pages == [["second", "first", "4", "3"], ["2", "1"], []]
    assert (await listed(keeper, limit=1, offset=100))["total"] == 6


async def test_search_looks_in_title_and_description_for_just_these_letters(
    keeper: TestClient,
) -> None:
    await post(keeper, title="a Cat")
    await post(keeper, title="dogs", description="no cats here")
    for title in ("ÜBER", "100% wool", "a_b", "back\\slash"):
        await post(keeper, title=title, created_by="cat")

    for search, found in SEARCHES:
        page = await listed(keeper, search=search)

        assert [note["title"] for note in page["notes"]] == found
        assert page["total"] == len(found)


async def test_an_etag_stands_for_the_note_until_it_changes(keeper: TestClient) -> None:
    made = await keeper.post("/notes", json=GIVEN)
    tag = made.headers["ETag"]

    known = await keeper.get("/notes/1", headers={"If-None-Match": f'"x", W/{tag}'})
    any_known = await keeper.get("/notes/1", headers={"If-None-Match": "*"})
    untouched = await keeper.patch("/notes/1", json={}, headers={"If-Match": tag})
    changed = await keeper.patch(
        "/notes/1", json={"priority": 5}, headers={"If-Match": tag}
    )
    anew = await keeper.get("/notes/1", headers={"If-None-Match": tag})

    assert (known.status, any_known.status, await known.read()) == (304, 304, b"")
    assert known.headers["ETag"] == untouched.headers["ETag"] == tag
    assert anew.status == 200
    assert changed.headers["ETag"] == anew.headers["ETag"] != tag
    assert anew.headers["Vary"] == "Accept"
    assert "Access-Control-Allow-Origin" not in anew.headers


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE"])
async def test_what_knows_an_old_note_changes_nothing(
    keeper: TestClient, method: str
) -> None:
    made = await keeper.post("/notes", json=GIVEN)
    old = made.headers["ETag"]
    now = (await keeper.patch("/notes/1", json={"priority": 5})).headers["ETag"]
    body = None if method == "DELETE" else {"title": "mine"}

    for tags in (old, f"W/{now}", '"x"', '"0"', "nonsense", "", f'{old}, "99"'):
        answer = await keeper.request(
            method, "/notes/1", json=body, headers={"If-Match": tags}
        )
        await assert_problem(answer, 412, "note 1 has changed: it has another ETag now")
    missing = await keeper.request(
        method, "/notes/2", json=body, headers={"If-Match": now}
    )
    kept = await keeper.get("/notes/1")
    done = await keeper.request(
        method, "/notes/1", json=body, headers={"If-Match": f"{old}, {now}"}
    )

    await assert_problem(missing, 404, "there is no note 2")
    assert (await kept.json())["priority"] == 5
    assert kept.headers["ETag"] == now
    assert done.ok


async def test_any_note_that_is_there_matches_a_star(keeper: TestClient) -> None:
    await post(keeper)
    star = {"If-Match": "*"}

    assert (await keeper.delete("/notes/1", headers=star)).status == 204
    assert (await keeper.delete("/notes/1", headers=star)).status == 404


async def test_an_id_is_never_given_twice(keeper: TestClient) -> None:
    await post(keeper)
    await post(keeper)
    await keeper.delete("/notes/2")

    assert (await post(keeper))["id"] == 3


async def test_of_two_who_know_the_same_note_one_changes_it(
    keeper: TestClient,
) -> None:
    tag = (await keeper.post("/notes", json=GIVEN)).headers["ETag"]

    async def put(title: str) -> int:
        headers = {"If-Match": tag}
        async with keeper.put(
            "/notes/1", json={"title": title}, headers=headers
        ) as answer:
            return answer.status

    statuses = await asyncio.gather(*(put(f"{n}") for n in range(20)))

    assert Counter(statuses) == {200: 1, 412: 19}


async def test_five_hundred_notes_at_once_are_five_hundred_notes(
    keeper: TestClient,
) -> None:
    notes = await asyncio.gather(*(post(keeper, title=f"{n}") for n in range(500)))

    assert {note["id"] for note in notes} == set(range(1, 501))
    assert {note["title"] for note in notes} == {f"{n}" for n in range(500)}
    assert (await listed(keeper, search=""))["total"] == 500
