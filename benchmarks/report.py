"""docs/performance.md: the table, the machine, and how each row is measured."""

from benchmarks.machine import machine
from benchmarks.rows import Row

HEAD = """\
# What it costs

Written by `make bench`; do not edit. Each figure is the median of repeated rounds,
beside a baseline that was measured in the same run, round by round in turns, so that
whatever else the machine does meets both. CPU is what the kernel counted for the
server's process, not requests per second. Every server is a process of its own, the
load comes from another one, everything over the loopback; warming up is not counted.

![Every row as a part of its budget](performance.svg)

| what | budget | aim | measured | spread | baseline | |
|---|---|---|---|---|---|---|
"""

FOOT = """
Spread: the middle half of the rounds; of fewer than eight rounds all of them.
"""


def report(rows: list[Row]) -> str:
    """Give the page."""
    table = "\n".join(map(table_row, rows))
    described = "\n".join(f"- {said}" for said in machine())
    ways = "\n\n".join(f"**{row.what}.** {row.how}" for row in rows)
    return (
        f"{HEAD}{table}\n{FOOT}\n"
        f"How it grows: [scaling.md](scaling.md).\n\n"
        f"## The machine\n\n{described}\n\n## How each row is measured\n\n{ways}\n"
    )


def table_row(row: Row) -> str:
    """Give one line of the table."""
    aim = row.written(row.aim) if row.aim else ""
    first = f"| {row.what} | ≤ {row.written(row.budget)} | {aim} |"
    if not row.figures:
        return f"{first} {row.missing} | | | |"
    low, high = (row.written(figure) for figure in row.spread)
    verdict = "met" if row.is_met else "**not met**"
    if row.aim and row.median <= row.aim:
        verdict = "met, the aim too"
    return (
        f"{first} {row.written(row.median)} | {low} to {high}"
        f" | {row.baseline or '—'} | {verdict} |"
    )
