"""Appraisals through the API; points and ranks, null is unknown."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Router, Schema

from liandesk.base.accounts.http import Request
from liandesk.steer.appraisal import queries
from liandesk.steer.appraisal.shown import group_shown

router = Router(tags=["appraisal"])


class YearOut(Schema):
    """A year: the hash of the formula that stands, and what was published last."""

    id: int
    scheme: str
    year: int
    formula: int
    hash: str
    is_late: bool
    published_on: date | None
    objections_until: date | None


class UnitRowOut(Schema):
    """A unit in the order of its group; the interval holds its rank while the weights vary."""

    unit: str
    rank: int | None
    rank_low: float | None
    rank_high: float | None
    total: float | None
    bonus: float
    penalty: float


class GroupOut(Schema):
    """A group, the best unit first."""

    key: str
    units: list[UnitRowOut]
    missing: list[tuple[str, str]]


class ItemOut(Schema):
    """One item of a unit; ``needed`` is the smallest value that alone would better its rank."""

    item: str
    value: float | None
    goal: float | None
    base: float | None
    points: float | None
    weight: float
    needed: float | None
    reasons: list[str]


class UnitOut(Schema):
    """The published result of a unit, and the quartiles of its group where that is large enough."""

    unit: str
    total: float | None
    rank: int | None
    units: int
    quartiles: tuple[float, float, float] | None
    objections_until: date
    items: list[ItemOut]


@router.get("/appraisals", response=list[YearOut], url_name="appraisals")
def appraisals(request: Request) -> list[dict[str, Any]]:
    """The years with a frozen formula, the latest first."""
    return [_year(found) for found in queries.appraisals(request.viewer)]


def _year(found: Any) -> dict[str, Any]:
    formula, result = queries.formula_of(found), queries.result_of(found)
    return {
        "id": found.pk,
        "scheme": found.scheme,
        "year": found.year,
        "formula": formula.number,
        "hash": formula.hash,
        "is_late": formula.is_late,
        "published_on": result.published_on if result else None,
        "objections_until": result.objections_until if result else None,
    }


@router.get("/appraisals/{pk}", response=list[GroupOut], url_name="appraisal")
def appraisal(request: Request, pk: int) -> list[dict[str, Any]]:
    """The table of a year: the last publication, or what stands where there is none."""
    groups = [(one, group_shown(one)) for one in queries.opened(request.viewer, pk).groups]
    return [
        {
            "key": shown.key,
            "units": [{**vars(row), "rank_low": row.low, "rank_high": row.high} for row in shown.rows],
            "missing": one.scored.missing,
        }
        for one, shown in groups
    ]


@router.get("/appraisals/{pk}/units/{unit}", response=UnitOut, url_name="appraisal_unit")
def appraisal_unit(request: Request, pk: int, unit: str) -> dict[str, Any]:
    """The published result of a unit."""
    found = queries.of_unit(request.viewer, pk, unit)
    items = [
        {
            "item": line.item.key,
            **{name: getattr(line, name) for name in ("value", "goal", "base", "points", "weight")},
            "needed": line.way.needed if line.way else None,
            "reasons": [reason.code for reason in line.reasons],
        }
        for line in found.lines
    ]
    return {**vars(found), "objections_until": found.result.objections_until, "items": items}
