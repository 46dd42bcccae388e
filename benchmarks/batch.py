"""How long 150 searches take together, against three ways to write that by hand."""

import asyncio
import itertools
import json
import time
from collections.abc import Awaitable, Callable, Iterator
from typing import Any, Final, TypeAlias
from urllib.request import Request, urlopen

import aiohttp

from benchmarks.load import get_all
from benchmarks.measure import contender, navigator, upstream
from benchmarks.rows import Row
from benchmarks.words import fresh_words, path

ROUNDS: Final = 4
QUERIES: Final = 150
AT_ONCE: Final = 50
DELAY: Final = 0.2
LEAST: Final = QUERIES / AT_ONCE * DELAY
ONE_BY_ONE: Final = 10
"""Searches that are made one by one; their time is multiplied."""

Way: TypeAlias = Callable[[str, list[str]], Awaitable[float]]
HOW: Final = (
    f"{ROUNDS} rounds of one POST /batch with {QUERIES} new queries, from the"
    " moment it is sent to its last line, with a service that runs already. The"
    f" upstream answers each call {DELAY * 1000:.0f} ms after it came with what"
    " the sandbox said once, so that it is no bottleneck of its own. Beside it"
    " what the tutorial on asynchronous requests does with the same queries,"
    " one by one with a blocking client (urllib, so that requests is no"
    f" dependency) and with aiohttp, {ONE_BY_ONE} of the"
    f" {QUERIES} and multiplied, and all gathered with aiohttp, which has 100"
    " connections where the batch has 50."
)


async def batch() -> Row:
    """Measure the service's batch and the three ways in turns."""
    took: dict[str, list[float]] = {}
    with (
        upstream() as giphy,
        contender("recorded", giphy.api_url, str(DELAY)) as slow,
        navigator(slow.address) as ours,
    ):
        words = fresh_words("batch")
        await get_all(ours.address, map(path, taken(words)), AT_ONCE)
        for _ in range(ROUNDS):
            queries = taken(words)
            whole = await asyncio.to_thread(batched, ours.address, queries)
            took.setdefault("ours", []).append(whole)
            for name, way in WAYS.items():
                took.setdefault(name, []).append(await way(slow.address, queries))
    return row(took)


def taken(words: Iterator[str]) -> list[str]:
    """Give the next queries."""
    return list(itertools.islice(words, QUERIES))


def batched(address: str, queries: list[str]) -> float:
    """Give the seconds until the last line of a batch."""
    body = json.dumps({"queries": queries, "limit": 10}).encode()
    headers = {"Content-Type": "application/json"}
    began = time.perf_counter()
    with urlopen(Request(f"{address}/batch", body, headers)) as response:
        plan, *answers = (json.loads(line) for line in response)
    took = time.perf_counter() - began
    assert plan["upstream_calls"] == len(answers) == len(queries), plan
    assert not any("problem" in answer for answer in answers)
    return took


async def one_by_one_blocking(api_url: str, queries: list[str]) -> float:
    """Give the seconds for all, asked one after the other with urllib."""

    def ask() -> float:
        began = time.perf_counter()
        for query in queries[:ONE_BY_ONE]:
            with urlopen(address_of(api_url, query)) as answer:
                links(json.load(answer))
        return (time.perf_counter() - began) * QUERIES / ONE_BY_ONE

    return await asyncio.to_thread(ask)


def address_of(api_url: str, query: str) -> str:
    """Give the address of a search for ten GIFs."""
    return f"{api_url}/gifs/search?api_key=any&limit=10&q={query.replace(' ', '+')}"


async def one_by_one(api_url: str, queries: list[str]) -> float:
    """Give the seconds for all, asked one after the other with aiohttp."""
    async with aiohttp.ClientSession() as session:
        began = time.perf_counter()
        for query in queries[:ONE_BY_ONE]:
            await search(session, api_url, query)
        return (time.perf_counter() - began) * QUERIES / ONE_BY_ONE


async def gathered(api_url: str, queries: list[str]) -> float:
    """Give the seconds for all, asked at once with aiohttp."""
    async with aiohttp.ClientSession() as session:
        began = time.perf_counter()
        await asyncio.gather(*(search(session, api_url, query) for query in queries))
        return time.perf_counter() - began


async def search(session: aiohttp.ClientSession, api_url: str, query: str) -> list[str]:
    """Ask as the tutorial on asynchronous requests does."""
    async with session.get(address_of(api_url, query)) as response:
        return links(await response.json())


def links(answer: dict[str, Any]) -> list[str]:
    """Pick the addresses out of an answer."""
    return [gif["url"] for gif in answer["data"]]


WAYS: Final[dict[str, Way]] = {
    "one by one, blocking": one_by_one_blocking,
    "one by one, aiohttp": one_by_one,
    "gathered, aiohttp": gathered,
}


def row(took: dict[str, list[float]]) -> Row:
    """Put them side by side."""
    times = {name: sorted(each)[len(each) // 2] / LEAST for name, each in took.items()}
    return Row(
        what=(
            f"Batch of {QUERIES} distinct searches, {DELAY * 1000:.0f} ms each,"
            f" {AT_ONCE} at once: wall ÷ {LEAST * 1000:.0f} ms"
        ),
        short=f"Batch of {QUERIES}, wall ÷ {LEAST * 1000:.0f} ms",
        budget=1.25,
        figures=tuple(seconds / LEAST for seconds in took["ours"]),
        baseline="; ".join(f"{name} {times[name]:.2f}" for name in WAYS),
        how=HOW,
    )
