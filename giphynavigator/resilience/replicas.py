"""Pages that replicas share in Redis, and which of them fetches."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from hashlib import blake2b
from typing import TypeAlias

import msgspec

from giphynavigator.errors import BadGateway, NavigatorError
from giphynavigator.giphy import GiphyError
from giphynavigator.pages import Page, Question
from giphynavigator.resilience.lease import Leases
from giphynavigator.resilience.shared import NoShared, Shared
from giphynavigator.resilience.store import FAILED_FOR, Lifetimes

Fetch: TypeAlias = Callable[[], Awaitable[Page]]

# The value, and how many milliseconds it still has.
LOOK = "return {redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1])}"

_PAGE = msgspec.msgpack.Decoder(Page)


class FailedElsewhere(GiphyError, BadGateway):
    """Another replica asked Giphy a moment ago, and it failed."""

    def __init__(self) -> None:
        super().__init__("Giphy failed a moment ago; it is not asked again so soon")


class Alone:
    """A process without replicas: it fetches what it needs."""

    async def fetch(
        self,
        question: Question,  # noqa: ARG002 - there is nobody to tell it to
        fetch: Fetch,
        *,
        wait: float,  # noqa: ARG002 - nor to wait for
    ) -> tuple[Page, float]:
        """Give the page and its age in seconds."""
        return await fetch(), 0.0


class Replicas(Alone):
    """One fetch for all replicas that share a Redis.

    Whoever gets the lease fetches and leaves the page, or word of the failure, in
    Redis; the others wait until the lease is gone and look there. A page stays
    for as long as it may be of use when Giphy fails.
    """

    def __init__(
        self,
        shared: Shared,
        leases: Leases,
        lifetimes: Lifetimes,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._shared = shared
        self._leases = leases
        self._max_age = lifetimes.max_age
        self._life = lifetimes.longest if lifetimes.max_age > 0 else FAILED_FOR
        self._clock = clock

    async def fetch(
        self, question: Question, fetch: Fetch, *, wait: float
    ) -> tuple[Page, float]:
        """Give the page and its age in seconds, fetched by whichever replica may.

        Waits for another replica `wait` seconds at most, then fetches itself. A
        page that is stale is given only when the fetch fails.
        """
        name = named(question)
        stale = await self._look(name) if self._max_age > 0 else None
        if stale and stale[1] < self._max_age:
            return stale
        try:
            return await self._fetch_or_wait(name, fetch, wait)
        except NavigatorError:
            if stale is None:
                raise
            return stale

    async def _fetch_or_wait(
        self, name: str, fetch: Fetch, wait: float
    ) -> tuple[Page, float]:
        deadline = self._clock() + wait
        while True:
            if await self._shared.get(self._shared.key("failed", name)):
                raise FailedElsewhere
            async with self._leases.hold(name) as mine:
                if mine or self._clock() >= deadline:
                    return await self._fetch(name, fetch), 0.0
            await self._until_gone(name, deadline)
            found = await self._look(name)
            if found and found[1] < max(self._max_age, FAILED_FOR):
                return found

    async def _until_gone(self, name: str, deadline: float) -> None:
        try:
            async with asyncio.timeout(deadline - self._clock()):
                await self._leases.gone(name)
        except TimeoutError:
            return

    async def _fetch(self, name: str, fetch: Fetch) -> Page:
        """Fetch, and let the other replicas know what came of it."""
        shared = self._shared
        try:
            page = await fetch()
        except GiphyError:
            await shared.set(shared.key("failed", name), b"1", life=FAILED_FOR)
            raise
        packed = msgspec.msgpack.encode(page)
        await shared.set(shared.key("page", name), packed, life=self._life)
        return page

    async def _look(self, name: str) -> tuple[Page, float] | None:
        """Give the page that is in Redis, and its age."""
        answer = await self._shared.script(LOOK, self._shared.key("page", name))
        match answer:
            case [bytes(value), int(left)] if left > 0:
                page = read_page(value)
                if page is not None:
                    return page, max(0.0, self._life - left / 1000)
        return None


def named(question: Question) -> str:
    """Name a question in Redis without its words."""
    key = question.key.encode(errors="replace")
    return blake2b(key, digest_size=16).hexdigest()


def read_page(value: bytes) -> Page | None:
    """Give the page that a value from Redis holds, if it is one, whole and sound."""
    try:
        page: Page = _PAGE.decode(value)
        sound = page.is_sound()
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None
    return page if sound else None


def create_replicas(shared: Shared, leases: Leases, lifetimes: Lifetimes) -> Alone:
    """Give what fits: this process alone, or with the others at the same Redis."""
    if isinstance(shared, NoShared):
        return Alone()
    return Replicas(shared, leases, lifetimes)
