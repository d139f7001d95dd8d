"""The picture of the funnel: a bar a stage, as long as the share of all that came that far."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from liandesk.act.transfers.queries import Step

LEFT, WIDTH, ROW, BAR, RIGHT = 170, 420, 30, 20, 60


@dataclass(frozen=True)
class Bar:
    """One stage: its place, its length and what it says."""

    title: str
    number: int
    y: int
    middle: int
    width: float
    end: float


@dataclass(frozen=True)
class Picture:
    """Everything the template draws."""

    bars: list[Bar]
    height: int
    left: int = LEFT
    label: int = LEFT - 8
    bar: int = BAR
    width: int = LEFT + WIDTH + RIGHT


def picture_of(steps: Sequence[Step]) -> Picture:
    """Draw the funnel."""
    most = max((one.reached for one in steps), default=0) or 1
    bars = []
    for place, one in enumerate(steps):
        y, width = place * ROW + 4, round(WIDTH * one.reached / most, 1)
        bars.append(Bar(str(one.stage.label), one.reached, y, y + BAR // 2, width, LEFT + width + 6))
    return Picture(bars, ROW * len(steps) + 4)
