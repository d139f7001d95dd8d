"""What cases write to entries: the life of an entry, and the correction of what an entry rests on."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.utils.translation import gettext as _

from liandesk.assess.lists.actions import write
from liandesk.assess.lists.agreements import agree, let_go, prove
from liandesk.assess.lists.life import ENTRY_KIND, HELPER, PROCESS
from liandesk.assess.lists.models import Edition, EntryEvent, EntryState, ListEntry
from liandesk.assess.lists.queries import entry
from liandesk.base.accounts.access import barred
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.facts.actions import state as say
from liandesk.base.jobs.actions import enqueue
from liandesk.base.jobs.handlers import REFRESH
from liandesk.base.snapshots.queries import published, table
from liandesk.base.work.effects import EFFECTS, held_by
from liandesk.base.work.models import Case
from liandesk.base.work.objections import DECIDED_BY
from liandesk.base.work.queries import process_of, zone
from liandesk.base.work.wording import titles
from liandesk.know.registry.correction_actions import number_of
from liandesk.know.registry.effects import CORRECTED, CORRECTION
from liankit.process import Event, State

ENDS = {"settled": ("close", EntryState.CLOSED), "taken_off_outcome": ("decline", EntryState.DECLINED)}
"""By outcome of the case: the action on the entry, and the state it gives."""

PROVEN = "settled"
"""The outcome of a case whose measure was proven; its reason says by what."""

GIVEN_UP = frozenset({"change_measure", "send_back", "take_off_agreed"})
"""Steps after which what was agreed does not hold any more."""

NUMBERS = {"stock_days": "days", "switch_months": "months"}
YES_NO = {"another_source": {"是": "yes", "有": "yes", "yes": "yes", "否": "no", "无": "no", "no": "no"}}


def register() -> None:
    EFFECTS.setdefault(PROCESS, []).append(follow_case)
    EFFECTS.setdefault(CORRECTION, []).append(correct_listing)
    DECIDED_BY[ENTRY_KIND] = _judged_entry
    DECIDED_BY["edition"] = _signed_edition


def follow_case(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Write what the case of an entry says: offices and date, the measure once it is agreed, the proof, the end."""
    if event.kind == "open":
        return
    found = entry_of(case)
    write(found, "assign", _responsible(case, state), by)
    if event.name == "agree" and event.kind == "approve":
        effective = date.fromisoformat(str(state.fields["effective_from"]))
        agree(found, case, str(state.fields["measure"]), effective, by=by)
    elif event.kind == "do" and event.name in GIVEN_UP:
        let_go(found, case, by=by)
    if state.outcome == PROVEN:
        prove(found, case, state.reason, event.at.astimezone(zone()).date(), by=by)
    if state.outcome in ENDS and found.state == EntryState.ADMITTED:
        action, ended = ENDS[state.outcome]
        reason = titles(process_of(case.definition))[state.reason]
        write(found, action, {"state": ended}, by, reason)


def _responsible(case: Case, state: State) -> dict[str, object]:
    """Return the offices and the date; a case of an older version knows no co-operating offices."""
    said: dict[str, object] = {"owner_office": held_by(state, "owner"), "due_date": _day(state.fields.get("due"))}
    if any(role.key == HELPER for role in process_of(case.definition).roles):
        said["with_offices"] = barred([holder.partition(":")[2] for holder in state.holders.get(HELPER, ())])
    return said


def _day(said: object) -> date | None:
    return date.fromisoformat(str(said)) if said else None


def entry_of(case: Case) -> ListEntry:
    """Return the entry of a case for writing, or the one that stands for it since its organisation was merged."""
    found = ListEntry.objects.select_for_update().get(pk=case.subject_id)
    return ListEntry.objects.select_for_update().get(pk=found.carried_to) if found.carried_to else found


def correct_listing(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Check what an entry rests on when it is contested; write it as the organisation's word when it is agreed to."""
    attribute = str(state.fields["attribute"])
    if attribute not in NUMBERS and attribute not in YES_NO:
        return
    value = _value(attribute, str(state.fields["value"]))
    if event.kind == "open":
        _records(case, state, by)
    elif event.kind == "do" and state.outcome == CORRECTED:
        for record in _records(case, state, by):
            say(
                record_id=record,
                kind="critical_input",
                attribute=attribute,
                value=value,
                unit=NUMBERS.get(attribute, ""),
                organisation=held_by(state, "applicant"),
                valid_from=today(),
                reason=f"{case.title}: {state.fields['why']}"[:400],
                by=by,
            )
        enqueue(REFRESH, by=by)


def _value(attribute: str, said: str) -> str | float:
    if attribute in NUMBERS:
        return number_of(said)
    word = YES_NO[attribute].get(said.strip().lower())
    if word is None:
        raise UserError(_("Say yes or no."))
    return word


def _records(case: Case, state: State, by: Viewer) -> list[str]:
    """Return the records in which the organisation itself says what the entry rests on."""
    if case.subject_kind != ENTRY_KIND:
        raise UserError(_("Open it from the page of the entry that is contested."))
    found, snapshot = entry(by, case.subject_id), published()
    if found.organisation != held_by(state, "applicant") or snapshot is None:
        raise UserError(_("This entry is not one of the organisation's own."))
    said = table(snapshot, "facts").filter(pl.col("kind") == "critical_input").select("record").unique()
    uses = table(snapshot, "uses").filter(buyer=found.organisation, item=found.item).select("record")
    records = uses.join(said, on="record").unique().sort("record").collect()["record"].to_list()
    if not records:
        raise UserError(_("The organisation itself said nothing that this entry rests on."))
    return records


def _judged_entry(key: str) -> frozenset[str]:
    judged = EntryEvent.objects.filter(entry=key, action__in=["admit", "decline", "close", "reopen"])
    return frozenset(judged.values_list("actor", flat=True))


def _signed_edition(number: str) -> frozenset[str]:
    found = Edition.objects.filter(number=number if number.isdecimal() else None, signed_at__isnull=False)
    return frozenset(person for pair in found.values_list("prepared_by", "signed_by") for person in pair)
