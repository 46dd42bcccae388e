"""/notes as browsers have it, where no scripts run."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from html import unescape
from typing import Any
from unittest.mock import AsyncMock

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient
from dependency_injector import providers
from msgspec.structs import replace
from yarl import URL

from giphynavigator.giphy_errors import GiphyUnreachable
from tests.conftest import keeping
from tests.guarding import TOKEN, guarded_by
from tests.processes import IN_MEMORY

HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
UGLY = "<img src=x onerror=alert(1)>"
FOREIGN = {"Sec-Fetch-Site": "cross-site"}
CHANGED = "Somebody else has changed this note meanwhile."


async def keep(client: TestClient, **note: Any) -> dict[str, Any]:
    """Keep a note as programs do, and give it."""
    async with client.post("/notes", json={"title": "a note", **note}) as answer:
        assert answer.status == 201, await answer.text()
        return await answer.json()


async def send(client: TestClient, path: str, **fields: str) -> ClientResponse:
    """Send a form as browsers do, and go nowhere."""
    return await client.post(path, data=fields, headers=HTML, allow_redirects=False)


async def page_of(client: TestClient, path: str = "/notes", **query: str) -> str:
    async with client.get(path, params=query, headers=HTML) as answer:
        assert (answer.status, answer.content_type) == (200, "text/html")
        return await answer.text()


async def titles(client: TestClient) -> list[str]:
    async with client.get("/notes") as answer:
        return [note["title"] for note in (await answer.json())["notes"]]


def headings(page: str) -> list[str]:
    """The titles of the notes that are to be seen."""
    found = re.findall(r"<h2><a[^>]*>(.*?)</a>", page.partition("<template")[0])
    return [unescape(title) for title in found]


def links(page: str) -> dict[str, str]:
    """The addresses of links by their words."""
    found = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>\s*([^<]*?)\s*</a>', page)
    return {words: unescape(address) for address, words in found}


def gif(name: str, **more: str) -> dict[str, str]:
    return {"id": name, "url": f"https://giphy.com/gifs/{name}", "title": name, **more}


def found(name: str) -> dict[str, Any]:
    """A GIF as Giphy gives it."""
    still = {"url": f"https://media.giphy.com/{name}.gif", "width": "200"}
    return {**gif(name), "images": {"fixed_width": {**still, "height": "100"}}}


async def test_a_browser_gets_a_page_and_a_program_json(keeper: TestClient) -> None:
    note = await keep(keeper, title="For the launch")

    page = await keeper.get("/notes", headers=HTML)
    listed = await keeper.get("/notes")

    assert headings(await page.text()) == ["For the launch"]
    assert await listed.json() == {"notes": [note], "total": 1}
    assert page.headers["Vary"].startswith("Accept")
    assert "Accept" in listed.headers["Vary"]


@pytest.mark.parametrize("path", ["/notes", "/notes/1", f"/notes?search={UGLY}"])
async def test_what_people_wrote_is_text(client: TestClient, path: str) -> None:
    await keep(
        client,
        title=UGLY,
        description=UGLY,
        created_by=UGLY,
        gif=gif("x", title=UGLY),
    )

    page = await page_of(client, path)

    assert "<img src=x" not in page
    assert page.count("&lt;img src=x onerror=alert(1)&gt;") >= 5


async def test_a_form_keeps_a_note_and_leads_on_to_the_list(keeper: TestClient) -> None:
    fields = {"title": " From a form ", "description": "a\r\nb", "created_by": "Ada"}

    answer = await send(keeper, "/notes", **fields, priority="3")

    (note,) = (await (await keeper.get("/notes")).json())["notes"]
    assert (answer.status, answer.headers["Location"]) == (303, "/notes")
    assert (note["title"], note["description"]) == ("From a form", "a\nb")
    assert (note["created_by"], note["priority"], note["gif"]) == ("Ada", 3, None)


@pytest.mark.parametrize("accept", ["*/*", "application/json"])
async def test_what_a_program_calls_a_form_is_json(
    client: TestClient, accept: str
) -> None:
    kind = {"Content-Type": "application/x-www-form-urlencoded", "Accept": accept}

    made = await client.post("/notes", data='{"title": "by curl"}', headers=kind)
    refused = await client.post("/notes", data="title=by+curl", headers=kind)

    assert (made.status, refused.status) == (201, 400)


async def test_json_of_a_browsers_script_is_json(client: TestClient) -> None:
    answer = await client.post("/notes", json={"title": "x"}, headers=HTML)

    assert answer.status == 201


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        (
            {"title": "  "},
            'title must be 1 to 200 characters, not all of them blank, not ""',
        ),
        (
            {"title": "x" * 201},
            "title must be 1 to 200 characters, not all of them blank, n",
        ),
        ({"title": "a", "priority": "10"}, "priority must be a whole number from 0"),
        ({"title": "a", "priority": "high"}, "priority must be a whole number from 0"),
        ({"title": "a", "created_by": "y" * 51}, "created_by must be at most 50"),
        ({"title": "a\0"}, "title must not hold the character NUL"),
        ({"description": "no title"}, "title is missing"),
    ],
)
@pytest.mark.parametrize("path", ["/notes", "/notes/1/edit"])
async def test_a_form_that_cannot_be_taken_comes_back_with_the_reason(
    client: TestClient, path: str, fields: dict[str, str], reason: str
) -> None:
    await keep(client)
    if path != "/notes" and "title" not in fields:
        fields, reason = {**fields, "title": ""}, "title must be 1 to 200"

    answer = await send(client, path, **fields)
    page = unescape(await answer.text())

    assert (answer.status, answer.content_type) == (400, "text/html")
    assert reason in page
    assert all(text.strip("\0") in page for text in fields.values())
    assert "<details" in page
    assert re.search(r"<details[^>]* open>", page)
    assert await titles(client) == ["a note"]


@pytest.mark.parametrize("body", ["", '{"title": "JSON"}', "colour=red"])
async def test_a_form_without_a_note_changes_nothing(
    client: TestClient, body: str
) -> None:
    await keep(client)

    answer = await client.post("/notes/1/edit", data=body, headers=HTML)
    note = await client.get("/notes/1")

    assert answer.status == 400
    assert "body must be a form with a note" in await answer.text()
    assert note.headers["ETag"] == '"1"'


async def test_a_form_of_endless_fields_is_refused(client: TestClient) -> None:
    body = "&".join(f"f{number}=x" for number in range(101))
    kind = {"Content-Type": "application/x-www-form-urlencoded", **HTML}

    answer = await client.post("/notes", data=body, headers=kind)

    assert answer.status == 400
    assert "body must be a form of at most 100 fields" in await answer.text()


async def test_a_form_changes_a_note_and_leads_back(keeper: TestClient) -> None:
    kept = await keep(keeper, gif=gif("x"), created_at="2017-08-23")
    place = "/notes?search=a&offset=0#note-1"

    answer = await send(
        keeper, "/notes/1/edit", title="changed", version="1", next=place
    )

    now = await (await keeper.get("/notes/1")).json()
    assert (answer.status, answer.headers["Location"]) == (303, place)
    assert now == {**kept, "title": "changed"}


async def test_a_form_takes_the_gif_off(client: TestClient) -> None:
    await keep(client, gif=gif("x"))

    await send(client, "/notes/1/edit", without_gif="on")

    assert (await (await client.get("/notes/1")).json())["gif"] is None


@pytest.mark.parametrize("place", ["//elsewhere.example", "https://e.example", "", "x"])
async def test_a_form_leads_to_no_place_but_ours(
    client: TestClient, place: str
) -> None:
    await keep(client)

    answer = await send(client, "/notes/1/delete", next=place)

    assert (answer.status, answer.headers["Location"]) == (303, "/notes")


async def test_of_two_who_change_a_note_one_is_shown_what_it_is_now(
    keeper: TestClient,
) -> None:
    await keep(keeper)
    await send(keeper, "/notes/1/edit", title="hers", description="new", version="1")

    mine = {"title": "mine", "description": "my words", "next": "/notes#note-1"}
    late = await send(keeper, "/notes/1/edit", **mine, version="1")
    page = await late.text()
    (version,) = set(re.findall(r'name="version" value="(\d+)"', page))

    assert late.status == 412
    assert CHANGED in page
    assert '<h1><a class="self" data-of="title" href="/notes/1">hers</a></h1>' in page
    assert 'value="mine"' in page
    assert "my words</textarea>" in page
    assert await titles(keeper) == ["hers"]

    again = await send(keeper, "/notes/1/edit", **mine, version=version)

    assert (again.status, again.headers["Location"]) == (303, "/notes#note-1")
    assert await titles(keeper) == ["mine"]


async def test_a_note_that_has_changed_is_not_deleted_unseen(
    keeper: TestClient,
) -> None:
    await keep(keeper)
    await keeper.patch("/notes/1", json={"title": "hers"})

    late = await send(keeper, "/notes/1/delete", version="1")
    page = await late.text()

    assert late.status == 412
    assert CHANGED in page
    assert await titles(keeper) == ["hers"]

    again = await send(keeper, "/notes/1/delete", version="2")

    assert again.status == 303
    assert await titles(keeper) == []


@pytest.mark.parametrize("version", ["0", "x", "-1", "1 or 1", "99999999999999999999"])
async def test_a_version_that_never_was_changes_nothing(
    client: TestClient, version: str
) -> None:
    await keep(client)

    answer = await send(client, "/notes/1/edit", title="changed", version=version)

    assert answer.status == 412
    assert await titles(client) == ["a note"]


@pytest.mark.parametrize("path", ["/notes/7/edit", "/notes/7/delete"])
async def test_a_form_for_a_note_that_is_gone_says_so(
    client: TestClient, path: str
) -> None:
    answer = await send(client, path, title="x", version="1")

    assert answer.status == 404
    assert "there is no note 7" in await answer.text()


async def test_a_note_that_there_is_not_has_a_page_that_says_so(
    client: TestClient,
) -> None:
    answer = await client.get("/notes/7", headers=HTML)

    assert (answer.status, answer.content_type) == (404, "text/html")
    assert "there is no note 7" in await answer.text()


async def test_the_gifs_of_all_notes_are_one_call_and_the_next_time_none(
    client: TestClient, giphy: AsyncMock
) -> None:
    giphy.gifs.return_value = {"data": [found("b"), found("a")]}
    for name in ("a", "b", "a", "c"):
        await keep(client, title=name, gif=gif(name))

    pages = [await page_of(client) for _ in range(2)]

    giphy.gifs.assert_awaited_once_with(["a", "b", "c"], rating="g")
    for page in pages:
        assert page.count('src="https://media.giphy.com/a.gif"') == 2
        assert page.count('src="https://media.giphy.com/b.gif"') == 1
        assert links(page)["c"] == "https://giphy.com/gifs/c"


async def test_notes_without_gifs_cost_no_call(
    client: TestClient, giphy: AsyncMock
) -> None:
    await keep(client)

    await page_of(client)
    await page_of(client, "/notes/1")

    giphy.gifs.assert_not_awaited()


@pytest.mark.parametrize("path", ["/notes", "/notes/1"])
async def test_while_giphy_is_away_gifs_are_known_by_their_titles(
    client: TestClient, giphy: AsyncMock, path: str
) -> None:
    giphy.gifs.side_effect = GiphyUnreachable()
    await keep(client, gif=gif("x", title="A cat"))

    page = await page_of(client, path)

    assert links(page)["A cat"] == "https://giphy.com/gifs/x"
    assert "<picture>" not in page


async def test_a_page_does_not_wait_for_a_giphy_that_is_slow(
    client: TestClient, giphy: AsyncMock, app: web.Application
) -> None:
    gate = asyncio.Event()

    async def slow(ids: list[str], *, rating: str) -> dict[str, Any]:
        await gate.wait()
        return {"data": [found("x")]}

    giphy.gifs.side_effect = slow
    service = app.container.search_service()

    soon = await service.by_ids(["x"], patience=0.01)
    gate.set()
    later = await service.by_ids(["x"])

    assert soon == {}
    assert list(later) == ["x"]
    assert giphy.gifs.await_count == 1


class Impatient:
    """Somebody who finds GIFs, and remembers how long he was given."""

    def __init__(self) -> None:
        self.patience: list[float | None] = []

    async def by_ids(self, ids, *, patience: float | None = None) -> dict[str, Any]:
        self.patience.append(patience)
        return {}


async def test_pages_say_how_long_they_wait(
    client: TestClient, app: web.Application
) -> None:
    searches = Impatient()
    await keep(client, gif=gif("x"))

    with app.container.notes.search_service.override(providers.Object(searches)):
        await page_of(client)
        await page_of(client, "/notes/1")

    assert searches.patience == [1.5, 1.5]


async def test_pages_lead_to_newer_and_older_notes_of_the_same_search(
    client: TestClient,
) -> None:
    for number in range(5):
        await keep(client, title=f"cat {number}")
    await keep(client, title="dog")

    first = await page_of(client, search="cat", limit="2")
    second = await page_of(client, search="cat", limit="2", offset="2")
    last = await page_of(client, search="cat", limit="2", offset="4")

    assert headings(first) == ["cat 4", "cat 3"]
    assert headings(second) == ["cat 2", "cat 1"]
    assert headings(last) == ["cat 0"]
    assert links(first)["Older"] == "/notes?search=cat&limit=2&offset=2"
    assert links(second)["Newer"] == "/notes?search=cat&limit=2"
    assert "Newer" not in links(first)
    assert "Older" not in links(last)


async def test_who_comes_behind_the_end_is_led_back(client: TestClient) -> None:
    await keep(client)

    page = await page_of(client, offset="100")

    assert "No notes here" in page
    assert links(page)["Newer"] == "/notes"


@pytest.mark.parametrize(
    ("query", "sentence"),
    [({}, "No notes yet"), ({"search": "cat"}, "No note says “cat”")],
)
async def test_where_there_is_nothing_the_page_says_so(
    client: TestClient, query: dict[str, str], sentence: str
) -> None:
    page = await page_of(client, **query)

    assert sentence in page


async def test_a_page_ignores_what_it_does_not_know_and_no_more(
    client: TestClient,
) -> None:
    await page_of(client, utm_source="mail", search="")

    refused = await client.get("/notes?offset=x", headers=HTML)

    assert (refused.status, refused.content_type) == (400, "text/html")
    assert "offset must be a whole number from 0" in unescape(await refused.text())


@pytest.fixture
async def guarded(serving: Callable) -> AsyncIterator[TestClient]:
    """A service that takes a token, with a note that somebody wrote."""
    client = await serving(replace(guarded_by(TOKEN), sandbox=True))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    await client.post("/notes", json={"title": "a note"}, headers=headers)
    return client


@pytest.mark.parametrize("path", ["/notes?search=note", "/notes/1"])
async def test_who_may_not_write_reads_and_is_led_to_the_sign_in(
    guarded: TestClient, path: str
) -> None:
    page = await page_of(guarded, path)

    assert "a note" in page
    assert 'method="post"' not in page
    signing_in = URL(links(page)["Sign in"])
    assert (signing_in.path, signing_in.query["next"]) == ("/sign-in", path)


async def test_who_has_signed_in_has_forms(guarded: TestClient) -> None:
    await send(guarded, "/session", token=TOKEN)

    page = await page_of(guarded)
    kept = await send(guarded, "/notes", title="another")

    assert page.count('method="post"') >= 3
    assert kept.status == 303


@pytest.mark.parametrize(
    ("page", "place"),
    [
        ("http://127.0.0.1:8080/notes?offset=0", "/notes?offset=0"),
        ("https://gifs.example/notes/1", "/notes/1"),
        ("https://gifs.example//elsewhere.example", "/"),
        ("about:blank", "/"),
        ("", "/"),
    ],
)
async def test_who_signs_in_late_comes_back_to_the_page_of_the_form(
    guarded: TestClient, page: str, place: str
) -> None:
    headers = {**HTML, "Referer": page}

    answer = await guarded.post("/notes", data={"title": "x"}, headers=headers)

    assert answer.status == 401
    signing_in = URL(links(await answer.text())["Sign in"])
    assert signing_in.query["next"] == place


async def test_without_tokens_others_read_and_hear_how_writing_works(
    serving: Callable,
) -> None:
    client = await serving(keeping(IN_MEMORY).bound_to("0.0.0.0"))

    page = await page_of(client)

    assert "written only by who has a token" in page
    assert 'method="post"' not in page


@pytest.mark.parametrize("path", ["/notes", "/notes/1/edit", "/notes/1/delete"])
async def test_forms_of_other_origins_change_nothing(
    client: TestClient, path: str
) -> None:
    await keep(client)

    answer = await client.post(path, data={"title": "x"}, headers={**HTML, **FOREIGN})

    assert answer.status == 403
    assert await titles(client) == ["a note"]
