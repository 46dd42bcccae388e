"""Pages for browsers: the list of polls, one to vote in, its results, a new one."""

from http import HTTPStatus
from typing import Final

from aiohttp import web
from dependency_injector.wiring import Provide, inject
from multidict import MultiDict, MultiMapping

from giphynavigator.errors import NavigatorError
from giphynavigator.parameters import read
from giphynavigator.polls.asked import PERIODS, read_id
from giphynavigator.polls.containers import PollsContainer
from giphynavigator.polls.parameters import PollParameters
from giphynavigator.polls.services import PollService
from giphynavigator.polls.voters import Voters
from giphynavigator.web.rendering import render

AT_ONCE: Final = 20
"""Polls that a page lists."""
FIELDS: Final = 4
"""Choices that there is room for in a form at first."""


@inject
async def polls_page(
    request: web.Request,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.Response:
    """List polls, newest first, page by page."""
    known = {name: text for name, text in request.query.items() if name == "offset"}
    offset = read(PollParameters, known).offset
    voter = await voters.of(request)
    found, total = await poll_service.page(
        limit=AT_ONCE, offset=offset, voter=voter.name
    )
    context = {
        "polls": found,
        "before": max(0, offset - AT_ONCE) if offset else None,
        "after": offset + AT_ONCE if offset + AT_ONCE < total else None,
    }
    return await voters.meet(
        request, render(request, "polls/list.html", context), voter
    )


@inject
async def poll_page(
    request: web.Request,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.Response:
    """Let people vote; where it is too late for that, show the results."""
    return await shown(request, poll_service, voters, "polls/poll.html")


@inject
async def results_page(
    request: web.Request,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.Response:
    """Show how many chose what; scripts keep it up to date."""
    return await shown(request, poll_service, voters, "polls/results.html")


async def shown(
    request: web.Request, poll_service: PollService, voters: Voters, template: str
) -> web.Response:
    """Answer with a page of a poll, with pictures as far as they are to be had."""
    voter = await voters.of(request)
    seen = await poll_service.see(read_id(request), voter=voter.name)
    context = {
        "seen": seen,
        "poll": seen.poll,
        "media": await poll_service.media(seen.poll),
        "may_write": await voters.may_write(request),
        "owns": await voters.owns(request, voter, seen.poll),
    }
    if seen.poll.closed:
        template = "polls/results.html"
    return await voters.meet(request, render(request, template, context), voter)


@inject
async def poll_form(
    request: web.Request, voters: Voters = Provide[PollsContainer.voters]
) -> web.Response:
    """Give the form that makes a poll."""
    may_write = await voters.may_write(request)
    response = form(request, MultiDict(), may_write=may_write)
    return await voters.meet(request, response, await voters.of(request))


def form(
    request: web.Request,
    said: MultiMapping[str],
    *,
    wrong: NavigatorError | None = None,
    may_write: bool = True,
) -> web.Response:
    """Answer with the form for a poll, filled in as it was sent, and what is wrong."""
    choices = [text for text in said.getall("choice", ()) if text.strip()]
    choices += [""] * (FIELDS - len(choices))
    context = {
        "said": said,
        "choices": choices,
        "wrong": wrong,
        "periods": PERIODS,
        "may_write": may_write,
    }
    status = wrong.status if wrong else HTTPStatus.OK
    return render(request, "polls/new.html", context, status=status)
