"""The state of a case is its events applied one after another; one that the process does not allow changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from liankit.process.definition import Process, Transition
from liankit.process.migration import build_migration, migrate
from liankit.process.refusals import NO_VERSIONS, Versions, outcomes, refusals
from liankit.process.state import Event, Holders, IllegalEvent, Pause, Proof, Proposal, State, Taken, Visit, corrected


def replay(process: Process, events: Iterable[Event], versions: Versions = NO_VERSIONS) -> State:
    """Return the state after all events; raise IllegalEvent at the first that the process does not allow.

    ``process`` is the version the case was opened with, ``versions`` are those it went over to (``opened_with``).
    """
    state = State()
    for event in corrected(tuple(events)):
        state = apply(process, state, event, versions)
        process = versions[event.name] if event.kind == "migrate" else process
    return state


def opened_with(events: Iterable[Event]) -> int | None:
    """Return the version that a case was opened with where it went over to another since; None where it never did."""
    return next((build_migration(event.data, event.name).before for event in events if event.kind == "migrate"), None)


def apply(process: Process, state: State, event: Event, versions: Versions = NO_VERSIONS) -> State:
    """Return the state after one event; raise IllegalEvent when the process does not allow it."""
    reasons = refusals(process, state, event, versions)
    if reasons:
        raise IllegalEvent(event, reasons)
    after = _APPLY[event.kind](process, state, event)
    return replace(after, last=max(event.at, state.last or event.at))


def _open(process: Process, state: State, event: Event) -> State:
    start = process.start
    begun = replace(state, opened=event.at, active=(start,), visits=(Visit(start, event.at),))
    return replace(begun, fields=dict(event.data), holders=dict(event.holders))


def _do(process: Process, state: State, event: Event) -> State:
    transition = process.transition(event.name)
    assert transition is not None
    said = Proposal(event.actor, event.persons, event.at, dict(event.data), event.reason)
    if transition.approval:
        return replace(state, proposals={**state.proposals, event.name: said})
    return _take(process, state, transition, said)


def _approve(process: Process, state: State, event: Event) -> State:
    transition, proposal = process.transition(event.name), state.proposals[event.name]
    assert transition is not None
    agreed = replace(proposal, at=event.at, persons=proposal.persons | event.persons)
    return _take(process, _without(state, event.name), transition, agreed)


def _refuse_proposal(process: Process, state: State, event: Event) -> State:
    return _without(state, event.name)


def _without(state: State, transition: str) -> State:
    return replace(state, proposals={key: said for key, said in state.proposals.items() if key != transition})


def _take(process: Process, state: State, transition: Transition, said: Proposal) -> State:
    """Leave the stages of ``from``, enter those of ``to``; an end closes the case and what else was proposed."""
    left = [
        replace(visit, left=said.at, step=transition.key)
        if visit.left is None and visit.stage in transition.taken
        else visit
        for visit in state.visits
    ]
    active = (*(key for key in state.active if key not in transition.taken), *transition.given)
    answered = {**state.fields, **said.data}
    after = replace(
        state,
        active=active,
        visits=(*left, *(Visit(key, said.at) for key in transition.given)),
        taken=(*state.taken, Taken(transition.key, said.at, said.persons)),
        fields={**answered, **{target: answered.get(source) for target, source in transition.sets.items()}},
        holders={**state.holders, **handed_over(process, transition, answered)},
        proposals={key: said for key, said in state.proposals.items() if _still(process, key, active)},
    )
    ends = outcomes(process, transition)
    return replace(after, ended=said.at, outcome=ends[0].key, reason=said.reason) if ends else after


def handed_over(process: Process, transition: Transition, answered: Mapping[str, Any]) -> Holders:
    """Return the roles that a transition hands over, each to the answer of its field."""
    return {role: (f"{process.fields[field].kind}:{answered[field]}",) for role, field in transition.assigns.items()}


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
    return replace(state, holders={**state.holders, event.name: event.holders[event.name]})


def _migrate(process: Process, state: State, event: Event) -> State:
    return migrate(build_migration(event.data, event.name), state)


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
    "migrate": _migrate,
}
