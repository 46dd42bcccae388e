"""docs/scaling.svg: four small plots on logarithmic axes."""

import math
from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from msgspec import Struct

from benchmarks.scaling.runs import QUOTA, USUAL, Runs
from benchmarks.scaling.simulation import CACHE
from benchmarks.svg import curve, line, picture, text

WIDTH: Final = 900
HEIGHT: Final = 720
WIDE: Final = 330
HIGH: Final = 210
MB: Final = 1024 * 1024

Points: TypeAlias = Sequence[tuple[float, float]]


class Series(Struct, frozen=True):
    """A line of a plot: its name stands beside its last point."""

    name: str
    style: str
    points: Points
    above: bool = True


class Plot(Struct, frozen=True):
    """A plot with its corner on the picture, its title, and what the axes show."""

    x: float
    y: float
    title: str
    below: str
    series: Sequence[Series]

    def drawn(self) -> Iterator[str]:
        """Draw the plot."""
        yield text(self.x, self.y - 18, self.title, "ink")
        yield text(
            self.x + WIDE / 2, self.y + HIGH + 38, self.below, "soft small", "middle"
        )
        for power in decades(self._ys()):
            y = self._y(10.0**power)
            yield line(self.x, y, self.x + WIDE, y, "grid")
            yield text(self.x - 6, y + 4, short(10.0**power), "soft small", "end")
        for power in decades(self._xs()):
            x = self._x(10.0**power)
            yield line(x, self.y, x, self.y + HIGH, "grid")
            yield text(
                x, self.y + HIGH + 18, short(10.0**power), "soft small", "middle"
            )
        yield from self._lines()

    def _lines(self) -> Iterator[str]:
        for series in self.series:
            places = [(self._x(x), self._y(y)) for x, y in series.points]
            yield curve(places, series.style)
            x, y = places[-1]
            style = f"fill-{series.style} small"
            lower = y - 9 if series.above else y + 20
            yield text(x, lower, series.name, style, "end")

    def _xs(self) -> list[float]:
        return [x for series in self.series for x, _ in series.points]

    def _ys(self) -> list[float]:
        return [y for series in self.series for _, y in series.points]

    def _x(self, value: float) -> float:
        return self.x + WIDE * part(value, self._xs())

    def _y(self, value: float) -> float:
        return self.y + HIGH * (1 - part(value, self._ys()))


def decades(values: Sequence[float]) -> range:
    """Give the powers of ten that hold all values between them."""
    low = math.floor(math.log10(min(values)) + 1e-9)
    high = math.ceil(math.log10(max(values)) - 1e-9)
    return range(low, max(high, low + 1) + 1)


def part(value: float, values: Sequence[float]) -> float:
    """Say how far along its axis a value lies."""
    powers = decades(values)
    return (math.log10(value) - powers[0]) / (powers[-1] - powers[0])


def short(value: float) -> str:
    """Write a power of ten."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if value >= size:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def plots(runs: Runs) -> str:
    """Give the SVG."""
    left, right, upper, lower = 70, 520, 100, 430
    found = (
        calls_by_people(runs, left, upper),
        cpu_by_people(runs, right, upper),
        memory_by_queries(runs, left, lower),
        calls_by_replicas(runs, right, lower),
    )
    title = text(24, 36, "How it grows: an hour of searches, simulated", "ink title")
    pieces = [title, *(piece for plot in found for piece in plot.drawn())]
    label = "Calls, CPU and memory as searches, queries and replicas grow"
    return picture(WIDTH, HEIGHT, label, pieces)


def calls_by_people(runs: Runs, x: float, y: float) -> Plot:
    """Plot calls against searches."""
    each = [outcome.load.searches for outcome in runs.people]
    calls = [(outcome.load.searches, outcome.calls) for outcome in runs.people]
    quota = [(searches, float(QUOTA)) for searches in each]
    return Plot(
        x,
        y,
        "Calls to Giphy in the hour",
        "searches in the hour",
        [
            Series("a call for each search", "b", [(n, n) for n in each]),
            Series("kept pages", "a", calls, above=False),
            Series("a new key's quota", "c", quota),
        ],
    )


def cpu_by_people(runs: Runs, x: float, y: float) -> Plot:
    """Plot CPU for each search against searches."""
    points = [
        (outcome.load.searches, outcome.cpu / outcome.load.searches * 1e6)
        for outcome in runs.people
    ]
    title = "CPU of service and store, µs for each search"
    return Plot(x, y, title, "searches in the hour", [Series("", "a", points)])


def memory_by_queries(runs: Runs, x: float, y: float) -> Plot:
    """Plot memory against queries."""
    bound = CACHE.max_bytes / MB
    points = [(outcome.load.queries, outcome.resident / MB) for outcome in runs.queries]
    limits = [(queries, bound) for queries, _ in points]
    return Plot(
        x,
        y,
        "Memory for what is kept, MB",
        "different queries",
        [Series("bound", "c", limits), Series("resident", "a", points, above=False)],
    )


def calls_by_replicas(runs: Runs, x: float, y: float) -> Plot:
    """Plot calls against replicas."""
    alone = [(outcome.load.replicas, outcome.calls) for outcome in runs.alone]
    shared = [(outcome.load.replicas, outcome.calls) for outcome in runs.shared]
    return Plot(
        x,
        y,
        f"Calls to Giphy in the hour, {USUAL:,} searches",
        "replicas",
        [
            Series("each alone", "b", alone),
            Series("sharing a Redis", "a", shared, above=False),
        ],
    )
