"""BatchService: many searches at once, equal ones asked once."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from typing import Final, Generic, Protocol, TypeVar

from msgspec import Struct

from giphynavigator.errors import NavigatorError
from giphynavigator.pages import GifLink

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


class Links(Struct, frozen=True):
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
        cached = sum(map(self._searches.is_kept, queries))
        asked = {
            self._searches.meaning(query)
            for query in queries
            if not self._searches.is_kept(query)
        }
        left = self._quota.report().left
        return Plan(len(queries), cached, len(asked), left)

    def search(
        self, queries: Sequence[str], limit: int | None
    ) -> AsyncGenerator[Result[Links], None]:
        """Give the first GIFs for every query, in the order in which they finish."""

        async def find(query: str) -> Links:
            most = limit or self._limit
            return Links(most, await self._searches.search(query, most))

        return self.run(queries, find)

    async def run(
        self, queries: Sequence[str], find: Callable[[str], Awaitable[T]]
    ) -> AsyncGenerator[Result[T], None]:
        """Give a result for every query, in the order in which they finish.

        `find` is called once for all queries that mean the same, with the words of
        the first. Whoever stops listening stops what has not begun.
        """
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(indexes: list[int]) -> list[Result[T]]:
            async with slots:
                return await _found(queries, indexes, find)

        tasks = [asyncio.create_task(one(same)) for same in self._grouped(queries)]
        try:
            for finished in asyncio.as_completed(tasks):
                for result in await finished:
                    yield result
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    def _grouped(self, queries: Sequence[str]) -> list[list[int]]:
        """Give the places of the queries, those together that mean the same."""
        groups: dict[str, list[int]] = {}
        for index, query in enumerate(queries):
            groups.setdefault(self._searches.meaning(query), []).append(index)
        return list(groups.values())


async def _found(
    queries: Sequence[str], indexes: list[int], find: Callable[[str], Awaitable[T]]
) -> list[Result[T]]:
    """Search once and give the result to every query that means the same."""
    try:
        found = await find(queries[indexes[0]])
    except NavigatorError as error:
        return [Result(index, queries[index], error=error) for index in indexes]
    return [Result(index, queries[index], found) for index in indexes]
