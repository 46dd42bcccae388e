"""Replies that are ready: a popular request gets the same bytes again, at once."""

import time
from collections.abc import Callable
from typing import Any, Final

from aiohttp import web
from dependency_injector.providers import Provider
from multidict import CIMultiDict

from giphynavigator.bounded import Bounded
from giphynavigator.pages import Kept
from giphynavigator.recorder import Recorder
from giphynavigator.web.again import Prepared, prepared

OVERHEAD: Final = 1500
"""Bytes that a reply takes in memory beside its body: measured, rounded up."""


class Ready:
    """The replies of this second, by the target that the request line names.

    What a fresh page is answered with changes once a second, when its `max-age`
    does; until then the same target gets the same reply, and nothing has to be
    read, looked up or put together for it. Then the page is asked for again, so
    the store knows which pages are in use. While something stands in for the
    service, nothing is ready. Bounded by `max_bytes`, past which the reply that was
    not used for longest is forgotten.
    """

    def __init__(
        self,
        search_service: Provider[Any],
        recorder: Recorder,
        *,
        max_bytes: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._search_service = search_service
        self._recorder = recorder
        self._clock = clock
        self._prepared: Bounded[str, Prepared] = Bounded(max_bytes)

    def reply(self, target: str) -> Prepared | None:
        """Give the reply that the target had a moment ago, if it is still true."""
        found = self._prepared.get(target)
        if found is None:
            return None
        if self._clock() >= found.until or self._search_service.last_overriding:
            self._prepared.drop(target)
            return None
        self._recorder.kept("hit")
        return found

    def remember(
        self, target: str, body: bytes, headers: CIMultiDict[str], kept: Kept
    ) -> None:
        """Keep a reply for the rest of the second, if it was made of a fresh page."""
        if kept.outcome == "hit":
            reply = prepared(body, headers, self._clock() + kept.ttl % 1)
            size = len(body) + len(reply.wire) + len(target) + OVERHEAD
            self._prepared.put(target, reply, size)


READY: Final = web.AppKey("ready", Ready)
"""Where an application has its own."""
