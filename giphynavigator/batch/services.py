"""BatchService: many searches at once, equal ones asked once."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Final, Generic, Protocol, TypeVar

from msgspec import Struct

from giphynavigator.errors import NavigatorError
from giphynavigator.pages import GifLink
from giphynavigator.serving.draining import ServiceEnding
from giphynavigator.web.unforeseen import noted

AT_ONCE: Final = 50
"""Searches of one batch that run at once; the others wait before their time counts."""

T = TypeVar("T")


class Searches(Protocol):
    """What makes the searches, and says beforehand what they will cost."""

    async def search(self, query: str, limit: int) -> list[GifLink]:
        """Give the first GIFs for the words."""

    def meaning(self, query: str) -> str:
        """Give a text that is equal for queries that would be answered alike."""

    def is_kept(self, query: str) -> bool:
        """Whether the query would be answered without a call to Giphy."""


class Calls(Protocol):
    """Where the calls to Giphy are counted."""

    async def look(self) -> None:
        """Find out how many are left."""

    def report(self) -> "Left":
        """Say how many are left."""


class Left(Protocol):
    """A count of calls; None where none is kept."""

    @property
    def left(self) -> int | None:
        """Calls that are left."""


class Found(Struct, frozen=True):
    """What `GET /` would show: so many links at most."""

    limit: int
    gifs: list[GifLink]


class Plan(Struct, frozen=True):
    """What a batch will cost, before it costs anything."""

    queries: int
    cached: int
    upstream_calls: int
    quota_left: int | None


class Result(Struct, Generic[T], frozen=True):
    """What came of one query: found, or the error that came instead."""

    index: int
    query: str
    found: T | None = None
    error: NavigatorError | None = None


class BatchService:
    """Makes many searches at once and gives each result as soon as it is there."""

    def __init__(self, searches: Searches, quota: Calls, *, limit: int) -> None:
        self._searches = searches
        self._quota = quota
        self._limit = limit

    async def plan(self, queries: Sequence[str]) -> Plan:
        """Say what these queries will cost; costs no call."""
        await self._quota.look()
        missing = [query for query in queries if not self._searches.is_kept(query)]
        calls = len(set(map(self._searches.meaning, missing)))
        left = self._quota.report().left
        return Plan(len(queries), len(queries) - len(missing), calls, left)

    def search(
        self,
        queries: Sequence[str],
        limit: int | None,
        *,
        ending: asyncio.Event | None = None,
    ) -> AsyncGenerator[Result[Found], None]:
        """Give the first GIFs for every query, in the order in which they finish."""

        async def find(query: str) -> Found:
            most = limit or self._limit
            return Found(most, await self._searches.search(query, most))

        return self.run(queries, find, ending=ending)

    async def run(
        self,
        queries: Sequence[str],
        find: Callable[[str], Awaitable[T]],
        *,
        ending: asyncio.Event | None = None,
    ) -> AsyncGenerator[Result[T], None]:
        """Give a result for every query, in the order in which they finish.

        `find` is called once for all queries that mean the same, with the words of
        the first. Once `ending` is set no more begin: what runs finishes, the others
        are `ServiceEnding` at once. Whoever stops listening stops them all.
        """
        slots = Slots(AT_ONCE, ending or asyncio.Event())

        async def one(same: list[int]) -> list[Result[T]]:
            found = await slots.outcome(lambda: find(queries[same[0]]))
            return [Result(index, queries[index], *found) for index in same]

        tasks = [asyncio.create_task(one(same)) for same in self._grouped(queries)]
        watching = asyncio.create_task(slots.open_at_the_end(len(tasks)))
        try:
            for finished in asyncio.as_completed(tasks):
                for result in await finished:
                    yield result
        finally:
            for task in (*tasks, watching):
                task.cancel()
            await asyncio.gather(*tasks, watching, return_exceptions=True)

    def _grouped(self, queries: Sequence[str]) -> list[list[int]]:
        """Give the places of the queries, those together that mean the same."""
        groups: dict[str, list[int]] = {}
        for index, query in enumerate(queries):
            groups.setdefault(self._searches.meaning(query), []).append(index)
        return list(groups.values())


class Slots:
    """Lets so many run at once; when the end begins, nobody else."""

    def __init__(self, number: int, ending: asyncio.Event) -> None:
        self._free = asyncio.Semaphore(number)
        self._ending = ending

    async def open_at_the_end(self, waiting: int) -> None:
        """Once the end begins, let those who wait in, so that they hear of it."""
        await self._ending.wait()
        for _ in range(waiting):
            self._free.release()

    async def outcome(
        self, find: Callable[[], Awaitable[T]]
    ) -> tuple[T, None] | tuple[None, NavigatorError]:
        """Give what is found, or the error that came instead."""
        async with self._free:
            if self._ending.is_set():
                return None, ServiceEnding()
            try:
                return await find(), None
            except NavigatorError as error:
                return None, error
            except Exception as fault:  # noqa: BLE001 - the other queries go on
                return None, noted(fault)
