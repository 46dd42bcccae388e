"""What comes out of a measurement: a row of the table, held against its budget."""

import statistics
from collections.abc import Sequence
from typing import Final

from msgspec import Struct

MICRO: Final = 1e6


class Row(Struct, frozen=True, kw_only=True):
    """One budget, and the figure of every round; less is better in all of them.

    `unit` is how a figure is written, as format() takes it.
    """

    what: str
    short: str
    budget: float
    aim: float | None = None
    unit: str = "{:.2f}"
    figures: tuple[float, ...] = ()
    baseline: str = ""
    how: str = ""
    missing: str = ""

    @property
    def median(self) -> float:
        """The figure in the middle."""
        return statistics.median(self.figures)

    @property
    def spread(self) -> tuple[float, float]:
        """Where the middle half of the rounds lies; of a few rounds, all of them."""
        return spread(self.figures)

    @property
    def is_met(self) -> bool:
        """Whether the median is within the budget, as exactly as it is written."""
        return bool(self.figures) and self.rounded(self.median) <= self.budget

    def rounded(self, figure: float) -> float:
        """Give a figure with the digits that are shown of it."""
        return float(self.unit.format(figure).split()[0].replace(",", ""))

    def written(self, figure: float) -> str:
        """Write a figure with its unit."""
        return self.unit.format(figure)


FEW: Final = 8


def spread(figures: Sequence[float]) -> tuple[float, float]:
    """Give the quartiles, or of few figures the least and the most."""
    if len(figures) < FEW:
        return min(figures), max(figures)
    first, _, third = statistics.quantiles(figures, n=4)
    return first, third


def micro(seconds: Sequence[float]) -> str:
    """Write the median of what was measured in seconds as microseconds."""
    return f"{statistics.median(seconds) * MICRO:,.0f} µs"
