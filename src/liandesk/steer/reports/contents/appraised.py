"""The published appraisal: in the annual report all groups, as who appraises reads it; in a letter one unit only."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _c

from liandesk.steer.appraisal import queries, standing
from liandesk.steer.appraisal.models import Result
from liandesk.steer.appraisal.queries import GroupResult, Line, Opened, UnitResult
from liandesk.steer.appraisal.wording import title_of
from liandesk.steer.plan.wording import unit
from liandesk.steer.reports.contents.gather import Gathered, plain_text
from liandesk.steer.reports.contents.parts import day_words, in_one
from liandesk.steer.reports.writing.paper import Block, Rows, Sub
from liankit.plan.appraisal import capped
from liankit.plan.report.ledger import mark


def appraisal(found: Gathered) -> list[Block]:
    """The last publication: of every group the totals, the ranks, and between which ranks each unit lies."""
    years = (one for one in queries.appraisals(found.viewer) if one.year <= found.day.year)
    pk = next((one.pk for one in years if queries.result_of(one)), None)
    if pk is None:
        return [_("No appraisal is published yet.")]
    opened = queries.opened(found.viewer, pk)
    found.has_synthetic |= opened.is_synthetic
    same = "" if opened.is_as_published else _("Worked out again, its totals are not those that were published.")
    groups = [_Group(found, opened, one) for one in opened.groups]
    return [in_one(_published(opened.result), same), *(block for one in groups for block in one.blocks())]


def _published(result: Result | None) -> str:
    assert result is not None
    words = {
        "year": result.appraisal.year,
        "day": day_words(result.published_on),
        "hash": result.formula.hash[:12],
        "until": day_words(result.objections_until),
    }
    text = _(
        "The appraisal of %(year)s was published on %(day)s under the formula frozen as %(hash)s; objections are "
        "taken until %(until)s."
    )
    return text % words


class _Group:
    """A group: a total follows from points and weights, a rank from totals, its bounds from the region they lie in."""

    def __init__(self, found: Gathered, opened: Opened, one: GroupResult) -> None:
        self.found, self.one, self.scored, self.title = found, one, one.scored, title_of(one.group)
        self.names = [standing.unit_name(one.group, unit) for unit in one.scored.units]
        self.source = _("appraisal of %(year)s") % {"year": opened.appraisal.year}

    def blocks(self) -> Iterator[Block]:
        items = self.one.group.items
        points = [
            [self._put(f"{name}: {title_of(item)}", amount) for item, amount in zip(items, row, strict=True)]
            for name, row in zip(self.names, self.scored.scores, strict=True)
        ]
        yield Sub(self.title)
        yield self._words(points)
        totals = list(self._totals(points))
        yield self._table(totals, self._ranks(totals))

    def _put(self, label: str, amount: float) -> str:
        return _given(self.found, label, float(amount), self.source)

    def _words(self, points: Sequence[Sequence[str]]) -> str:
        units = [self.found.ledger.input(_c("appraisal", "Unit"), name, self.source) for name in self.names]
        counts = {
            "units": self.found.count(_("Units: %(title)s") % {"title": self.title}, units),
            "known": self.found.count(
                _("Points that are known: %(title)s") % {"title": self.title}, (one for row in points for one in row)
            ),
        }
        text = _(
            "%(units)s units, %(known)s points of items known. What is unknown makes no points: the unit's other items "
            "carry its weight. Units whose ranks overlap cannot be told apart."
        )
        return text % {name: mark(number) for name, number in counts.items()}

    def _totals(self, points: Sequence[Sequence[str]]) -> Iterator[str]:
        weights = [
            self._put(_("Weight: %(title)s") % {"title": title_of(item)}, item.weight) for item in self.one.group.items
        ]
        for row, name in enumerate(self.names):
            label = _("Additions and deductions: %(name)s") % {"name": name}
            added = [self._put(label, ends[row]) for ends in (self.scored.bonus, self.scored.penalty)]
            how = {"do": "weighted", "of": list(points[row]), "weights": weights, "plus": added}
            yield self.found.ledger.number(_("Total: %(name)s") % {"name": name}, how, places=2)

    def _ranks(self, totals: list[str]) -> Iterator[tuple[str, str, str]]:
        """Put the rank of each unit, the best and the worst that it may have."""
        sets, put = self.one.intervals, self.found.ledger.number
        least = [self._put(_("Least total: %(name)s") % {"name": name}, end) for name, end in self._named(sets.least)]
        most = [self._put(_("Greatest total: %(name)s") % {"name": name}, end) for name, end in self._named(sets.most)]
        for row, name in enumerate(self.names):
            said = {"name": name}
            yield (
                put(_("Rank: %(name)s") % said, {"do": "rank", "of": totals[row], "among": totals}),
                put(_("Best rank: %(name)s") % said, {"do": "rank", "of": most[row], "among": least}),
                put(_("Worst rank: %(name)s") % said, {"do": "reaching", "of": least[row], "among": most}),
            )

    def _named(self, ends: Iterable[float]) -> list[tuple[str, float]]:
        return list(zip(self.names, ends, strict=True))

    def _table(self, totals: Sequence[str], ranks: Iterable[tuple[str, str, str]]) -> Rows:
        numbers = [(total, *three) for total, three in zip(totals, ranks, strict=True)]
        heads = [_c("appraisal", "Unit"), _("Total"), _("Rank"), _("Best rank"), _("Worst rank")]
        cells = [[self.names[row], *(mark(one) for one in numbers[row])] for row in self.one.order]
        return Rows(self.title, heads, cells, (7, 3, 3, 3, 3))


def own_appraisal(found: Gathered) -> list[Block]:
    """What the addressee of a letter reads of the last publication: its own detail, and how its group lies."""
    own = next((one for one in queries.own_units(found.viewer) if one.unit == found.office), None)
    if own is None:
        return []
    one = queries.of_unit(found.viewer, own.result.appraisal_id, own.unit)
    found.has_synthetic |= one.result.is_synthetic
    source = _("appraisal of %(year)s") % {"year": one.result.appraisal.year}
    put = [_of_item(found, line, source) for line in one.lines]
    cells = [[title_of(line.item), *(mark(number) for number in row)] for line, row in zip(one.lines, put, strict=True)]
    heads = [
        _c("appraisal", "Item"),
        _("Value"),
        _("Points"),
        _c("appraisal", "Most"),
        _("Weight used (%)"),
        _("Part of the total"),
        _c("appraisal", "Lost"),
    ]
    rows = Rows(_("Your appraisal by items"), heads, cells, (7, 3, 3, 2, 3, 3, 3))
    parts = [row[4] for line, row in zip(one.lines, put, strict=True) if line.points is not None]
    return [_published(one.result), _own_words(found, one, _own_total(found, one, parts, source), source), rows]


def _of_item(found: Gathered, line: Line, source: str) -> list[str]:
    """Put an item's value, points, most points and weight, the part of the total that it makes, and what it lost."""
    said, number = {"title": title_of(line.item)}, found.ledger.number
    takes: list[tuple[str, float | None, dict[str, Any]]] = [
        (_("Value: %(title)s") % said, line.value, {"unit": unit(line.item.unit), "places": _places(line.value)}),
        (_("Points: %(title)s") % said, line.points, {"places": 2}),
        (_("Most points: %(title)s") % said, line.item.limits[1], {}),
        (_("Weight used: %(title)s") % said, line.weight, {"unit": "%", "places": 1, "scale": 100}),
    ]
    put = [
        number(label, {"do": "take", "of": _given(found, label, amount, source)}, **form)
        for label, amount, form in takes
    ]
    _value, points, most, weight = put
    below = number(_("Below the most: %(title)s") % said, {"do": "difference", "of": most, "less": points}, places=2)
    how = {"do": "product", "of": [points, weight]}
    part = number(_("Part of the total: %(title)s") % said, how, places=2)
    how = {"do": "product", "of": [below, weight]}
    return [*put, part, number(_("Lost: %(title)s") % said, how, places=2)]


def _places(value: float | None) -> int:
    return 0 if value is None or value == int(value) else 2


def _own_total(found: Gathered, one: UnitResult, parts: list[str], source: str) -> str:
    points = np.nan_to_num([[math.nan if added.points is None else added.points for added in one.added]])
    ends = capped(one.group, points)
    label = _("Additions and deductions: %(name)s") % {"name": one.name}
    added = [_given(found, label, float(end[0]), source) for end in ends] if parts else []
    how = {"do": "sum", "of": [*parts, *added]} if parts else {"do": "max", "of": []}
    return found.ledger.number(_("Total: %(name)s") % {"name": one.name}, how, places=2)


def _own_words(found: Gathered, one: UnitResult, total: str, source: str) -> str:
    traced, words = found.ledger.traced, {"total": mark(total)}
    units = found.ledger.input(_("Units of the group"), one.units, source)
    words["units"] = mark(found.ledger.number(_("Units of the group"), {"do": "take", "of": units}))
    words["rank"] = mark(traced(_("Rank: %(name)s") % {"name": one.name}, one.rank, source))
    text = _("Your total is %(total)s, rank %(rank)s of %(units)s units.") % words
    if one.quartiles is None:
        return text
    labels = {"low": _("Lower quartile"), "median": _("Median"), "high": _("Upper quartile")}
    ends = zip(labels.items(), one.quartiles, strict=True)
    put = {name: mark(traced(label, round(end, 6), source, places=2)) for (name, label), end in ends}
    group = _("Half of the group lies between %(low)s and %(high)s, its median is %(median)s.")
    return in_one(text, group % put)


def _given(found: Gathered, label: str, amount: float | None, source: str) -> str:
    is_known = amount is not None and math.isfinite(amount)
    return found.ledger.input(label, plain_text(amount) if is_known else None, source)
