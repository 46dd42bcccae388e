"""What tests of the search page have in common."""

from typing import Any

from playwright.async_api import Locator, Page

from giphynavigator.web.assets import all_assets
from tests.browser.browsing import comes_true
from tests.site.gifs import giphy_gif

CLIPBOARD = {"permissions": ["clipboard-read", "clipboard-write"]}


def tiles(page: Page) -> Locator:
    return page.locator("#grid a")


def box(page: Page) -> Locator:
    return page.locator("#query")


def suggestions(page: Page) -> Locator:
    return page.locator("#suggestions").get_by_role("option")


def gifs(address: str, count: int) -> list[dict[str, Any]]:
    """GIFs with a picture that the service has, and tall enough to fill the page."""
    picture = address + all_assets().address("logo.svg")
    return [giphy_gif(n, media=picture, height="400") for n in range(count)]


async def copied(page: Page) -> str:
    return str(await page.evaluate("navigator.clipboard.readText()"))


async def assert_moves(page: Page, image: Locator, moves: bool) -> None:
    """Whether the picture that is shown is the moving one, or comes to be."""
    asked = [await image.element_handle(), moves]
    shown = "([it, moves]) => it.currentSrc && it.currentSrc.includes('_s.') !== moves"
    await comes_true(page, shown, asked)
