"""A year with a frozen formula, values of every unit, and a publication, all by the actions a person would use."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.steer.appraisal import actions, queries, standing
from liandesk.steer.appraisal.actions import Said
from liandesk.steer.appraisal.models import Appraisal, Result

BY = system_viewer("test")
PUBLISHER = system_viewer("publisher")
YEAR = today().year + 1
EVIDENCE = "minutes of the meeting"


def said_of(pk: int) -> Iterator[Said]:
    """Return a value for every unit and item of a year, each unit a little better than the one before it."""
    formula = queries.formula_of(Appraisal.objects.get(pk=pk))
    for group in standing.scheme_of(formula).groups:
        for place, unit in enumerate(standing.units_of(group), start=1):
            for item in group.items:
                numbers: dict[str, Any] = {"value": 100.0 + place, "goal": 120.0, "base": 90.0 + place / 2}
                needed = {name: numbers[name] for name in item.needs}
                yield Said(group.key, unit, item.key, source=EVIDENCE, **needed)
            for one in group.adjustments[1:]:
                yield Said(group.key, unit, one.key, value=0.0, source=EVIDENCE)


def published(*, by: Viewer = BY) -> Appraisal:
    """Return a year that was frozen, filled and published; by two people."""
    made = actions.start(YEAR, by=by)
    actions.give(made.pk, list(said_of(made.pk)), by=by)
    publish(made)
    return Appraisal.objects.get(pk=made.pk)


def publish(made: Appraisal, reason: str = "") -> Result:
    """Publish what stands, as somebody who gave nothing."""
    return actions.publish(made.pk, by=PUBLISHER, version=Appraisal.objects.get(pk=made.pk).version, reason=reason)


def marked() -> dict[str, tuple[object, ...]]:
    """Return what the routes are tried with; the value of each of the first two towns carries a mark of its own."""
    made = actions.start(YEAR, by=BY)
    towns = dict(zip(("One", "Two"), (town.code for town in pack().towns), strict=False))
    marks = {unit: f"MarkGiven{name}" for name, unit in towns.items()}
    rows = [one._replace(source=marks.get(one.unit, EVIDENCE)) for one in said_of(made.pk)]
    actions.give(made.pk, rows, by=BY)
    publish(made)
    return {"appraisal": (made.pk,), **{f"appraised {name}": (made.pk, unit) for name, unit in towns.items()}}
