"""Every process that is shipped runs from its start to each of its ends, and by no shorter way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from tests.liandesk.process_paths import PATHS

from liankit.process import Event, IllegalEvent, Process, State, apply, read_process, refusals
from liankit.process.definition import FormField, Transition

START = datetime(2024, 9, 2, 1, tzinfo=UTC)
FIRST, SECOND = "user:1", "user:2"
ANSWERS: dict[str, Any] = {
    "text": "text",
    "long_text": "text",
    "number": 1.0,
    "date": "2024-10-31",
    "organisation": "O-1",
    "office": "market",
    "town": "330113001",
}
HOLDERS = {"office": "office:economy", "town": "town:1", "organisation": "organisation:O-1", "person": "person:user:9"}


@cache
def shipped() -> dict[str, Process]:
    folders = (pack.joinpath("processes") for pack in files("liandesk.packs").iterdir() if pack.is_dir())
    found = (file for folder in folders if folder.is_dir() for file in folder.iterdir())
    read = (read_process(file.read_text(encoding="utf-8"), file.name) for file in found)
    return {process.key: process for process in read}


@dataclass
class Run:
    """One case that is led through a process by two persons who take turns."""

    process: Process
    state: State = field(default_factory=State)
    moment: datetime = START
    count: int = 0

    def add(self, kind: Any, name: str = "", actor: str = FIRST, **more: Any) -> None:
        event = self.event(kind, name, actor, **more)
        self.count, self.moment = event.number, event.at
        self.state = apply(self.process, self.state, event)

    def event(self, kind: Any, name: str, actor: str, **more: Any) -> Event:
        return Event(self.count + 1, kind, actor, self.moment + timedelta(hours=1), name, **more)

    def open(self, answer: str = "no") -> None:
        holders = {role.key: (HOLDERS[role.held_by[0]],) for role in self.process.roles}
        self.add("open", data=answers(self.process.form, answer), holders=holders)

    def take(self, said: str) -> None:
        """Take a step with all it asks: evidence first, then its form and reason, then the second person."""
        key, _, answer = said.partition(":")
        if key == "open":
            self.open(answer or "no")
            return
        step = self.process.transition(key)
        assert step is not None, key
        for kind in step.needs:
            self.add("prove", kind, data={"hash": "ab", "title": kind})
        earlier = {taken.transition: taken.persons for taken in self.state.taken}
        barred = {person for other in step.not_by for person in earlier.get(other, ())}
        actor = SECOND if FIRST in barred else FIRST
        self.add("do", key, actor, data=answers(step.form, answer or "no"), reason=reason_of(self.process, step))
        if step.approval:
            self.add("approve", key, SECOND)


def answers(form: tuple[FormField, ...], said: str = "no") -> dict[str, Any]:
    """Answer every question: with what is said where it is offered, else no, the first choice or something."""
    given = {**ANSWERS, "yes_no": "no", "person": "user:9"}
    return {
        asked.key: said if said in asked.answers else asked.answers[0] if asked.choices else given[asked.kind]
        for asked in form
    }


def reason_of(process: Process, step: Transition) -> str:
    ends = [process.stage(key).outcome for key in step.given]
    return next((end.reasons[0].key for end in ends if end), "")


WAYS = [(process, end) for process, ends in PATHS.items() for end in ends]


@pytest.mark.parametrize(("key", "end"), WAYS, ids=[f"{key}-{end}" for key, end in WAYS])
def test_a_process_runs_from_its_start_to_its_end_and_leaves_nothing_out(key: str, end: str) -> None:
    run = Run(shipped()[key])
    for said in way(key, end):
        if run.state.opened:
            refuse_shortcuts(run)
        run.take(said)
    stage = run.process.stage(end.split()[0])
    assert run.state.active == (stage.key,) and stage.outcome
    assert (run.state.outcome, bool(run.state.ended)) == (stage.outcome.key, True)
    assert run.state.reason in {reason.key for reason in stage.outcome.reasons}
    refuse_shortcuts(run)


def way(key: str, end: str) -> list[str]:
    """Return the steps of a way, the opening first."""
    path = PATHS[key][end]
    return path.split() if path.startswith("open:") else ["open", *path.split()]


def refuse_shortcuts(run: Run) -> None:
    """Every step from a stage that is not open is refused, and so are those whose evidence or answers are missing."""
    for step in run.process.transitions:
        near = set(step.taken) <= set(run.state.active)
        event = run.event("do", step.key, FIRST, data=answers(step.form), reason=reason_of(run.process, step))
        if not near:
            assert refusals(run.process, run.state, event), step.key
            with pytest.raises(IllegalEvent):
                apply(run.process, run.state, event)
        elif any(asked.is_required for asked in step.form):
            assert refusals(run.process, run.state, run.event("do", step.key, FIRST, reason=event.reason)), step.key


def test_every_end_and_every_step_of_every_process_is_walked() -> None:
    assert set(PATHS) == set(shipped())
    for key, process in shipped().items():
        assert {end.split()[0] for end in PATHS[key]} == {stage.key for stage in process.stages if stage.outcome}
        walked = {said.partition(":")[0] for end in PATHS[key] for said in way(key, end)}
        assert walked == {"open", *(step.key for step in process.transitions)}


def led(key: str, path: str) -> Run:
    run = Run(shipped()[key])
    run.open()
    for said in path.split():
        run.take(said)
    return run


def codes(run: Run, step: str, actor: str) -> set[str]:
    found = run.process.transition(step)
    assert found is not None
    event = run.event("do", step, actor, data=answers(found.form), reason=reason_of(run.process, found))
    return {reason.code.removeprefix("process.") for reason in refusals(run.process, run.state, event)}


def test_who_submitted_a_letter_does_not_approve_it_and_who_rejected_does_not_review() -> None:
    letter = led("upward_request", "submit")
    assert codes(letter, "approve_text", FIRST) and not codes(letter, "approve_text", SECOND)
    review = led("objection", "reject appeal pass_on")
    assert codes(review, "uphold_appeal", FIRST) and not codes(review, "uphold_appeal", SECOND)
    evidenced = led("risk_entry", "admit take_up agree prove_effect")
    assert codes(evidenced, "close", FIRST) and not codes(evidenced, "close", SECOND)


def test_an_expert_with_a_conflict_cannot_score_and_one_person_is_not_both_experts() -> None:
    free = led("challenge_bid", "admit declare_a")
    assert not codes(free, "score_a", FIRST) and codes(free, "replace_a", FIRST)
    tied = led("challenge_bid", "admit declare_a:yes")
    assert codes(tied, "score_a", FIRST) and not codes(tied, "replace_a", FIRST)
    assert codes(tied, "declare_b", FIRST) and not codes(tied, "declare_b", SECOND)


def test_a_period_has_a_source_or_no_length() -> None:
    clocks = [clock for process in shipped().values() for clock in process.clocks]
    counted = {clock.key: clock.days for clock in clocks if clock.days is not None}
    assert counted == {"correction": 2, "first_report": 100, "next_report": 100} | {
        **{"first_answer": 1, "first_contact": 3, "first_proposal": 7},  # the district's working rule, to be confirmed
        **{"first_biweekly": 14, "next_biweekly": 14},
    }
    assert all(clock.source for clock in clocks if clock.days is not None)
