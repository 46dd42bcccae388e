"""The way to Giphy: a slot, the breaker, the retries, and at the end the client."""

import asyncio
import logging
import re
import time
from collections.abc import Callable
from typing import Protocol

from giphynavigator.errors import NotFound
from giphynavigator.giphy import GiphyClient
from giphynavigator.giphy_errors import (
    GiphyBrokeOff,
    GiphyBusy,
    GiphyError,
    GiphyFailed,
    GiphyNonsense,
    GiphyTimeout,
    GiphyUnreachable,
)
from giphynavigator.pages import Page, Question, ask
from giphynavigator.recorder import Recorder
from giphynavigator.resilience.breaker import Breaker
from giphynavigator.resilience.overload import Bulkhead, Overloaded
from giphynavigator.resilience.quota import Quota
from giphynavigator.resilience.retry import Retrying

log = logging.getLogger(__name__)


class ClientFactory(Protocol):
    """Makes the client for one send."""

    def __call__(self, *, urgent: bool) -> GiphyClient:
        """Give a client whose calls are of people, or of background work."""


def is_passing(error: Exception) -> bool:
    """Whether the same call may go well in a moment."""
    return isinstance(
        error, GiphyFailed | GiphyUnreachable | GiphyBrokeOff | GiphyNonsense
    )


def delay_of(error: Exception) -> float | None:
    """Give the seconds that Giphy asks to wait, if it does."""
    return getattr(error, "retry_after", None)


def outcome_of(error: BaseException) -> str:
    """Give the name by which a send that ended so is counted."""
    match error:
        case NotFound():
            return "not_found"
        case asyncio.CancelledError():
            return "timeout"  # the caller's deadline, or the program's end
        case _:
            name = type(error).__name__.removeprefix("Giphy")
            return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


class Asking:
    """Asks Giphy within `timeout` seconds, everything that is waited for included."""

    def __init__(  # noqa: PLR0913 - the parts of the way, each by name
        self,
        giphy_client: ClientFactory,
        *,
        bulkhead: Bulkhead,
        breaker: Breaker,
        retrying: Retrying,
        quota: Quota,
        timeout: float,
        recorder: Recorder,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._giphy_client = giphy_client
        self._bulkhead = bulkhead
        self._breaker = breaker
        self._retrying = retrying
        self._quota = quota
        self._timeout = timeout
        self._recorder = recorder
        self._clock = clock

    async def page(
        self, question: Question, *, urgent: bool, within: float | None = None
    ) -> Page:
        """Give the page, or raise a NavigatorError; `within` shortens the timeout.

        What is not urgent waits for no slot and is sent once only; so is a
        breaker's probe.
        """
        now = self._clock()
        deadline = now + min(within or self._timeout, self._timeout)
        async with self._bulkhead.slot(deadline=deadline if urgent else now):
            once = not urgent or self._breaker.state != "closed"
            with self._breaker.call():
                return await self._in_time(question, deadline, once=once, urgent=urgent)

    async def _in_time(
        self, question: Question, deadline: float, *, once: bool, urgent: bool
    ) -> Page:
        """Send, and again if that may help, until the deadline."""

        async def send() -> Page:
            return await self._send(question, urgent=urgent)

        left = deadline - self._clock()
        try:
            async with asyncio.timeout(left):
                if once:
                    return await send()
                return await self._retrying.call(send, deadline=deadline)
        except TimeoutError:
            if left < self._timeout / 2:  # most of it was spent here: not Giphy's fault
                raise Overloaded from None
            raise GiphyTimeout(self._timeout) from None

    async def _send(self, question: Question, *, urgent: bool) -> Page:
        """Send once, and tell how it went; what was not sent is not told."""
        log.debug("asking Giphy: %s", question.key)
        began = self._clock()
        try:
            page = await ask(self._giphy_client(urgent=urgent), question)
        except (GiphyError, NotFound, asyncio.CancelledError) as error:
            self._recorder.answered(outcome_of(error), self._clock() - began)
            if isinstance(error, GiphyBusy):
                await self._quota.close_for(error.retry_after)
            raise
        self._recorder.answered("ok", self._clock() - began)
        return page
