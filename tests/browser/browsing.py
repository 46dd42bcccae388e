"""People with browsers: they visit pages, and note whatever is not as it should be."""

import asyncio
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.base import AXE_SCRIPT
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Route

from tests.servers import find

FLAGS: Final = (
    "--no-sandbox",  # as root it would not start
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SCREENSHOTS: Final = Path(__file__).parents[2] / ".screenshots"
WIDE: Final = (1280, 800)
PHONE: Final = (360, 740)

SHIFTS: Final = """
new PerformanceObserver(list => {
  window.shifted = (window.shifted ?? 0);
  for (const entry of list.getEntries())
    if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({type: "layout-shift", buffered: true});
"""


VIOLATIONS: Final = """
axe.run({resultTypes: ["violations"]}).then(({violations}) =>
  violations.map(({id, nodes}) => [id, nodes.map(node => node.html)]));
"""


class Visitors:
    """Opens pages of one service, each in a browser that knows of no other.

    `faults` are errors of scripts, errors on the console (refusals by the
    Content-Security-Policy are among them) and requests to anywhere else, which
    are not let out. A test that brings one about takes it from the list.
    """

    def __init__(self, browser: Browser, address: str) -> None:
        self.address = address
        self.faults: list[str] = []
        self._browser = browser
        self._contexts: list[BrowserContext] = []

    async def __call__(
        self,
        path: str = "/",
        *,
        size: tuple[int, int] = WIDE,
        dark: bool = False,
        moving: bool = False,
        scripts: bool = True,
        **options: Any,
    ) -> Page:
        """Open a page; `options` are those of a browser context of playwright's."""
        context = await self._browser.new_context(
            base_url=self.address,
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if dark else "light",
            reduced_motion="no-preference" if moving else "reduce",
            java_script_enabled=scripts,
            service_workers="block",
            locale="en-GB",
            timezone_id="UTC",
            **options,
        )
        self._contexts.append(context)
        await context.route("**/*", self._let_out)
        if scripts:
            await context.add_init_script(SHIFTS)
        page = await context.new_page()
        page.on("pageerror", lambda error: self.faults.append(f"script: {error}"))
        page.on("console", self._hear)
        await page.goto(path, wait_until="domcontentloaded")
        return page

    def forgive(self, *words: str) -> None:
        """Take from the faults what a test brought about; each must be there."""
        for word in words:
            assert any(word in fault for fault in self.faults), (word, self.faults)
            self.faults = [fault for fault in self.faults if word not in fault]

    async def close(self) -> None:
        for context in self._contexts:
            await context.unroute_all(behavior="ignoreErrors")
            await context.close()

    async def _let_out(self, route: Route) -> None:
        url = route.request.url
        if url.startswith((self.address, "data:")):
            await route.fallback()
            return
        self.faults.append(f"a request to {url}")
        await route.abort()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.faults.append(f"console: {message.text}")


def chromium_arguments() -> dict[str, Any]:
    """Give what playwright starts the system's Chromium with; skips without one.

    The one that has no window of its own takes two thirds of the time.
    """
    path = find("chromium-headless-shell", "chromium")
    return {"executable_path": path, "args": list(FLAGS)}


async def inspect(page: Page, name: str) -> None:
    """Look at the page as it is now in light and dark, wide and on a phone.

    Nothing may be wider than the window, axe may find no fault, and a picture of
    each look is kept for people, `name-dark-phone.png` and so on. In the end it is
    as wide and as light as in the beginning.
    """
    before = page.viewport_size
    for size, place in ((WIDE, "wide"), (PHONE, "phone")):
        await page.set_viewport_size({"width": size[0], "height": size[1]})
        for scheme in ("dark", "light"):
            await page.emulate_media(color_scheme=scheme)
            await look(page, f"{name}-{scheme}-{place}")
            await assert_accessible(page)
        await assert_fits(page)
    await page.emulate_media(color_scheme=None)
    if before:
        await page.set_viewport_size(before)


async def look(page: Page, name: str) -> None:
    """Keep a picture of what there is to see, for people to look at."""
    SCREENSHOTS.mkdir(exist_ok=True)
    await page.screenshot(path=SCREENSHOTS / f"{name}.png")


async def assert_accessible(page: Page) -> None:
    """Have axe look at the page as it is now."""
    found = await page.evaluate(AXE_SCRIPT + VIOLATIONS)
    assert not found, found


async def assert_fits(page: Page) -> None:
    """Nothing is wider than the window, so nobody scrolls sideways."""
    wide, room = await page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    assert wide <= room, f"{wide} px in a window of {room} px"


async def comes_true(page: Page, holds: str, arg: Any = None) -> Any:
    """Wait until a function of the page gives what is true, and give that.

    wait_for_function of playwright's cannot: pages forbid the eval() it needs.
    """
    for _ in range(250):
        if found := await page.evaluate(holds, arg):
            return found
        await asyncio.sleep(0.02)
    raise AssertionError(f"it never came to hold: {holds}")


async def shifted(page: Page) -> float:
    """How much things jumped that nobody touched: Chromium's layout shift score."""
    return float(await page.evaluate("window.shifted ?? 0"))
