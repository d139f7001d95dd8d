"""The picture of an indicator: its values, the path of the target, the goal, and the fan of the forecast."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.utils.translation import gettext as _

from liandesk.steer.indicators.progress import Progress
from liandesk.steer.indicators.queries import Value
from liandesk.steer.indicators.shown import path_of, plain_with_unit, title_of
from liankit.plan.indicators import Indicator
from liankit.plan.progress import expected

WIDTH, HEIGHT = 640, 300
LEFT, RIGHT, TOP, BOTTOM = 84, 24, 20, 44
MARKS = 4


@dataclass(frozen=True)
class Mark:
    """A value on an axis, where it stands, and how it reads."""

    at: float
    text: str


@dataclass(frozen=True)
class Dot:
    """One value: where it stands and its words."""

    x: float
    y: float
    says: str


@dataclass(frozen=True)
class Course:
    """What the template draws, as paths of SVG; ``says`` is the finding in words and the name of the picture."""

    values: str
    dots: list[Dot]
    path: str  # what is due, day by day; empty without a target
    band: str  # where the forecast lies; empty without one
    median: str
    goal: float | None
    goal_text: str
    across: list[Mark]
    upward: list[Mark]
    says: str
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


Points = list[tuple[date, float]]
Place = Callable[[date, float], tuple[float, float]]


def course(
    indicator: Indicator, values: Sequence[Value], stands: Progress | None, fan: pl.DataFrame | None
) -> Course | None:
    """Draw the values of an indicator, and of its target what is due and what is forecast; None without a value."""
    known = [(one.on, one.value) for one in values if one.value is not None]
    if not known:
        return None
    due, low, median, high = _due(stands), *_fan(known[-1], fan)
    first = min(on for on, _value in (known[0], *due[:1]))
    last = max(on for points in (known, due, median) for on, _value in points)
    top = _rounded(max(value for points in (known, due, high) for _on, value in points) or 1.0)
    place = _placing(first, last, top)
    goal = stands.computed["goal"] if stands else None
    return Course(
        values=_line(known, place),
        dots=[Dot(*place(on, value), f"{on}: {plain_with_unit(value, indicator)}") for on, value in known],
        path=_line(due, place),
        band=_band(low, high, place),
        median=_line(median, place),
        goal=place(first, goal)[1] if goal is not None else None,
        goal_text=plain_with_unit(goal, indicator) if goal is not None else "",
        across=_years(first, last, place),
        upward=[Mark(place(first, top * n / MARKS)[1], _short(top * n / MARKS, indicator)) for n in range(MARKS + 1)],
        says=_says(indicator, known[-1], stands),
    )


def _due(stands: Progress | None) -> Points:
    """Return what is due at both ends, at each step of the target's path and at each turn of the year between."""
    if stands is None or stands.expected is None:
        return []
    row, steps = stands.computed, path_of(stands.target)
    turns = [date(year, 12, 31) for year in range(row["start"].year, row["until"].year)]
    between = {day for day in (*turns, *(on for on, _value in steps)) if row["start"] < day < row["until"]}
    said = {name: row[name] for name in ("baseline", "start", "counting")} | {"end": row["until"], "path": steps}
    found = ((day, expected(day, row["goal"], **said)) for day in (row["start"], *sorted(between), row["until"]))
    return [(day, value) for day, value in found if value is not None]


def _fan(last: tuple[date, float], fan: pl.DataFrame | None) -> tuple[Points, Points, Points]:
    """Return the lower end, the middle and the upper end of the forecast, each from the last value on."""
    if fan is None:
        return [], [], []
    known = fan.drop_nulls("median")
    if known.is_empty():
        return [], [], []
    low, median, high = ([last, *known.select("until", name).iter_rows()] for name in ("low", "median", "high"))
    return low, median, high


def _placing(first: date, last: date, top: float) -> Place:
    days = max(1, (last - first).days)

    def place(on: date, value: float) -> tuple[float, float]:
        x = LEFT + (WIDTH - LEFT - RIGHT) * (on - first).days / days
        y = HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * min(1.0, max(0.0, value / top))
        return round(x, 1), round(y, 1)

    return place


def _line(points: Iterable[tuple[date, float]], place: Place) -> str:
    found = [place(*point) for point in points]
    return "M" + " L".join(f"{x},{y}" for x, y in found) if len(found) > 1 else ""


def _band(low: Points, high: Points, place: Place) -> str:
    return _line([*low, *reversed(high)], place) + "Z" if low else ""


def _years(first: date, last: date, place: Place) -> list[Mark]:
    ends = [date(year, 12, 31) for year in range(first.year - 1, last.year + 1)]
    return [Mark(place(day, 0)[0], str(day.year)) for day in ends if first <= day <= last]


def _short(value: float, indicator: Indicator) -> str:
    return plain_with_unit(value, indicator) if indicator.unit == "share" else f"{value:g}"


def _rounded(value: float) -> float:
    """Return the next number above with one or two significant digits that four parts divide evenly."""
    size = 10 ** math.floor(math.log10(value))
    return next(size * step for step in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10) if size * step >= value)


def _says(indicator: Indicator, last: tuple[date, float], stands: Progress | None) -> str:
    said = {"title": title_of(indicator), "value": plain_with_unit(last[1], indicator), "day": last[0]}
    if stands is None:
        return _("%(title)s: %(value)s on %(day)s") % said
    row = stands.computed
    said |= {"goal": plain_with_unit(row["goal"], indicator), "until": row["until"]}
    return _("%(title)s: %(value)s on %(day)s, of %(goal)s by %(until)s") % said
