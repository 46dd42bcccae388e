"""What every page has, seen on the page of an error."""

from contextlib import suppress

import pytest
from playwright.async_api import Error, expect

from tests.browser.browsing import Visitors, assert_fits, inspect, look, shifted

NOT_FOUND = "404 (Not Found)"
HIDE_MAIN = (
    "Object.assign(document.createElement('style'), {textContent: 'main{top:0}'})"
)


async def test_what_is_not_there_has_a_page_that_leads_on(visit: Visitors) -> None:
    page = await visit("/nowhere")

    await expect(page.get_by_role("heading", level=1)).to_have_text("Not found")
    await expect(page.get_by_text("Powered By GIPHY")).to_be_in_viewport()
    await expect(page.get_by_text("Sandbox.")).to_be_visible()
    assert await shifted(page) == 0
    await inspect(page, "error")
    await page.get_by_role("link", name="Search GIFs").click()

    await expect(page).to_have_url("/")
    visit.forgive(NOT_FOUND)


@pytest.mark.parametrize("size", [(320, 256), (320, 800), (640, 400)])
async def test_a_page_is_usable_when_it_is_small_or_zoomed_in(
    visit: Visitors, size: tuple[int, int]
) -> None:
    page = await visit("/nowhere", size=size, device_scale_factor=2)

    await assert_fits(page)
    await page.keyboard.press("/")
    await expect(page.get_by_role("searchbox")).to_be_in_viewport()
    await expect(page.get_by_text("Powered By GIPHY")).to_be_in_viewport()
    await look(page, f"error-{size[0]}x{size[1]}")
    visit.forgive(NOT_FOUND)


async def test_a_slash_leads_to_the_search_box(visit: Visitors) -> None:
    page = await visit("/nowhere")

    await page.keyboard.press("/")
    await page.keyboard.type("a/b")

    await expect(page.get_by_role("searchbox")).to_be_focused()
    await expect(page.get_by_role("searchbox")).to_have_value("a/b")
    visit.forgive(NOT_FOUND)


async def test_the_first_stop_of_the_tab_key_skips_to_the_content(
    visit: Visitors,
) -> None:
    page = await visit("/nowhere")

    await page.keyboard.press("Tab")
    await expect(page.get_by_text("Skip to content")).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(page.locator("main")).to_be_focused()
    visit.forgive(NOT_FOUND)


@pytest.mark.parametrize(
    "smuggle",
    [
        "main.innerHTML = '<img src=x onerror=alert(1)>'",
        "main.setAttribute('onclick', 'alert(1)')",
        f"document.head.append({HIDE_MAIN})",
    ],
)
async def test_a_page_takes_no_script_and_no_style_into_itself(
    visit: Visitors, smuggle: str
) -> None:
    page = await visit("/nowhere")

    with suppress(Error):
        await page.evaluate(f"() => {{ const main = document.body; {smuggle} }}")

    await expect(page.locator("main")).to_be_visible()
    assert any("violates" in fault or "requires" in fault for fault in visit.faults)
    visit.faults.clear()
