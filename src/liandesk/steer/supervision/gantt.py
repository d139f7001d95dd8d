"""The year of a task sheet as bars and milestones in lines of SVG; the table beside it says the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.utils.translation import gettext as _

from liandesk.base.ui.templatetags.ui import day
from liandesk.steer.supervision.queries import Milestone, RowState
from liandesk.steer.supervision.wording import standing_word

WIDTH, LEFT, RIGHT, TOP, LINE = 960, 48, 12, 34, 26
_BAR, _MARK = 12, 6


@dataclass(frozen=True)
class Mark:
    """One milestone: the diamond around its middle, its state, its words."""

    path: str
    state: Literal["done", "late", "open"]
    says: str


@dataclass(frozen=True)
class Bar:
    """One row: where its bar starts, how long it is, its level, its milestones, its words and its page."""

    pk: int
    number: int
    x: float
    y: float
    width: float
    standing: str
    marks: list[Mark]
    says: str

    @property
    def middle(self) -> float:
        return self.y + _BAR / 2


@dataclass(frozen=True)
class Gantt:
    """What the template draws; ``today`` is where the line of today stands, None where it is out of the year."""

    months: list[tuple[float, int]]
    bars: list[Bar]
    today: float | None
    height: int
    width: int = WIDTH
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bar: int = _BAR


def gantt(states: Sequence[RowState], year: int, on: date) -> Gantt:
    """Draw the rows of a sheet over the months of its year, with the line of a day."""
    bars = [_bar(state, year, TOP + LINE * place) for place, state in enumerate(states)]
    months = [(_x(date(year, month, 1), year), month) for month in range(1, 13)]
    return Gantt(months, bars, _x(on, year) if on.year == year else None, TOP + LINE * len(bars) + 4)


def _x(of: date, year: int) -> float:
    """Return where a day stands; what lies out of the year stands at its edge."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    share = (min(max(of, first), last) - first).days / (last - first).days
    return round(LEFT + (WIDTH - LEFT - RIGHT) * share, 1)


def _bar(state: RowState, year: int, top: int) -> Bar:
    row, y = state.row, top + (LINE - _BAR) / 2
    x = _x(row.starts, year)
    width = max(_x(row.due, year) - x, 4)
    marks = [_mark(one, year, y + _BAR / 2) for one in state.milestones if one.due]
    return Bar(row.pk, row.number, x, y, round(width, 1), state.standing, marks, _says(state))


def _mark(one: Milestone, year: int, y: float) -> Mark:
    assert one.due is not None  # by the caller
    x = _x(one.due, year)
    path = f"M{x - _MARK:g},{y:g}L{x:g},{y - _MARK:g}L{x + _MARK:g},{y:g}L{x:g},{y + _MARK:g}Z"
    state: Literal["done", "late", "open"] = "done" if one.done_on else "late" if one.is_late else "open"
    return Mark(path, state, f"{one.title} · {day(one.due)}")


def _says(state: RowState) -> str:
    row = state.row
    told = {"number": row.number, "task": row.task, "from": day(row.starts), "to": day(row.due)}
    told["standing"] = standing_word(state.standing)
    return _("%(number)s. %(task)s: %(from)s to %(to)s, %(standing)s") % told
