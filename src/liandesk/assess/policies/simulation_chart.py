"""In which towns enterprises gain and in which they lose: bars to the right and to the left, of SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, ROW, BAR, LEFT, SIDE = 640, 26, 14, 150, 34


@dataclass(frozen=True)
class Bar:
    """One town: counts, and where the bars stand."""

    town: str
    gains: int
    loses: int
    y: int
    left: float
    loses_width: float
    gains_width: float
    right: float


@dataclass(frozen=True)
class TownChart:
    """What the template draws; ``middle`` is where both bars begin."""

    rows: list[Bar]
    middle: float
    height: int
    width: int = WIDTH
    bar: int = BAR


def town_chart(towns: Sequence[tuple[str, int, int]]) -> TownChart | None:
    """Draw town, how many gain and how many lose; None where nobody surely does either."""
    moved = [row for row in towns if row[1] or row[2]]
    if not moved:
        return None
    most_gain, most_lose = max(row[1] for row in moved), max(row[2] for row in moved)
    scale = (WIDTH - LEFT - 2 * SIDE) / (most_gain + most_lose)
    middle = LEFT + SIDE + most_lose * scale
    rows = [
        Bar(town, gains, loses, at * ROW, middle - loses * scale, loses * scale, gains * scale, middle + gains * scale)
        for at, (town, gains, loses) in enumerate(moved)
    ]
    return TownChart(rows, middle, len(rows) * ROW)
