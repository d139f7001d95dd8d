"""The picture of the number: bars of the probability of each number, both ends of what is not known, and the goal."""

from __future__ import annotations

from dataclasses import dataclass

from liandesk.assess.listing.queries import Numbers

HEIGHT, LEFT, TOP, STEP, BAR = 180, 56, 12, 56, 20


@dataclass(frozen=True)
class Bar:
    """One number: its place, the two bars, how they read."""

    x: float
    middle: float
    high_x: float
    low_y: float
    low_height: float
    high_y: float
    high_height: float
    number: int
    says: str


@dataclass(frozen=True)
class Picture:
    """Everything the template draws."""

    bars: list[Bar]
    goal_x: float
    width: int
    bottom: int = TOP + HEIGHT
    left: int = LEFT
    top: int = TOP
    bar: int = BAR
    height: int = TOP + HEIGHT + 48


def picture_of(found: Numbers) -> Picture:
    """Draw the distribution."""
    most = max(found.most, 1e-9)
    bars = [_bar(int(row["number"]), row["low"], row["high"], most) for row in found.rows]
    width = LEFT + STEP * len(bars) + 16
    return Picture(bars, LEFT + STEP * found.outlook.goal - 4, width)


def _bar(number: int, low: float, high: float, most: float) -> Bar:
    x = LEFT + STEP * number + 4
    heights = [round(HEIGHT * share / most, 1) for share in (low, high)]
    tops = [round(TOP + HEIGHT - one, 1) for one in heights]
    says = f"{number}: {low:.1%} – {high:.1%}"
    return Bar(x, x + BAR, x + BAR + 2, tops[0], heights[0], tops[1], heights[1], number, says)
