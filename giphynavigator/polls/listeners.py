"""Listeners: who may listen to a poll, and how many may at once."""

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import web

from giphynavigator.polls.needs import Access, Clients
from giphynavigator.polls.scores import Board, Scores
from giphynavigator.serving.draining import DRAINING


class Listeners:
    """Lets listeners in, as long as there is room and their page is ours."""

    def __init__(self, scores: Scores, clients: Clients, access: Access) -> None:
        self._scores = scores
        self._clients = clients
        self._access = access

    @contextmanager
    def admitted(self, request: web.Request, poll_id: int) -> Iterator[Board]:
        """Lend the board of a poll to who asks, or raise why he may not see it.

        A browser opens a WebSocket for whatever page wants one, cookies and all. So
        here the origin counts as it does where something is changed.
        """
        self._access.check_origin(request)
        client, ending = self._clients.client_of(request), request.app[DRAINING]
        with self._scores.watching(poll_id, client, ending) as board:
            yield board
