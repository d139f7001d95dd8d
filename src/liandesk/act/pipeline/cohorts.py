"""How many leads of a year were signed, and how far the projects signed in a year came: rates with their denominators.

A lead counts in the year it was recorded in, a project in that of its signing, each once that is the asked months ago;
it counts as signed, landed and so on whenever that came, up to the day of looking. Each rate has its own denominator:
the start of building is asked of those on land alone, funds of those of which the amount that arrived is known. Rates
need not fall from one to the next: they measure different things.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from liandesk.act.pipeline.models import Project, Site

MILESTONES = ("registered_on", "landed_on", "started_on", "produced_on", "capacity_on")


@dataclass(frozen=True)
class Rate:
    """A share with what it is a share of; ``value`` is None where nothing is in the denominator."""

    numerator: float
    denominator: float
    unknown: int = 0  # projects of which it is not known, in neither

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None


@dataclass(frozen=True)
class Cohort:
    """The projects signed in a year (None: in all of them); ``young`` were signed too short a time ago."""

    year: int | None
    signed: int
    young: int
    lost: int
    rates: dict[str, Rate]
    funds: Rate
    is_synthetic: bool


@dataclass(frozen=True)
class Intake:
    """The leads recorded in a year (None: in all of them); ``young`` were recorded too short a time ago."""

    year: int | None
    recorded: int
    young: int
    signed: Rate
    is_synthetic: bool


def intakes(rows: Iterable[Project], months: int, day: date) -> list[Intake]:
    """Return an intake for each year of recording, the first first, then all together; nothing without a lead."""
    known = [row for row in rows if row.opened_on <= day]
    years = sorted({row.opened_on.year for row in known})
    found = [_intake(year, [row for row in known if row.opened_on.year == year], months, day) for year in years]
    return [*found, _intake(None, known, months, day)] if known else []


def _intake(year: int | None, rows: Sequence[Project], months: int, day: date) -> Intake:
    latest = months_before(day, months)
    old = [row for row in rows if row.opened_on <= latest]
    young, synthetic = len(rows) - len(old), any(row.is_synthetic for row in rows)
    return Intake(year, len(old), young, _rate(old, "signed_on", day), synthetic)


def cohorts(rows: Iterable[Project], months: int, day: date) -> list[Cohort]:
    """Return a cohort for each year of signing, the first first, then all together; nothing without a signing."""
    signed = [row for row in rows if row.signed_on and row.signed_on <= day]
    years = sorted({row.signed_on.year for row in signed if row.signed_on})
    found = [_cohort(year, [row for row in signed if _year(row) == year], months, day) for year in years]
    return [*found, _cohort(None, signed, months, day)] if signed else []


def _year(row: Project) -> int:
    assert row.signed_on
    return row.signed_on.year


def months_before(day: date, months: int) -> date:
    """Return the same day some months earlier, or the last of that month.

    >>> months_before(date(2024, 3, 31), 1)
    datetime.date(2024, 2, 29)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _cohort(year: int | None, signed: Sequence[Project], months: int, day: date) -> Cohort:
    latest = months_before(day, months)
    old = [row for row in signed if row.signed_on and row.signed_on <= latest]
    rates = {name: _rate(old, name, day) for name in MILESTONES}
    lost = sum(1 for row in old if row.ended_on and row.stage != "kept")
    synthetic = any(row.is_synthetic for row in signed)
    return Cohort(year, len(old), len(signed) - len(old), lost, rates, _funds(old), synthetic)


def _rate(rows: Sequence[Project], name: str, day: date) -> Rate:
    asked = [row for row in rows if name != "started_on" or row.site == Site.LAND]
    return Rate(sum(1 for row in asked if (on := getattr(row, name)) and on <= day), len(asked))


def _funds(rows: Sequence[Project]) -> Rate:
    """Return the funds that arrived of those agreed, of the projects of which both are known."""
    known = [(row.arrived_cny, row.agreed_cny) for row in rows if row.arrived_cny is not None and row.agreed_cny]
    return Rate(sum(arrived for arrived, _ in known), sum(agreed for _, agreed in known), len(rows) - len(known))
