"""A case is its events: the state is computed from them and from nothing else, and an illegal event changes nothing.

Events are in the order of their entry. Their own time (``at``) may lie before it; a correction is a further event that
replaces the time or the data of an earlier one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, Literal

from liankit.errors import UserError
from liankit.process.definition import FormField, Process, Transition
from liankit.reasons import Reason

EventKind = Literal["open", "do", "approve", "refuse", "fill", "prove", "pause", "resume", "assign", "correct"]


def _nothing() -> Mapping[str, Any]:
    return MappingProxyType({})


@dataclass(frozen=True)
class Event:
    """What happened: who (``actor``), when it happened (``at``, with a time zone), and what it says.

    ``name`` is the transition (do, approve, refuse), the kind of evidence (prove), the reason of a pause, the role
    (assign); of a correction the number of the event it corrects. ``data`` are the answers of a form; of ``prove`` the
    ``hash`` and ``title``; of ``assign`` the ``holder``; of a correction ``at`` and ``data``, each optional.
    """

    number: int
    kind: EventKind
    actor: str
    at: datetime
    name: str = ""
    data: Mapping[str, Any] = field(default_factory=_nothing)
    reason: str = ""


class IllegalEvent(UserError):
    """An event that the process does not allow now, with the reasons; codes in ``liankit/texts/process.yaml``."""

    def __init__(self, event: Event, reasons: Sequence[Reason]) -> None:
        self.event, self.reasons = event, tuple(reasons)
        super().__init__(f"event {event.number} ({event.kind} {event.name}): {', '.join(r.code for r in reasons)}")


@dataclass(frozen=True)
class Visit:
    """One stay in a stage; still there where ``left`` is None."""

    stage: str
    entered: datetime
    left: datetime | None = None


@dataclass(frozen=True)
class Proposal:
    """A transition that waits for the second person."""

    actor: str
    at: datetime
    data: Mapping[str, Any]
    reason: str


@dataclass(frozen=True)
class Proof:
    """A piece of evidence: its hash, its title, who gave it and when."""

    kind: str
    hash: str
    title: str
    actor: str
    at: datetime


@dataclass(frozen=True)
class Pause:
    """A stop of the clocks; goes on where ``until`` is None."""

    reason: str
    since: datetime
    until: datetime | None = None


@dataclass(frozen=True)
class State:
    """Where a case is, computed. ``taken`` are the moments at which transitions happened."""

    opened: datetime | None = None
    active: tuple[str, ...] = ()
    visits: tuple[Visit, ...] = ()
    taken: tuple[tuple[str, datetime], ...] = ()
    fields: Mapping[str, Any] = field(default_factory=_nothing)
    proofs: tuple[Proof, ...] = ()
    proposals: Mapping[str, Proposal] = field(default_factory=_nothing)
    pauses: tuple[Pause, ...] = ()
    holders: Mapping[str, str] = field(default_factory=_nothing)
    ended: datetime | None = None
    outcome: str = ""
    reason: str = ""
    last: datetime | None = None

    @property
    def is_paused(self) -> bool:
        return any(pause.until is None for pause in self.pauses)


def replay(process: Process, events: Iterable[Event]) -> State:
    """Return the state after all events; raise IllegalEvent at the first that the process does not allow."""
    state = State()
    for event in corrected(tuple(events)):
        state = apply(process, state, event)
    return state


def corrected(events: Sequence[Event]) -> tuple[Event, ...]:
    """Return the events as corrections leave them: each correction replaces time or data of the event it names.

    The last correction of an event wins; corrections of corrections name the first event. A correction that names no
    event before it raises IllegalEvent.
    """
    plain = {event.number: event for event in events if event.kind != "correct"}
    for event in events:
        if event.kind == "correct":
            number = int(event.name) if event.name.isdecimal() else -1
            if number not in plain or number > event.number:
                raise IllegalEvent(event, [_no("process.no_such_event", number=event.name)])
            plain[number] = _amended(plain[number], event)
    return tuple(plain.values())


def _amended(event: Event, correction: Event) -> Event:
    said = correction.data
    return replace(event, at=said.get("at", event.at), data={**event.data, **said.get("data", {})})


def apply(process: Process, state: State, event: Event) -> State:
    """Return the state after one event; raise IllegalEvent when the process does not allow it."""
    reasons = refusals(process, state, event)
    if reasons:
        raise IllegalEvent(event, reasons)
    after = _APPLY[event.kind](process, state, event)
    return replace(after, last=max(event.at, state.last or event.at))


def refusals(process: Process, state: State, event: Event) -> tuple[Reason, ...]:
    """Return why the process does not allow an event now; nothing where it does."""
    if event.kind == "open":
        found = [_no("process.open_already")] if state.opened else _unanswered(process.form, event.data)
    elif state.opened is None:
        found = [_no("process.not_open")]
    elif state.ended and event.kind != "prove":
        found = [_no("process.ended")]
    else:
        found = _REFUSE[event.kind](process, state, event)
    if state.opened and event.at < state.opened:
        found.append(_no("process.before_opening"))
    return tuple(found)


def _no(code: str, **params: str | float | int | bool | None) -> Reason:
    return Reason(code, False, params=params)


def _unanswered(form: Iterable[FormField], data: Mapping[str, Any]) -> list[Reason]:
    asked = {field.key: field for field in form}
    missing = [f for f in asked.values() if f.is_required and data.get(f.key) in (None, "")]
    found = [_no("process.field_missing", field=f.key) for f in missing]
    found += [_no("process.field_unknown", field=key) for key in data if key not in asked]
    for key, value in data.items():
        if key in asked and asked[key].kind == "choice" and value not in {c.key for c in asked[key].choices}:
            found.append(_no("process.choice_unknown", field=key, value=str(value)))
    return found


def gate(process: Process, state: State, transition: Transition) -> list[Reason]:
    """Return what keeps a transition from being taken now: stages that are not open, evidence that is not there."""
    proved = {proof.kind for proof in state.proofs}
    found = [_no("process.stage_not_open", stage=key) for key in transition.taken if key not in state.active]
    found += [_no("process.evidence_missing", evidence=key) for key in transition.needs if key not in proved]
    return found


def _refuse_do(process: Process, state: State, event: Event) -> list[Reason]:
    transition = process.transition(event.name)
    if transition is None:
        return [_no("process.no_such_transition", transition=event.name)]
    found = gate(process, state, transition) + _unanswered(transition.form, event.data)
    if event.name in state.proposals:
        found.append(_no("process.proposed_already", transition=event.name))
    return found + _wrong_reason(process, transition, event) + _too_early(state, transition, event)


def _wrong_reason(process: Process, transition: Transition, event: Event) -> list[Reason]:
    valid = {reason.key for end in _outcomes(process, transition) for reason in end.reasons}
    if not valid and event.reason:
        return [_no("process.reason_not_asked", reason=event.reason)]
    if valid and event.reason not in valid:
        return [_no("process.reason_unknown" if event.reason else "process.reason_missing", reason=event.reason)]
    return []


def _outcomes(process: Process, transition: Transition) -> list[Any]:
    given = (process.stage(key) for key in transition.given)
    return [stage.outcome for stage in given if stage.outcome]


def _too_early(state: State, transition: Transition, event: Event) -> list[Reason]:
    """A step cannot lie before its stage was entered."""
    entered = [visit.entered for visit in state.visits if visit.left is None and visit.stage in transition.taken]
    return [_no("process.before_stage")] if any(event.at < moment for moment in entered) else []


def _refuse_answer(process: Process, state: State, event: Event) -> list[Reason]:
    proposal = state.proposals.get(event.name)
    if proposal is None:
        return [_no("process.nothing_proposed", transition=event.name)]
    found = [_no("process.same_person")] if event.kind == "approve" and proposal.actor == event.actor else []
    transition = process.transition(event.name)
    if event.kind == "approve" and transition:
        found += gate(process, state, transition)
    return found + ([_no("process.before_proposal")] if event.at < proposal.at else [])


def _refuse_fill(process: Process, state: State, event: Event) -> list[Reason]:
    known = process.fields
    return [_no("process.field_unknown", field=key) for key in event.data if key not in known]


def _refuse_proof(process: Process, state: State, event: Event) -> list[Reason]:
    known = {kind.key for kind in process.evidence}
    found = [] if event.name in known else [_no("process.evidence_unknown", evidence=event.name)]
    return found if event.data.get("hash") else [*found, _no("process.hash_missing")]


def _refuse_pause(process: Process, state: State, event: Event) -> list[Reason]:
    known = {pause.key for pause in process.pauses}
    found = [] if event.name in known else [_no("process.pause_unknown", pause=event.name)]
    return [*found, _no("process.paused_already")] if state.is_paused else found


def _refuse_resume(process: Process, state: State, event: Event) -> list[Reason]:
    since = next((pause.since for pause in state.pauses if pause.until is None), None)
    if since is None:
        return [_no("process.not_paused")]
    return [_no("process.before_pause")] if event.at < since else []


def _refuse_assign(process: Process, state: State, event: Event) -> list[Reason]:
    known = {role.key for role in process.roles}
    found = [] if event.name in known else [_no("process.role_unknown", role=event.name)]
    return found if event.data.get("holder") else [*found, _no("process.holder_missing")]


_REFUSE = {
    "do": _refuse_do,
    "approve": _refuse_answer,
    "refuse": _refuse_answer,
    "fill": _refuse_fill,
    "prove": _refuse_proof,
    "pause": _refuse_pause,
    "resume": _refuse_resume,
    "assign": _refuse_assign,
}


def _open(process: Process, state: State, event: Event) -> State:
    start = process.start
    return replace(state, opened=event.at, active=(start,), visits=(Visit(start, event.at),), fields=dict(event.data))


def _do(process: Process, state: State, event: Event) -> State:
    transition = process.transition(event.name)
    assert transition is not None
    if transition.approval:
        waiting = Proposal(event.actor, event.at, dict(event.data), event.reason)
        return replace(state, proposals={**state.proposals, event.name: waiting})
    return _take(process, state, transition, event.at, event.data, event.reason)


def _approve(process: Process, state: State, event: Event) -> State:
    transition, proposal = process.transition(event.name), state.proposals[event.name]
    assert transition is not None
    return _take(process, _without(state, event.name), transition, event.at, proposal.data, proposal.reason)


def _refuse_proposal(process: Process, state: State, event: Event) -> State:
    return _without(state, event.name)


def _without(state: State, transition: str) -> State:
    return replace(state, proposals={key: said for key, said in state.proposals.items() if key != transition})


def _take(
    process: Process, state: State, transition: Transition, at: datetime, data: Mapping[str, Any], reason: str
) -> State:
    """Leave the stages of ``from``, enter those of ``to``; an end closes the case and what else was proposed."""
    left = [
        replace(visit, left=at) if visit.left is None and visit.stage in transition.taken else visit
        for visit in state.visits
    ]
    active = (*(key for key in state.active if key not in transition.taken), *transition.given)
    answered = {**state.fields, **data}
    after = replace(
        state,
        active=active,
        visits=(*left, *(Visit(key, at) for key in transition.given)),
        taken=(*state.taken, (transition.key, at)),
        fields={**answered, **{target: answered.get(source) for target, source in transition.sets.items()}},
        proposals={key: said for key, said in state.proposals.items() if _still(process, key, active)},
    )
    outcomes = _outcomes(process, transition)
    return replace(after, ended=at, outcome=outcomes[0].key, reason=reason) if outcomes else after


def _still(process: Process, proposed: str, active: Sequence[str]) -> bool:
    transition = process.transition(proposed)
    return transition is not None and set(transition.taken) <= set(active)


def _fill(process: Process, state: State, event: Event) -> State:
    return replace(state, fields={**state.fields, **event.data})


def _prove(process: Process, state: State, event: Event) -> State:
    proof = Proof(event.name, event.data["hash"], event.data.get("title", ""), event.actor, event.at)
    return replace(state, proofs=(*state.proofs, proof))


def _pause(process: Process, state: State, event: Event) -> State:
    return replace(state, pauses=(*state.pauses, Pause(event.name, event.at)))


def _resume(process: Process, state: State, event: Event) -> State:
    ended = (replace(pause, until=event.at) if pause.until is None else pause for pause in state.pauses)
    return replace(state, pauses=tuple(ended))


def _assign(process: Process, state: State, event: Event) -> State:
    return replace(state, holders={**state.holders, event.name: event.data["holder"]})


_APPLY = {
    "open": _open,
    "do": _do,
    "approve": _approve,
    "refuse": _refuse_proposal,
    "fill": _fill,
    "prove": _prove,
    "pause": _pause,
    "resume": _resume,
    "assign": _assign,
}
