"""What the case of a lead writes: its row, the shares of credit; and what it refuses beside its process."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from liandesk.act.pipeline.credit import STEP, credit_of
from liandesk.act.pipeline.first_contact import check_first_contact, identity
from liandesk.act.pipeline.models import LeadCredit, Project, Stage
from liandesk.base.accounts.access import barred
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.work.effects import EFFECTS, held_by
from liandesk.base.work.models import Case
from liandesk.base.work.queries import events_of
from liankit.process import Event, State
from liankit.process.state import corrected

PROCESS = "investment_lead"
DAYS: Mapping[str, tuple[str, ...]] = {
    "answered_on": ("answer",),
    "contacted_on": ("make_contact",),
    "proposed_on": ("propose",),
    "cleared_on": ("pass_review",),
    "signed_on": ("sign",),
    "registered_on": ("register",),
    "landed_on": ("obtain_land", "sign_lease"),
    "permitted_on": ("get_permits", "fit_out"),
    "started_on": ("start_building",),
    "completed_on": ("complete", "fit_out"),
    "licensed_on": ("obtain_licence",),
    "produced_on": ("start_production", "start_unlicensed"),
    "capacity_on": ("reach_capacity",),
}
"""By day of a project: the steps of which it is the day. What the step itself says is its day goes before."""
_SAID = ("signed_on", "produced_on")
_ASIDE = frozenset({"report", STEP, "ask_guarantee"})
"""Steps that are no progress by themselves."""


def register() -> None:
    EFFECTS.setdefault(PROCESS, []).append(follow)


def follow(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Write the row anew from the log, and the shares where credit moves; another investor meets the lock again."""
    events = events_of(case)
    _check_hand_over(event, events, held_by(state, "host"))
    _check_answers({**state.fields, **event.data})
    found = Project.objects.select_for_update().filter(case=case).first() or Project(case=case)
    before = (found.credit_code, found.name_key)
    _write(found, case, state, corrected(events))
    if (found.credit_code, found.name_key) != before:
        check_first_contact(found)
    if event.kind == "open" or event.name == STEP:
        found.credited = _write_credit(case, credit_of(events))
    found.save()


def _write_credit(case: Case, credit: Mapping[str, Decimal]) -> str:
    """Replace the shares of a lead; return the towns that have one as a column holds them."""
    LeadCredit.objects.filter(case=case).delete()
    LeadCredit.objects.bulk_create(LeadCredit(case=case, town=town, share=share) for town, share in credit.items())
    return barred(sorted(credit))


def _check_hand_over(event: Event, events: Sequence[Event], host: str) -> None:
    """A lead changes its town by the step alone, which two persons agree on, and what they agreed stays."""
    if event.kind == "assign" and event.name == "host":
        raise UserError(_("A lead goes to another town by the step of handing it over, which says who keeps credit."))
    steps = {str(one.number) for one in events if one.name == STEP}
    if event.kind == "correct" and event.name in steps and event.data.get("data"):
        raise UserError(_("Two persons agreed on this hand-over. Hand the lead over anew instead of correcting it."))
    if event.kind == "do" and event.name == STEP:
        if not 0 <= event.data["kept_percent"] <= 100:
            raise UserError(_("The giver keeps between 0 and 100 percent of its credit."))
        if event.data["new_host"] == host:
            raise UserError(_("This town has the lead already. Choose another."))


def _check_answers(said: Mapping[str, Any]) -> None:
    for name in _SAID:
        if said.get(name) and date.fromisoformat(said[name]) > today():
            raise UserError(_("It happened on a day that is still to come. Write the day that the proof shows."))
    if any((said.get(name) or 0) < 0 for name in ("agreed_cny", "arrived_cny")):
        raise UserError(_("An amount is below 0. Write what was agreed, or has arrived so far."))


def _write(found: Project, case: Case, state: State, told: Sequence[Event]) -> None:
    said = state.fields
    found.title, found.is_synthetic = case.title, case.is_synthetic
    found.investor_name = said["investor_name"].strip()
    found.credit_code, found.name_key = identity(found.investor_name, said.get("credit_code") or "")
    found.kind, found.site = said["kind"], said.get("site") or ""
    found.stage = next(stage for stage in state.active if stage in Stage.values)
    found.reason = state.reason if state.outcome else ""
    found.town, found.office = held_by(state, "host"), held_by(state, "coordinator")
    found.agreed_cny, found.arrived_cny = said.get("agreed_cny"), said.get("arrived_cny")
    funded = said.get("is_fund_project")
    found.is_fund_project = funded == "yes" if funded else None
    found.opened_on = localdate(state.opened)
    found.ended_on = localdate(state.ended) if state.ended else None
    found.progress_on = _progress(found.opened_on, state, told)
    for name, day in _days(state).items():
        setattr(found, name, day)


def _days(state: State) -> dict[str, date | None]:
    """Return the day of each milestone: what its step says, else when it was taken."""
    taken = {step.transition: localdate(step.at) for step in reversed(state.taken)}
    found = {name: next((taken[step] for step in steps if step in taken), None) for name, steps in DAYS.items()}
    said = {name: date.fromisoformat(state.fields[name]) for name in _SAID if found[name] and state.fields.get(name)}
    return found | said


def _progress(opened: date, state: State, told: Sequence[Event]) -> date:
    """Return the day of the last progress: a step on the way, or a report that says there was some."""
    moved = [localdate(step.at) for step in state.taken if step.transition not in _ASIDE]
    reported = [
        localdate(one.at)
        for one in told
        if one.kind == "do" and one.name == "report" and one.data.get("has_progress") == "yes"
    ]
    return max([opened, *moved, *reported])
