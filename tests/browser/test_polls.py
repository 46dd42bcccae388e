"""Polls as people see them: made, voted in, watched, closed and kept."""

import pytest
from aiohttp import web
from playwright.async_api import Page, expect

from giphynavigator.giphy_errors import GiphyUnreachable
from giphynavigator.polls.parameters import ChoiceBody, PollBody, PollChanges
from tests.browser.browsing import (
    Visitors,
    assert_fits,
    comes_true,
    inspect,
    shifted,
)

EVIL = "<img src=x onerror=alert(1)>"


async def make(app: web.Application, *texts: str, query: str = "", **more: str) -> int:
    """A poll, as others might have made it; give its id."""
    question = more.pop("question", "Where do we go for lunch?")
    if query:
        body = PollBody(question=question, query=query, limit=4, **more)
    else:
        choices = [ChoiceBody(text) for text in texts]
        body = PollBody(question=question, choices=choices, **more)
    poll = await app.container.polls.poll_service().create(body, owner="")
    return poll.id


async def votes(app: web.Application, poll_id: int, *places: int) -> None:
    """Votes of as many strangers."""
    service = app.container.polls.poll_service()
    poll = (await service.see(poll_id, voter="")).poll
    for number, place in enumerate(places):
        choice = poll.choices[place].id
        await service.vote(poll_id, choice, voter=f"stranger {poll_id} {number}")


async def check(page: Page, name: str) -> None:
    """See that the page is fit to be seen, also at the width of one zoomed in."""
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    await inspect(page, f"polls-{name}")
    assert await shifted(page) <= 0.02
    await page.set_viewport_size({"width": 320, "height": 256})
    await assert_fits(page)
    await page.set_viewport_size({"width": 1280, "height": 800})


async def test_every_page_is_fit_to_be_seen(
    visit: Visitors, app: web.Application
) -> None:
    page = await visit("/polls")
    await check(page, "empty")

    words = await make(app, "Noodles", "The place with the very long name by the river")
    await votes(app, words, 0, 0, 1)
    gifs = await make(app, query="friday", question="Which one says Friday?")
    await votes(app, gifs, 0, 1, 1, 3, 1, 2)
    secret = await make(app, "Yes", "No", results="after_close", question="Secret?")
    over = await make(app, query="winner", closes_at="2026-01-02 12:00")
    for name, path in {
        "list": "/polls",
        "vote-words": f"/poll/{words}",
        "vote-gifs": f"/poll/{gifs}",
        "results-words": f"/poll/{words}/results",
        "results-gifs": f"/poll/{gifs}/results",
        "hidden": f"/poll/{secret}/results",
        "over": f"/poll/{over}",
        "new": "/polls/new",
    }.items():
        await page.goto(path, wait_until="domcontentloaded")
        await check(page, name)


async def test_the_owner_has_what_others_have_not(visit: Visitors) -> None:
    page = await new_poll(visit, "Tea", "Coffee")

    await page.get_by_role("link", name="Results").click()

    close = page.get_by_role("button", name="Close the poll now")
    await expect(close).to_be_visible()
    await page.get_by_text("Delete…").click()
    await check(page, "owner")
    other = await visit(page.url)
    await expect(other.get_by_role("heading", level=1)).to_be_visible()
    await expect(other.get_by_role("button", name="Close the poll now")).to_have_count(
        0
    )


async def new_poll(visit: Visitors, *texts: str, scripts: bool = True) -> Page:
    """The page of a poll that somebody has just made by the form."""
    page = await visit("/polls", scripts=scripts)
    await page.get_by_role("link", name="New poll").click()
    await page.get_by_label("Question").fill("What shall we drink?")
    for number, text in enumerate(texts):
        await page.get_by_label(f"Choice {number + 1}").fill(text)
    await page.get_by_role("button", name="Create the poll").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "What shall we drink?"
    )
    return page


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
async def test_a_poll_is_made_voted_in_closed_and_its_winner_kept(
    visit: Visitors, app: web.Application, scripts: bool
) -> None:
    page = await new_poll(visit, "Tea", "Coffee", scripts=scripts)

    await page.get_by_label("Coffee").check()
    await page.get_by_role("button", name="Vote").click()
    await expect(
        page.get_by_role("listitem").filter(has_text="Coffee")
    ).to_contain_text("Your vote")
    await page.get_by_role("link", name="Change my vote").click()
    await expect(page.get_by_label("Coffee")).to_be_checked()
    await page.get_by_label("Tea").check()
    await page.get_by_role("button", name="Change my vote").click()
    await page.get_by_role("button", name="Close the poll now").click()
    winner = page.get_by_role("listitem").filter(has_text="Tea")
    await expect(winner).to_contain_text("Winner")
    await expect(winner).to_contain_text("1 100 %")
    await page.wait_for_load_state()  # a form that is sent before leads on to the notes
    await page.get_by_role("button", name="Save the winner as a note").click()

    if scripts:
        await expect(page.get_by_text("Saved as a note")).to_be_visible()
    else:
        await page.wait_for_url("**/notes")
    notes, _ = await app.container.notes.repository().page(limit=9)
    assert [(note.title, note.description) for note in notes] == [
        ("Tea", "Picked in the poll “What shall we drink?”")
    ]


async def test_a_poll_goes_when_its_owner_deletes_it(visit: Visitors) -> None:
    page = await new_poll(visit, "Tea", "Coffee", scripts=False)
    await page.get_by_role("link", name="Results").click()

    await page.get_by_text("Delete…").click()
    await page.get_by_role("button", name="Delete the poll").click()

    await expect(page.get_by_text("No polls yet")).to_be_visible()


async def test_bars_move_while_others_vote_and_nothing_is_loaded_again(
    visit: Visitors, app: web.Application
) -> None:
    poll = await make(app, "Noodles", "Soup")
    watching = await visit(f"/poll/{poll}/results", moving=True)
    await expect(watching.get_by_text("Live")).to_be_visible()
    await watching.evaluate("window.same = true")
    noodles = watching.get_by_role("listitem").filter(has_text="Noodles")
    bar = noodles.locator(".bar span")
    assert (await bar.bounding_box())["width"] == 0

    voting = await visit(f"/poll/{poll}")
    await voting.get_by_label("Noodles").check()
    await voting.get_by_role("button", name="Vote").click()

    await expect(noodles).to_contain_text("Leading")
    await expect(noodles).to_contain_text("1 100 %")
    await expect(watching.get_by_text("1 voter")).to_be_visible()
    await comes_true(watching, "document.querySelector('.bar span').clientWidth > 300")
    assert await watching.evaluate("window.same")


async def test_the_leader_who_is_saved_is_the_one_of_that_moment(
    visit: Visitors, app: web.Application
) -> None:
    poll = await make(app, "Noodles", "Soup")
    await votes(app, poll, 0)
    page = await visit(f"/poll/{poll}/results")
    await expect(page.get_by_text("Live")).to_be_visible()

    await votes(app, poll, 1, 1, 1)
    soup = page.get_by_role("listitem").filter(has_text="Soup")
    await expect(soup).to_contain_text("Leading")
    await page.get_by_role("button", name="Save the leader as a note").click()

    await expect(page.get_by_text("Saved as a note")).to_be_visible()
    (note,), _ = await app.container.notes.repository().page(limit=9)
    assert note.title == "Soup"


async def test_ties_show_as_ties(visit: Visitors, app: web.Application) -> None:
    poll = await make(app, "Noodles", "Soup", "Bread")
    page = await visit(f"/poll/{poll}/results")
    await expect(page.get_by_text("Live")).to_be_visible()

    await votes(app, poll, 0, 1)

    await expect(page.locator(".first", has_text="Tie")).to_have_count(2)
    await page.reload()
    await expect(page.locator(".first", has_text="Tie")).to_have_count(2)


async def test_what_can_be_saved_is_what_leads_at_the_moment(
    visit: Visitors, app: web.Application
) -> None:
    poll = await make(app, "Noodles", "Soup", "Bread")
    page = await visit(f"/poll/{poll}/results")
    await expect(page.get_by_text("Live")).to_be_visible()
    save = page.get_by_role("button", name="Save")
    await expect(save).to_have_count(0)

    await votes(app, poll, 0)
    await expect(save).to_have_text(["Save the leader as a note"])
    await votes(app, poll, 0, 1)
    tied = ["Save “Noodles” as a note", "Save “Soup” as a note"]
    await expect(save).to_have_text(tied)
    await page.reload()
    await expect(save).to_have_text(tied)
    await save.last.click()

    await expect(page.get_by_text("Saved as a note")).to_be_visible()
    (note,), _ = await app.container.notes.repository().page(limit=9)
    assert note.title == "Soup"
    await expect(save.last).to_be_disabled()
    await votes(app, poll, 0, 1, 0)
    await expect(save).to_have_text(["Save the leader as a note"])
    await votes(app, poll, 0, 1, 0, 1)
    await expect(save).to_have_text(tied)
    await expect(save.last).to_be_enabled()


async def test_nobody_is_said_to_lead_before_anybody_has_voted(
    visit: Visitors, app: web.Application
) -> None:
    poll = await make(app, "Noodles", "Soup")
    page = await visit(f"/poll/{poll}/results")
    await page.clock.install()
    async with page.expect_websocket() as opened:
        await page.reload()
    socket = await opened.value

    changes = PollChanges(closes_at="2100-01-01")
    async with socket.expect_event("framereceived", lambda told: '"version":2' in told):
        await app.container.polls.poll_service().change(poll, changes)
    await page.clock.fast_forward(6000)

    await expect(page.locator("#said")).to_have_text("0 voters.")


async def test_who_was_cut_off_comes_back_and_catches_up(
    visit: Visitors, app: web.Application
) -> None:
    poll = await make(app, "Noodles", "Soup")
    page = await visit(f"/poll/{poll}/results")
    await expect(page.get_by_text("Live")).to_be_visible()

    app.container.polls.scores().remove(poll)
    await expect(page.get_by_text("Live")).to_be_hidden()
    await votes(app, poll, 1)

    await expect(page.get_by_role("listitem").filter(has_text="Soup")).to_contain_text(
        "1 100 %"
    )
    await expect(page.get_by_text("Live")).to_be_visible()


async def test_a_poll_that_closes_shows_its_winner_to_those_who_watch(
    visit: Visitors, app: web.Application
) -> None:
    poll = await make(app, "Noodles", "Soup", results="after_close")
    await votes(app, poll, 0)
    page = await visit(f"/poll/{poll}/results")
    await expect(page.get_by_text("How people voted shows once")).to_be_visible()
    await expect(page.get_by_text("Live")).to_be_visible()

    service = app.container.polls.poll_service()
    await service.change(poll, PollChanges(closed=True))

    await expect(
        page.get_by_role("listitem").filter(has_text="Noodles")
    ).to_contain_text("Winner")


async def test_everything_is_reached_by_keyboard(
    visit: Visitors, app: web.Application
) -> None:
    poll = await make(app, "Noodles", "Soup")
    page = await visit(f"/poll/{poll}")

    await page.get_by_role("link", name="Notes", exact=True).focus()
    await page.keyboard.press("Tab")
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_label("Soup")).to_be_checked()
    await page.keyboard.press("Tab")
    await expect(page.get_by_role("button", name="Vote")).to_be_focused()
    await page.keyboard.press("Enter")

    await expect(page.get_by_text("Your vote")).to_be_visible()


async def test_a_form_that_makes_no_poll_comes_back_as_it_was(visit: Visitors) -> None:
    page = await visit("/polls/new")
    await page.get_by_label("Question").fill("Only one?")
    await page.get_by_role("button", name="One more choice").click()
    await expect(page.get_by_label("Choice 5")).to_be_focused()
    await page.get_by_label("Choice 5").fill("The only one")
    await page.get_by_role("button", name="Create the poll").click()

    await expect(page.get_by_role("alert")).to_contain_text(
        "That made no poll: choices"
    )
    await expect(page.get_by_label("Question")).to_have_value("Only one?")
    await expect(page.get_by_label("Choice 1")).to_have_value("The only one")
    visit.forgive("400 (Bad Request)")


async def test_a_search_makes_the_choices(visit: Visitors) -> None:
    page = await visit("/polls/new", scripts=False)
    await page.get_by_label("Question").fill("Which one says Friday?")
    await page.get_by_label("Words").fill("friday")
    await page.get_by_label("How many").select_option("6")
    await page.get_by_label("Closes").select_option("in an hour")
    await page.get_by_role("button", name="Create the poll").click()

    await expect(page.get_by_role("radio")).to_have_count(6)
    await expect(page.locator(".choice img")).to_have_count(6)
    await expect(page.get_by_text("Open until")).to_be_visible()


async def test_gifs_are_words_while_giphy_is_away(
    visit: Visitors, app: web.Application, giphy
) -> None:
    gifs = [
        {"id": name, "url": f"https://giphy.com/gifs/{name}", "title": f"Cat {name}"}
        for name in "ab"
    ]
    giphy.search.return_value = {"data": gifs}
    poll = await make(app, query="cats")
    giphy.gifs.side_effect = GiphyUnreachable

    page = await visit(f"/poll/{poll}")

    await expect(page.get_by_label("Cat a")).to_be_visible()
    await expect(page.locator("main img")).to_have_count(0)


@pytest.mark.parametrize("place", ["", "/results"], ids=["voting", "results"])
async def test_gifs_stand_still_when_that_is_wished_for(
    visit: Visitors, app: web.Application, place: str
) -> None:
    page = await visit(f"/poll/{await make(app, query='friday')}{place}", moving=True)
    source = page.locator("main source").first

    await expect(source).to_have_attribute("media", "not all")
    await page.get_by_role("button", name="Pause GIFs").click()
    await expect(source).to_have_attribute("media", "all")
    await page.locator("main picture").first.hover()
    await expect(source).to_have_attribute("media", "not all")
    await page.get_by_role("heading", level=1).hover()
    await page.reload()

    await expect(source).to_have_attribute("media", "all")


async def test_polls_of_words_have_no_gifs_to_pause(
    visit: Visitors, app: web.Application
) -> None:
    page = await visit(f"/poll/{await make(app, 'Tea', 'Coffee')}")

    await expect(page.get_by_role("button", name="Vote")).to_be_visible()
    await expect(page.get_by_role("button", name="Pause GIFs")).to_have_count(0)


async def test_what_people_write_is_text(visit: Visitors, app: web.Application) -> None:
    poll = await make(app, EVIL, "other", question=EVIL)
    await votes(app, poll, 0)

    page = await visit("/polls")
    for path in ("/polls", f"/poll/{poll}", f"/poll/{poll}/results"):
        await page.goto(path)
        await expect(page.get_by_text(EVIL).first).to_be_visible()
        await expect(page.locator("main img")).to_have_count(0)
    await votes(app, poll, 1, 0, 0)
    await expect(page.get_by_text("3 voters")).to_be_visible()
