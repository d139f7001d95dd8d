"""Write ratings: what somebody independent holds of a target. Never changed, only renewed by a newer one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import barred, can, check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.snapshots import store
from liandesk.steer.indicators.actions import Evidence, ask_anew
from liandesk.steer.indicators.definitions import light_rules
from liandesk.steer.indicators.independence import Answered, answered, capacity, why_not
from liandesk.steer.indicators.models import Rating
from liandesk.steer.indicators.policies import INDICATOR


@dataclass(frozen=True)
class Said:
    """What a rater says: a grade of the rules of lights, what it rests on, the day it speaks of."""

    grade: str
    note: str
    on: date


@transaction.atomic
def rate(
    target: str, said: Said, *, by: Viewer, evidence: Evidence | None = None, is_synthetic: bool = False
) -> Rating:
    """Rate the confidence that a target will be reached by its day; the lights are computed anew.

    Raises NotThere for no such target, NotAllowed for whoever is not independent of it, UserError for a grade there is
    not, no reason, a day to come, or a target whose day is over.
    """
    found = checked(target, by)
    _check_said(said)
    role, office = capacity(by)
    made = Rating.objects.create(
        target=target,
        grade=said.grade,
        note=said.note.strip()[:1000],
        on=said.on,
        evidence=store.put_bytes(evidence.content) if evidence else "",
        evidence_name=evidence.name[:200] if evidence else "",
        role=role,
        office=office,
        lead=found.lead,
        offices=barred(found.offices),
        rated_by=by.actor,
        recorded_at=now(),
        is_synthetic=is_synthetic,
    )
    record("target.rate", "target", target, by=by, rating=made.pk, grade=said.grade)
    ask_anew()
    return made


def checked(target: str, by: Viewer) -> Answered:
    """Return who answers for a target that this person may rate now; else raise what ``rate`` raises."""
    found = answered(target)
    if found is None or not can(by, INDICATOR, "read"):
        raise NotThere(_("There is no such target for you."))
    check(by.alone(), INDICATOR, "rate")
    reason = why_not(by, target, found)
    if reason:
        raise NotAllowed(reason)
    if today() > found.by:
        raise UserError(_("The day of this target is over; only its value counts now."))
    return found


def _check_said(said: Said) -> None:
    if light_rules().grade(said.grade) is None:
        raise UserError(_("The rules of lights have no such grade."))
    if not said.note.strip():
        raise UserError(_("Say what the rating rests on."))
    if said.on > today():
        raise UserError(_("%(day)s is still to come.") % {"day": said.on})
