"""What the search page costs those who open it: jumps, bytes and patience."""

from playwright.async_api import Page, expect

from tests.browser.browsing import PHONE, Visitors, comes_true, shifted

KILOBYTE = 1024
OWN = """() => [
    ...performance.getEntriesByType("navigation"),
    ...performance.getEntriesByType("resource"),
].filter(it => !it.name.includes("/media/") && it.initiatorType !== "fetch")
.map(it => [it.name, it.encodedBodySize])"""
SEEN = """() => {
    const image = document.querySelector(".tile img");
    const [shown] = performance.getEntriesByName(image.currentSrc);
    const [paint] = performance.getEntriesByName("first-contentful-paint");
    return image.complete && shown && paint
        ? Math.max(shown.responseEnd, paint.startTime) : null;
}"""


async def scroll(page: Page) -> None:
    """Go down as people do, waiting for what comes."""
    for seen in (25, 50, 75):
        await page.mouse.wheel(0, 20_000)
        await expect(page.locator("#grid a").nth(seen)).to_be_attached()


async def test_nothing_jumps_on_a_wide_page(visit: Visitors) -> None:
    page = await visit("/?query=cats", moving=True)

    await scroll(page)

    assert await shifted(page) <= 0.02


async def test_nothing_jumps_on_a_phone(visit: Visitors) -> None:
    page = await visit("/", size=PHONE, moving=True)

    await scroll(page)

    assert await shifted(page) <= 0.02


async def test_nothing_jumps_when_another_search_is_slow(visit: Visitors) -> None:
    page = await visit("/", moving=True)

    await page.route("**/gifs?*", lambda route: slowly(page, route))
    await page.locator("#query").fill("dogs")
    await page.locator("#query").press("Enter")
    await expect(page.locator("#grid a").nth(24)).to_be_attached()
    pictures = "[...document.querySelectorAll('.tile img')].slice(0, 9)"
    await comes_true(page, f"{pictures}.every(it => it.complete)")

    assert await shifted(page) <= 0.02


async def slowly(page: Page, route) -> None:
    """Answer after the moment in which Chromium blames jumps on who pressed a key."""
    await page.wait_for_timeout(700)
    await route.fallback()


async def test_the_pages_own_bytes_are_few(visit: Visitors) -> None:
    page = await visit("/")
    await page.wait_for_load_state()

    sizes = dict(await page.evaluate(OWN))

    assert any(name.endswith(".js") for name in sizes)
    assert all(sizes.values()), sizes
    assert sum(sizes.values()) <= 60 * KILOBYTE, sizes


async def test_the_first_gif_is_seen_within_a_second(visit: Visitors) -> None:
    moments = []
    for words in ("cats", "dogs", "owls"):
        page = await visit(f"/?query={words}")
        moments.append(await comes_true(page, SEEN))

    # The best of three: the machine has other things to do as well.
    assert min(moments) <= 1000, moments
