"""The pictures of the pipeline: how far projects came, as bars, and their dates, as lines over the years."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise

from liandesk.act.pipeline.cohorts import Cohort
from liandesk.act.pipeline.models import Project
from liandesk.base.ui.templatetags.ui import day

LEFT, WIDTH, ROW, BAR, RIGHT = 150, 420, 30, 20, 150
_LINE, _THICK, _TOP, _MARK, _SPAN, _MARGIN = 26, 12, 34, 5, 760, 190
_SIGNS = 13  # of a title that stand beside its line


@dataclass(frozen=True)
class Bar:
    """One milestone: its place, its length and what it says."""

    title: str
    says: str
    y: int
    middle: int
    width: float
    end: float


@dataclass(frozen=True)
class Funnel:
    """Everything the template draws of bars below each other."""

    bars: list[Bar]
    height: int
    left: int = LEFT
    label: int = LEFT - 8
    bar: int = BAR
    width: int = LEFT + WIDTH + RIGHT


def of_cohort(cohort: Cohort, titles: dict[str, Promise | str]) -> Funnel:
    """Draw the rates of a cohort: a bar is as long as its rate; one without a denominator has no bar."""
    told = []
    for name, rate in cohort.rates.items():
        says = f"{rate.numerator:g} / {rate.denominator:g}"
        says = says if rate.value is None else f"{says} · {rate.value:.0%}"
        told.append((str(titles[name]), rate.value or 0, says))
    return _funnel(told)


def of_counts(counts: dict[str, int], titles: dict[str, Promise | str]) -> Funnel:
    """Draw how many came to each milestone: a bar is as long as their share of the most."""
    most = max(counts.values(), default=0) or 1
    return _funnel((str(titles[name]), many / most, str(many)) for name, many in counts.items())


def _funnel(told: Iterable[tuple[str, float, str]]) -> Funnel:
    bars = []
    for place, (title, share, says) in enumerate(told):
        y, width = place * ROW + 4, round(WIDTH * share, 1)
        bars.append(Bar(title, says, y, y + BAR // 2, width, LEFT + width + 6))
    return Funnel(bars, ROW * len(bars) + 4)


@dataclass(frozen=True)
class Mark:
    """One milestone of a project: the diamond around its middle, its words."""

    path: str
    says: str


@dataclass(frozen=True)
class Line:
    """One project: its title, where its line starts and how long it is, its milestones, its words, its case."""

    case: int
    title: str
    x: float
    y: float
    width: float
    marks: list[Mark]
    says: str

    @property
    def middle(self) -> float:
        return self.y + _THICK / 2


@dataclass(frozen=True)
class Gantt:
    """Everything the template draws of the dates; ``years`` are where each begins."""

    years: list[tuple[float, int]]
    lines: list[Line]
    height: int
    width: int = _MARGIN + _SPAN + 12
    left: int = _MARGIN - 8
    top: int = _TOP
    bar: int = _THICK


def gantt(rows: Sequence[Project], titles: dict[str, Promise | str], on: date) -> Gantt | None:
    """Draw projects from the first year of any to a day; None without one. ``titles`` are of the days that are marked.

    A line runs from the day a lead was recorded to its end, or to the day it is looked at.
    """
    days = [row.signed_on for row in rows if row.signed_on] + [row.opened_on for row in rows]
    if not days:
        return None
    scale = _Scale(date(min(days).year, 1, 1), max(on, max(days)))
    lines = [_line(row, titles, on, scale, _TOP + _LINE * place) for place, row in enumerate(rows)]
    years = [(scale.x(date(year, 1, 1)), year) for year in range(scale.first.year, scale.last.year + 1)]
    return Gantt(years, lines, _TOP + _LINE * len(lines) + 4)


@dataclass(frozen=True)
class _Scale:
    first: date
    last: date

    def x(self, of: date) -> float:
        share = (of - self.first).days / max((self.last - self.first).days, 1)
        return round(_MARGIN + _SPAN * min(max(share, 0.0), 1.0), 1)


def _line(row: Project, titles: dict[str, Promise | str], on: date, scale: _Scale, top: int) -> Line:
    y = top + (_LINE - _THICK) / 2
    reached = [(str(title), of) for name, title in titles.items() if (of := getattr(row, name))]
    starts = min([row.opened_on, *(of for _title, of in reached)])
    x = scale.x(starts)
    width = round(max(scale.x(row.ended_on or max(on, starts)) - x, 3), 1)
    marks = [_mark(title, of, scale, y + _THICK / 2) for title, of in reached]
    told = [f"{day(starts)} – {day(row.ended_on) if row.ended_on else ''}", *(f"{t} {day(of)}" for t, of in reached)]
    title = row.title if len(row.title) <= _SIGNS else f"{row.title[: _SIGNS - 1]}…"
    return Line(row.case_id, title, x, y, width, marks, f"{row.title}: {'; '.join(told)}")


def _mark(title: str, of: date, scale: _Scale, y: float) -> Mark:
    x = scale.x(of)
    path = f"M{x - _MARK:g},{y:g}L{x:g},{y - _MARK:g}L{x + _MARK:g},{y:g}L{x:g},{y + _MARK:g}Z"
    return Mark(path, f"{title} · {day(of)}")
