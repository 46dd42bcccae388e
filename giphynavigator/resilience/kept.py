"""Pages that are kept: fresh, stale while one is fetched, stale while Giphy fails."""

import asyncio
from collections.abc import Callable
from typing import Final

from giphynavigator.errors import NavigatorError
from giphynavigator.pages import Kept, Outcome, Question
from giphynavigator.recorder import Recorder
from giphynavigator.resilience.asking import Asking
from giphynavigator.resilience.flight import Flights, twin
from giphynavigator.resilience.replicas import Alone
from giphynavigator.resilience.store import Entry, PageStore

PATIENCE: Final = 0.5
"""Seconds to wait for a fresh page where a stale one is at hand."""


class KeptPages:
    """Answers from the store, and asks Giphy only for what is not there.

    A page is fresh for `max_age` seconds. Then, for `stale_while_revalidate`
    seconds more, it is served as it is while one flight fetches the next. Then,
    until it is `stale_if_error` seconds old, it is served if that flight fails or
    takes too long. A failed fetch is not tried again for a while.
    """

    def __init__(  # noqa: PLR0913 - the parts, each by name
        self,
        store: PageStore,
        flights: Flights[str, Entry],
        *,
        asking: Callable[[], Asking],
        replicas: Callable[[], Alone],
        timeout: float,
        recorder: Recorder,
    ) -> None:
        self._store = store
        self._flights = flights
        self._asking = asking
        self._replicas = replicas
        self._timeout = timeout
        self._recorder = recorder

    async def page(self, question: Question) -> Kept:
        """Give the page, or raise the NavigatorError that keeps it from coming."""
        key = question.key
        entry = self._store.get(key)
        if entry is None:
            return await self._fetched(key, question)
        now = self._store.clock()
        if now < entry.fresh_until:
            return self._kept(entry, "hit", now)
        if now >= entry.refresh_at:
            fresh = await self._refreshed(key, question, entry, now)
            if fresh is not entry:
                return self._kept(fresh, "miss", self._store.clock())
        return self._kept(entry, "stale", now)

    def is_kept(self, question: Question) -> bool:
        """Whether the page is at hand, fresh or served while it is refreshed."""
        return self._store.get(question.key) is not None

    async def _fetched(self, key: str, question: Question) -> Kept:
        """Give a page that was not there: from Giphy, or from who asks already."""
        if error := self._store.failure(key):
            self._recorder.kept("negative")
            raise twin(error)
        entry, joined = await self._flights.join(
            key, lambda: self._fly(key, question, urgent=True)
        )
        outcome: Outcome = "collapsed" if joined else "miss"
        return self._kept(entry, outcome, self._store.clock())

    async def _refreshed(
        self, key: str, question: Question, entry: Entry, now: float
    ) -> Entry:
        """Have the next page fetched; wait for it only when this one is very stale."""

        async def flight() -> Entry:
            return await self._fly(key, question, urgent=False)

        lives = self._store.lifetimes
        if now < entry.fresh_until + lives.stale_while_revalidate:
            self._flights.launch(key, flight)
            return entry
        try:
            async with asyncio.timeout(PATIENCE):
                fresh, _ = await self._flights.join(key, flight)
        except (NavigatorError, TimeoutError):
            return entry
        return fresh

    async def _fly(self, key: str, question: Question, *, urgent: bool) -> Entry:
        """Fetch the page and keep what comes of it, be it the failure."""
        try:
            page, age = await self._replicas().fetch(
                question,
                lambda: self._asking().page(question, urgent=urgent),
                wait=self._timeout,
            )
        except NavigatorError as error:
            self._store.fail(key, error)
            raise
        return self._store.put(key, page, age=age)

    def _kept(self, entry: Entry, outcome: Outcome, now: float) -> Kept:
        self._recorder.kept(outcome)
        ttl, age = entry.fresh_until - now, now - entry.born
        return Kept(entry.page, entry.serial, outcome, ttl, age)
