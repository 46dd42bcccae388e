"""The whole story: two people, a search, a note, a poll, and a winner that is kept."""

import re

from playwright.async_api import Page, expect

from tests.browser.browsing import Visitors, comes_true, look
from tests.browser.search_page import tiles


async def note_titles(page: Page) -> list[str]:
    """What the service has noted, newest first."""
    asked = "fetch('/notes', {headers: {Accept: 'application/json'}})"
    notes = await page.evaluate(f"{asked}.then(it => it.json()).then(it => it.notes)")
    return [note["title"] for note in notes]


async def add_to_poll(page: Page) -> None:
    """Put the GIF in focus among the choices, by keys alone."""
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Add to a poll").press("Enter")
    await page.keyboard.press("Escape")


async def test_a_team_finds_keeps_and_picks(visit: Visitors) -> None:
    first = await visit("/", moving=True)
    await first.keyboard.press("/")
    await first.keyboard.type("party")
    await first.keyboard.press("Enter")
    await expect(tiles(first).first).to_have_attribute("href", re.compile("party"))

    await first.keyboard.press("ArrowDown")
    await first.keyboard.press("ArrowRight")
    saved = await first.evaluate("document.activeElement.dataset.title")
    await first.keyboard.press("Enter")
    await first.get_by_role("button", name="Save as note").press("Enter")
    await expect(first.locator(".toast")).to_contain_text("Saved as a note.")
    await first.keyboard.press("Escape")
    assert await note_titles(first) == [saved]

    for _ in range(3):
        await add_to_poll(first)
        await first.keyboard.press("ArrowRight")
    await first.get_by_label("Question").fill("Which one for Friday?")
    await first.keyboard.press("Enter")
    await expect(first.get_by_role("heading", level=1)).to_have_text(
        "Which one for Friday?"
    )
    poll = first.url.removeprefix(visit.address)
    await first.goto(f"{poll}/results")
    await expect(first.get_by_text("Live")).to_be_visible()
    await first.evaluate("window.same = true")

    second = await visit(poll)
    await second.get_by_role("radio").nth(1).check()
    await second.get_by_role("button", name="Vote").click()
    winner = first.get_by_role("listitem").nth(1)
    await expect(winner).to_contain_text("1 100 %")
    await comes_true(
        first, "document.querySelectorAll('.bar span')[1].clientWidth > 99"
    )
    assert await first.evaluate("window.same")
    await look(first, "story-results")

    await first.get_by_role("button", name="Close the poll now").click()
    await expect(winner).to_contain_text("Winner")
    name = await winner.locator(".text").inner_text()
    await first.wait_for_load_state()  # till then it is a form that leads on
    await first.get_by_role("button", name="Save the winner as a note").click()
    await expect(first.get_by_text("Saved as a note")).to_be_visible()
    assert await note_titles(first) == [name, saved]
