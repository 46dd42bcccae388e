"""The chart: every row as a bar against its budget."""

from typing import Final

from benchmarks.rows import Row
from benchmarks.svg import bar, line, picture, text

WIDTH: Final = 860
LEFT: Final = 270
RIGHT: Final = 620
TOP: Final = 76
STEP: Final = 40
THICK: Final = 18
LEGEND: Final = "left of the line is good; the thin line is the spread"
LEAST_REACH: Final = 1.25
MOST_REACH: Final = 3.0
"""How far to the right the bars go, in budgets; what is longer is cut off."""


def chart(rows: list[Row]) -> str:
    """Give the SVG."""
    bottom = TOP + STEP * len(rows)
    reach = reach_of(rows)
    at_budget = x_of(1.0, reach)
    pieces = [
        text(24, 32, "What it costs, as a part of its budget", "ink title"),
        text(24, 52, LEGEND, "soft small"),
        text(at_budget, TOP - 8, "budget", "soft small", "middle"),
        *(
            piece
            for number, row in enumerate(rows)
            for piece in drawn(row, TOP + STEP * number, reach)
        ),
        line(at_budget, TOP - 2, at_budget, bottom - 6, "rule"),
        text(24, bottom + 20, "dotted: what we aim at next", "soft small"),
    ]
    return picture(WIDTH, bottom + 36, label(rows), pieces)


def drawn(row: Row, y: float, reach: float) -> list[str]:
    """Draw one row."""
    middle = y + THICK / 2 + 5
    pieces = [
        text(LEFT - 12, middle, row.short, "ink", "end"),
        bar(LEFT, y, RIGHT - LEFT, THICK, "track"),
    ]
    if not row.figures:
        return [*pieces, text(RIGHT + 12, middle, "not measured", "soft")]
    style = "good" if row.is_met else "bad"
    pieces.append(
        bar(LEFT, y, x_of(row.median / row.budget, reach) - LEFT, THICK, style)
    )
    low, high = (x_of(figure / row.budget, reach) for figure in row.spread)
    if high - low > 1:
        pieces.append(line(low, y + THICK / 2, high, y + THICK / 2, "whisker"))
    if row.aim:
        at = x_of(row.aim / row.budget, reach)
        pieces.append(line(at, y - 4, at, y + THICK + 4, "aim"))
    return [*pieces, *figures(row, middle)]


def figures(row: Row, y: float) -> list[str]:
    """Write the figure beside its bar, and the budget."""
    measured = row.written(row.median)
    budget = f"of {row.written(row.budget)}"
    return [
        text(RIGHT + 12, y, measured, "ink"),
        text(
            RIGHT + 18 + 8 * len(measured),
            y,
            budget if row.is_met else f"{budget}: not met",
            "soft",
        ),
    ]


def reach_of(rows: list[Row]) -> float:
    """Give what the longest bar needs, within reason."""
    longest = max(row.spread[1] / row.budget for row in rows if row.figures)
    return min(max(LEAST_REACH, longest), MOST_REACH)


def x_of(share: float, reach: float) -> float:
    """Give the place of a share of the budget."""
    return LEFT + (RIGHT - LEFT) * min(share, reach) / reach


def label(rows: list[Row]) -> str:
    """Say in words what the chart shows."""
    said = [f"{row.short}: {row.written(row.median)}" for row in rows if row.figures]
    return "Measured against budget. " + "; ".join(said)
