"""The picture of start-up times: a bar each 30 days, those that have started and those still under way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from liandesk.act.trials.times import Bar

HEIGHT, LEFT, TOP, STEP, WIDTH = 160, 40, 16, 60, 22


@dataclass(frozen=True)
class Column:
    """One bar of the picture: both heights and how it reads."""

    x: int
    open_x: int
    y: float
    height: float
    open_y: float
    open_height: float
    label: str
    says: str


@dataclass(frozen=True)
class Picture:
    """Everything the template draws."""

    columns: list[Column]
    width: int
    left: int = LEFT
    bottom: int = TOP + HEIGHT
    bar: int = WIDTH
    height: int = TOP + HEIGHT + 40


def picture_of(found: Sequence[Bar]) -> Picture | None:
    """Draw the distribution; None where there is nothing to draw."""
    most = max((max(one.started, one.under_way) for one in found), default=0)
    if not most:
        return None
    return Picture([_column(place, one, most) for place, one in enumerate(found)], LEFT + STEP * len(found) + 8)


def _column(place: int, one: Bar, most: int) -> Column:
    x = LEFT + STEP * place + 6
    heights = [round(HEIGHT * count / most, 1) for count in (one.started, one.under_way)]
    tops = [round(TOP + HEIGHT - height, 1) for height in heights]
    label = f"{one.first}–{one.below - 1}"
    says = f"{label}: {one.started} / {one.under_way}"
    return Column(x, x + WIDTH + 2, tops[0], heights[0], tops[1], heights[1], label, says)
