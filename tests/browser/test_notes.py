"""Notes, as people read and write them: with scripts in their place, and without."""

import re
from collections.abc import Iterator
from typing import Any
from unittest.mock import AsyncMock

import pytest
from aiohttp import web
from msgspec.structs import replace
from playwright.async_api import Locator, Page, expect

from giphynavigator.application import create_app
from giphynavigator.giphy_errors import GiphyUnreachable
from tests.browser.browsing import (
    Visitors,
    assert_fits,
    inspect,
    look,
    shifted,
)
from tests.guarding import TOKEN, guarded_by

UGLY = "<img src=x onerror=alert(1)>"
TEXTS = ["When all lights are green,\nand not before.", "", "Very long. " * 60]


async def keep(page: Page, **note: Any) -> None:
    """Keep a note as a program does."""
    answer = await page.request.post("/notes", data={"title": "a note", **note})
    assert answer.status == 201


async def change(page: Page, number: int, **fields: Any) -> None:
    """Change a note as a program does."""
    answer = await page.request.patch(f"/notes/{number}", data=fields)
    assert answer.ok


async def keep_some(page: Page) -> None:
    """Keep notes of every kind: with GIFs, long ones, short ones, ugly ones."""
    found = await page.request.get("/gifs?query=cats&limit=3")
    for number, gif in enumerate((await found.json())["gifs"]):
        kept = {name: gif[name] for name in ("id", "url", "title")}
        note = {"title": f"For launch {number}", "description": TEXTS[number]}
        await keep(page, **note, created_by="Ada", priority=number, gif=kept)
    gone = {"id": "gone", "url": "https://giphy.com/gifs/gone", "title": UGLY}
    await keep(page, title=UGLY, created_by=UGLY, gif=gone)


def note_of(page: Page, title: str) -> Locator:
    return page.locator(".note", has=page.get_by_role("heading", name=title))


async def fill(form: Locator, **fields: str) -> None:
    for label, text in fields.items():
        await form.get_by_label(label.replace("_", " "), exact=False).fill(text)


def mark(page: Page) -> Any:
    """Leave something on the page that no other page has."""
    return page.evaluate("window.stayed = true")


def stayed(page: Page) -> Any:
    return page.evaluate("window.stayed === true")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
async def test_a_note_is_written_changed_and_deleted(
    visit: Visitors, scripts: bool
) -> None:
    page = await visit("/notes", scripts=scripts)
    await expect(page.get_by_text("No notes yet")).to_be_visible()

    await page.locator("summary", has_text="New note").click()
    await fill(page.locator("#new"), Title="First", Description="a\nb", By="Ada")
    await page.get_by_role("button", name="Keep it").click()
    note = note_of(page, "First")
    await expect(note.locator(".description")).to_have_text("a\nb")
    await expect(note.locator(".facts")).to_contain_text("Ada")
    await expect(page.locator("#count")).to_have_text("1 note")
    await expect(page.get_by_text("No notes yet")).to_have_count(0)

    await note.locator("summary", has_text="Edit").click()
    await fill(note, Title="Second", Description="", Priority="4")
    await note.get_by_role("button", name="Save").click()
    note = note_of(page, "Second")
    await expect(note.get_by_text("Priority 4")).to_be_visible()
    await expect(note.locator(".description")).to_be_hidden()

    await note.locator("summary", has_text="Delete").click()
    await note.get_by_role("button", name="Delete it").click()
    await expect(page.get_by_text("No notes yet")).to_be_visible()


async def test_with_scripts_all_of_it_happens_in_its_place(visit: Visitors) -> None:
    page = await visit("/notes")
    await keep_some(page)
    await page.reload()
    await mark(page)

    await page.locator("summary", has_text="New note").click()
    await fill(page.locator("#new"), Title="New here", Priority="9")
    await page.keyboard.press("Enter")
    note = note_of(page, "New here")
    await expect(note.get_by_role("link", name="New here")).to_be_focused()
    await expect(page.locator(".note").first).to_contain_text("Priority 9")
    await expect(page.locator("#count")).to_have_text("5 notes")
    await expect(page.locator("#toasts")).to_have_text("Kept.")

    await note.locator("summary", has_text="Edit").click()
    await fill(note, Title="New title")
    await page.keyboard.press("Enter")
    note = note_of(page, "New title")
    await expect(note.locator("summary", has_text="Edit")).to_be_focused()
    await expect(note.get_by_label("Title")).to_be_hidden()

    await note.locator("summary", has_text="Delete").click()
    await note.get_by_role("button", name="Delete it").click()
    await expect(page.locator(".note")).to_have_count(4)
    await expect(page.locator("#count")).to_have_text("4 notes")
    await expect(page.get_by_role("link", name=UGLY, exact=True).first).to_be_focused()
    assert await stayed(page)
    await page.reload()
    await expect(page.locator(".note")).to_have_count(4)


async def test_the_keyboard_is_enough(visit: Visitors) -> None:
    page = await visit("/notes")
    press = page.keyboard.press

    await page.locator("summary", has_text="New note").focus()
    await press("Enter")
    await press("Tab")
    await page.keyboard.type("By keys alone")
    for _ in range(4):
        await press("Tab")
    await press("Enter")
    await expect(page.get_by_role("link", name="By keys alone")).to_be_focused()
    await press("Tab")
    await press("Space")
    for _ in range(5):
        await press("Tab")
    await press("Tab")
    await press("Enter")
    await expect(page.locator(".note summary", has_text="Edit")).to_be_focused()
    await press("Tab")
    await press("Enter")
    await press("Tab")
    await press("Enter")

    await expect(page.get_by_text("No notes yet")).to_be_visible()


async def test_who_changes_his_mind_changes_nothing(visit: Visitors) -> None:
    page = await visit("/notes")
    await keep(page, title="as it was")
    await page.reload()
    note = page.locator(".note")

    await note.locator("summary", has_text="Edit").click()
    await fill(note, Title="something else")
    await note.get_by_role("button", name="Cancel").first.click()
    await note.locator("summary", has_text="Edit").click()

    await expect(note.get_by_label("Title")).to_have_value("as it was")


@pytest.mark.parametrize("path", ["/notes", "/notes/1"])
@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
async def test_two_people_do_not_overwrite_each_other(
    visit: Visitors, scripts: bool, path: str
) -> None:
    page = await visit("/notes", scripts=scripts)
    await keep(page, title="ours", description="ours")
    await page.goto(path)
    await page.locator(".note summary", has_text="Edit").click()
    await change(page, 1, title="hers", priority=7)

    note = page.locator(".note")
    await fill(note, Title="mine")
    await note.get_by_role("button", name="Save").click()

    await expect(note.get_by_role("alert").first).to_contain_text("Somebody else has")
    await expect(note.get_by_role("heading")).to_have_text("hers")
    await expect(note.get_by_text("Priority 7")).to_be_visible()
    await expect(note.get_by_label("Title")).to_have_value("mine")
    if scripts:  # axe is one
        await inspect(page, f"note-changed{path.replace('/', '-')}")
    else:
        await look(page, f"note-changed-plain{path.replace('/', '-')}")
    await note.get_by_role("button", name="Save").click()
    await expect(page.locator(".note").get_by_role("heading")).to_have_text("mine")
    visit.forgive("412 (Precondition Failed)")


async def test_what_was_not_touched_stays_as_she_changed_it(visit: Visitors) -> None:
    page = await visit("/notes")
    await keep(page, title="ours", description="ours")
    await page.reload()
    note = page.locator(".note")
    await note.locator("summary", has_text="Edit").click()
    await change(page, 1, description="hers")

    await fill(note, Title="mine")
    await note.get_by_role("button", name="Save").click()
    await expect(note.get_by_role("alert").first).to_be_visible()
    await note.get_by_role("button", name="Save").click()

    await expect(note.get_by_role("heading")).to_have_text("mine")
    await expect(note.locator(".description")).to_have_text("hers")
    visit.forgive("412 (Precondition Failed)")


async def test_a_note_that_has_changed_is_not_deleted_unseen(visit: Visitors) -> None:
    page = await visit("/notes")
    await keep(page, title="ours")
    await page.reload()
    note = page.locator(".note")
    await note.locator("summary", has_text="Delete").click()
    await change(page, 1, title="hers")

    await note.get_by_role("button", name="Delete it").click()
    await expect(note.get_by_role("alert").last).to_contain_text("Somebody else has")
    await expect(note.get_by_role("heading")).to_have_text("hers")
    await note.get_by_role("button", name="Delete it").click()

    await expect(page.get_by_text("No notes yet")).to_be_visible()
    visit.forgive("412 (Precondition Failed)")


async def test_what_somebody_else_has_deleted_is_said_to_be_gone(
    visit: Visitors,
) -> None:
    page = await visit("/notes")
    await keep(page)
    await page.reload()
    note = page.locator(".note")
    await note.locator("summary", has_text="Edit").click()
    assert (await page.request.delete("/notes/1")).ok

    await note.get_by_role("button", name="Save").click()

    await expect(note.get_by_role("alert").first).to_contain_text(
        "has deleted this note"
    )
    visit.forgive("404 (Not Found)")


async def test_what_cannot_be_saved_is_not_lost(visit: Visitors) -> None:
    page = await visit("/notes")
    await page.locator("summary", has_text="New note").click()
    form = page.locator("#new")

    await page.route("**/notes", lambda route: route.abort())
    await fill(form, Title="Precious", Description="words")
    await form.get_by_role("button", name="Keep it").click()
    await expect(form.get_by_role("alert")).to_contain_text("does not answer")
    await page.unroute("**/notes")
    await fill(form, Title="   ")
    await form.get_by_role("button", name="Keep it").click()
    await expect(form.get_by_role("alert")).to_contain_text("title must be 1 to 200")
    await inspect(page, "note-refused")
    await fill(form, Title="Precious")
    await form.get_by_role("button", name="Keep it").click()

    await expect(note_of(page, "Precious")).to_contain_text("words")
    visit.forgive("net::ERR_FAILED", "400 (Bad Request)")


async def test_what_people_wrote_is_text(visit: Visitors) -> None:
    page = await visit("/notes")
    await keep_some(page)
    await page.reload()

    note = note_of(page, UGLY)
    await expect(note.get_by_role("heading")).to_have_text(UGLY)
    await expect(note.locator(".media")).to_have_text(f"GIF: {UGLY}")
    await note.locator("summary", has_text="Edit").click()
    await note.get_by_role("button", name="Save").click()
    await expect(page.locator("#toasts")).to_have_text("Saved.")
    await expect(note.get_by_role("heading")).to_have_text(UGLY)
    await note.get_by_role("link", name=UGLY).first.click()

    await expect(page.get_by_role("heading", level=1)).to_have_text(UGLY)
    await expect(page).to_have_title(f"{UGLY} · Giphy Navigator")


async def test_gifs_are_seen_and_nothing_jumps(visit: Visitors) -> None:
    page = await visit("/notes")
    await keep_some(page)
    await page.reload()

    picture = page.locator(".note img").first
    await picture.scroll_into_view_if_needed()
    await expect(page.locator(".note img")).to_have_count(3)
    await expect(picture).to_have_js_property("complete", True)
    assert await shifted(page) <= 0.02
    await inspect(page, "notes")
    await page.goto("/notes/3")
    await expect(page.locator(".note img")).to_have_js_property("complete", True)
    assert await shifted(page) <= 0.02
    await inspect(page, "note")


async def test_gifs_stand_still_when_that_is_wished_for(visit: Visitors) -> None:
    page = await visit("/notes", moving=True)
    await keep_some(page)
    await page.reload()
    source = page.locator(".note source").first

    await expect(source).to_have_attribute("media", "not all")
    await page.get_by_role("button", name="Pause GIFs").click()
    await expect(source).to_have_attribute("media", "all")
    await page.locator(".note", has=page.locator("img")).first.hover()
    await expect(source).to_have_attribute("media", "not all")
    await page.goto("/notes/3")

    await expect(page.locator(".note source")).to_have_attribute("media", "all")


async def test_a_gif_is_taken_off(visit: Visitors) -> None:
    page = await visit("/notes")
    await keep_some(page)
    await page.goto("/notes/3")

    await page.locator(".note summary", has_text="Edit").click()
    await page.get_by_label("Take the GIF off").check()
    await inspect(page, "note-editing")
    await page.get_by_role("button", name="Save").click()

    await expect(page.locator(".note .media")).to_have_count(0)
    await page.reload()
    await expect(page.locator(".note .media")).to_have_count(0)


async def test_while_giphy_is_away_gifs_are_known_by_their_titles(
    visit: Visitors, giphy: AsyncMock
) -> None:
    giphy.gifs.side_effect = GiphyUnreachable()
    page = await visit("/notes")
    gif = {"id": "x", "url": "https://giphy.com/gifs/x", "title": "A cat"}
    await keep(page, gif=gif)

    await page.reload()

    link = page.get_by_role("link", name="A cat")
    await expect(link).to_have_attribute("href", "https://giphy.com/gifs/x")
    await inspect(page, "notes-without-giphy")


async def test_notes_are_found_by_their_text(visit: Visitors) -> None:
    page = await visit("/notes")
    await keep_some(page)
    field = page.get_by_label("Text in notes")

    await field.fill("LAUNCH")
    await field.press("Enter")
    await expect(page.locator("#count")).to_have_text("3 notes")
    await inspect(page, "notes-found")
    await field.fill("nowhere")
    await page.get_by_role("button", name="Find").click()
    await expect(page.get_by_text("No note says “nowhere”")).to_be_visible()
    await inspect(page, "notes-nothing-found")
    await page.get_by_role("link", name="All notes").click()

    await expect(page.locator("#count")).to_have_text("4 notes")


async def test_there_are_pages_of_many_notes(visit: Visitors) -> None:
    page = await visit("/notes")
    for number in range(30):
        await keep(page, title=f"note {number}")
    await page.reload()

    await expect(page.locator(".note")).to_have_count(24)
    await page.get_by_role("link", name="Older").click()
    await expect(page.locator(".note")).to_have_count(6)
    await page.locator("summary", has_text="New note").click()
    await fill(page.locator("#new"), Title="the newest")
    await page.get_by_role("button", name="Keep it").click()

    await expect(page).to_have_url("/notes")
    await expect(page.locator(".note").first).to_contain_text("the newest")


async def test_a_note_deleted_on_its_own_page_leads_to_the_others(
    visit: Visitors,
) -> None:
    page = await visit("/notes")
    await keep(page, title="one")
    await keep(page, title="two")
    await page.goto("/notes/1")

    await page.locator("summary", has_text="Delete").click()
    await page.get_by_role("button", name="Delete it").click()

    await expect(page).to_have_url("/notes")
    await expect(page.locator(".note")).to_have_count(1)


@pytest.mark.parametrize("size", [(320, 256), (320, 800), (640, 400)])
async def test_notes_are_usable_when_the_window_is_small_or_zoomed_in(
    visit: Visitors, size: tuple[int, int]
) -> None:
    page = await visit("/notes", size=size, device_scale_factor=2)
    await keep_some(page)
    await page.reload()

    await page.locator("summary", has_text="New note").click()
    await page.locator(".note summary", has_text="Edit").first.click()
    await assert_fits(page)
    await page.locator(".note").first.get_by_label("Title").focus()
    await expect(page.locator(":focus")).to_be_in_viewport()
    await look(page, f"notes-{size[0]}x{size[1]}")
    await page.goto("/notes/3")

    await assert_fits(page)


async def test_the_empty_page_is_fit_for_everybody(visit: Visitors) -> None:
    page = await visit("/notes")
    await inspect(page, "notes-empty")

    await page.locator("summary", has_text="New note").click()

    await inspect(page, "notes-new")


async def test_what_is_saved_is_the_version_that_was_shown(visit: Visitors) -> None:
    page = await visit("/notes")
    await keep(page)
    await page.reload()

    await page.locator(".note summary", has_text="Edit").click()
    async with page.expect_request("**") as sent:
        await page.get_by_role("button", name="Save").click()
    await expect(page.locator("#toasts")).to_have_text("Saved.")

    patch = await sent.value
    assert (patch.method, patch.headers["if-match"]) == ("PATCH", '"1"')
    assert patch.url == f"{visit.address}/notes/1"


class TestWithTokens:
    """Where writing needs a token."""

    @pytest.fixture
    def app(self) -> Iterator[web.Application]:
        app = create_app(replace(guarded_by(TOKEN), sandbox=True))
        yield app
        app.container.unwire()

    async def sign_in(self, page: Page) -> None:
        await page.get_by_label("Token").fill(TOKEN)
        await page.keyboard.press("Enter")
        await expect(page).to_have_url(re.compile("/notes"))

    async def test_who_has_not_signed_in_reads_and_is_led_there(
        self, visit: Visitors
    ) -> None:
        page = await visit("/notes?search=a")
        await expect(page.get_by_text("Writing notes needs a sign-in.")).to_be_visible()
        await inspect(page, "notes-signed-out")

        await page.locator("main").get_by_role("link", name="Sign in").click()
        await self.sign_in(page)

        await expect(page).to_have_url("/notes?search=a")
        await expect(page.locator("summary", has_text="New note")).to_be_visible()

    async def test_who_is_not_signed_in_any_more_loses_no_word(
        self, visit: Visitors
    ) -> None:
        page = await visit("/sign-in?next=/notes")
        await self.sign_in(page)
        await page.locator("summary", has_text="New note").click()
        await fill(page.locator("#new"), Title="Precious")
        await page.context.clear_cookies()

        await page.get_by_role("button", name="Keep it").click()

        toast = page.locator(".toast")
        await expect(toast).to_contain_text("That needs a sign-in.")
        place = "/sign-in?next=%2Fnotes"
        await expect(toast.get_by_role("link")).to_have_attribute("href", place)
        await expect(page.locator("#new").get_by_label("Title")).to_have_value(
            "Precious"
        )
        visit.forgive("401 (Unauthorized)")
