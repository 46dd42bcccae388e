"""The search page, used: by keys, by hand, back and forth, and without scripts."""

import re
from unittest.mock import AsyncMock

import pytest
from playwright.async_api import Request, expect

from giphynavigator.web.assets import all_assets
from tests.browser.browsing import Visitors, comes_true, look
from tests.browser.search_page import CLIPBOARD, box, copied, gifs, suggestions, tiles
from tests.site.gifs import answer_of, giphy_gif

UGLY = "<img src=x onerror=alert(1)>"


async def test_a_search_from_end_to_end_needs_no_mouse(visit: Visitors) -> None:
    page = await visit("/", **CLIPBOARD)

    await page.keyboard.press("/")
    await page.keyboard.type("party")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", level=1)).to_have_text("GIFs for “party”")
    await expect(page).to_have_url("/?query=party")
    for _ in range(4):  # button, two links, the filter, the grid
        await page.keyboard.press("Tab")
    while not await tiles(page).first.evaluate("it => it === document.activeElement"):
        await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("c")
    await expect(page.locator(".toast")).to_have_text("Link copied")
    link = await page.evaluate("document.activeElement.getAttribute('href')")
    assert await copied(page) == link

    await page.keyboard.press("Enter")
    await expect(page.get_by_role("dialog")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog")).to_be_hidden()
    assert await page.evaluate("document.activeElement.getAttribute('href')") == link


async def test_the_address_is_the_search_and_back_leads_back(visit: Visitors) -> None:
    page = await visit("/?query=cats")
    first = await tiles(page).first.get_attribute("href")

    await box(page).fill("dogs & co")
    await box(page).press("Enter")
    await expect(page).to_have_url("/?query=dogs+%26+co")
    await expect(page).to_have_title("dogs & co · Giphy Navigator")
    await expect(tiles(page).first).not_to_have_attribute("href", first)
    await page.go_back()

    await expect(page).to_have_url("/?query=cats")
    await expect(box(page)).to_have_value("cats")
    await expect(page.get_by_role("heading", level=1)).to_have_text("GIFs for “cats”")
    await expect(tiles(page).first).to_have_attribute("href", first)
    await page.go_forward()
    await expect(box(page)).to_have_value("dogs & co")
    await page.reload()
    await expect(box(page)).to_have_value("dogs & co")


async def test_going_back_asks_for_nothing(visit: Visitors) -> None:
    page = await visit("/?query=cats")
    await box(page).fill("dogs")
    await box(page).press("Enter")
    await expect(tiles(page).first).to_have_attribute("href", re.compile("dogs"))
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    await page.go_back()
    await expect(tiles(page).first).to_have_attribute("href", re.compile("cats"))

    assert not [url for url in asked if "offset=0" in url]


@pytest.mark.parametrize("way", ["another search", "another page"])
async def test_going_back_leads_to_what_was_looked_at(
    visit: Visitors, way: str
) -> None:
    page = await visit("/?query=cats")
    await page.mouse.wheel(0, 600)
    await comes_true(page, "scrollY > 500")

    if way == "another search":
        await box(page).fill("dogs")
        await box(page).press("Enter")
        await expect(page).to_have_url("/?query=dogs")
    else:
        await comes_true(page, "history.state.scroll > 500")
        # A click of the mouse would scroll to the link first, and that is kept too.
        await page.get_by_role("link", name="Notes").evaluate("link => link.click()")
        await expect(page).to_have_url("/notes")
    await page.go_back()

    await expect(box(page)).to_have_value("cats")
    await comes_true(page, "scrollY > 500")


async def test_below_the_search_box_is_what_was_found(visit: Visitors) -> None:
    page = await visit("/?query=cats")

    await page.keyboard.press("/")
    await page.keyboard.press("ArrowDown")

    await expect(tiles(page).first).to_be_focused()


async def test_another_language_is_another_search(visit: Visitors) -> None:
    page = await visit("/?query=cats")

    await page.get_by_label("Language").select_option("de")
    await expect(page).to_have_url("/?query=cats&lang=de")
    await page.get_by_label("Language").select_option("en")

    await expect(page).to_have_url("/?query=cats")


async def test_a_chip_is_a_search(visit: Visitors) -> None:
    page = await visit("/")

    await page.get_by_role("link", name="good morning", exact=True).click()

    await expect(page).to_have_url("/?query=good+morning")
    await expect(page.locator(".hero")).to_be_hidden()


async def test_suggestions_are_chosen_by_keys(visit: Visitors) -> None:
    page = await visit("/?query=cats")
    options = suggestions(page)

    await box(page).fill("")
    await box(page).press_sequentially("part")
    await expect(options.first).to_be_visible()
    await box(page).press("ArrowDown")
    await box(page).press("ArrowDown")
    await expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    words = await options.nth(1).inner_text()
    await box(page).press("Enter")

    await expect(box(page)).to_have_value(words)
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        f"GIFs for “{words}”"
    )
    await expect(options.first).to_be_hidden()


async def test_escape_puts_suggestions_away_and_leaves_the_words(
    visit: Visitors,
) -> None:
    page = await visit("/?query=cats")

    await box(page).fill("")
    await box(page).press_sequentially("part")
    await expect(suggestions(page).first).to_be_visible()
    await box(page).press("Escape")

    await expect(suggestions(page).first).to_be_hidden()
    await expect(box(page)).to_have_value("part")


async def test_a_suggestion_is_chosen_by_a_click(visit: Visitors) -> None:
    page = await visit("/?query=cats")

    await box(page).fill("")
    await box(page).press_sequentially("part")
    await suggestions(page).nth(2).click()

    await expect(page).to_have_url(re.compile(r"query=part\+"))


async def test_letters_that_an_earlier_answer_covers_cost_no_call(
    visit: Visitors, giphy: AsyncMock, address: str
) -> None:
    giphy.trending.return_value = answer_of()
    giphy.trending_searches.return_value = []
    words = ["party", "party time", "party hard", "partner", "part"]
    giphy.suggestions.return_value = words
    page = await visit("/")

    await box(page).press_sequentially("pa")
    await expect(suggestions(page)).to_have_text(words)
    await box(page).press_sequentially("rty")
    await expect(suggestions(page)).to_have_text(["party time", "party hard"])

    assert giphy.suggestions.await_count == 1


async def test_the_button_shows_more_and_leads_to_the_first_of_it(
    visit: Visitors, giphy: AsyncMock, address: str
) -> None:
    giphy.search.side_effect = [
        answer_of(*gifs(address, 50), total=60),
        answer_of(*gifs(address, 10), total=60),
    ]
    page = await visit("/?query=cats")

    for shown in (25, 50):
        await expect(tiles(page)).to_have_count(shown)
        await page.get_by_role("link", name="More GIFs").press("Enter")
        await expect(tiles(page).nth(shown)).to_be_focused()

    await expect(tiles(page)).to_have_count(60)
    await expect(page.get_by_role("link", name="More GIFs")).to_be_hidden()


async def test_scrolling_shows_more(visit: Visitors) -> None:
    page = await visit("/?query=cats")

    for seen in (25, 50, 75):
        await page.mouse.wheel(0, 20_000)
        await expect(tiles(page).nth(seen)).to_be_attached()


async def test_a_title_with_html_is_text_wherever_it_is_shown(
    visit: Visitors, giphy: AsyncMock, address: str
) -> None:
    picture = address + all_assets().address("logo.svg")
    odd = {"title": UGLY, "alt_text": UGLY, "username": UGLY, "rating": UGLY}
    giphy.search.return_value = answer_of(giphy_gif(media=picture, **odd))
    giphy.suggestions.return_value = [UGLY]

    page = await visit(f"/?query={UGLY}")
    for _ in ("from the server", "from a script"):
        await expect(tiles(page).first.locator(".caption")).to_have_text(UGLY)
        await expect(page.get_by_role("heading", level=1)).to_contain_text(UGLY)
        await tiles(page).first.click()
        await expect(page.locator("#detail-title")).to_have_text(UGLY)
        await expect(page.locator("#detail-facts")).to_contain_text(f"@{UGLY}")
        await page.keyboard.press("Escape")
        await box(page).fill("")
        await box(page).press_sequentially("im")
        await expect(suggestions(page)).to_have_text(UGLY)
        await box(page).fill(f"{UGLY} ")
        await page.get_by_label("Language").select_option("de")

    assert await page.locator("img[src='x']").count() == 0


async def test_without_scripts_it_is_a_form_with_pages(visit: Visitors) -> None:
    page = await visit("/", scripts=False)

    await box(page).fill("cats")
    await page.get_by_role("button", name="Search").click()
    await expect(page).to_have_url(re.compile(r"/\?query=cats&lang=en$"))
    await expect(tiles(page)).to_have_count(25)
    first = await tiles(page).first.get_attribute("href")
    await page.get_by_role("link", name="More GIFs").click()
    await expect(page).to_have_url(re.compile("offset=25"))
    await expect(tiles(page).first).not_to_have_attribute("href", first)
    await page.get_by_role("link", name="Back").click()

    await expect(tiles(page).first).to_have_attribute("href", first)
    await expect(page.get_by_role("button", name="Pause GIFs")).to_be_hidden()
    await look(page, "search-without-scripts")
