"""What must be so after a soak, and whether it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from tests.abuse.service import State

MB: Final = 1024 * 1024
STEEPEST: Final = 1.0
"""MB a minute by which memory may grow."""
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
    """Judge what came back: a refusal is an answer."""
    told = ", ".join(f"{status}: {statuses[status]:,}" for status in sorted(statuses))
    return [
        Line("answers", told, 200 in statuses),
        Line("did not wait", f"{hung_up:,} clients", good=True),
        Line("had none", f"{len(failures)} {failures[:3]}", not failures),
    ]


def on_memory(states: States) -> Line:
    """Judge memory by how it grows."""
    steep = slope([(when, state.memory) for when, state in states]) * 60 / MB
    found = f"{steep:+.2f} MB a minute, {states[-1][1].memory / MB:.0f} MB at the end"
    return Line("memory", found, steep <= STEEPEST)


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


def on_stalls(states: States) -> Line:
    """Tell for how long its loop did not turn; the abuse tests judge that."""
    stall = max(state.stall for _, state in states)
    return Line("longest stall", f"{stall * 1000:.0f} ms", good=True)


def on_log(complaints: Sequence[str]) -> Line:
    """Judge what nobody foresaw."""
    return Line("complaints", f"{len(complaints)} {complaints[:3]}", not complaints)
