"""A factor of drawing evidence by risk: the case is about a target whose reported light is not the computed one."""

from __future__ import annotations

from collections.abc import Sequence

from liandesk.base.teamwork import risk
from liandesk.base.work.models import CaseEvent
from liandesk.steer.indicators.divergence import told_to_all


def register() -> None:
    risk.register("light_differs", light_differs)


def light_differs(events: Sequence[CaseEvent], days: int) -> list[bool | None]:
    """Say which pieces are of a case about such a target; unknown where no light was reported.

    Unknown too while only the office is told: who reads samples would learn it before the office replied.
    """
    told = told_to_all()
    cases = [event.case for event in events]
    return [told.get(case.subject_id) if case.subject_kind == "target" else False for case in cases]
