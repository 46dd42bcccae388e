"""What the forms of pages send: each act leads on to the page that shows it."""

from datetime import UTC, datetime

from aiohttp import web
from dependency_injector.wiring import Provide, inject

from giphynavigator.errors import NavigatorError
from giphynavigator.polls.asked import need_choice, poll_in, read_choice, read_id
from giphynavigator.polls.containers import PollsContainer
from giphynavigator.polls.pages import form
from giphynavigator.polls.parameters import PollChanges
from giphynavigator.polls.services import PollService
from giphynavigator.polls.voters import Voters
from giphynavigator.web.forms import form_of, leading_on


@inject
async def create_by_form(
    request: web.Request,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.Response:
    """Make the poll of a form; one that cannot be made comes back with the reason."""
    said = await form_of(request)
    voter = await voters.of(request)
    try:
        body = poll_in(said, datetime.now(UTC))
        poll = await poll_service.create(body, owner=voter.name)
    except NavigatorError as error:
        return form(request, said, wrong=error)
    response = leading_on(path(request, "poll", poll.id))
    return await voters.meet(request, response, voter)


@inject
async def vote_by_form(
    request: web.Request,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.Response:
    """Vote, and go on to the results."""
    poll_id, choice = read_id(request), await need_choice(request)
    voter = await voters.of(request)
    await poll_service.vote(poll_id, choice, voter=voter.name)
    response = leading_on(path(request, "results", poll_id))
    return await voters.meet(request, response, voter)


@inject
async def keep_by_form(
    request: web.Request,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.Response:
    """Keep a winner, and go on to the notes."""
    poll_id, choice = read_id(request), await read_choice(request)
    voter = await voters.of(request)
    await poll_service.keep_winner(poll_id, choice, voter=voter.name)
    return leading_on(path(request, "notes"))


@inject
async def close_by_form(
    request: web.Request,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.Response:
    """Close a poll now, and go on to its results: what PATCH does, for forms."""
    voter = await voters.of(request)
    seen = await poll_service.see(read_id(request), voter=voter.name)
    voters.check_owner(voter, seen.poll)
    await poll_service.change(seen.poll.id, PollChanges(closed=True))
    return leading_on(path(request, "results", seen.poll.id))


@inject
async def delete_by_form(
    request: web.Request,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.Response:
    """Delete a poll, and go on to the others: what DELETE does, for forms."""
    voter = await voters.of(request)
    seen = await poll_service.see(read_id(request), voter=voter.name)
    voters.check_owner(voter, seen.poll)
    await poll_service.delete(seen.poll.id)
    return leading_on(path(request, "polls"))


def path(request: web.Request, route: str, poll_id: int | None = None) -> str:
    """Give the path of a route, of a poll where it is about one."""
    names = {} if poll_id is None else {"id": str(poll_id)}
    return str(request.app.router[route].url_for(**names))
