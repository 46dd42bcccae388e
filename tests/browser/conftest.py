"""Browser tests: real pages of a real server, looked at by the system's Chromium.

A test here is given `visit` and opens as many pages as it has people::

    async def test_the_notes_are_a_page(visit) -> None:
        page = await visit("/notes")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Notes")
        await inspect(page, "notes")

The service behind it is `app`, so `giphy` and every override work as elsewhere. All
tests of this folder share one event loop: the browser lives in it. What a page does
wrong meanwhile (see Visitors) fails the test at its end.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, async_playwright, expect

from tests.browser.browsing import Visitors, chromium_arguments

HERE = Path(__file__).parent

expect.set_options(timeout=5_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            # First, for pytest-asyncio has set its own and takes the first it finds.
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    arguments = chromium_arguments()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(**arguments)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def address(app: web.Application) -> AsyncIterator[str]:
    """Where the application is served."""
    async with TestServer(app) as server:
        yield str(server.make_url("")).rstrip("/")


@pytest_asyncio.fixture(loop_scope="session")
async def visit(chromium: Browser, address: str) -> AsyncIterator[Visitors]:
    visitors = Visitors(chromium, address)
    yield visitors
    await visitors.close()
    assert visitors.faults == []
