"""The page that shows the document, with Swagger UI and nothing from elsewhere."""

from playwright.async_api import expect

from giphynavigator.openapi.handlers import POLICY
from tests.browser.browsing import PHONE, Visitors, assert_fits, look


async def test_the_page_shows_every_operation(visit: Visitors) -> None:
    page = await visit("/docs")

    operations = page.locator(".opblock")
    await expect(operations.first).to_be_visible()
    listed = await page.evaluate(
        "fetch('/openapi.json').then(answer => answer.json()).then(document =>"
        " Object.values(document.paths).flatMap(Object.keys).length)"
    )

    await expect(operations).to_have_count(listed)
    await look(page, "docs-light-wide")
    await page.emulate_media(color_scheme="dark")
    await expect(page.locator("html.dark-mode")).to_be_attached()
    await look(page, "docs-dark-wide")


async def test_an_operation_can_be_tried_in_the_page(visit: Visitors) -> None:
    page = await visit("/docs#/find/index")

    await page.get_by_role("button", name="Try it out").click()
    await page.get_by_role("button", name="Execute").click()

    answer = page.locator(".live-responses-table .highlight-code").first
    await expect(answer).to_contain_text('"query": "wow"')
    await look(page, "docs-tried")


async def test_without_scripts_the_page_leads_to_the_document(visit: Visitors) -> None:
    page = await visit("/docs", scripts=False)

    link = page.get_by_role("link", name="/openapi.json")

    await expect(link).to_have_attribute("href", "/openapi.json")


async def test_the_page_fits_a_phone(visit: Visitors) -> None:
    page = await visit("/docs", size=PHONE)
    await expect(page.locator(".opblock").first).to_be_visible()

    await look(page, "docs-phone")
    await assert_fits(page)


async def test_only_what_swagger_ui_needs_is_allowed_beyond_other_pages(
    visit: Visitors,
) -> None:
    page = await visit("/docs")
    answer = await page.request.get("/docs", headers={"Accept": "text/html"})
    elsewhere = await page.request.get("/nowhere", headers={"Accept": "text/html"})

    allowed = answer.headers["content-security-policy"]
    usual = elsewhere.headers["content-security-policy"]
    assert allowed == POLICY
    assert "script-src 'self';" in allowed
    assert "script-src 'self';" in usual
    assert "unsafe" not in allowed
