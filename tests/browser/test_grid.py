"""The grid and the dialog: moving through GIFs, looking at one, taking it along."""

import re
from unittest.mock import AsyncMock

import pytest
from playwright.async_api import Request, expect

from tests.browser.browsing import PHONE, Visitors, assert_fits, look
from tests.browser.search_page import CLIPBOARD, assert_moves, box, copied, tiles
from tests.site.gifs import answer_of, giphy_gif

EMBED = (
    '<iframe src="https://giphy.com/embed/{id}"'
    ' width="{width}" height="{height}" allowfullscreen></iframe>'
)


async def test_arrows_move_as_the_eye_does(visit: Visitors) -> None:
    page = await visit("/?query=cats")
    middle = "it => (r => [r.x + r.width / 2, r.y])(it.getBoundingClientRect())"
    await tiles(page).first.focus()

    start = await page.locator(":focus").evaluate(middle)
    await page.keyboard.press("ArrowRight")
    right = await page.locator(":focus").evaluate(middle)
    await page.keyboard.press("ArrowDown")
    below = await page.locator(":focus").evaluate(middle)
    await page.keyboard.press("ArrowLeft")
    left = await page.locator(":focus").evaluate(middle)

    assert right[0] > start[0]
    assert below == [right[0], pytest.approx(below[1])]
    assert below[1] > right[1]
    assert left[0] == start[0]


async def test_the_grid_is_one_stop_of_the_tab_key(visit: Visitors) -> None:
    page = await visit("/?query=cats")
    await expect(tiles(page).first).to_have_attribute("tabindex", "0")

    await tiles(page).first.focus()
    await page.keyboard.press("End")
    await expect(tiles(page).last).to_be_focused()
    await page.keyboard.press("Home")
    await expect(tiles(page).first).to_be_focused()

    assert await page.locator("#grid a[tabindex='0']").count() == 1


@pytest.mark.parametrize(
    ("act", "expected"),
    [
        ("Copy link", "{url}"),
        ("Copy Markdown", "[{title}]({url})"),
        ("Copy embed code", EMBED),
    ],
)
async def test_a_gif_is_copied_in_many_ways(
    visit: Visitors, act: str, expected: str
) -> None:
    page = await visit("/?query=cats", **CLIPBOARD)
    gif = await tiles(page).nth(1).evaluate("it => ({...it.dataset, url: it.href})")

    await tiles(page).nth(1).click()
    await page.get_by_role("button", name=act).click()

    await expect(page.locator(".toast")).to_have_text(re.compile("copied"))
    assert await copied(page) == expected.format(**gif)


async def test_the_dialog_leads_from_gif_to_gif(visit: Visitors) -> None:
    page = await visit("/?query=cats")
    titles = await page.locator("#grid .caption").all_inner_texts()
    heading = page.locator("#detail-title")

    await tiles(page).first.click()
    await expect(heading).to_have_text(titles[0])
    await expect(page.get_by_role("button", name="The GIF before")).to_be_disabled()
    await page.keyboard.press("ArrowRight")
    await expect(heading).to_have_text(titles[1])
    await page.get_by_role("button", name="The next GIF").click()
    await expect(heading).to_have_text(titles[2])
    await page.keyboard.press("ArrowLeft")
    await expect(heading).to_have_text(titles[1])
    await page.get_by_role("button", name="Close").click()

    await expect(tiles(page).nth(1)).to_be_focused()


async def test_a_click_with_ctrl_opens_the_page_on_giphy_elsewhere(
    visit: Visitors,
) -> None:
    page = await visit("/?query=cats")

    def is_giphys(request: Request) -> bool:
        return request.url.startswith("https://giphy.com/gifs/")

    async with page.context.expect_event("request", is_giphys) as asked:
        await tiles(page).first.click(modifiers=["Control"])
    url = (await asked.value).url

    await expect(page.get_by_role("dialog")).to_be_hidden()
    visit.forgive(f"a request to {url}")


async def test_who_likes_no_motion_sees_stills_until_he_looks(visit: Visitors) -> None:
    page = await visit("/?query=cats")
    image = tiles(page).nth(1).locator("img")

    await assert_moves(page, image, moves=False)
    await tiles(page).nth(1).hover()
    await assert_moves(page, image, moves=True)
    await page.mouse.move(0, 0)
    await assert_moves(page, image, moves=False)
    await tiles(page).nth(1).focus()
    await assert_moves(page, image, moves=True)


async def test_who_likes_no_motion_sees_stills_in_what_comes_later_too(
    visit: Visitors,
) -> None:
    page = await visit("/?query=cats")

    await box(page).fill("dogs")
    await box(page).press("Enter")
    await expect(tiles(page).first).to_have_attribute("href", re.compile("dogs"))
    await assert_moves(page, tiles(page).first.locator("img"), moves=False)
    await tiles(page).first.click()
    await expect(page.get_by_role("button", name="Play", exact=True)).to_be_visible()
    await assert_moves(page, page.locator("#detail img"), moves=False)
    await page.get_by_role("button", name="Play", exact=True).click()

    await assert_moves(page, page.locator("#detail img"), moves=True)


async def test_gifs_move_and_can_be_paused_for_good(visit: Visitors) -> None:
    page = await visit("/?query=cats", moving=True)
    image = tiles(page).first.locator("img")

    await assert_moves(page, image, moves=True)
    await page.get_by_role("button", name="Pause GIFs").click()
    await assert_moves(page, image, moves=False)
    await page.reload()
    await assert_moves(page, image, moves=False)
    await page.get_by_role("button", name="Play GIFs").click()

    await assert_moves(page, image, moves=True)


async def test_pictures_come_from_where_the_settings_allow(
    visit: Visitors, giphy: AsyncMock
) -> None:
    allowed, other = "https://media3.giphy.com/a.gif", "https://elsewhere.example/b.gif"
    giphy.search.return_value = answer_of(
        giphy_gif(1, media=allowed), giphy_gif(2, media=other)
    )

    page = await visit("/?query=cats")
    await expect(tiles(page)).to_have_count(2)
    await page.wait_for_load_state()

    visit.forgive(
        f"a request to {allowed}", "ERR_FAILED", f"Loading the image '{other}'"
    )


@pytest.mark.parametrize("size", [(320, 256), (320, 800), (640, 400), PHONE])
async def test_the_page_is_usable_when_it_is_small_or_zoomed_in(
    visit: Visitors, size: tuple[int, int]
) -> None:
    page = await visit("/?query=cats", size=size, device_scale_factor=2)

    await assert_fits(page)
    await tiles(page).nth(3).focus()
    await expect(tiles(page).nth(3)).to_be_in_viewport(ratio=0.5)
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Copy embed code").focus()
    await expect(page.get_by_role("button", name="Copy embed code")).to_be_in_viewport()
    await assert_fits(page)
    await look(page, f"detail-{size[0]}x{size[1]}")
