"""Whatever the search page may have to show, looked at; and what to do about it."""

import asyncio
import re
from collections.abc import Iterator
from unittest.mock import AsyncMock

import pytest
from aiohttp import web
from dependency_injector import providers
from playwright.async_api import Page, Route, expect

from giphynavigator.giphy_errors import GiphyBusy, GiphyTimeout
from giphynavigator.resilience.quota import FixedWindowQuota
from tests.browser.browsing import Visitors, comes_true, inspect
from tests.site.gifs import answer_of

REFUSED = "Failed to load resource"


@pytest.fixture
def quota(app: web.Application) -> Iterator[FixedWindowQuota]:
    quota = FixedWindowQuota(calls=20, period=3600)
    with app.container.quota.override(providers.Object(quota)):
        yield quota


async def search(page: Page, words: str) -> None:
    await page.locator("#query").fill(words)
    await page.locator("#query").press("Enter")


async def assert_says(page: Page, title: str) -> None:
    await expect(page.locator("#state").get_by_role("heading")).to_have_text(title)


async def drawn(page: Page) -> None:
    """Wait until the pictures in sight are there."""
    pictures = "[...document.querySelectorAll('.tile img')].slice(0, 12)"
    await comes_true(page, f"{pictures}.every(it => it.complete && it.naturalWidth)")


async def test_the_first_page(visit: Visitors) -> None:
    page = await visit("/")

    foot = page.get_by_role("contentinfo")
    await expect(foot.get_by_text("Powered By GIPHY")).to_be_in_viewport()
    await drawn(page)
    await inspect(page, "home")


async def test_what_a_search_found(visit: Visitors) -> None:
    page = await visit("/?query=cats")

    await drawn(page)
    await page.locator("#grid a").nth(1).focus()
    await inspect(page, "search")


async def test_one_gif(visit: Visitors) -> None:
    page = await visit("/?query=cats")

    await page.locator("#grid a").nth(3).click()
    await page.get_by_role("button", name="Copy link").click()
    await expect(page.get_by_role("dialog")).to_contain_text("Powered By GIPHY")
    await inspect(page, "detail")


async def test_suggestions(visit: Visitors) -> None:
    page = await visit("/?query=cats")

    await page.locator("#query").fill("")
    await page.locator("#query").press_sequentially("part")
    await expect(page.locator("#suggestions li").first).to_be_visible()
    await page.keyboard.press("ArrowDown")
    await inspect(page, "suggestions")


async def test_nothing_was_found(visit: Visitors) -> None:
    page = await visit("/?query=cats")

    await search(page, "nothing at all")
    await assert_says(page, "No GIFs for “nothing at all”")
    await inspect(page, "empty")
    await page.reload()
    await assert_says(page, "No GIFs for “nothing at all”")
    await page.get_by_role("link", name="See what is trending").click()

    await expect(page).to_have_url("/")


async def test_a_search_is_on_its_way(visit: Visitors) -> None:
    page = await visit("/?query=cats")
    arrived = asyncio.Event()

    async def hold(route: Route) -> None:
        await arrived.wait()
        await route.fallback()

    await page.route("**/gifs?*", hold)
    await search(page, "dogs")
    await expect(page.locator("#grid")).to_have_attribute("aria-busy", "true")
    await expect(page.locator(".blank").first).to_be_visible()
    await inspect(page, "loading")
    arrived.set()

    await expect(page.locator("#grid a").first).to_have_attribute(
        "href", re.compile("dogs")
    )
    await expect(page.locator(".blank")).to_have_count(0)


async def test_the_last_search_counts_however_slow_the_others_are(
    visit: Visitors,
) -> None:
    page = await visit("/?query=cats")
    arrived = asyncio.Event()

    async def hold(route: Route) -> None:
        await arrived.wait()
        await route.fallback()

    await page.route("**/gifs?query=slow*", hold)
    await search(page, "slow")
    await search(page, "quick")
    await expect(page.locator("#grid a").first).to_have_attribute(
        "href", re.compile("quick")
    )
    arrived.set()
    await page.wait_for_load_state("networkidle")

    await expect(page.locator("#grid a").first).to_have_attribute(
        "href", re.compile("quick")
    )


async def test_giphy_does_not_answer_and_then_does(
    visit: Visitors, giphy: AsyncMock
) -> None:
    giphy.trending.return_value = answer_of()
    giphy.trending_searches.return_value = []
    giphy.search.side_effect = GiphyTimeout(10)
    page = await visit("/")

    await search(page, "cats")
    await assert_says(page, "Giphy does not answer")
    await inspect(page, "failed")
    visit.forgive(REFUSED)

    async def found(route: Route) -> None:
        await route.fulfill(json={"gifs": [], "offset": 0, "limit": 25, "total": 0})

    await page.route("**/gifs?*", found)
    await page.get_by_role("button", name="Try again").click()
    await assert_says(page, "No GIFs for “cats”")


async def test_the_calls_are_used_up(visit: Visitors, giphy: AsyncMock) -> None:
    giphy.trending.return_value = answer_of()
    giphy.trending_searches.return_value = []
    giphy.search.side_effect = GiphyBusy(600)
    page = await visit("/")

    await search(page, "cats")
    await assert_says(page, "The calls to Giphy are used up for now")
    await expect(page.locator("#state")).to_contain_text("new words do again in")
    await inspect(page, "spent")
    visit.forgive(REFUSED)


async def test_the_calls_are_used_up_when_the_page_is_opened(
    visit: Visitors, giphy: AsyncMock
) -> None:
    giphy.search.side_effect = GiphyBusy(600)

    page = await visit("/?query=cats")

    await expect(page.locator("main")).to_contain_text("Giphy's quota for this key is")
    await expect(page.locator("#query")).to_have_value("cats")
    await expect(page.get_by_role("link", name="Try again")).to_be_visible()
    await inspect(page, "spent-at-once")
    visit.forgive(REFUSED)


async def test_nobody_is_connected_and_then_somebody_is(visit: Visitors) -> None:
    page = await visit("/?query=cats")

    await page.context.set_offline(True)
    await search(page, "dogs")
    await assert_says(page, "You are offline")
    await inspect(page, "offline")
    await page.context.set_offline(False)

    await expect(page.locator("#grid a").first).to_have_attribute(
        "href", re.compile("dogs")
    )
    visit.forgive(REFUSED)


async def test_the_calls_that_are_left_are_told_after_each_that_is_made(
    visit: Visitors, quota: FixedWindowQuota
) -> None:
    page = await visit("/")
    calls = page.locator("#calls")
    await expect(calls).to_have_text("18 of 20 calls to Giphy left")

    await search(page, "cats")
    await expect(calls).to_have_text("17 of 20 calls to Giphy left")
    await inspect(page, "quota")


async def test_few_calls_are_kept_for_what_people_ask_for(
    visit: Visitors, quota: FixedWindowQuota
) -> None:
    for _ in range(16):
        await quota.take()
    page = await visit("/?query=cats")
    before = await page.locator("#grid a").count()

    await page.keyboard.press("End")
    await page.locator("#query").press_sequentially("lets")
    await page.get_by_role("link", name="More GIFs").click()
    await expect(page.locator("#grid a")).to_have_count(before + 25)

    assert quota.report().left == 3
    await expect(page.locator("#suggestions li")).to_have_count(0)
