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
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import Conflict, NotAllowed, NotThere, UserError
from liandesk.base.work import subjects
from liandesk.base.work.columns import write_columns
from liandesk.base.work.effects import run_effects
from liandesk.base.work.models import Case, CaseEvent, Named
from liandesk.base.work.opening import check_holders, check_opener, holders_of
from liandesk.base.work.policies import CASE, OFFICIALS
from liandesk.base.work.queries import (
    as_event,
    events_of,
    one_case,
    process_of,
    processes_by_version,
    replayed,
    roles_in,
    state_of,
    versions_of,
)
from liandesk.base.work.wording import why
from liandesk.base.work.writers import turn_of, writers
from liankit.process import Event, IllegalEvent, Process, State, apply, next_actions
from liankit.process.state import EventKind
from liankit.reasons import Reason


@dataclass(frozen=True)
class NewCase:
    """What a case is opened with.

    ``parties`` are (role, kind of scope, id); ``named`` are the persons ("user:7") who see it when it is restricted.
    """

    process: str
    title: str
    parties: Sequence[tuple[str, str, str]]
    data: Mapping[str, Any] = field(default_factory=dict)
    subject: tuple[str, str] = ("", "")
    is_restricted: bool = False
    is_synthetic: bool = False
    named: Sequence[str] = ()


@transaction.atomic
def open_case(new: NewCase, *, by: Viewer, at: datetime | None = None) -> Case:
    """Open a case by the version of its process that is in force today; whoever opens it sees it."""
    check(by, CASE, "open")
    definition = _standing(new.process)
    process = process_of(definition)
    holders = holders_of(process, new.parties)
    check_opener(process, holders, by)
    case = _open(definition, new, Step("open", 0, data=new.data, at=at, holders=holders), by)
    if any(new.subject) and subjects.named(by, *new.subject) is None:  # after the effects, which say more
        raise NotThere(_("There is no such object for you that a case could be about."))
    return case


@transaction.atomic
def open_following(new: NewCase, *, by: Viewer, at: datetime | None = None) -> Case:
    """Open a case that follows from something its writer was allowed to do; for steps and for effects of other apps."""
    definition = _standing(new.process)
    holders = holders_of(process_of(definition), new.parties)
    return _open(definition, new, Step("open", 0, data=new.data, at=at, holders=holders), by)


def _standing(key: str) -> Definition:
    definition = in_force("process", key)
    if definition is None:
        raise UserError(_("No process '%(key)s' is in force. `Definitions` shows those that are.") % {"key": key})
    return definition


def _open(definition: Definition, new: NewCase, step: Step, by: Viewer) -> Case:
    moment = step.at or business_now()
    case = Case.objects.create(
        definition=definition,
        process=definition.key,
        title=new.title.strip()[:200],
        subject_kind=new.subject[0],
        subject_id=new.subject[1],
        is_restricted=new.is_restricted,
        is_synthetic=new.is_synthetic,
        opened_at=moment,
        changed_at=moment,
    )
    persons = {by.actor, *new.named} if new.is_restricted else set()
    Named.objects.bulk_create(Named(case=case, person=p, named_by=by.actor, named_at=now()) for p in sorted(persons))
    append(case, step, by=by)
    return case


@dataclass(frozen=True)
class Step:
    """One event as its writer says it; ``seen`` is the number of events that the writer had before them.

    ``holders`` of ``assign``: who holds the role from here on, each "kind:id".
    """

    kind: EventKind
    seen: int
    name: str = ""
    data: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    at: datetime | None = None
    holders: Mapping[str, Sequence[str]] = field(default_factory=dict)


@transaction.atomic
def act(pk: int, step: Step, *, by: Viewer) -> Case:
    """Add one event to a case; raise IllegalStep with the reasons when the process does not allow it."""
    if not one_case(by, pk).exists():
        raise NotThere(_("There is no such case for you."))
    if step.kind in ("open", "migrate"):
        raise NotAllowed(_("This step is not yours to take in this case."))
    if step.kind == "correct":
        _check_correction(step.data)
    case = locked(pk, step.seen)
    check_holders(process_of(case.definition), step.holders)
    behalf = _on_behalf_of(process_of(case.definition), case, step, by)
    append(case, step, by=by, on_behalf_of=behalf)
    return case


def _check_correction(said: Mapping[str, Any]) -> None:
    """A correction says ``at``, a moment with its time zone in ISO form, or ``data``, answers, or both."""
    is_moment = "at" not in said or _is_moment(said["at"])
    if set(said) - {"at", "data"} or not is_moment or not isinstance(said.get("data", {}), dict):
        raise UserError(_("A correction says a moment with its time zone, or answers, or both."))


def _is_moment(text: object) -> bool:
    try:
        return datetime.fromisoformat(str(text)).tzinfo is not None
    except ValueError:
        return False


def locked(pk: int, seen: int) -> Case:
    """Return a case for writing; raise Conflict when it has more events than its writer saw. Inside a transaction."""
    case = Case.objects.select_for_update(of=("self",)).select_related("definition").get(pk=pk)
    if case.events_count != seen:
        raise Conflict(_("Somebody acted on this case after you opened it. Look at it, then act again."))
    return case


def _on_behalf_of(process: Process, case: Case, step: Step, by: Viewer) -> tuple[str, ...]:
    """Return the absent person by whose right the writer may write an event, none in their own; else NotAllowed."""
    kind, name = step.kind, step.name
    if kind == "correct" and (entry := case.events.filter(number=_number(name)).first()):
        kind, name = as_event(entry).kind, entry.name
    if kind == "assign" and by.roles.isdisjoint(OFFICIALS):
        raise NotAllowed(_("An office or a town hands a role over."))
    turn = turn_of(next_actions(process, state_of(case))) if kind in _BY_TURN else frozenset()
    allowed = writers(process, kind, name, turn)
    holder = next((one for one in by.capacities if not roles_in(one, case).isdisjoint(allowed)), None)
    if holder is None:
        raise NotAllowed(_("This step is not yours to take in this case."))
    return (holder.actor,) if holder.actor != by.actor else ()


_BY_TURN = ("fill", "pause", "resume", "assign")


def _number(name: str) -> int:
    return int(name) if name.isdecimal() else 0


class IllegalStep(UserError):
    """The process does not allow the step now; ``reasons`` say why."""

    status = 409

    def __init__(self, message: str, reasons: Sequence[Reason]) -> None:
        super().__init__(message)
        self.reasons = tuple(reasons)


def append(case: Case, step: Step, *, by: Viewer, on_behalf_of: Sequence[str] = ()) -> None:
    """Write one event of a locked case, the columns it gives, its effects, and the cases that it opens.

    For the actions of this app, which have checked who may; raise IllegalStep when the process does not allow it.
    """
    row = _row(case, step, by)
    row.on_behalf_of = list(on_behalf_of)
    event, earlier = as_event(row), state_of(case)
    state = _after(case, earlier, event)
    if event.kind == "migrate":
        case.definition = versions_of(case).get(version=int(event.name))
    process = process_of(case.definition)
    check_holders(process, _handed_over(earlier, state))
    row.save()
    case.events_count, case.changed_at = row.number, row.recorded_at
    write_columns(case, process, state)
    record(f"case.{event.kind}", "case", case.pk, by=by, number=event.number, name=event.name)
    run_effects(case, event, state, by)
    if event.kind != "migrate":
        _open_following(case, process, earlier, state, by)


def _row(case: Case, step: Step, by: Viewer) -> CaseEvent:
    return CaseEvent(
        case=case,
        number=case.events_count + 1,
        kind=step.kind,
        name=step.name,
        actor=by.actor,
        at=step.at or business_now(),
        recorded_at=now(),
        data=dict(step.data),
        reason=step.reason,
        holders={role: list(held) for role, held in step.holders.items()},
    )


def _after(case: Case, earlier: State, event: Event) -> State:
    """Return the state after an event; a correction is tried by replaying the log with it."""
    try:
        if event.kind == "correct":
            return replayed(case, [*events_of(case), event])
        return apply(process_of(case.definition), earlier, event, processes_by_version(case))
    except IllegalEvent as refused:
        raise IllegalStep(why(process_of(case.definition), refused.reasons), refused.reasons) from None


def _handed_over(earlier: State, state: State) -> dict[str, tuple[str, ...]]:
    return {role: held for role, held in state.holders.items() if earlier.holders.get(role) != held}


def _open_following(case: Case, process: Process, earlier: State, state: State, by: Viewer) -> None:
    """Open the cases that the transitions just taken call for, each about this case and as closed as it is."""
    for taken in state.taken[len(earlier.taken) :]:
        transition = process.transition(taken.transition)
        if transition and (opens := transition.opens):
            new = NewCase(
                opens.process,
                str(state.fields[opens.title]),
                _parties(process, state, opens.roles),
                {key: state.fields[own] for key, own in opens.data.items() if state.fields.get(own) is not None},
                ("case", str(case.pk)),
                case.is_restricted,
                case.is_synthetic,
                [named.person for named in case.named.all()],
            )
            open_following(new, by=by, at=taken.at)


def _parties(process: Process, state: State, roles: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return who holds the roles of a case that this one opens: who holds a role here, or the answer of a field."""
    parties = []
    for role, source in roles.items():
        answer = state.fields.get(source)
        own = (f"{process.fields[source].kind}:{answer}",) if source in process.fields and answer else ()
        for holder in own or state.holders.get(source, ()):
            kind, _colon, scope_id = holder.partition(":")
            parties.append((role, kind, scope_id))
    return parties
