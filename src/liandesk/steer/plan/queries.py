"""Read the plan: those in force, the one that counts today, its parts, who answers, how far it is covered."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import TypeVar

from django.db.models import QuerySet

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.roles import ScopeKind, Viewer
from liandesk.base.clock import today
from liandesk.base.definitions.queries import hashes_in_force, with_hash
from liandesk.base.errors import NotThere
from liandesk.base.work.models import Case, Party
from liandesk.base.work.queries import EARLIEST_DUE, seen_by
from liandesk.steer.plan.executors import executing
from liandesk.steer.plan.policies import PLAN
from liankit.plan.lint import Clause, Finding, clauses, lint_plan
from liankit.plan.model import KIND, Measure, Plan, Programme, Target, build_plan

T = TypeVar("T")


def may_see(viewer: Viewer) -> bool:
    """Say whether the viewer reads the plan."""
    return can(viewer, PLAN, "read")


def plans(viewer: Viewer) -> list[Plan]:
    """Return the plans whose definition is in force today, the one that ends last first."""
    if not may_see(viewer):
        return []
    found = [_built(digest) for digest in hashes_in_force(KIND).values()]
    return sorted(found, key=lambda plan: plan.period.end, reverse=True)


def plan(viewer: Viewer) -> Plan | None:
    """Return the plan that counts today: the one whose period today lies in, else the one that ended last."""
    found, day = plans(viewer), today()
    running = (one for one in found if one.period.start <= day <= one.period.end)
    return next(running, found[0] if found else None)


def the_plan(viewer: Viewer) -> Plan:
    """Return the plan that counts today; NotAllowed for who may not read it, NotThere where there is none."""
    check(viewer, PLAN, "read")
    found = plan(viewer)
    if found is None:
        raise NotThere("no plan is in force")
    return found


def programme(viewer: Viewer, key: str) -> Programme:
    """Return a programme of the plan; NotThere for a key it does not have."""
    return _there(the_plan(viewer).programme(key), key)


def target(viewer: Viewer, target_id: str) -> Target | None:
    """Return a target of the plan that counts today, by ``programme.target``."""
    found = plan(viewer)
    return found.targets.get(target_id) if found else None


def measure(viewer: Viewer, measure_id: str) -> Measure:
    """Return a measure or a duty, by ``programme.measure`` or ``duties.measure``; NotThere where there is none."""
    return _there(the_plan(viewer).clauses.get(measure_id), measure_id)


def plan_clauses(viewer: Viewer) -> list[Clause]:
    """Return every clause of the plan with what executes it today."""
    return clauses(the_plan(viewer), executing().here)


def findings(viewer: Viewer) -> list[Finding]:
    """Return what the plan leaves open or has wrong, for those who keep it."""
    check(viewer, PLAN, "check")
    return lint_plan(the_plan(viewer), executing().here)


def cases_of(viewer: Viewer, parts: Collection[str]) -> QuerySet[Case]:
    """Return the cases about some targets, measures or duties that the viewer sees, the open ones first."""
    found = Case.objects.filter(seen_by(viewer), subject_kind__in=["target", "measure"], subject_id__in=list(parts))
    return found.order_by("ended_at", *EARLIEST_DUE)


def cases_of_office(viewer: Viewer, office: str) -> QuerySet[Case]:
    """Return the open cases in which an office holds a role and that the viewer sees, the earliest due first."""
    held = Party.objects.filter(scope_kind=ScopeKind.OFFICE, scope_id=office, is_open=True)
    return Case.objects.filter(seen_by(viewer), pk__in=held.values("case"), ended_at=None).order_by(*EARLIEST_DUE)


def _there(found: T | None, name: str) -> T:
    if found is None:
        raise NotThere(f"the plan has no '{name}'")
    return found


@lru_cache(maxsize=8)
def _built(digest: str) -> Plan:
    found = with_hash(KIND, digest)
    return build_plan(found.body, str(found))
