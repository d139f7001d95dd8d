"""Close a plan that has ended: seal all that was known of it, decide what the next plan keeps, draft that plan.

The seal is the SHA-256 of one file with the plan's text, its frozen sheets, judgements and values. Nothing of a sealed
plan is written afterwards; that the file is whole, and the sheets still say what they said, anybody can look up.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import yaml
from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import business_now, today
from liandesk.base.definitions.actions import propose
from liandesk.base.definitions.models import Definition
from liandesk.base.errors import Conflict, NotThere, UserError
from liandesk.base.snapshots import store
from liandesk.steer.indicators.queries import values
from liandesk.steer.plan.queries import the_plan
from liandesk.steer.supervision import queries
from liandesk.steer.supervision.actions import check_open
from liandesk.steer.supervision.editions import body_of, is_unchanged
from liandesk.steer.supervision.models import Decision, Handover, Judgement, Seal, TaskSheet
from liandesk.steer.supervision.policies import EVALUATION
from liankit.plan.model import Plan, Target


@transaction.atomic
def seal(*, by: Viewer) -> Seal:
    """Seal the plan that counts today; raise UserError while it runs, or when it is sealed."""
    check(by, EVALUATION, "judge")
    plan = the_plan(by)
    check_open(plan.key)
    if today() <= plan.period.end:
        raise UserError(_("The plan runs until %(end)s. It is sealed when it has ended.") % {"end": plan.period.end})
    sheets = list(TaskSheet.objects.filter(plan=plan.key, frozen_at__isnull=False).order_by("year", "pk"))
    is_synthetic = any(sheet.is_synthetic for sheet in sheets)
    body = json.dumps(_body(plan, sheets, by), ensure_ascii=False, sort_keys=True, default=str, indent=1)
    hash_ = store.put_bytes(body.encode())
    made = Seal.objects.create(
        plan=plan.key, hash=hash_, sealed_by=by.actor, sealed_at=business_now(), is_synthetic=is_synthetic
    )
    record("plan.seal", "plan", plan.key, by=by, hash=hash_)
    return made


def _body(plan: Plan, sheets: list[TaskSheet], by: Viewer) -> dict[str, Any]:
    judged = Judgement.objects.filter(plan=plan.key).order_by("kind", "subject_id", "number")
    said = ("kind", "subject_id", "number", "proposed", "grade", "reason", "judged_by", "judged_at")
    measured = {target.indicator for target in plan.targets.values() if target.indicator}
    return {
        "plan": plan.model_dump(mode="json", by_alias=True),
        "sheets": [{**body_of(sheet), "hash": sheet.hash} for sheet in sheets],
        "judgements": list(judged.values(*said)),
        "values": {key: [_value(one) for one in values(by, key)] for key in sorted(measured)},
    }


def _value(one: Any) -> dict[str, Any]:
    return {"on": one.on, "value": one.value, "state": one.state, "evidence": one.evidence, "ids": one.ids}


@dataclass(frozen=True)
class Sealed:
    """A seal as its page shows it; each of the two things that can be broken, looked at now."""

    seal: Seal
    is_file_whole: bool
    changed_years: tuple[int, ...]  # of sheets that no longer say what they were frozen with


def sealed(viewer: Viewer, plan: str) -> Sealed | None:
    """Return the seal of a plan with what was looked at; None while it is open."""
    found = queries.seal_of(viewer, plan)
    if found is None:
        return None
    frozen = TaskSheet.objects.filter(plan=plan, frozen_at__isnull=False).order_by("year")
    return Sealed(found, store.is_intact(found.hash), tuple(one.year for one in frozen if not is_unchanged(one)))


@transaction.atomic
def hand_over(decisions: Mapping[str, tuple[str, str]], *, by: Viewer, seen: int) -> None:
    """Decide what becomes of each target; ``decisions`` are (decision, note) by target, ``seen`` their version."""
    check(by, EVALUATION, "judge")
    plan = the_plan(by)
    found = Seal.objects.select_for_update().filter(plan=plan.key).first()
    if found is None:
        raise NotThere(_("The plan is not sealed."))
    if version_of(found) != seen:
        raise Conflict(_("Somebody decided after you looked at it. Look at it again."))
    for target, (decision, note) in decisions.items():
        _decide(found, plan, target, decision, note, by, seen + 1)
    kept = {target: decision for target, (decision, _note) in decisions.items()}
    record("plan.hand_over", "plan", plan.key, by=by, decisions=kept)


def version_of(found: Seal) -> int:
    """Return how often the hand-over of a plan was written."""
    return max((one.version for one in found.handovers.all()), default=0)


def _decide(found: Seal, plan: Plan, target: str, decision: str, note: str, by: Viewer, version: int) -> None:
    if target not in plan.targets or decision not in Decision.values:
        raise UserError(_("The plan has no target '%(target)s', or there is no such decision.") % {"target": target})
    if decision != Decision.KEEP and not note.strip():
        raise UserError(_("Say why a target is defined anew or dropped."))
    said = {"decision": decision, "note": note.strip()[:600], "decided_by": by.actor, "decided_at": business_now()}
    Handover.objects.update_or_create(seal=found, target_id=target, defaults={**said, "version": version})


def draft_next(*, by: Viewer) -> Definition:
    """Propose the next plan from what was decided, for another person to complete and publish."""
    check(by, EVALUATION, "judge")
    plan = the_plan(by)
    found = queries.seal_of(by, plan.key)
    decided = {one.target_id: one for one in found.handovers.all()} if found else {}
    if set(decided) != set(plan.targets):
        raise UserError(_("Decide about every target first."))
    body = next_body(plan, decided, {key: _last(by, target) for key, target in plan.targets.items()})
    text = yaml.safe_dump(body, allow_unicode=True, sort_keys=False)
    return propose(by=by, kind="plan", key=body["key"], text=text, effective_from=plan.period.end + timedelta(1))


def _last(by: Viewer, target: Target) -> tuple[date, float] | None:
    """Return the last approved or computed value of a target's indicator."""
    if not target.indicator:
        return None
    known = [one for one in values(by, target.indicator) if one.value is not None]
    return max(((one.on, one.value) for one in known if one.value is not None), default=None)


def next_body(
    plan: Plan, decided: Mapping[str, Handover], last: Mapping[str, tuple[date, float] | None]
) -> dict[str, Any]:
    """Return the body of the next plan: as long as this one, each kept target with where this plan ended as baseline.

    What is defined anew is kept without its indicator, its note in the text; measures are for people to write.
    """
    start = plan.period.end + timedelta(1)
    end = date(start.year + plan.period.end.year - plan.period.start.year, plan.period.end.month, plan.period.end.day)
    body = plan.model_dump(mode="json", by_alias=True, exclude={"duties"})
    body |= {"key": f"from_{start.year}", "period": {"from": start.isoformat(), "to": end.isoformat()}}
    body["source"] = {
        "zh": f"由 {plan.key} 承接的草稿，待补充",
        "en": f"A draft handed over from {plan.key}, to be completed",
    }
    for programme in body["programmes"]:
        programme["measures"] = []
        programme["known"] = "missing" if programme["known"] == "missing" else "part"
        kept = [target for target in programme["targets"] if _is_kept(decided[f"{programme['key']}.{target['key']}"])]
        for target in kept:
            key = f"{programme['key']}.{target['key']}"
            _carry_over(target, decided[key], last.get(key), end)
        programme["targets"] = kept
    return body


def _is_kept(decided: Handover) -> bool:
    return decided.decision != Decision.DROP


def _carry_over(target: dict[str, Any], decided: Handover, last: tuple[date, float] | None, end: date) -> None:
    target |= {"by": end.isoformat(), "path": []}
    known = {"value": last[1], "on": last[0].isoformat()} if last else {"value": None, "on": None}
    target["baseline"] = {**known, "source": None}
    if decided.decision == Decision.REDEFINE:
        target["indicator"] = None
        target["text"] = {name: f"{text} — {decided.note}" for name, text in target["text"].items()}
