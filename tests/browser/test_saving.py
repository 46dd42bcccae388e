"""From the search page onwards: a GIF becomes a note, several become a poll."""

import re
from collections.abc import Iterator

import pytest
from aiohttp import web
from msgspec.structs import replace
from playwright.async_api import Page, expect

from giphynavigator.application import create_app
from tests.browser.browsing import Visitors, assert_fits, inspect, look
from tests.guarding import TOKEN, guarded_by

UNAUTHORIZED = "401 (Unauthorized)"


@pytest.fixture
def guarded() -> Iterator[web.Application]:
    app = create_app(replace(guarded_by(TOKEN), sandbox=True))
    yield app
    app.container.unwire()


async def open_gif(page: Page, number: int) -> None:
    await page.locator("#grid a").nth(number).click()
    await expect(page.get_by_role("dialog")).to_be_visible()


async def choose(page: Page, *numbers: int) -> None:
    for number in numbers:
        await open_gif(page, number)
        await page.get_by_role("button", name="Add to a poll").click()
        await page.keyboard.press("Escape")


async def test_a_gif_is_saved_as_a_note(visit: Visitors) -> None:
    page = await visit("/?query=cats")
    gif = (
        await page.locator("#grid a")
        .nth(1)
        .evaluate("it => ({id: it.dataset.id, url: it.href, title: it.dataset.title})")
    )

    await open_gif(page, 1)
    await page.get_by_role("button", name="Save as note").click()
    await expect(page.locator(".toast")).to_contain_text("Saved as a note.")
    await look(page, "note-saved")

    kept = await page.evaluate(
        "fetch('/notes', {headers: {Accept: 'application/json'}}).then(it => it.json())"
    )
    (note,) = kept["notes"]
    assert (note["title"], note["gif"]) == (gif["title"], gif)
    await page.get_by_role("link", name="See the notes").click()
    await expect(page).to_have_url("/notes")


async def test_a_gif_without_a_title_is_saved_by_what_is_to_be_seen(
    visit: Visitors,
) -> None:
    page = await visit("/?query=cats")
    untitled = page.locator("#grid a[data-title='']").first
    words = await untitled.locator("img").get_attribute("alt")

    await untitled.click()
    async with page.expect_request(lambda sent: sent.method == "POST") as sent:
        await page.get_by_role("button", name="Save as note").click()

    assert (await sent.value).post_data_json["title"] == words


async def test_choices_are_gathered_until_a_poll_is_made_of_them(
    visit: Visitors,
) -> None:
    page = await visit("/?query=cats")
    create = page.get_by_role("button", name="Create the poll")

    await choose(page, 0)
    await expect(create).to_be_disabled()
    await choose(page, 1, 2, 3)
    await page.get_by_role("button", name=re.compile("Take out")).nth(2).click()
    await inspect(page, "tray")
    await page.goto("/?query=dogs")
    await page.get_by_label("Question").fill("Which one is it?")
    await create.click()

    await expect(page).to_have_url(re.compile(r"/poll/\d+$"))
    heading = page.get_by_role("heading", level=1)
    await expect(heading).to_have_text("Which one is it?")
    await expect(page.get_by_role("radio")).to_have_count(3)
    await expect(page.locator(".choice img")).to_have_count(3)
    await page.goto("/")
    await expect(page.locator("#tray")).to_be_hidden()


async def test_a_choice_is_taken_once(visit: Visitors) -> None:
    page = await visit("/?query=cats")

    await choose(page, 0, 0)

    await expect(page.locator(".thumb")).to_have_count(1)
    await page.get_by_role("button", name="Clear").click()
    await expect(page.locator("#tray")).to_be_hidden()


@pytest.mark.parametrize("size", [(320, 256), (320, 800), (640, 400)])
async def test_the_tray_leaves_room_when_the_window_is_small(
    visit: Visitors, size: tuple[int, int]
) -> None:
    page = await visit("/?query=cats", size=size)

    await choose(page, 0, 1)
    await page.locator("#grid a").nth(1).focus()

    await assert_fits(page)
    await expect(page.locator("#grid a").nth(1)).to_be_in_viewport(ratio=0.5)
    await look(page, f"tray-{size[0]}x{size[1]}")


class TestWithTokens:
    """Where writing needs a token, and nobody has signed in."""

    @pytest.fixture
    def app(self, guarded: web.Application) -> web.Application:
        return guarded

    @pytest.mark.parametrize("size", [(1280, 800), (320, 800)])
    async def test_who_has_not_signed_in_is_led_there(
        self, visit: Visitors, size: tuple[int, int]
    ) -> None:
        page = await visit("/?query=cats", size=size)
        await assert_fits(page)

        await open_gif(page, 0)
        await page.get_by_role("button", name="Save as note").click()
        await expect(page.locator(".toast")).to_contain_text("That needs a sign-in.")
        await look(page, f"sign-in-needed-{size[0]}")
        await page.locator(".toast").get_by_role("link", name="Sign in").click()

        await expect(page).to_have_url("/sign-in?next=%2F%3Fquery%3Dcats")
        visit.forgive(UNAUTHORIZED)
