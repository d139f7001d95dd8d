"""Read the plan: those in force, the one that counts today, a target of it."""

from __future__ import annotations

import json
from functools import lru_cache

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.queries import in_force
from liandesk.steer.plan.policies import PLAN
from liankit.plan.model import KIND, Plan, Target, build_plan


def may_see(viewer: Viewer) -> bool:
    """Say whether the viewer reads the plan."""
    return can(viewer, PLAN, "read")


def plans(viewer: Viewer) -> list[Plan]:
    """Return the plans whose definition is in force today, the one that ends last first."""
    if not may_see(viewer):
        return []
    keys = Definition.objects.filter(kind=KIND).order_by("key").values_list("key", flat=True).distinct()
    found = [_built(json.dumps(one.body), str(one)) for key in keys if (one := in_force(KIND, key))]
    return sorted(found, key=lambda plan: plan.period.end, reverse=True)


def plan(viewer: Viewer) -> Plan | None:
    """Return the plan that counts today: the one whose period today lies in, else the one that ended last."""
    found, day = plans(viewer), today()
    running = (one for one in found if one.period.start <= day <= one.period.end)
    return next(running, found[0] if found else None)


def target(viewer: Viewer, target_id: str) -> Target | None:
    """Return a target of the plan that counts today, by ``programme.target``."""
    found = plan(viewer)
    return found.targets.get(target_id) if found else None


@lru_cache(maxsize=8)
def _built(body: str, name: str) -> Plan:
    """Build a plan once: a page asks for it more than once."""
    return build_plan(json.loads(body), name)
