"""HTTP in front of the PollService: polls, votes, results, and who wins."""

from http import HTTPStatus
from typing import Any, Final

import msgspec
from aiohttp import web
from dependency_injector.wiring import Provide, inject

from giphynavigator.giphy_errors import ASKING_GIPHY
from giphynavigator.polls import examples
from giphynavigator.polls.asked import need_choice, number, read_choice, read_id
from giphynavigator.polls.containers import PollsContainer
from giphynavigator.polls.forms import (
    close_by_form,
    create_by_form,
    delete_by_form,
    keep_by_form,
    path,
    vote_by_form,
)
from giphynavigator.polls.live import live
from giphynavigator.polls.operations import CHANGING, LIVE, READING, VOTE, WINNER
from giphynavigator.polls.pages import poll_form, poll_page, polls_page, results_page
from giphynavigator.polls.parameters import (
    NewPoll,
    PollChange,
    PollId,
    PollParameters,
)
from giphynavigator.polls.services import NothingToChoose, PollService
from giphynavigator.polls.shapes import KeptWinner, PollPage, PollShape, Seen, shape
from giphynavigator.polls.voters import Voters
from giphynavigator.storage.outages import DatabaseUnavailable
from giphynavigator.web.browsers import or_page
from giphynavigator.web.forms import or_form
from giphynavigator.web.operations import described, operation

routes = web.RouteTableDef()
routes.get("/polls/new", name="poll_form")(poll_form)
routes.post("/poll/{id}/close", name="change_poll_by_form")(close_by_form)
routes.post("/poll/{id}/delete", name="delete_poll_by_form")(delete_by_form)
routes.get("/poll/{id}/live", name="live", allow_head=False)(described(LIVE)(live))

HEADERS: Final = {
    "Content-Type": "application/json",
    "Cache-Control": "private, no-cache",
    "Vary": "Accept",
}
"""Who may see how many chose what depends on who asks."""


@routes.get("/polls", name="polls")
@or_page(polls_page)
@operation(PollPage, errors=(DatabaseUnavailable,), example=examples.ALL)
@inject
async def polls(
    request: web.Request,
    query: PollParameters,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.Response:
    """Give polls, newest first."""
    voter = await voters.of(request)
    found, total = await poll_service.page(
        limit=query.limit, offset=query.offset, voter=voter.name
    )
    response = answer(PollPage(list(map(shape, found)), total))
    return await voters.meet(request, response, voter)


@routes.post("/polls", name="new_poll")
@or_form(create_by_form)
@operation(
    PollShape,
    status=HTTPStatus.CREATED,
    headers=("Location",),
    errors=(DatabaseUnavailable, NothingToChoose, *ASKING_GIPHY),
    example=examples.NEW,
)
@inject
async def new_poll(
    request: web.Request,
    body: NewPoll,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.Response:
    """Make a poll, of choices or of the GIFs that a search finds."""
    voter = await voters.of(request)
    poll = await poll_service.create(body, owner=voter.name)
    response = answer(shape(Seen(poll)), HTTPStatus.CREATED)
    response.headers["Location"] = path(request, "poll", poll.id)
    return await voters.meet(request, response, voter)


@operation(PollShape, errors=READING, example=examples.ONE)
@inject
async def poll(
    request: web.Request,
    poll_id: PollId,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.Response:
    """Give a poll: its question, its choices and how many chose each."""
    voter = await voters.of(request)
    seen = await poll_service.see(number(poll_id), voter=voter.name)
    return await voters.meet(request, answer(shape(seen)), voter)


routes.get("/poll/{id}", name="poll")(or_page(poll_page)(poll))
routes.get("/poll/{id}/results", name="results")(or_page(results_page)(poll))


@routes.post("/poll/{id}/vote", name="vote")
@or_form(vote_by_form)
@described(VOTE)
@inject
async def vote(
    request: web.Request,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.Response:
    """Vote, or move the vote; the answer shows the poll with the vote in it."""
    poll_id, choice = read_id(request), await need_choice(request)
    voter = await voters.of(request)
    seen = await poll_service.vote(poll_id, choice, voter=voter.name)
    return await voters.meet(request, answer(shape(seen)), voter)


@routes.patch("/poll/{id}", name="change_poll")
@operation(PollShape, errors=CHANGING, example=examples.LATER)
@inject
async def change_poll(
    request: web.Request,
    poll_id: PollId,
    body: PollChange,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.Response:
    """Close a poll now, or change when it closes."""
    voter = await voters.of(request)
    seen = await poll_service.see(number(poll_id), voter=voter.name)
    voters.check_owner(voter, seen.poll)
    changed = await poll_service.change(seen.poll.id, body)
    return answer(shape(Seen(changed, seen.choice)))


@routes.delete("/poll/{id}", name="delete_poll")
@operation(status=HTTPStatus.NO_CONTENT, errors=CHANGING, example=examples.ONE_GONE)
@inject
async def delete_poll(
    request: web.Request,
    poll_id: PollId,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.Response:
    """Delete a poll with all its votes."""
    voter = await voters.of(request)
    seen = await poll_service.see(number(poll_id), voter=voter.name)
    voters.check_owner(voter, seen.poll)
    await poll_service.delete(seen.poll.id)
    return web.Response(status=HTTPStatus.NO_CONTENT)


@routes.post("/poll/{id}/winner", name="winner")
@or_form(keep_by_form)
@described(WINNER)
@inject
async def winner(
    request: web.Request,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.Response:
    """Keep the choice that leads, or the one that is named, as a note."""
    poll_id, choice = read_id(request), await read_choice(request)
    voter = await voters.of(request)
    note = await poll_service.keep_winner(poll_id, choice, voter=voter.name)
    where = str(request.app.router["note"].url_for(id=str(note.id)))
    response = answer(KeptWinner(note.id, where), HTTPStatus.CREATED)
    response.headers["Location"] = where
    return response


def answer(shown: Any, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    """Answer with JSON that the next to ask may see otherwise."""
    body = msgspec.json.encode(shown)
    return web.Response(body=body, status=status, headers=HEADERS)
