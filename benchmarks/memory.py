"""What a kept page takes in memory, and whether the bound in bytes holds."""

import itertools
import json
import tracemalloc
from collections.abc import Iterator
from typing import Final
from urllib.request import urlopen

from benchmarks.load import get_all
from benchmarks.measure import Process, Upstream, navigator, upstream
from benchmarks.rows import Row
from benchmarks.words import fresh_words, path
from giphynavigator.giphy_shapes import FIELDS

ROUNDS: Final = 3
BOUND: Final = 64 * 1024 * 1024
FIRST: Final = 60
KEPT: Final = 900
OVER: Final = 1600
"""Pages: asked for before anything counts, counted one by one, and past the bound."""

AT_ONCE: Final = 20
KB: Final = 1024


async def memory() -> list[Row]:
    """Fill a service up to its bound and beyond, some times over."""
    each, held = [], []
    with upstream() as giphy:
        words = fresh_words("memory")
        for _ in range(ROUNDS):
            with navigator(giphy.api_url, cache={"max_bytes": BOUND}) as process:
                page, full = await filled(process, words)
            each.append(page)
            held.append(full)
        parsed = parsed_page(giphy)
    return [page_row(each, parsed), bound_row(held)]


async def filled(process: Process, words: Iterator[str]) -> tuple[float, float]:
    """Give the KB for a page, and the memory of all ÷ the bound."""

    async def ask(number: int) -> int:
        paths = [path(word) for word in itertools.islice(words, number)]
        await get_all(process.address, paths, AT_ONCE)
        return process.memory()

    before = await ask(FIRST)
    page = (await ask(KEPT) - before) / KEPT
    full = await ask(OVER) - before + FIRST * page
    return page / KB, full / BOUND


def parsed_page(giphy: Upstream) -> float:
    """Give the KB that a page takes as the objects that JSON is parsed to."""
    asked = f"{giphy.api_url}/gifs/search?api_key=any&limit=50&fields={FIELDS}&q=page"
    pages = []
    for number in range(20):
        with urlopen(f"{asked}{number}") as response:
            pages.append(response.read())
    tracemalloc.start()
    kept = [json.loads(page) for page in pages]
    size, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return size / len(kept) / KB


def page_row(each: list[float], parsed: float) -> Row:
    """Give the row of one page."""
    return Row(
        what="Memory per kept page of 50 GIFs",
        short="Memory per kept page",
        budget=48,
        unit="{:.1f} KB",
        figures=tuple(each),
        baseline=f"the same page as parsed JSON {parsed:.0f} KB",
        how=(
            f"The resident memory of a service before and after {KEPT} new searches,"
            f" divided by {KEPT}; the answers that are kept ready to be sent, and all"
            f" the bookkeeping, are in it. {ROUNDS} rounds, each with a fresh service"
            f" that has answered {FIRST} searches before."
        ),
    )


def bound_row(held: list[float]) -> Row:
    """Give the row of all pages."""
    return Row(
        what=f"Memory of everything kept ÷ the bound of {BOUND // KB**2} MiB",
        short="Everything kept ÷ bound in bytes",
        budget=1.10,
        figures=tuple(held),
        how=(
            f"The same services after {FIRST + KEPT + OVER:,} searches, nearly twice as"
            " many as the bound has room for: how much larger they are than before the"
            " first."
        ),
    )
