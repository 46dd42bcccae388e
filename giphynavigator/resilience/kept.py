"""Pages that are kept: fresh, stale while one is fetched, stale while Giphy fails."""

import asyncio
from collections.abc import Callable
from typing import Final

from giphynavigator.errors import NavigatorError
from giphynavigator.pages import Kept, Outcome, Question
from giphynavigator.recorder import Recorder
from giphynavigator.resilience.asking import Asking
from giphynavigator.resilience.flight import Flights, twin
from giphynavigator.resilience.replicas import Replicas
from giphynavigator.resilience.store import Entry, PageStore

PATIENCE: Final = 0.5
"""Seconds to wait for a fresh page where a stale one is at hand."""

MOST_REFRESHES: Final = 12
"""Flights in the air above which stale pages wait: Giphy's slots are for people."""


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
        replicas: Callable[[], Replicas],
        timeout: float,
        recorder: Recorder,
        patience: float = PATIENCE,
    ) -> None:
        self._store = store
        self._flights = flights
        self._asking = asking
        self._replicas = replicas
        self._timeout = timeout
        self._recorder = recorder
        self._patience = patience

    async def page(self, question: Question) -> Kept:
        """Give the page, or raise the NavigatorError that keeps it from coming."""
        key = question.key
        entry = self._store.get(key)
        if entry is None:
            return await self._fetched(key, question)
        now = self._store.clock()
        if now < entry.fresh_until:
            return self._kept(entry, "hit", now)
        return await self._stale(key, question, entry, now)

    def is_kept(self, question: Question) -> bool:
        """Whether the page is at hand and no refresh is due: asking costs no call."""
        entry = self._store.get(question.key)
        return entry is not None and self._store.clock() < entry.refresh_at

    async def _fetched(self, key: str, question: Question) -> Kept:
        """Give a page that was not there: from Giphy, or from who asks already."""
        if error := self._store.failure(key):
            self._recorder.kept("negative")
            raise twin(error)
        outcome: Outcome = "collapsed" if self._flights.is_flying(key) else "miss"
        try:
            entry, _ = await self._flights.join(
                key, lambda: self._found_or_fetched(key, question)
            )
        except NavigatorError:
            self._recorder.kept(outcome)
            raise
        now = self._store.clock()
        if not entry.found:
            return self._kept(entry, outcome, now)
        if now < entry.fresh_until:
            return self._kept(entry, "hit", now)
        return await self._stale(key, question, entry, now)

    async def _found_or_fetched(self, key: str, question: Question) -> Entry:
        """Give a page that another replica has, however stale; else ask for it."""
        found = await self._replicas().look(question)
        if found is None:
            return await self._fly(key, question, urgent=True)
        return self._store.put(key, found.page, age=found.age, found=True)

    async def _stale(
        self, key: str, question: Question, entry: Entry, now: float
    ) -> Kept:
        """Give a page that is there, or the next one if that is quickly had."""
        if now >= entry.refresh_at:
            fresh = await self._refreshed(key, question, entry, now)
            if fresh is not entry:
                return self._kept(fresh, "miss", self._store.clock())
        return self._kept(entry, "stale", now)

    async def _refreshed(
        self, key: str, question: Question, entry: Entry, now: float
    ) -> Entry:
        """Have the next page fetched; wait for it only when this one is very stale."""
        if len(self._flights) >= MOST_REFRESHES and not self._flights.is_flying(key):
            return entry

        async def flight() -> Entry:
            return await self._fly(key, question, urgent=False)

        lives = self._store.lifetimes
        if now < entry.fresh_until + lives.stale_while_revalidate:
            self._flights.launch(key, flight)
            return entry
        try:
            async with asyncio.timeout(self._patience):
                fresh, _ = await self._flights.join(key, flight)
        except NavigatorError:
            return entry
        except TimeoutError:
            # Whoever comes while it is still in the air does not wait as well.
            entry.refresh_at = max(entry.refresh_at, now + self._timeout)
            return entry
        return fresh

    async def _fly(self, key: str, question: Question, *, urgent: bool) -> Entry:
        """Fetch the page and keep what comes of it, be it the failure."""
        try:
            page, age = await self._replicas().fetch(
                question,
                lambda left: self._asking().page(question, urgent=urgent, within=left),
                wait=self._timeout,
            )
        except Exception as error:  # unforeseen ones too: else each request would ask
            self._store.fail(key, error)
            raise
        return self._store.put(key, page, age=age)

    def _kept(self, entry: Entry, outcome: Outcome, now: float) -> Kept:
        self._recorder.kept(outcome)
        return describe(entry, outcome, now)


def describe(entry: Entry, outcome: Outcome, now: float) -> Kept:
    """Give the page of an entry, with how fresh it is."""
    ttl, age = entry.fresh_until - now, now - entry.born
    return Kept(entry.page, entry.serial, outcome, ttl, age)
