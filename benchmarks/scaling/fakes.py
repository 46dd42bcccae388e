"""What stands in for the world: a Giphy that answers at once, a clock, a Redis."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

import msgspec

from giphynavigator.giphy_shapes import SearchPage
from giphynavigator.pages import Page, Question
from giphynavigator.resilience.quota import Quota
from giphynavigator.resilience.replicas import Fetch, Found, Replicas
from giphynavigator.resilience.store import JITTER, Lifetimes

PAGES: Final = msgspec.json.Decoder(SearchPage)


class FakeClock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Give the seconds."""
        return self.now


class FakeGiphy:
    """Answers every search with the same 50 GIFs, decoded anew, and counts."""

    def __init__(self, answer: bytes, quota: Quota) -> None:
        self._answer = answer
        self._quota = quota
        self.calls = 0

    async def search(self, *_: Any, **__: Any) -> SearchPage:
        """Take a call from the quota and answer."""
        await self._quota.take()
        self.calls += 1
        await asyncio.sleep(0)
        return PAGES.decode(self._answer)


class SharedPages(Replicas):
    """Pages that replicas share, as Replicas does it in Redis, on a fake clock."""

    def __init__(self, lifetimes: Lifetimes, clock: Callable[[], float]) -> None:
        self._lifetimes = lifetimes
        self._clock = clock
        self._pages: dict[str, tuple[Page, float]] = {}
        self.reads = 0

    async def look(self, question: Question) -> Found | None:
        """Give the page that another replica left, unless it is of no more use."""
        return self._seen(question, self._lifetimes.longest)

    async def fetch(self, question: Question, fetch: Fetch, *, wait: float) -> Found:
        """Give a page that is fresh; leave it for all."""
        if found := self._seen(question, self._lifetimes.max_age * (1 - JITTER)):
            return found
        page = await fetch(wait)
        self._pages[question.key] = (page, self._clock())
        return Found(page, 0.0)

    def _seen(self, question: Question, life: float) -> Found | None:
        page, born = self._pages.get(question.key, (None, 0.0))
        if page is None or self._clock() - born >= life:
            return None
        self.reads += 1
        return Found(page, self._clock() - born)
