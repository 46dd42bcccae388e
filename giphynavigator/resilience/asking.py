"""The way to Giphy: a slot, the breaker, the retries, and at the end the client."""

import asyncio
import time
from collections.abc import Callable
from typing import Protocol

from giphynavigator.errors import NotFound
from giphynavigator.giphy import (
    GiphyBusy,
    GiphyClient,
    GiphyError,
    GiphyFailed,
    GiphyNonsense,
    GiphyTimeout,
    GiphyUnreachable,
)
from giphynavigator.pages import Page, Question, ask
from giphynavigator.recorder import Recorder
from giphynavigator.resilience.breaker import Breaker
from giphynavigator.resilience.overload import Bulkhead
from giphynavigator.resilience.quota import NoQuota
from giphynavigator.resilience.retry import Retrying


class ClientFactory(Protocol):
    """Makes the client for one send."""

    def __call__(self, *, urgent: bool) -> GiphyClient:
        """Give a client whose calls are of people, or of background work."""


def is_passing(error: Exception) -> bool:
    """Whether the same call may go well in a moment."""
    return isinstance(error, GiphyFailed | GiphyUnreachable | GiphyNonsense)


def delay_of(error: Exception) -> float | None:
    """Give the seconds that Giphy asks to wait, if it does."""
    return getattr(error, "retry_after", None)


class Asking:
    """Asks Giphy within `timeout` seconds, everything that is waited for included."""

    def __init__(  # noqa: PLR0913 - the parts of the way, each by name
        self,
        giphy_client: ClientFactory,
        *,
        bulkhead: Bulkhead,
        breaker: Breaker,
        retrying: Retrying,
        quota: NoQuota,
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

    async def page(self, question: Question, *, urgent: bool) -> Page:
        """Give the page, or raise a NavigatorError.

        What is not urgent is sent once only, and so is a breaker's probe.
        """
        deadline = self._clock() + self._timeout

        async def send() -> Page:
            return await self._send(question, urgent=urgent)

        async with self._bulkhead.slot(deadline=deadline):
            once = not urgent or self._breaker.state != "closed"
            with self._breaker.call():
                try:
                    async with asyncio.timeout(deadline - self._clock()):
                        if once:
                            return await send()
                        return await self._retrying.call(send, deadline=deadline)
                except TimeoutError:
                    raise GiphyTimeout(self._timeout) from None

    async def _send(self, question: Question, *, urgent: bool) -> Page:
        """Send once, and tell how it went."""
        began, outcome = self._clock(), "ok"
        try:
            return await ask(self._giphy_client(urgent=urgent), question)
        except GiphyBusy as error:
            outcome = "busy"
            await self._quota.close_for(error.retry_after)
            raise
        except (GiphyError, NotFound) as error:
            outcome = type(error).__name__.removeprefix("Giphy").lower()
            raise
        finally:
            self._recorder.answered(outcome, self._clock() - began)
