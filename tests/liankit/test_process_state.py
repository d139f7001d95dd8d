"""A case is its events: replay gives the state, what is illegal is refused with its reasons and changes nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.process_cases import START, Log, process

from liankit.process import Event, IllegalEvent, State, apply, next_actions, refusals, replay
from liankit.texts import render

P = process()


def opened() -> Log:
    return Log().add("open", data={"subject": "trial"})


def accepted() -> Log:
    return opened().add("do", "accept")


def agreed() -> Log:
    log = accepted().add("prove", "contract_copy", data={"hash": "ab"}).add("do", "sign")
    return log.add("do", "pass", data={"number": "E1"}).add("do", "join")


def codes(log: Log) -> list[str]:
    """Return the reasons for which the last event is refused after the others."""
    *before, last = log.events
    return [reason.code.removeprefix("process.") for reason in refusals(P, replay(P, before), last)]


def test_parallel_branches_are_both_open_and_join_when_both_are_done() -> None:
    assert set(replay(P, accepted().events).active) == {"contract", "ethics"}
    assert codes(accepted().add("do", "join")) == ["stage_not_open", "stage_not_open"]
    assert replay(P, agreed().events).active == ("agreed",)


def test_the_second_person_ends_it_and_may_not_be_the_first() -> None:
    asked = agreed().add("do", "finish", reason="as_agreed")
    assert replay(P, asked.events).ended is None
    assert codes(asked.add("approve", "finish")) == ["same_person"]
    asked.events.pop()
    done = replay(P, asked.add("approve", "finish", actor="user:2").events)
    assert (done.outcome, done.reason, done.active) == ("started", "as_agreed", ("done",))


def test_a_refused_proposal_can_be_made_again() -> None:
    log = agreed().add("do", "finish", reason="as_agreed").add("refuse", "finish", actor="user:2")
    assert not replay(P, log.events).proposals
    assert codes(log.add("do", "finish", reason="as_agreed")) == []


@pytest.mark.parametrize(
    ("log", "reasons"),
    [
        (Log().add("do", "accept"), ["not_open"]),
        (Log().add("open"), ["field_missing"]),
        (opened().add("open", data={"subject": "again"}), ["open_already"]),
        (opened().add("do", "acept"), ["no_such_transition"]),
        (opened().add("do", "sign"), ["stage_not_open", "evidence_missing"]),
        (opened().add("do", "drop"), ["reason_missing"]),
        (opened().add("do", "drop", reason="tired"), ["reason_unknown"]),
        (opened().add("do", "accept", reason="tired"), ["reason_not_asked"]),
        (opened().add("do", "accept", data={"number": 1}), ["field_unknown"]),
        (opened().add("do", "accept", at=START - timedelta(1)), ["before_stage", "before_opening"]),
        (accepted().add("do", "pass"), ["field_missing"]),
        (accepted().add("prove", "copy", data={}), ["evidence_unknown", "hash_missing"]),
        (accepted().add("pause", "rain"), ["pause_unknown"]),
        (accepted().add("pause", "papers").add("pause", "papers"), ["paused_already"]),
        (accepted().add("resume"), ["not_paused"]),
        (accepted().add("pause", "papers", day=5).add("resume", at=START + timedelta(1)), ["before_pause"]),
        (accepted().add("assign", "boss"), ["role_unknown", "holder_missing"]),
        (accepted().add("approve", "finish"), ["nothing_proposed"]),
        (opened().add("do", "drop", reason="no_money").add("do", "accept"), ["ended"]),
    ],
)
def test_what_the_process_does_not_allow_is_refused_with_reasons(log: Log, reasons: list[str]) -> None:
    assert codes(log) == reasons
    *before, last = log.events
    for reason in refusals(P, replay(P, before), last):
        assert all(render(reason.code, reason.params, language) for language in ("zh", "en"))


def test_a_correction_is_a_further_event_that_changes_time_or_answers() -> None:
    log = opened().add("do", "accept", day=3).add("correct", "2", data={"at": START + timedelta(days=1)})
    state = replay(P, log.events)
    assert {visit.entered for visit in state.visits if visit.stage == "ethics"} == {START + timedelta(days=1)}
    log.add("correct", "1", data={"data": {"subject": "another"}})
    assert replay(P, log.events).fields["subject"] == "another"


def test_a_correction_may_not_make_the_log_illegal() -> None:
    log = opened().add("do", "accept", day=3).add("correct", "2", data={"at": START - timedelta(days=1)})
    with pytest.raises(IllegalEvent):
        replay(P, log.events)
    with pytest.raises(IllegalEvent):
        replay(P, opened().add("correct", "9").events)


def test_what_can_be_done_next_says_who_and_what_is_missing() -> None:
    found = {action.transition.key: action for action in next_actions(P, replay(P, accepted().events))}
    assert set(found) == {"sign", "pass"}
    assert [reason.code for reason in found["sign"].missing] == ["process.evidence_missing"]
    assert found["pass"].is_open and found["pass"].is_for({"hospital"}) and not found["pass"].is_for({"office"})
    waiting = next_actions(P, replay(P, agreed().add("do", "finish", reason="as_agreed").events))[0]
    assert waiting.roles == ("leader",) and waiting.proposal is not None


KINDS = st.sampled_from(["open", "do", "approve", "refuse", "fill", "prove", "pause", "resume", "assign"])
NAMES = st.sampled_from([*(t.key for t in P.transitions), "contract_copy", "papers", "office", "nonsense"])
DATA = st.sampled_from([{}, {"subject": "s"}, {"number": "n"}, {"hash": "h"}])
HOLDERS = st.sampled_from([{}, {"office": ("office:economy",)}, {"nonsense": ("office:economy",)}])
REASONS = st.sampled_from(["", "as_agreed", "no_money", "nonsense"])


@st.composite
def attempts(draw: st.DrawFn) -> list[Event]:
    rows = draw(st.lists(st.tuples(KINDS, NAMES, DATA, REASONS, HOLDERS, st.sampled_from(["a", "b"])), max_size=40))
    return [
        Event(n, kind, actor, START + timedelta(hours=n), name, data, reason, holders)
        for n, (kind, name, data, reason, holders, actor) in enumerate(rows, start=1)
    ]


@settings(max_examples=150, deadline=None)
@given(attempts())
def test_whatever_is_tried_the_state_is_legal_and_equals_the_replay_of_what_was_taken(tried: list[Event]) -> None:
    state, taken = State(), []
    for event in tried:
        before = state
        try:
            state = apply(P, state, event)
            taken.append(event)
        except IllegalEvent as refused:
            assert refused.reasons and state is before
    assert replay(P, taken) == state
    ends = {stage.key for stage in P.stages if stage.outcome}
    assert bool(state.ended) == bool(set(state.active) & ends)
    assert {visit.stage for visit in state.visits if visit.left is None} == set(state.active)
    assert len(state.active) == len(set(state.active))
