"""Draft the rows of a year's task sheet from a plan: one a target, one a measure, one a duty."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from liandesk.base.accounts.access import barred
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.steer.plan import wording
from liandesk.steer.supervision.models import Row
from liankit.plan.model import DUTIES, Measure, Plan, Programme, Target, Unit
from liankit.plan.progress import expected
from liankit.process.definition import Text


def rows_of(plan: Plan, year: int) -> Iterator[Row]:
    """Yield the rows of a plan for a year, without their sheet, numbered in the order of the plan."""
    for number, row in enumerate(_rows(plan, year), start=1):
        row.number = number
        yield row


def _rows(plan: Plan, year: int) -> Iterator[Row]:
    for programme in plan.programmes:
        for target in programme.targets:
            if target.by >= date(year, 1, 1):
                yield _of_target(plan, programme, target, year)
        for measure in programme.measures:
            units = plan.units_of(f"{programme.key}.{measure.key}")
            yield _of_clause(f"{programme.key}.{measure.key}", _title(programme), measure, units, year)
    for duty in plan.duties:
        yield _of_clause(f"{DUTIES}.{duty.key}", "", duty, duty.units, year)


def _of_target(plan: Plan, programme: Programme, target: Target, year: int) -> Row:
    """The goal of the year is where the trajectory stands at its end; in words where the trajectory is not known."""
    due = min(date(year, 12, 31), target.by)
    goal = expected(
        due,
        target.value,
        baseline=target.baseline.value,
        start=plan.period.start,
        end=target.by,
        counting=target.counting,
        path=[(step.on, step.value) for step in target.path],
    )
    row = _row(f"{programme.key}.{target.key}", _title(programme), target.text, programme.units, year)
    row.subject_kind, row.due, row.unit = "target", due, wording.unit(target.unit)
    row.goal_value = None if goal is None else round(goal, 2)
    return row


def _of_clause(key: str, programme: str, measure: Measure, units: Iterable[Unit], year: int) -> Row:
    return _row(key, programme, measure.text, units, year)


def _row(key: str, programme: str, text: Text, units: Iterable[Unit], year: int) -> Row:
    said, named = _said(text), tuple(units)
    lead = next((unit.office for unit in named if unit.is_lead), "")
    return Row(
        subject_kind="measure",
        subject_id=key,
        programme=programme[:200],
        task=said,
        goal=said,
        lead=lead if lead in _offices() else "",
        partners=barred([unit.office for unit in named if unit.office != lead and unit.office in _offices()]),
        starts=date(year, 1, 1),
        due=date(year, 12, 31),
    )


def _title(programme: Programme) -> str:
    return _said(programme.title) if programme.title else ""


def _said(text: Text) -> str:
    return str(getattr(text, language()))


def _offices() -> frozenset[str]:
    return frozenset(office.code for office in pack().offices)
