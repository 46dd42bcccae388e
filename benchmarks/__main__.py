"""`python -m benchmarks`: measure every row, write docs/performance.* and scaling.*."""

import sys
import time
from collections.abc import Awaitable, Callable
from typing import Final, TypeAlias

import uvloop

from benchmarks import scaling
from benchmarks.batch import batch
from benchmarks.calls import calls
from benchmarks.chart import chart
from benchmarks.cold import cold
from benchmarks.downloads import downloads
from benchmarks.measure import ROOT
from benchmarks.memory import memory
from benchmarks.notes import notes
from benchmarks.replicas import replicas
from benchmarks.report import report
from benchmarks.rows import Row
from benchmarks.start import start
from benchmarks.votes import votes
from benchmarks.warm import warm

Measure: TypeAlias = Callable[[], Awaitable[Row | list[Row]]]

DOCS: Final = ROOT / "docs"
MEASURES: Final[dict[str, Measure]] = {
    "warm": warm,
    "cold": cold,
    "calls": calls,
    "batch": batch,
    "replicas": replicas,
    "downloads": downloads,
    "memory": memory,
    "notes": notes,
    "votes": votes,
    "start": start,
}


def main(names: list[str]) -> None:
    """Measure what is named, print it; when nothing is named, all, and write it."""
    rows = uvloop.run(measured(names or list(MEASURES)))
    if names:
        return
    DOCS.mkdir(exist_ok=True)
    (DOCS / "performance.md").write_text(report(rows))
    (DOCS / "performance.svg").write_text(chart(rows))
    scaling.write(DOCS)


async def measured(names: list[str]) -> list[Row]:
    """Measure one after the other, and say how it goes."""
    rows: list[Row] = []
    for name in names:
        began = time.monotonic()
        found = await MEASURES[name]()
        more = found if isinstance(found, list) else [found]
        for row in more:
            print(said(row))
        print(f"  ({name}: {time.monotonic() - began:.0f} s)\n", flush=True)
        rows += more
    return rows


def said(row: Row) -> str:
    """Give a row as a line on the screen."""
    if not row.figures:
        return f"{row.what}: {row.missing}"
    verdict = "met" if row.is_met else "NOT MET"
    low, high = (row.written(figure) for figure in row.spread)
    return (
        f"{row.what}: {row.written(row.median)} ({low} to {high}),"
        f" budget {row.written(row.budget)}: {verdict}\n  {row.baseline}"
    )


if __name__ == "__main__":
    main(sys.argv[1:])
