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
from giphynavigator.giphy import GiphyError
from giphynavigator.pages import Page

ENTRY: Final = 700
"""Bytes that an entry takes beside its page: measured, rounded up."""

MOST_FAILURES: Final = 10_000
FAILED_FOR: Final = 2.0
"""Seconds that a cold failure is remembered, and a failed refresh held off at first."""

HELD_OFF_AT_MOST: Final = 60.0


class Entry(Struct):
    """A page with its moments on the clock: when it came and until when it is good."""

    page: Page
    serial: int
    born: float
    fresh_until: float
    refresh_at: float
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

    What is older than any use has for it goes too, at the next sweep. A max_age of
    0 keeps nothing at all.
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

    def put(self, key: str, page: Page, *, age: float = 0.0) -> Entry:
        """Keep a page that is so many seconds old; give its entry.

        Its lifetime is cut by up to a tenth, so that what came together does not
        have to be fetched together.
        """
        now = self.clock()
        fresh_for = self.lifetimes.max_age * (1 - self._random() / 10)
        fresh_until = now - age + fresh_for
        entry = Entry(page, next(self._serials), now - age, fresh_until, fresh_until)
        self._failures.pop(key, None)
        if self.lifetimes.max_age > 0:
            self._entries.put(key, entry, entry.size)
        return entry

    def fail(self, key: str, error: NavigatorError) -> None:
        """Remember that a fetch failed: for a kept page not to try again soon."""
        now = self.clock()
        if entry := self.get(key):
            pause = min(FAILED_FOR * 2**entry.failures, HELD_OFF_AT_MOST)
            entry.failures += 1
            entry.refresh_at = now + pause
            return
        if not isinstance(error, GiphyError | NotFound) or self.lifetimes.max_age <= 0:
            return  # spent quota or an open breaker: cheap to find out again
        # That there is no such GIF is an answer; a failure is worth another try soon.
        lasts = self.lifetimes.max_age if isinstance(error, NotFound) else FAILED_FOR
        self._failures[key] = Failure(error, now + lasts)
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
        too_old = self.clock() - self.lifetimes.longest
        for key in [key for key, entry in self._entries if entry.born <= too_old]:
            self._entries.drop(key)
