"""How many transfers the plan wants, and within which period: read from the definitions in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from liandesk.base.definitions.queries import all_in_force

METRIC = "transfers_counted"


@dataclass(frozen=True)
class Goal:
    """What a plan wants of the count; ``start`` and ``by`` bound the days that count."""

    value: float
    start: date
    by: date

    def holds(self, day: date) -> bool:
        """Say whether a day lies in the period that counts."""
        return self.start <= day <= self.by


def goal() -> Goal | None:
    """Return the target of the plan in force that is measured by this count; None where no plan has one."""
    standing = all_in_force()
    measured = {one.key for one in standing if one.kind == "indicator" and _is_ours(one.body)}
    plans = (one.body for one in standing if one.kind == "plan")
    for body in plans:
        for target in (target for part in body["programmes"] for target in part.get("targets", ())):
            if target.get("indicator") in measured:
                start = body["period"]["from"]
                return Goal(target["value"], date.fromisoformat(str(start)), date.fromisoformat(str(target["by"])))
    return None


def _is_ours(body: dict[str, object]) -> bool:
    source = body["source"]
    return isinstance(source, dict) and source.get("metric") == METRIC
