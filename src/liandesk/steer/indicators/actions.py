"""Write claims of values: claimed, verified and approved by three people; refused or corrected, never changed.

Each step takes the ``version`` of the claim that the person saw: of two who act at once the first wins and the second
is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from math import isfinite

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import barred, check
from liandesk.base.accounts.delegations import are_one
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.jobs import actions as jobs
from liandesk.base.snapshots import store
from liandesk.steer.indicators import queries
from liandesk.steer.indicators.models import Claim, State
from liandesk.steer.indicators.policies import CLAIM
from liankit.plan.indicators import Indicator

JOB = "indicators"
"""The job that computes values and lights anew."""


@dataclass(frozen=True)
class Said:
    """What is claimed of an indicator: a value on a day, of the district or of a scope, in the name of an office."""

    value: float
    on: date
    scope: str = ""
    office: str = ""
    note: str = ""


@dataclass(frozen=True)
class Evidence:
    """The file that a value is read from."""

    name: str
    content: bytes


@transaction.atomic
def claim(
    key: str,
    said: Said,
    evidence: Evidence,
    *,
    by: Viewer,
    corrects: int | None = None,
    is_synthetic: bool = False,
    is_logged: bool = True,
) -> Claim:
    """Claim a value; ``corrects`` names the claim that it takes the place of once it is approved.

    Raises NotThere for an indicator that there is not, UserError where its values are counted, the day is to come or
    there is no evidence. ``is_logged`` False leaves the event to the caller, who writes one for many claims.
    """
    indicator = queries.known(key)
    made = _made(key, indicator, said, evidence)
    check(by, CLAIM, "claim", queries.as_row(made))
    _check_said(indicator, said, evidence)
    made.claimed_by, made.recorded_at, made.is_synthetic = by.actor, now(), is_synthetic
    made.corrects = _corrected(corrects, key, by) if corrects else None
    made.evidence = store.put_bytes(evidence.content)
    made.save()
    if is_logged:
        details = {"indicator": key, "on": said.on.isoformat(), "evidence": made.evidence}
        record("indicator.claim", "indicator_claim", made.pk, by=by, corrects=corrects, **details)
    if not indicator.needs_approval:
        ask_anew()
    return made


def _made(key: str, indicator: Indicator, said: Said, evidence: Evidence) -> Claim:
    kind, _colon, code = said.scope.partition(":")
    return Claim(
        indicator=key,
        on=said.on,
        scope=said.scope,
        value=said.value,
        note=said.note.strip(),
        evidence_name=evidence.name[:200],
        office=said.office,
        owner=indicator.owner,
        offices=barred(indicator.offices),
        town=code if kind == "town" else "",
    )


def _check_said(indicator: Indicator, said: Said, evidence: Evidence) -> None:
    if not indicator.is_entered:
        raise UserError(_("The values of this indicator are counted from records; nobody enters them."))
    if said.on > today():
        raise UserError(_("%(day)s is still to come.") % {"day": said.on})
    if not isfinite(said.value) or (indicator.unit == "share" and not 0 <= said.value <= 1):
        raise UserError(_("This is no value of the indicator: a share lies between 0 and 100 %."))
    if said.scope.partition(":")[0] not in ("", indicator.disaggregation):
        raise UserError(_("This indicator is not divided like that."))
    if not evidence.content:
        raise UserError(_("A value that is entered needs evidence: a file."))


def _corrected(pk: int, key: str, by: Viewer) -> Claim:
    found = queries.claims(by).filter(pk=pk, indicator=key).select_for_update().first()
    if found is None:
        raise NotThere(_("There is no such claim for you."))
    if Claim.objects.filter(corrects=found).exists():
        raise Conflict(_("Somebody corrected this claim already. Correct the newer one."))
    return found


@transaction.atomic
def verify(pk: int, *, by: Viewer, version: int, is_logged: bool = True) -> Claim:
    """Say that a claimed value is what its evidence shows; another person than who claimed it."""
    found = _waiting(pk, "verify", by, version)
    _check_other(found.claimed_by, by, found)
    found.state, found.verified_by, found.verified_at = State.VERIFIED, by.actor, now()
    return _stepped(found, "verify", by, is_logged)


@transaction.atomic
def approve(pk: int, *, by: Viewer, version: int, is_logged: bool = True) -> Claim:
    """Let a verified value count; a third person. The lights are computed anew."""
    found = _waiting(pk, "approve", by, version)
    _check_other(found.claimed_by, by, found)
    _check_other(found.verified_by, by, found)
    found.state, found.approved_by, found.approved_at = State.APPROVED, by.actor, now()
    ask_anew()
    return _stepped(found, "approve", by, is_logged)


@transaction.atomic
def refuse(pk: int, *, by: Viewer, version: int, reason: str) -> Claim:
    """Refuse a claim that waits, with the reason; whoever may take its next step may refuse it."""
    found = _waiting(pk, "", by, version)
    if not reason.strip():
        raise UserError(_("Say why the value is refused."))
    found.state, found.refused_by, found.refused_at = State.REFUSED, by.actor, now()
    found.refused_reason = reason.strip()[:400]
    return _stepped(found, "refuse", by, is_logged=True)


def _waiting(pk: int, step: str, by: Viewer, version: int) -> Claim:
    """Return a claim that waits for a step ("": for its next), locked; Conflict where somebody took it first."""
    found = queries.claims(by).filter(pk=pk).select_for_update().first()
    if found is None:
        raise NotThere(_("There is no such claim for you."))
    waits_for = queries.NEXT.get(State(found.state), "")
    check(by, CLAIM, step or waits_for or "approve", queries.as_row(found))
    if found.version != version or not waits_for or step not in ("", waits_for):
        raise Conflict(_("Somebody took this step first. Look at the claim again; nothing was overwritten."))
    return found


def _check_other(actor: str, by: Viewer, found: Claim) -> None:
    if are_one(actor, by.actor, localdate(found.recorded_at)):
        raise NotAllowed(_("A value is claimed, verified and approved by three different people."))


def _stepped(found: Claim, step: str, by: Viewer, is_logged: bool) -> Claim:
    found.version += 1
    found.save()
    if is_logged:
        record(f"indicator.{step}", "indicator_claim", found.pk, by=by, indicator=found.indicator)
    return found


def ask_anew() -> None:
    """Ask the worker to compute values and lights anew; one that waits already serves."""
    jobs.enqueue(JOB, by=system_viewer("indicators"))
