"""How long notes take to be written, against one INSERT and commit per request."""

import json
import tempfile
import time
from pathlib import Path
from typing import Final

from benchmarks.load import crowd
from benchmarks.measure import Process, ask, contender, navigator, upstream
from benchmarks.rows import MICRO, Row

ROUNDS: Final = 12
NOTES: Final = 500
AT_ONCE: Final = 40
NOTE: Final = {
    "title": "note two",
    "created_at": "2017-08-23 00:00",
    "created_by": "apcelent",
    "description": "sample notes",
    "priority": 4,
}
HOW: Final = (
    f"{AT_ONCE} kept connections POST {NOTES} notes, {ROUNDS} rounds to each in turns,"
    " the one that begins changing from round to round. Both keep them in a SQLite file"
    " of their own, with a write-ahead log that is synced at every commit and a pool of"
    " 5 and 10 connections. The plain one reads the JSON, sends one INSERT and commits;"
    " it checks nothing. At the end the service is asked how many there are: none may"
    " be missing."
)


async def notes() -> Row:
    """Measure both, round by round."""
    ours, plain = [], []
    with (
        tempfile.TemporaryDirectory() as folder,
        upstream() as giphy,
        navigator(giphy.api_url) as service,
        contender("one_insert", str(Path(folder, "plain.db"))) as contender_,
    ):
        for number in range(ROUNDS + 1):
            turns = [(service, ours), (contender_, plain)]
            for process, took in turns[:: 1 if number % 2 else -1]:
                took.append(await seconds(process))
        kept = ask(f"{service.address}/notes?limit=1")["total"]
    assert kept == NOTES * (ROUNDS + 1), kept
    return row(ours[1:], plain[1:])


async def seconds(process: Process) -> float:
    """Give the seconds for one note of many that are written at once."""
    async with crowd(process.address, AT_ONCE, json.dumps(NOTE).encode()) as visit:
        began = time.perf_counter()
        await visit(["/notes"] * NOTES)
        return (time.perf_counter() - began) / NOTES


def row(ours: list[float], plain: list[float]) -> Row:
    """Put the rounds side by side."""
    each, theirs = (sorted(took)[len(took) // 2] * MICRO for took in (ours, plain))
    return Row(
        what="Wall per note written, SQLite ÷ one INSERT and commit per request",
        short="Note written ÷ one INSERT",
        budget=1.50,
        aim=1.00,
        figures=tuple(a / b for a, b in zip(ours, plain, strict=True)),
        baseline=f"{theirs:,.0f} µs; ours {each:,.0f} µs",
        how=HOW,
    )
