"""What must be so after a soak, and whether it is.

The figures are those of the scorecard: `make soak` has to hold them for ten minutes.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.abuse.service import State

MB: Final = 1024 * 1024
STEEPEST: Final = 1.0
"""MB a minute by which memory may grow once what is kept has filled it."""
MOST: Final = 90.0
"""MB of memory that it may have taken at any time, beyond what it began with."""
LATE: Final = 0.01
"""The part of the loop's turns that may be late: 99 in 100 come within 20 ms."""
STALL: Final = 0.25
"""Seconds for which the loop may stand still, whatever Giphy and Redis do."""
NEAR: Final = 5
"""Files and tasks that may be more than before."""

States = list[tuple[float, State]]
"""What was seen, and when, in seconds."""


@dataclass
class Line:
    """One thing that was looked at."""

    what: str
    found: str
    good: bool

    def __str__(self) -> str:
        return f"{'ok ' if self.good else 'BAD'} {self.what:<16} {self.found}"


def on_answers(
    statuses: Mapping[int, int], failures: Sequence[str], hung_up: int
) -> list[Line]:
    """Judge what came back: a refusal is an answer where it may be one."""
    told = ", ".join(f"{status}: {statuses[status]:,}" for status in sorted(statuses))
    return [
        Line("answers", told, 200 in statuses),
        Line("did not wait", f"{hung_up:,} clients", good=True),
        Line("failures", f"{len(failures)} {failures[:3]}", not failures),
    ]


def on_memory(begun: State, states: States) -> list[Line]:
    """Judge memory by what it has grown to, and by whether it grows on."""
    most = (max(state.memory for _, state in states) - begun.memory) / MB
    steep = slope([(when, state.memory) for when, state in states]) * 60 / MB
    began = f"{begun.memory / MB:.0f} MB"
    return [
        Line("memory", f"{most:+.0f} MB at most, from {began}", most <= MOST),
        Line("memory grows", f"{steep:+.2f} MB a minute", steep <= STEEPEST),
    ]


def slope(points: Sequence[tuple[float, float]]) -> float:
    """The slope of the straight line that is nearest to all of them."""
    middle = sum(x for x, _ in points) / len(points)
    level = sum(y for _, y in points) / len(points)
    wide = sum((x - middle) ** 2 for x, _ in points)
    return sum((x - middle) * (y - level) for x, y in points) / wide if wide else 0.0


def on_rest(before: State, after: State) -> list[Line]:
    """Judge whether it has let go of everything once nobody asks any more."""
    pairs = {
        "files": (before.files, after.files),
        "tasks": (before.tasks, after.tasks),
    }
    return [
        Line(what, f"{old} -> {new}", new - old <= NEAR)
        for what, (old, new) in pairs.items()
    ]


def on_stalls(states: States) -> list[Line]:
    """Judge for how long its loop did not turn, and how often it turned late."""
    stall = max(state.stall for _, state in states)
    turns = sum(state.turns for _, state in states)
    late = sum(state.late for _, state in states) / max(turns, 1)
    return [
        Line("longest stall", f"{stall * 1000:.0f} ms", stall <= STALL),
        Line("late turns", f"{late:.2%} of {turns:,}", late <= LATE),
    ]


def on_log(complaints: Sequence[str]) -> Line:
    """Judge what nobody foresaw."""
    return Line("complaints", f"{len(complaints)} {complaints[:3]}", not complaints)
