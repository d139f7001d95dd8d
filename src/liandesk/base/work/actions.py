"""Write a case: open it, and add one event after another, each checked against the process it runs by.

A case is locked while an event is written and its number of events is compared with what the writer saw: of two who act
at once one is told that the other was first, and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import business_now, now
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.work.models import Case, CaseEvent, Party
from liandesk.base.work.policies import CASE
from liandesk.base.work.queries import cases, computed, events_of, process_of, roles_in
from liandesk.base.work.wording import why
from liankit.process import Event, IllegalEvent, Process, refusals, replay
from liankit.process.state import EventKind
from liankit.reasons import Reason


@dataclass(frozen=True)
class NewCase:
    """What a case is opened with. ``parties`` are (role, kind of scope, id)."""

    process: str
    title: str
    parties: Sequence[tuple[str, str, str]]
    data: Mapping[str, Any] = field(default_factory=dict)
    subject: tuple[str, str] = ("", "")
    is_restricted: bool = False
    is_synthetic: bool = False


@transaction.atomic
def open_case(new: NewCase, *, by: Viewer, at: datetime | None = None) -> Case:
    """Open a case by the version of its process that is in force today."""
    check(by, CASE, "open")
    definition = in_force("process", new.process)
    if definition is None:
        raise UserError(
            _("No process '%(key)s' is in force. `Definitions` shows those that are.") % {"key": new.process}
        )
    process = process_of(definition)
    _check_roles(process, [role for role, _kind, _id in new.parties])
    moment = at or business_now()
    case = Case.objects.create(
        definition=definition,
        process=new.process,
        title=new.title.strip()[:200],
        subject_kind=new.subject[0],
        subject_id=new.subject[1],
        is_restricted=new.is_restricted,
        is_synthetic=new.is_synthetic,
        opened_at=moment,
        changed_at=moment,
    )
    Party.objects.bulk_create(Party(case=case, role=r, scope_kind=kind, scope_id=i) for r, kind, i in new.parties)
    _append(case, process, Event(1, "open", by.actor, moment, data=dict(new.data)), by)
    return case


def _check_roles(process: Process, roles: Sequence[str]) -> None:
    known = {role.key for role in process.roles}
    missing = {stage.lead for stage in process.stages if stage.lead} - set(roles)
    if unknown := sorted(set(roles) - known):
        raise UserError(_("The process has no role '%(role)s'.") % {"role": unknown[0]})
    if missing:
        raise UserError(_("Nobody is named for the role '%(role)s'.") % {"role": min(missing)})


@dataclass(frozen=True)
class Step:
    """One event as its writer says it; ``seen`` is the number of events that the writer had before them."""

    kind: EventKind
    seen: int
    name: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    at: datetime | None = None


@transaction.atomic
def act(pk: int, step: Step, *, by: Viewer) -> Case:
    """Add one event to a case; raise IllegalStep with the reasons when the process does not allow it."""
    if not cases(by).filter(pk=pk).exists():
        raise NotThere(_("There is no such case for you."))
    case = Case.objects.select_for_update().select_related("definition").get(pk=pk)
    if case.events_count != step.seen:
        raise Conflict(_("Somebody acted on this case after you opened it. Look at it, then act again."))
    process = process_of(case.definition)
    event = Event(
        case.events_count + 1, step.kind, by.actor, step.at or business_now(), step.name, dict(step.data), step.reason
    )
    _check_role(process, case, event, by)
    _append(case, process, event, by)
    return case


def _check_role(process: Process, case: Case, event: Event, by: Viewer) -> None:
    held = roles_in(by, case)
    wanted = _roles_for(process, event)
    if not held or (wanted is not None and held.isdisjoint(wanted)):
        raise NotAllowed(_("This step is not yours to take in this case."))


def _roles_for(process: Process, event: Event) -> set[str] | None:
    """Return the roles that may write an event; None where any role of the case may."""
    transition = process.transition(event.name)
    if event.kind in ("approve", "refuse") and transition and transition.approval:
        return {transition.approval.role}
    return set(process.roles_of(transition)) if event.kind == "do" and transition else None


class IllegalStep(UserError):
    """The process does not allow the step now; ``reasons`` say why."""

    status = 409

    def __init__(self, message: str, reasons: Sequence[Reason]) -> None:
        super().__init__(message)
        self.reasons = tuple(reasons)


def _append(case: Case, process: Process, event: Event, by: Viewer) -> None:
    before = events_of(case)
    log = [*before, event]
    found = _refused(process, before, event)
    if found:
        raise IllegalStep(why(process, found), found)
    row = CaseEvent.objects.create(
        case=case,
        number=event.number,
        kind=event.kind,
        name=event.name,
        actor=event.actor,
        at=event.at,
        recorded_at=now(),
        data=event.data,
        reason=event.reason,
    )
    columns = computed(case, log, process)
    for name, value in {**columns, "events_count": event.number, "changed_at": row.recorded_at}.items():
        setattr(case, name, value)
    case.save()
    record(f"case.{event.kind}", "case", case.pk, by=by, number=event.number, name=event.name)


def _refused(process: Process, before: list[Event], event: Event) -> Sequence[Reason]:
    """Return why an event is not taken; a correction is tried by replaying the log with it."""
    try:
        if event.kind == "correct":
            replay(process, [*before, event])
            return ()
        return refusals(process, replay(process, before), event)
    except IllegalEvent as refused:
        return refused.reasons
