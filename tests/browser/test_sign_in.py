"""Signing in and out, as people do it: with the keyboard, with scripts or without."""

from collections.abc import Iterator

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

from giphynavigator.application import create_app
from giphynavigator.security.sessions import COOKIE
from tests.browser.browsing import (
    PHONE,
    WIDE,
    Visitors,
    assert_accessible,
    assert_fits,
    look,
    shifted,
)
from tests.guarding import TOKEN, guarded_by

NOWHERE = "/sign-in?next=/sign-in?next=/livez"
UNAUTHORIZED = "401 (Unauthorized)"

ELSEWHERE = "http://elsewhere.example/"
TRAP = """<form method="post" action="{}/notes" enctype="text/plain">
<input name='{{"title": "' value='"}}'><button>Win</button></form>"""
"""A form that sends JSON."""

STATES = [
    ("", "Whoever runs this service gives out tokens.", "nearly"),
    ("-wrong", "This is none of this service's tokens.", TOKEN),
    ("-in", "You are signed in", ""),
]
"""How the page looks, the sentence to know it by, and the token to go on with."""


@pytest.fixture
def app() -> Iterator[web.Application]:
    app = create_app(guarded_by(TOKEN))
    yield app
    app.container.unwire()


async def sign_in(page: Page, token: str) -> None:
    """Type and press Enter: the field has the focus."""
    await expect(page.get_by_label("Token")).to_be_focused()
    await page.keyboard.type(token)
    await page.keyboard.press("Enter")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "none"])
async def test_one_signs_in_writes_and_signs_out(
    visit: Visitors, scripts: bool
) -> None:
    page = await visit(NOWHERE, scripts=scripts)

    await sign_in(page, TOKEN)
    await expect(page.get_by_role("heading", level=1)).to_have_text("You are signed in")
    (cookie,) = await page.context.cookies()
    written = await page.request.post("/notes", data={"title": "a note"})
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")
    refused = await page.request.post("/notes", data={"title": "a note"})

    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == (
        COOKIE,
        True,
        "Lax",
    )
    assert (written.status, refused.status) == (201, 401)


async def test_a_wrong_token_may_be_corrected(visit: Visitors) -> None:
    page = await visit(NOWHERE)

    await sign_in(page, "nearly")
    field = page.get_by_label("Token")
    await expect(field).to_have_accessible_description(
        "This is none of this service's tokens."
    )
    await expect(field).to_have_value("")
    await sign_in(page, TOKEN)

    await expect(page.get_by_text("You are signed in")).to_be_visible()
    visit.forgive(UNAUTHORIZED)


async def test_a_page_of_another_origin_writes_for_nobody(visit: Visitors) -> None:
    page = await visit(NOWHERE)
    await sign_in(page, TOKEN)
    await expect(page.get_by_text("You are signed in")).to_be_visible()
    trap = TRAP.format(visit.address)
    html = {"body": trap, "content_type": "text/html"}
    await page.route(ELSEWHERE, lambda route: route.fulfill(**html))

    await page.goto(ELSEWHERE)
    await page.get_by_role("button").click()

    await expect(page.get_by_text("pages of other origins may read")).to_be_visible()
    notes = await page.request.get(f"{visit.address}/notes")
    assert (await notes.json())["total"] == 0
    visit.forgive("403 (Forbidden)")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    "size", [WIDE, PHONE, (320, 256)], ids=["wide", "phone", "zoom"]
)
async def test_every_state_of_the_page_is_fit_for_everybody(
    visit: Visitors, dark: bool, size: tuple[int, int]
) -> None:
    page = await visit(NOWHERE, dark=dark, size=size)
    name = f"{'dark' if dark else 'light'}-{size[0]}"

    for state, sentence, token in STATES:
        await expect(page.get_by_text(sentence)).to_be_visible()
        await look(page, f"sign-in{state}-{name}")
        await assert_fits(page)
        await assert_accessible(page)
        assert await shifted(page) == 0
        if token:
            await sign_in(page, token)
    visit.forgive(UNAUTHORIZED)
