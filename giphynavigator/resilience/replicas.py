"""Pages that replicas share in Redis, and which of them fetches."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from hashlib import blake2b
from typing import NamedTuple, TypeAlias

import msgspec

from giphynavigator.errors import BadGateway
from giphynavigator.giphy_errors import (
    GiphyBusy,
    GiphyDeclined,
    GiphyError,
    GiphyTimeout,
)
from giphynavigator.pages import Page, Question
from giphynavigator.resilience.lease import Leases
from giphynavigator.resilience.shared import NoShared, Shared
from giphynavigator.resilience.store import FAILED_FOR, JITTER, Lifetimes

Fetch: TypeAlias = Callable[[float], Awaitable[Page]]
"""Asks Giphy, and takes the seconds in which it has to be done."""

# The page, the milliseconds that it still has, and those of the word of a failure.
LOOK = """
return {redis.call('GET', KEYS[1]), redis.call('PTTL', KEYS[1]),
        redis.call('PTTL', ARGV[1])}
"""

_PAGE = msgspec.msgpack.Decoder(Page)


class FailedElsewhere(GiphyError, BadGateway):
    """Another replica asked Giphy a moment ago, and it failed."""

    def __init__(self) -> None:
        super().__init__("Giphy failed a moment ago; it is not asked again so soon")


class Found(NamedTuple):
    """A page, and how many seconds ago it came from Giphy."""

    page: Page
    age: float


class Replicas:
    """The replicas of a process that has none: it fetches what it needs."""

    async def look(
        self,
        question: Question,  # noqa: ARG002 - nobody else has anything
    ) -> Found | None:
        """Give the page that another replica fetched, however old, if there is one."""
        return None

    async def fetch(
        self,
        question: Question,  # noqa: ARG002 - there is nobody to tell it to
        fetch: Fetch,
        *,
        wait: float,
    ) -> Found:
        """Give a page that is fresh, within `wait` seconds."""
        return Found(await fetch(wait), 0.0)


class SharingReplicas(Replicas):
    """One fetch for all replicas that share a Redis.

    Whoever gets the lease fetches and leaves the page, or word of the failure, in
    Redis; the others wait until the lease is gone and look there. A page stays
    for as long as it may be of use when Giphy fails; one that may not be kept at
    all, as long as others may be waiting for it.
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
        self._keeps = lifetimes.max_age > 0
        # For so long it is fresh in every replica, whatever its jitter.
        self._fresh_for = lifetimes.max_age * (1 - JITTER)
        self._life = lifetimes.longest if self._keeps else FAILED_FOR
        self._clock = clock

    async def look(self, question: Question) -> Found | None:
        """Give the page that another replica fetched, however old, if there is one."""
        if not self._keeps:
            return None
        found, _ = await self._seen(question, named(question))
        return found

    async def fetch(self, question: Question, fetch: Fetch, *, wait: float) -> Found:
        """Give a page that is fresh, within `wait` seconds.

        It comes from Giphy, or from the replica that asks Giphy already.
        """
        name, began = named(question), self._clock()
        left = wait
        while left > 0:
            async with self._leases.hold(name) as mine:
                if mine:
                    found = await self._news(question, name, began)
                    return found or await self._fetch(name, fetch, left)
            with suppress(TimeoutError):
                async with asyncio.timeout(left):
                    await self._leases.gone(name)
            if found := await self._news(question, name, began):
                return found
            left = began + wait - self._clock()
        raise GiphyTimeout(wait)

    async def _news(self, question: Question, name: str, began: float) -> Found | None:
        """Give the page if there is no need to ask: it is fresh, or came meanwhile.

        Raise FailedElsewhere if it is no use to ask.
        """
        found, failed = await self._seen(question, name)
        meanwhile = self._clock() - began
        if found and found.age < max(self._fresh_for, meanwhile):
            return found
        if failed is not None and (self._keeps or failed < meanwhile):
            raise FailedElsewhere
        return None

    async def _seen(
        self, question: Question, name: str
    ) -> tuple[Found | None, float | None]:
        """Give what is in Redis: a page, and how many seconds ago a fetch failed.

        What runs longer than ours does was not put there by us.
        """
        key, failed = self._shared.key("page", name), self._shared.key("failed", name)
        match await self._shared.script(LOOK, key, failed):
            case [value, int(left), int(failed_left)]:
                age = age_of(left, self._life)
                page = read_page(value, question) if age is not None else None
                found = None if page is None or age is None else Found(page, age)
                return found, age_of(failed_left, FAILED_FOR)
        return None, None

    async def _fetch(self, name: str, fetch: Fetch, left: float) -> Found:
        """Fetch, and let the other replicas know what came of it."""
        shared = self._shared
        try:
            page = await fetch(left)
        except (GiphyBusy, GiphyDeclined):
            raise  # the quota tells them for how long; a bad call is their own
        except GiphyError:
            await shared.set(shared.key("failed", name), b"1", life=FAILED_FOR)
            raise
        value = msgspec.msgpack.encode(page)
        await shared.set(shared.key("page", name), value, life=self._life)
        return Found(page, 0.0)


def named(question: Question) -> str:
    """Name a question in Redis without its words."""
    key = question.key.encode(errors="replace")
    return blake2b(key, digest_size=16).hexdigest()


def age_of(left: int, life: float) -> float | None:
    """Give the age of a value that lived `life` seconds and has `left` ms of them."""
    age = life - left / 1000
    return age if left > 0 and age >= 0 else None


def read_page(value: object, question: Question) -> Page | None:
    """Give the page that a value from Redis holds, if it answers the question."""
    if not isinstance(value, bytes):
        return None
    try:
        page: Page = _PAGE.decode(value)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    return page if page.answers(question) else None


def create_replicas(
    shared: Shared, leases: Leases, lifetimes: Lifetimes, *, sandbox: bool = False
) -> Replicas:
    """Give what fits: this process alone, or with the others at the same Redis.

    What the sandbox made up is never shared: it would outlive the sandbox.
    """
    if sandbox or isinstance(shared, NoShared):
        return Replicas()
    return SharingReplicas(shared, leases, lifetimes)
