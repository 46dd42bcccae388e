"""The tables of the page: titles, and a row for each simulated hour."""

from collections.abc import Iterable, Sequence
from typing import Final

from benchmarks.scaling.plots import MB
from benchmarks.scaling.runs import Runs
from benchmarks.scaling.simulation import Outcome

PER_PERSON: Final = 10
"""Searches that one person makes in an hour."""

PEOPLE_TITLES: Final = (
    "people",
    "searches",
    "calls",
    "calls ÷ searches",
    "fresh",
    "stale",
    "waited for",
    "CPU each",
)
QUOTA_TITLES: Final = (
    "people",
    "searches",
    "calls",
    "fresh",
    "stale",
    "503 with Retry-After",
)
QUERIES_TITLES: Final = ("queries", "of them asked", "calls", "pages kept", "memory")
REPLICAS_TITLES: Final = (
    "replicas",
    "calls, each alone",
    "calls, sharing",
    "pages from Redis",
    "kept by each",
    "CPU each search",
)


def people(runs: Runs) -> str:
    """Give the table of people."""
    rows = [
        (
            f"{o.load.searches // PER_PERSON:,}",
            f"{o.load.searches:,}",
            f"{o.calls:,}",
            f"{o.calls / o.load.searches:.0%}",
            f"{o.share('hit'):.0%}",
            f"{o.share('stale'):.0%}",
            f"{o.share('miss'):.0%}",
            f"{o.cpu / o.load.searches * 1e6:.0f} µs",
        )
        for o in runs.people
    ]
    return table(PEOPLE_TITLES, rows)


def quota(runs: Runs) -> str:
    """Give the table of quota."""
    rows = [
        (
            f"{o.load.searches // PER_PERSON:,}",
            f"{o.load.searches:,}",
            f"{o.calls:,}",
            f"{o.share('hit', 'miss'):.0%}",
            f"{o.share('stale'):.0%}",
            f"{1 - o.share('hit', 'miss', 'stale', 'collapsed'):.0%}",
        )
        for o in runs.quota
    ]
    return table(QUOTA_TITLES, rows)


def queries(runs: Runs) -> str:
    """Give the table of queries."""
    rows = [
        (
            f"{o.load.queries:,}",
            f"{o.pages:,}",
            f"{o.calls:,}",
            f"{o.kept / MB:.1f} MB",
            f"{o.resident / MB:.1f} MB",
        )
        for o in runs.queries
    ]
    return table(QUERIES_TITLES, rows)


def replicas(runs: Runs) -> str:
    """Give the table of replicas."""
    rows = [
        (
            f"{a.load.replicas:,}",
            f"{a.calls:,}",
            f"{s.calls:,}",
            f"{s.shared_reads:,}",
            f"{s.kept / MB:.1f} MB",
            f"{cpu(s):.0f} µs",
        )
        for a, s in zip(runs.alone, runs.shared, strict=True)
    ]
    return table(REPLICAS_TITLES, rows)


def cpu(outcome: Outcome) -> float:
    """Give the microseconds of one search."""
    return outcome.cpu / outcome.load.searches * 1e6


def table(titles: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Give a table."""
    lines = [titles, ["---:"] * len(titles), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
