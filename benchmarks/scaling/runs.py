"""All that is simulated for the page, in processes of their own."""

import multiprocessing
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Final
from urllib.request import urlopen

from msgspec import Struct

from benchmarks.measure import upstream
from benchmarks.scaling.redis_costs import RedisCosts, redis_costs
from benchmarks.scaling.simulation import Load, Outcome, simulate
from giphynavigator.giphy_shapes import FIELDS

QUOTA: Final = 100
SEARCHES: Final = (1_000, 10_000, 100_000, 1_000_000)
QUERIES: Final = (100, 1_000, 10_000, 100_000)
REPLICAS: Final = (1, 3, 10, 30)
USUAL: Final = 50_000
"""Searches an hour while queries or replicas vary."""

MANY: Final = 100_000
ROOMY: Final = 1024 * 1024 * 1024
"""So many searches again, with room for every page."""


class Runs(Struct, frozen=True):
    """Everything that the page tells of."""

    people: list[Outcome]
    roomy: Outcome
    quota: list[Outcome]
    queries: list[Outcome]
    alone: list[Outcome]
    shared: list[Outcome]
    redis: RedisCosts | None
    page: int


def run() -> Runs:
    """Simulate everything, the longest first."""
    answer = recorded()
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, mp_context=spawn, max_tasks_per_child=1) as pool:

        def begun(*loads: Load) -> list[Future[Outcome]]:
            return [pool.submit(simulate, load, answer) for load in loads]

        people = begun(*(Load(searches) for searches in reversed(SEARCHES)))[::-1]
        roomy = pool.submit(simulate, Load(MANY, max_bytes=ROOMY), answer)
        quota = begun(*(Load(searches, quota=QUOTA) for searches in SEARCHES[:3]))
        queries = begun(*(Load(USUAL, queries) for queries in QUERIES))
        alone = begun(*(Load(USUAL, replicas=number) for number in REPLICAS))
        shared = begun(*(Load(USUAL, replicas=n, shared=True) for n in REPLICAS))
        hours = [people, [roomy], quota, queries, alone, shared]
        found = [[future.result() for future in futures] for futures in hours]
    people_, (roomy_,), quota_, queries_, alone_, shared_ = found
    redis = redis_costs(answer)
    return Runs(people_, roomy_, quota_, queries_, alone_, shared_, redis, len(answer))


def recorded() -> bytes:
    """Give what the sandbox answers to a search for 50 GIFs."""
    with upstream() as giphy:
        asked = f"{giphy.api_url}/gifs/search?api_key=any&limit=50&fields={FIELDS}"
        with urlopen(f"{asked}&q=page") as response:
            body: bytes = response.read()
            return body
