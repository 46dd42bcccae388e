"""Pages in the memory of this process."""

import itertools
import random as chance
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from msgspec import Struct

from giphynavigator.bounded import Bounded
from giphynavigator.errors import NavigatorError, NotFound
from giphynavigator.giphy_errors import GiphyError
from giphynavigator.pages import Page
from giphynavigator.resilience.flight import twin

ENTRY: Final = 700
"""Bytes that an entry takes beside its page: measured, rounded up."""

MOST_FAILURES: Final = 10_000
FAILED_FOR: Final = 2.0
"""Seconds that a cold failure is remembered, and a failed refresh held off at first."""

HELD_OFF_AT_MOST: Final = 60.0
MOST_DOUBLINGS: Final = 5
"""Failed refreshes in a row, each of which doubles the time until the next."""

JITTER: Final = 0.1
"""The part of its lifetime that a page may lose."""

SWEEP_EVERY: Final = 60.0


class Entry(Struct):
    """A page with its moments on the clock: when it came and until when it is good.

    `found` is a page that another replica had, rather than one that came from Giphy.
    """

    page: Page
    serial: int
    born: float
    fresh_until: float
    refresh_at: float
    found: bool = False
    failures: int = 0

    @property
    def size(self) -> int:
        """Bytes of memory, the page's and the entry's own."""
        return len(self.page.items) + ENTRY


class Failure(Struct, frozen=True):
    """A question that failed, with nothing kept to answer it."""

    error: NavigatorError
    until: float


class Lifetimes(Struct, frozen=True):
    """Seconds: fresh for `max_age`, then stale in three ways (see KeptPages)."""

    max_age: float
    stale_while_revalidate: float
    stale_if_error: float

    @property
    def longest(self) -> float:
        """Seconds after which a page is of no use at all."""
        stale = self.max_age + self.stale_while_revalidate
        return max(stale, self.stale_if_error)


class PageStore:
    """Keeps pages within `max_bytes`; the one not used for longest goes first.

    What is older than any use has for it goes too, within a minute of the next page
    that comes. A max_age of 0 keeps nothing at all.
    """

    def __init__(
        self,
        lifetimes: Lifetimes,
        *,
        max_bytes: int,
        clock: Callable[[], float] = time.monotonic,
        random: Callable[[], float] = chance.random,
    ) -> None:
        self.lifetimes = lifetimes
        self.clock = clock
        self._random = random
        self._entries: Bounded[str, Entry] = Bounded(max_bytes)
        self._failures: OrderedDict[str, Failure] = OrderedDict()
        self._serials = itertools.count(1)
        self._swept = clock()

    def __len__(self) -> int:
        """How many pages are kept."""
        return len(self._entries)

    @property
    def size(self) -> int:
        """Bytes of everything that is kept."""
        return self._entries.size

    def get(self, key: str) -> Entry | None:
        """Give what is kept, however stale, unless it is too old for any use."""
        entry = self._entries.get(key)
        if entry and self.clock() - entry.born >= self.lifetimes.longest:
            self._entries.drop(key)
            return None
        return entry

    def put(
        self, key: str, page: Page, *, age: float = 0.0, found: bool = False
    ) -> Entry:
        """Keep a page that is so many seconds old; give its entry.

        Its lifetime is cut by up to a tenth, so that what came together does not
        have to be fetched together.
        """
        now = self.clock()
        if now >= self._swept + SWEEP_EVERY:
            self.sweep()
        born = now - age
        until = born + self.lifetimes.max_age * (1 - self._random() * JITTER)
        entry = Entry(page, next(self._serials), born, until, until, found)
        self._failures.pop(key, None)
        if self.lifetimes.max_age > 0:
            self._entries.put(key, entry, entry.size)
        return entry

    def fail(self, key: str, error: Exception) -> None:
        """Remember that a fetch failed: for a kept page not to try again soon."""
        if entry := self.get(key):
            pause = FAILED_FOR * 2 ** min(entry.failures, MOST_DOUBLINGS)
            entry.failures += 1
            entry.refresh_at = self.clock() + min(pause, HELD_OFF_AT_MOST)
        elif isinstance(error, GiphyError | NotFound) and self.lifetimes.max_age > 0:
            self._remember(key, error)
        # Spent quota or an open breaker is cheap to find out again.

    def _remember(self, key: str, error: NavigatorError) -> None:
        # That there is no such GIF is an answer; a failure is worth another try soon.
        lasts = self.lifetimes.max_age if isinstance(error, NotFound) else FAILED_FOR
        # Without its traceback, which would keep every frame that it went through.
        bare = twin(error).with_traceback(None)
        self._failures[key] = Failure(bare, self.clock() + lasts)
        self._failures.move_to_end(key)
        if len(self._failures) > MOST_FAILURES:
            self._failures.popitem(last=False)

    def failure(self, key: str) -> NavigatorError | None:
        """Give the error that asking now would most likely bring again."""
        failure = self._failures.get(key)
        if failure is None:
            return None
        if self.clock() >= failure.until:
            del self._failures[key]
            return None
        return failure.error

    def sweep(self) -> None:
        """Drop every page that is too old for any use."""
        self._swept = self.clock()
        too_old = self.clock() - self.lifetimes.longest
        for key in [key for key, entry in self._entries if entry.born <= too_old]:
            self._entries.drop(key)
