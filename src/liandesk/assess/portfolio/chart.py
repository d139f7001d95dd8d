"""The picture of a frontier: "so much buys so much", as steps from one point to the next, in lines of SVG."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _

from liandesk.base.ui import numbers
from liandesk.base.ui.display import language

WIDTH, HEIGHT = 640, 320
LEFT, RIGHT, TOP, BOTTOM = 92, 44, 20, 52
MARKS = 5


@dataclass(frozen=True)
class Mark:
    """A value on an axis, where it stands, and how it reads."""

    at: float
    text: str


@dataclass(frozen=True)
class Point:
    """One choice, where it stands, its cost (for the address) and its words; ``is_shown``: the page is about it."""

    x: float
    y: float
    cost_cny: int
    says: str
    is_shown: bool


@dataclass(frozen=True)
class FrontierChart:
    """What the template draws; ``says`` is the finding in words and the name of the picture."""

    steps: str
    across: list[Mark]
    upward: list[Mark]
    points: list[Point]
    says: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    bottom: int = HEIGHT - BOTTOM
    top: int = TOP


def frontier_chart(frontier: pl.DataFrame, shown_cny: int) -> FrontierChart | None:
    """Draw what is avoided, computed as a whole, against what it costs; None where nothing is avoided."""
    cost, saved = frontier["cost_cny"].to_list(), frontier["together"].to_list()
    if not saved or max(saved) <= 0 or max(cost) <= 0:
        return None
    far, high = _rounded(max(cost)), _rounded(max(saved))
    x = [LEFT + (WIDTH - LEFT - RIGHT) * one / far for one in cost]
    y = [HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * one / high for one in saved]
    points = [
        Point(round(a, 1), round(b, 1), one, _buys(one, gain), one == shown_cny)
        for a, b, one, gain in zip(x, y, cost, saved, strict=True)
    ]
    return FrontierChart(
        steps=" ".join(_steps(points)),
        across=[Mark(round(LEFT + (WIDTH - LEFT - RIGHT) * part, 1), _money(far * part)) for part in _parts()],
        upward=[
            Mark(round(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * part, 1), _money(high * part)) for part in _parts()
        ],
        points=points,
        says=_buys(shown_cny, dict(zip(cost, saved, strict=True))[shown_cny]),
    )


def _steps(points: list[Point]) -> Iterator[str]:
    """Yield the path: what a sum buys stays until the next choice can be paid for."""
    yield f"M{points[0].x},{points[0].y}"
    for point in points[1:]:
        yield f"H{point.x}V{point.y}"
    yield f"H{WIDTH - RIGHT}"


def _parts() -> list[float]:
    return [number / (MARKS - 1) for number in range(MARKS)]


def _rounded(value: float) -> float:
    """Return the next number above with one or two significant digits that four parts divide evenly."""
    size = 10 ** math.floor(math.log10(value))
    return next(size * step for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if size * step >= value)


def _money(value: float) -> str:
    return numbers.money(value, language())


def _buys(cost: float, saved: float) -> str:
    return _("%(cost)s buys %(saved)s less loss a year") % {"cost": _money(cost), "saved": _money(saved)}
