"""What the pages of appraisals show, made of what queries return."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import numpy as np
from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.queries import names_of
from liandesk.steer.appraisal import standing
from liandesk.steer.appraisal.chart import RankChart, Strip, rank_chart, strip
from liandesk.steer.appraisal.origins import NUMBERS, Origin, origins_of, sources_of
from liandesk.steer.appraisal.queries import Formulas, GroupResult, Line, Opened, UnitResult
from liandesk.steer.appraisal.wording import exact, method_of, title_of
from liankit.plan.appraisal import Floats
from liankit.plan.appraisal_scheme import Item

SUBJECT = "appraised_unit"


@dataclass(frozen=True)
class UnitRow:
    """A row of the table; points are None where there are none."""

    unit: str
    name: str
    rank: int | None
    low: float | None
    high: float | None
    total: float | None
    points: list[tuple[str, float | None]]  # title of the item
    bonus: float
    penalty: float


@dataclass(frozen=True)
class Trial:
    """What becomes of the ranks when one weight is changed."""

    title: str
    weight: float
    changes: list[tuple[float, int, int, bool]]  # factor, units moved, most ranks, whether another comes first


@dataclass(frozen=True)
class GroupShown:
    """A group of the page of a year."""

    key: str
    title: str
    heads: list[tuple[str, float]]  # title and weight of each item
    rows: list[UnitRow]
    missing: list[tuple[str, list[str]]]  # item, and the units without it; none named: all of them
    unstated: int  # additions and deductions
    trials: list[Trial]
    chart: RankChart


def group_shown(one: GroupResult) -> GroupShown:
    """Return a group as the page shows it, the best unit first."""
    scored, names = one.scored, [standing.unit_name(one.group, unit) for unit in one.scored.units]
    titles = {item.key: title_of(item) for item in one.group.items}
    rows = [_row(one, row, names[row]) for row in one.order]
    return GroupShown(
        one.group.key,
        title_of(one.group),
        [(title_of(item), item.weight) for item in one.group.items],
        rows,
        _missing(one, names),
        sum(key not in titles for _unit, key in scored.missing),
        _trials(one),
        rank_chart([(row.name, row.rank, row.low, row.high) for row in rows]),
    )


def _missing(one: GroupResult, names: list[str]) -> list[tuple[str, list[str]]]:
    holes = np.isnan(one.scored.scores)
    pairs = zip(one.group.items, holes.T, strict=True)
    lacking = [(title_of(item), [names[row] for row in np.flatnonzero(column)]) for item, column in pairs]
    return [(title, [] if len(units) == len(names) else units) for title, units in lacking if units]


def _row(one: GroupResult, row: int, name: str) -> UnitRow:
    scored, sets = one.scored, one.intervals
    rank = _known(scored.ranks[row])
    return UnitRow(
        scored.units[row],
        name,
        None if rank is None else int(rank),
        _known(sets.rank_low[row]),
        _known(sets.rank_high[row]),
        _known(scored.totals[row]),
        [(title_of(item), _known(points)) for item, points in zip(one.group.items, scored.scores[row], strict=True)],
        float(scored.bonus[row]),
        float(scored.penalty[row]),
    )


def _known(value: float | Floats) -> float | None:
    return None if np.isnan(value) else round(float(value), 2)


def _trials(one: GroupResult) -> list[Trial]:
    table = one.sensitivity
    return [
        Trial(
            title_of(item),
            item.weight,
            table.filter(item=item.key).select("factor", "moved", "most", "first").rows(),
        )
        for item in one.group.items
    ]


@dataclass(frozen=True)
class LineShown:
    """One item of a unit's page; ``numbers`` are those it needs, ``recorded`` those of the records that differ."""

    line: Line
    title: str
    method: str
    numbers: list[tuple[str, str]]
    evidence: str
    origins: list[Origin]
    recorded: list[tuple[str, str]]
    points: float | None
    needed: str


def unit_shown(found: UnitResult) -> dict[str, Any]:
    """Return the parts of a unit's page."""
    subject = f"{found.result.appraisal_id}.{found.unit}"
    about = urlencode({"about": f"{SUBJECT}:{subject}"})
    return {
        "subject": subject,
        "lines": [_line(line) for line in found.lines],
        "added": [(title_of(one.adjustment), one) for one in found.added],
        "total": None if found.total is None else round(found.total, 2),
        "group_title": title_of(found.group),
        "missing": [(title_of(part), count) for part, count in found.missing],
        "strip": _strip(found),
        "object_url": f"{reverse('case_new', args=['objection'])}?{about}" if found.may_object else "",
    }


def _line(line: Line) -> LineShown:
    row, unit = line.row, line.item.unit
    held = {name: getattr(line, name) for name in line.item.needs}
    recorded = [(name, getattr(line.recorded, name, None)) for name in line.item.needs]
    return LineShown(
        line,
        title_of(line.item),
        method_of(line.item),
        [(str(NUMBERS[name]), exact(number, unit)) for name, number in held.items() if number is not None],
        row.source if row and not row.drawn else "",
        list(origins_of(row.drawn)) if row else [],
        [(str(NUMBERS[name]), exact(number, unit)) for name, number in recorded if number is not None],
        None if line.points is None else round(line.points, 2),
        _needed(line),
    )


def differing_shown(found: Opened) -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    """Return the entered values that stand beside records which say another: unit, item, (name, both)."""
    scheme = standing.scheme_of(found.formula)
    shown = []
    for entered, drawn in found.differing:
        group = scheme.group(entered.group)
        part = group.part(entered.item) if group else None
        if group and isinstance(part, Item):
            pairs = zip(NUMBERS.values(), entered.numbers, drawn.numbers, strict=True)
            told = [
                (str(name), _said(said, part), _said(recorded, part))
                for name, said, recorded in pairs
                if recorded is not None and said != recorded
            ]
            shown.append((standing.unit_name(group, entered.unit), title_of(part), told))
    return shown


def _said(number: float | None, item: Item) -> str:
    return "" if number is None else exact(number, item.unit)


def _needed(line: Line) -> str:
    """Return the value that would do with its unit, rounded to the better side: what is shown suffices."""
    if line.way is None or line.way.needed is None:
        return ""
    needed, change = line.way.needed, abs(line.way.needed - line.way.value)
    places = max(0, 2 - int(np.floor(np.log10(change)))) if change > 0 else 2
    step = 10.0**-places
    rounded = np.ceil(needed / step) if line.item.direction == "up" else np.floor(needed / step)
    return exact(float(round(rounded * step, places)), line.item.unit)


def _strip(found: UnitResult) -> Strip | None:
    return strip(found.total, found.quartiles) if found.total is not None and found.quartiles else None


def formulas_shown(found: Formulas) -> dict[str, Any]:
    """Return the parts of the page of the formulas: the one that stands in a table, who froze which."""
    newest = found.frozen[0]
    groups = standing.scheme_of(newest.formula).groups if newest.is_intact else ()
    return {
        "groups": [
            (
                title_of(group),
                group,
                [(title_of(item), method_of(item), list(sources_of(item)), item) for item in group.items],
                _adjusted(group),
            )
            for group in groups
        ],
        "names": names_of(one.formula.frozen_by for one in found.frozen),
    }


def _adjusted(group: Any) -> list[str]:
    said = _("%(title)s: %(points)s points each, at most %(most)s")
    return [
        said % {"title": title_of(one), "points": f"{one.points:+g}", "most": f"{one.most:g}"}
        for one in group.adjustments
    ]
