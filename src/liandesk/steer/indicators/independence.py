"""Who is independent of a target: nobody who answers for it, commands it, lets its values count, or spoke for it.

Whoever stands in for such a person is not independent either while they do; and what is one's own judgement is given in
one's own right, never in that of the person one stands in for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer, system_viewer
from liandesk.base.clock import today
from liandesk.steer.indicators.definitions import all_indicators, light_rules
from liandesk.steer.indicators.models import Claim, Divergence, Report
from liandesk.steer.indicators.policies import INDICATOR
from liandesk.steer.plan.queries import plan

_INVOLVED = {
    Role.CHAIN_CHIEF,
    Role.CHAIN_OFFICE,
    Role.TOWN_OFFICER,
    Role.ENTERPRISE,
    Role.HOSPITAL,
    Role.BANK,
}
"""Roles with a part in every target: command it, let its values count, are appraised by it, bring it about."""


@dataclass(frozen=True)
class Answered:
    """Who answers for a measured target: its lead ("": none), and all offices of it and of its indicator."""

    indicator: str
    lead: str
    offices: tuple[str, ...]
    by: date


def answered(target: str) -> Answered | None:
    """Return who answers for a target of the plan in force; None where there is none, or nothing measures it."""
    found = plan(system_viewer("indicators"))
    said = found.targets.get(target) if found else None
    indicator = all_indicators().get(said.indicator or "") if said else None
    if found is None or said is None or indicator is None:
        return None
    units = found.units_of(target)
    lead = next((unit.office for unit in units if unit.is_lead), "")
    offices = dict.fromkeys(filter(None, (lead, *(unit.office for unit in units), *indicator.offices)))
    return Answered(indicator.key, lead, tuple(offices), said.by)


def may_rate(viewer: Viewer, target: str) -> bool:
    """Say whether the viewer may rate a target now, for the button."""
    if not can(viewer.alone(), INDICATOR, "rate") or not light_rules().grades:
        return False
    found = answered(target)
    return found is not None and today() <= found.by and not why_not(viewer, target, found)


def why_not(viewer: Viewer, target: str, found: Answered) -> str:
    """Return why somebody is not independent of a target; "" for whoever is."""
    if viewer.user_id is None:
        return _("A rating is the judgement of a person.")
    if _INVOLVED & viewer.roles:
        return _("The chain chief, the chain office, towns and organisations have a part in every target.")
    held = {grant.scope_id for grant in viewer.grants if grant.scope_kind == ScopeKind.OFFICE}
    if held.intersection(found.offices):
        return _("Your office, or that of somebody you stand in for, answers for this target.")
    if _took_part(viewer, target, found.indicator):
        return _("You, or somebody you stand in for, entered or passed values of this target or spoke for its office.")
    return ""


def _took_part(viewer: Viewer, target: str, indicator: str) -> bool:
    people = {viewer.actor, *viewer.acts_for}
    steps = Q(claimed_by__in=people) | Q(verified_by__in=people) | Q(approved_by__in=people)
    return (
        Claim.objects.filter(steps, indicator=indicator).exists()
        or Report.objects.filter(target=target, reported_by__in=people).exists()
        or Divergence.objects.filter(target=target, replied_by__in=people).exists()
    )


def capacity(viewer: Viewer) -> tuple[str, str]:
    """Return the role, and of an officer the office, in which somebody rates in their own right."""
    own = viewer.alone()
    offices = sorted(own.scope_ids(Role.OFFICER, ScopeKind.OFFICE))
    if offices:
        return Role.OFFICER.value, offices[0]
    return next(role.value for role in (Role.AUDITOR, Role.EXPERT) if role in own.roles), ""
