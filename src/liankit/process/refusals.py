"""Why the process does not allow an event now: reasons as codes, texts in ``liankit/texts/process.yaml``."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from liankit.process.check import DefinitionError
from liankit.process.definition import FormField, Outcome, Process, Transition
from liankit.process.migration import build_migration, check_migration, misfits
from liankit.process.state import Event, Holders, State, refusal
from liankit.reasons import Reason

Versions = Mapping[str, Process]
"""Versions of one process by their number: those that a case may go over to."""

NO_VERSIONS: Versions = MappingProxyType({})


def refusals(process: Process, state: State, event: Event, versions: Versions = NO_VERSIONS) -> tuple[Reason, ...]:
    """Return why the process does not allow an event now; nothing where it does."""
    if event.kind == "open":
        found = [refusal("process.open_already")] if state.opened else _refuse_open(process, event)
    elif state.opened is None:
        found = [refusal("process.not_open")]
    elif state.ended and event.kind != "prove":
        found = [refusal("process.ended")]
    elif event.kind == "migrate":
        found = _refuse_migration(process, state, event, versions)
    else:
        found = _REFUSE[event.kind](process, state, event)
    if state.opened and event.at < state.opened:
        found.append(refusal("process.before_opening"))
    return tuple(found)


def _refuse_open(process: Process, event: Event) -> list[Reason]:
    found = _unanswered(process.form, event.data) + _unknown_roles(process, event.holders)
    return found + [
        refusal("process.role_unheld", role=role) for role in process.held_at_opening if not event.holders.get(role)
    ]


def _unknown_roles(process: Process, holders: Holders) -> list[Reason]:
    known = {role.key for role in process.roles}
    return [refusal("process.role_unknown", role=key) for key in holders if key not in known]


def _unanswered(form: Iterable[FormField], data: Mapping[str, Any]) -> list[Reason]:
    asked = {field.key: field for field in form}
    missing = [f for f in asked.values() if f.is_required and data.get(f.key) in (None, "")]
    return [*(refusal("process.field_missing", field=f.key) for f in missing), *_wrong_answers(asked, data)]


def _wrong_answers(asked: Mapping[str, FormField], data: Mapping[str, Any]) -> list[Reason]:
    found = [refusal("process.field_unknown", field=key) for key in data if key not in asked]
    for key, value in data.items():
        if key in asked and asked[key].answers and value not in (*asked[key].answers, None, ""):
            found.append(refusal("process.choice_unknown", field=key, value=str(value)))
        elif key in asked and not asked[key].takes(value):
            found.append(refusal("process.answer_of_another_kind", field=key, value=str(value)))
    return found


def gate(state: State, transition: Transition) -> list[Reason]:
    """Return what keeps a transition from being taken now, whatever its form will say.

    Stages that are not open, evidence that is not there, answers given before that it does not go with.
    """
    asked = {field.key for field in transition.form}
    return _blocked(state, transition) + _unmet(transition, state.fields, transition.when.keys() - asked)


def _blocked(state: State, transition: Transition) -> list[Reason]:
    proved = {proof.kind for proof in state.proofs}
    found = [refusal("process.stage_not_open", stage=key) for key in transition.taken if key not in state.active]
    found += [refusal("process.evidence_missing", evidence=key) for key in transition.needs if key not in proved]
    return found


def _unmet(transition: Transition, answered: Mapping[str, Any], fields: Collection[str]) -> list[Reason]:
    """Return the conditions on some fields that the answers do not meet."""
    wrong = (key for key, values in transition.when.items() if key in fields and answered.get(key) not in values)
    return [refusal("process.when_not", field=key) for key in wrong]


def barred(state: State, transition: Transition) -> frozenset[str]:
    """Return the persons who took a step in this case after which they may not take this one (``not_by``)."""
    before = (taken.persons for taken in state.taken if taken.transition in transition.not_by)
    return frozenset[str]().union(*before)


def _ready(state: State, transition: Transition, said: Mapping[str, Any], by: frozenset[str]) -> list[Reason]:
    """Return what keeps these persons from taking a transition with these answers."""
    answered = {**state.fields, **said}
    asked = {field.key for field in transition.form if field.is_required}
    unsaid = (key for key in transition.answers_needed if key not in asked and answered.get(key) in (None, ""))
    found = _blocked(state, transition) + _unmet(transition, answered, transition.when)
    found += [refusal("process.field_missing", field=key) for key in dict.fromkeys(unsaid)]
    return [*found, refusal("process.not_by")] if by & barred(state, transition) else found


def _refuse_do(process: Process, state: State, event: Event) -> list[Reason]:
    transition = process.transition(event.name)
    if transition is None:
        return [refusal("process.no_such_transition", transition=event.name)]
    found = _ready(state, transition, event.data, event.persons)
    found += _unanswered(transition.form, event.data)
    if event.name in state.proposals:
        found.append(refusal("process.proposed_already", transition=event.name))
    return found + _wrong_reason(process, transition, event) + _too_early(state, transition, event)


def _wrong_reason(process: Process, transition: Transition, event: Event) -> list[Reason]:
    valid = {reason.key for end in outcomes(process, transition) for reason in end.reasons}
    if not valid and event.reason:
        return [refusal("process.reason_not_asked", reason=event.reason)]
    if valid and event.reason not in valid:
        return [refusal("process.reason_unknown" if event.reason else "process.reason_missing", reason=event.reason)]
    return []


def outcomes(process: Process, transition: Transition) -> list[Outcome]:
    """Return the outcomes of the ends that a transition enters."""
    given = (process.stage(key) for key in transition.given)
    return [stage.outcome for stage in given if stage.outcome]


def _too_early(state: State, transition: Transition, event: Event) -> list[Reason]:
    """A step cannot lie before its stage was entered."""
    entered = [visit.entered for visit in state.visits if visit.left is None and visit.stage in transition.taken]
    return [refusal("process.before_stage")] if any(event.at < moment for moment in entered) else []


def _refuse_answer(process: Process, state: State, event: Event) -> list[Reason]:
    proposal = state.proposals.get(event.name)
    if proposal is None:
        return [refusal("process.nothing_proposed", transition=event.name)]
    found = [refusal("process.same_person")] if event.kind == "approve" and proposal.persons & event.persons else []
    transition = process.transition(event.name)
    if event.kind == "approve" and transition:
        found += _ready(state, transition, proposal.data, event.persons)
    return found + ([refusal("process.before_proposal")] if event.at < proposal.at else [])


def _refuse_migration(process: Process, state: State, event: Event, versions: Versions) -> list[Reason]:
    new = versions.get(event.name)
    if new is None:
        return [refusal("process.no_such_version", version=event.name)]
    try:
        migration = build_migration(event.data, event.name)
        check_migration(migration, process, new, event.name)
    except DefinitionError:
        return [refusal("process.wrong_map", version=event.name)]
    return misfits(migration, state, new)


def _refuse_fill(process: Process, state: State, event: Event) -> list[Reason]:
    return _wrong_answers(process.fields, event.data)


def _refuse_proof(process: Process, state: State, event: Event) -> list[Reason]:
    known = {kind.key for kind in process.evidence}
    found = [] if event.name in known else [refusal("process.evidence_unknown", evidence=event.name)]
    return found if event.data.get("hash") else [*found, refusal("process.hash_missing")]


def _refuse_pause(process: Process, state: State, event: Event) -> list[Reason]:
    known = {pause.key for pause in process.pauses}
    found = [] if event.name in known else [refusal("process.pause_unknown", pause=event.name)]
    return [*found, refusal("process.paused_already")] if state.is_paused else found


def _refuse_resume(process: Process, state: State, event: Event) -> list[Reason]:
    since = next((pause.since for pause in state.pauses if pause.until is None), None)
    if since is None:
        return [refusal("process.not_paused")]
    return [refusal("process.before_pause")] if event.at < since else []


def _refuse_assign(process: Process, state: State, event: Event) -> list[Reason]:
    found = _unknown_roles(process, {event.name: (), **event.holders})
    return found if event.holders.get(event.name) else [*found, refusal("process.holder_missing")]


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
