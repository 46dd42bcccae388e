"""Live results: a WebSocket on which the service tells totals as they change."""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from socket import SO_SNDBUF, SOL_SOCKET
from typing import Final

from aiohttp import WSCloseCode, web
from dependency_injector.wiring import Provide, inject

from giphynavigator.errors import BadRequest
from giphynavigator.parameters import Parameters, read
from giphynavigator.polls.asked import read_id
from giphynavigator.polls.containers import PollsContainer
from giphynavigator.polls.listeners import Listeners
from giphynavigator.polls.scores import Board
from giphynavigator.polls.services import PollService
from giphynavigator.polls.shapes import Seen, Tally
from giphynavigator.polls.voters import Voters
from giphynavigator.serving.draining import DRAINING
from giphynavigator.web.unforeseen import noted

HEARTBEAT: Final = 15.0
"""Seconds after which a listener that says nothing is asked whether he is there."""
SLOW: Final = 2.0
"""Seconds for which a listener may take nothing of what is sent to him."""
FAREWELL: Final = 0.5
"""Seconds for which the end of a connection waits for its other end."""
LAST_VOTES: Final = 1.0
"""Seconds after closing time in which votes that were in time may be committed."""
BUFFER: Final = 16 * 1024
"""Bytes that wait for one listener here, and as many in the system."""


class NoWebSocket(BadRequest):
    """The request does not ask to go on as a WebSocket."""

    def __init__(self) -> None:
        super().__init__("live results are told over a WebSocket; ask for one")


@inject
async def live(
    request: web.Request,
    poll_service: PollService = Provide[PollsContainer.poll_service],
    listeners: Listeners = Provide[PollsContainer.listeners],
    voters: Voters = Provide[PollsContainer.voters],
) -> web.StreamResponse:
    """Tell how many chose what, at once and at every change, over a WebSocket."""
    read(Parameters, request.query)
    poll_id = read_id(request)
    socket = web.WebSocketResponse(
        timeout=FAREWELL, heartbeat=HEARTBEAT, compress=False, writer_limit=0
    )
    if not is_wished(socket, request):
        raise NoWebSocket
    voter = await voters.of(request)
    with listeners.admitted(request, poll_id) as board:
        seen = await poll_service.see(poll_id, voter=voter.name)
        board.put(seen.poll.tally)
        with suppress(ConnectionResetError):  # he may be gone before he was let in
            await socket.prepare(request)
            bound(request)
            await talk(socket, tell(request, socket, board, seen))
    return socket


def is_wished(socket: web.WebSocketResponse, request: web.Request) -> bool:
    """Whether the request asks to go on as this WebSocket."""
    try:
        return bool(socket.can_prepare(request))
    except UnicodeEncodeError:  # it has a header that is no text, and would be quoted
        return False


def bound(request: web.Request) -> None:
    """Let what was sent and not yet taken be little, in the system and here."""
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(SOL_SOCKET, SO_SNDBUF, BUFFER)
        request.transport.set_write_buffer_limits(high=BUFFER)


async def talk(
    socket: web.WebSocketResponse, telling: Coroutine[None, None, None]
) -> None:
    """Have everything told, until there is no more of it or the listener leaves."""
    task = asyncio.create_task(telling)
    try:
        async for _ in socket:
            pass  # nobody is listened to, but only so is it seen that he leaves
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def tell(
    request: web.Request, socket: web.WebSocketResponse, board: Board, seen: Seen
) -> None:
    """Send the totals at once and whenever they change, and say when that is over.

    Between two messages any number of versions may pass: what is sent is the latest.
    Who takes nothing for too long is cut off.
    """
    known: Tally | None = None
    try:
        while (news := await next_news(board, known)) is not None:
            shows = seen.shows_votes or news.closed
            async with asyncio.timeout(SLOW):
                await socket.send_str(news.shown if shows else news.hidden)
            known = news
        ending = request.app[DRAINING].is_set()
        await socket.close(code=WSCloseCode.GOING_AWAY if ending else WSCloseCode.OK)
    except (ConnectionResetError, TimeoutError):
        abort(request)
    except Exception as fault:  # noqa: BLE001 - nobody else would see it
        noted(fault)
        abort(request)


def abort(request: web.Request) -> None:
    """End a connection at once, with whatever still waits to be sent."""
    if request.transport is not None:
        request.transport.abort()


async def next_news(board: Board, known: Tally | None) -> Tally | None:
    """Give what is news to a listener, or None when nothing more will come."""
    patience = LAST_VOTES if known is not None and known.closed else None
    try:
        async with asyncio.timeout(patience):
            return await board.news_to(known)
    except TimeoutError:
        return None
