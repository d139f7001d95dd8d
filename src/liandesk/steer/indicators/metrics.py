"""What is counted of the plan's targets: those that an office leads, and those of them that are on their path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from liandesk.base import metrics
from liandesk.base.accounts.roles import system_viewer
from liandesk.base.metrics import METRICS, By, Metric, Row
from liandesk.steer.indicators.approved import approved_claims
from liandesk.steer.indicators.definitions import all_indicators
from liandesk.steer.plan.queries import plan as plan_in_force
from liankit.plan.indicators import Computed, Indicator
from liankit.plan.model import Target
from liankit.plan.progress import expected


def register() -> None:
    metrics.register("targets_led", targets_led)
    metrics.register("targets_on_path", targets_on_path)


def targets_led(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Count the targets in numbers of which both the value and what was due by a day are known."""
    return metrics.tally((one._replace(holds=True) for one in _rows(day, by)), by)


def targets_on_path(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Count those of them that had reached by a day what was due by then: counted, or claimed and approved."""
    return metrics.tally(_rows(day, by), by)


def _rows(day: date, by: By) -> Iterator[Row]:
    plan, known = plan_in_force(system_viewer("indicators")), all_indicators()
    targets = plan.targets if plan else {}
    values = _values(day, {one.indicator: known[one.indicator] for one in targets.values() if one.indicator in known})
    for name, target in targets.items():
        assert plan is not None  # it has the targets
        found, due = values.get(target.indicator or ""), _due(target, plan.period.start, day)
        if found and found.value is not None and due is not None:
            lead = next((unit.office for unit in plan.units_of(name) if unit.is_lead), "")
            holds = found.value <= due if known[target.indicator or ""].direction == "down" else found.value >= due
            yield Row(name, lead if by == "office" else "", holds, found.evidence_on, found.is_synthetic)


def _due(target: Target, start: date, day: date) -> float | None:
    return expected(
        day,
        target.value,
        baseline=target.baseline.value,
        start=target.baseline.on or start,
        end=target.by,
        counting=target.counting,
        path=[(step.on, step.value) for step in target.path],
    )


def _values(day: date, known: Mapping[str, Indicator]) -> dict[str, Metric]:
    """Return what the district's indicators were on a day."""
    found = {
        claim.indicator: Metric("", claim.value, claim.on, (), claim.is_synthetic)
        for claim in approved_claims(known, until=day)
        if not claim.scope
    }
    for key, indicator in known.items():
        if isinstance(indicator.source, Computed) and indicator.source.metric in METRICS:
            counted = METRICS[indicator.source.metric](day, by="none", of=indicator.source.of)
            found.update((key, one) for one in counted if not one.scope)
    return found
