"""How a target moved and where it goes: its values, the path to its goal, the forecast."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _c

from liandesk.steer.reports.contents.gather import Gathered, TargetLine, plain_text
from liandesk.steer.reports.contents.parts import in_one, target_words
from liandesk.steer.reports.writing.paper import Block, Lines, Sub, Trace
from liankit.plan.model import Target
from liankit.plan.report.ledger import mark

_MOST_POINTS = 12


def movements(found: Gathered) -> list[Block]:
    """Each target under its own heading: the chart of its values against its path, and what they say."""
    blocks: list[Block] = []
    for one in found.targets:
        blocks += [Sub(one.title), *charts(found, [one]), target_words(found, one)]
    return blocks


def charts(found: Gathered, targets: Sequence[TargetLine]) -> list[Block]:
    """The charts of those targets of which any value is known."""
    return [_chart(found, one) for one in targets if one.history]


def _chart(found: Gathered, one: TargetLine) -> Lines:
    """The values of a target against its path; with the forecast, and, but in a letter, the band that it lies in."""
    values = _values(found, one)
    traces = [
        Trace("path", _("Path to the goal"), _path(found, one, found.plan.targets[one.id])),
        Trace("values", _c("chart", "Value"), values),
    ]
    said = [_("The last known value is %(value)s %(unit)s; the goal is %(goal)s.")]
    words = {"value": mark(one.value), "unit": one.unit, "goal": mark(one.goal), "median": mark(one.median)}
    ends, band = [(one.goal, _("path to the goal of %(goal)s") % words)], []
    if one.median:
        traces.append(Trace("forecast", _("Forecast"), [values[-1], (one.due, one.median)]))
        ends.append((one.median, _("forecast %(median)s") % words))
    if one.median and not found.office:
        low, high = found.forecast_ends(one)
        band = [(values[-1][0], one.value, one.value), (one.due, low, high)]
        words |= {"low": mark(low), "high": mark(high)}
        said.append(_("The grey band is where the forecast lies: from %(low)s to %(high)s on the day it is due."))
    title = _("Course of “%(title)s”") % {"title": one.title}
    return Lines(title, in_one(*(text % words for text in said)), one.unit, traces, band, ends)


def _values(found: Gathered, one: TargetLine) -> list[tuple[date, str]]:
    """Return the last values; the newest is the number that the report has of it already."""
    *earlier, last = one.history[-_MOST_POINTS:]
    points = [(value.on, found.value(one.title, one.unit, value)) for value in earlier]
    return [*points, (last.on, one.value)]


def _path(found: Gathered, one: TargetLine, target: Target) -> list[tuple[date, str]]:
    """Return the corners of the path: where it begins, its stated steps, the goal."""
    begin = _begin(target)
    start = [] if begin is None else [(found.plan.period.start, begin)]
    steps = [*start, *((step.on, step.value) for step in target.path)]
    return [*((on, _step(found, one, on, value)) for on, value in steps if on < one.due), (one.due, one.goal)]


def _begin(target: Target) -> float | None:
    """Return what was there at the beginning: what adds up within the plan begins with nothing."""
    if target.counting == "within":
        return 0.0
    known = target.baseline.value
    return 0.0 if known is None and target.counting == "cumulative" else known


def _step(found: Gathered, one: TargetLine, on: date, value: float) -> str:
    label = _("Path, %(day)s: %(title)s") % {"day": on.isoformat(), "title": one.title}
    how = {"do": "take", "of": found.ledger.input(label, plain_text(value), found.source)}
    return found.ledger.number(label, how, unit=one.unit, places=0 if value == int(value) else 2)
