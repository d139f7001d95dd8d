"""Who holds what follows from the log: hand-overs, steps that some answers or some persons may not take."""

from __future__ import annotations

from typing import Any

import pytest
from tests.liankit.process_cases import Log, body, coded

from liankit.process import Process, build_process, check_opens, next_actions, refusals, replay
from liankit.process.check import DefinitionError

OFFICE, EXPERT = ("office:economy",), ("person:user:7",)


def request(**changes: Any) -> dict[str, Any]:
    """Return a request: passed on to the office that an answer names, answered, judged by somebody else."""
    ended = coded("ended", kind="neutral", reasons=[coded("answered")])
    pass_on = coded(
        "pass_on",
        **{"from": "received", "to": "in_hand"},
        form=[coded("to_whom", kind="office"), coded("urgent", kind="yes_no")],
        assigns={"answerer": "to_whom"},
    )
    reply = coded("reply", **{"from": "in_hand", "to": "replied"}, form=[coded("fit", kind="yes_no")])
    again = coded("again", **{"from": "replied", "to": "in_hand"}, when={"fit": False})
    close = coded("close", **{"from": "replied", "to": "end"}, when={"fit": ["yes"]}, not_by=["reply"])
    return {
        **coded("request"),
        "roles": [coded("desk"), coded("answerer")],
        "opens_as": "desk",
        "start": "received",
        "form": [coded("what", kind="text")],
        "stages": [
            coded("received", lead="desk"),
            coded("in_hand", lead="answerer"),
            coded("replied", lead="desk"),
            coded("end", outcome=ended),
        ],
        "transitions": [pass_on, reply, again, close],
        **changes,
    }


def built(**changes: Any) -> Process:
    return build_process(request(**changes), "request.yaml")


P = built()


def received() -> Log:
    return Log().add("open", holders={"desk": OFFICE})


def replied(fit: str) -> Log:
    log = received().add("do", "pass_on", data={"to_whom": "health"})
    return log.add("do", "reply", data={"fit": fit}, actor="user:2")


def codes(log: Log, process: Process = P) -> list[str]:
    *before, last = log.events
    return [reason.code.removeprefix("process.") for reason in refusals(process, replay(process, before), last)]


def test_a_role_is_handed_to_the_office_that_the_answer_names() -> None:
    assert P.held_at_opening == ("desk",)
    log = received()
    assert codes(log.add("do", "pass_on")) == ["field_missing"]
    log.events.pop()
    state = replay(P, log.add("do", "pass_on", data={"to_whom": "health"}).events)
    assert state.holders == {"desk": OFFICE, "answerer": ("office:health",)}


def test_holders_are_replaced_by_an_event_of_its_own() -> None:
    log = received().add("assign", "desk", holders={"desk": EXPERT})
    assert replay(P, log.events).holders == {"desk": EXPERT}
    assert codes(log.add("assign", "desk")) == ["holder_missing"]
    assert codes(Log().add("open", holders={"dsek": OFFICE})) == ["role_unknown", "role_unheld"]


def test_no_stage_is_entered_that_nobody_leads() -> None:
    assert codes(Log().add("open", holders={})) == ["role_unheld"]
    short = coded("short", **{"from": "received", "to": "in_hand"})
    process = built(transitions=[*P_STEPS, short])
    assert process.held_at_opening == ("desk", "answerer")
    assert codes(received(), process) == ["role_unheld"]


@pytest.mark.parametrize(("fit", "can", "cannot"), [("yes", "close", "again"), ("no", "again", "close")])
def test_a_step_goes_with_some_answers_only(fit: str, can: str, cannot: str) -> None:
    found = {action.transition.key: action for action in next_actions(P, replay(P, replied(fit).events))}
    assert found[can].is_open
    assert [reason.code for reason in found[cannot].missing] == ["process.when_not"]
    assert codes(replied(fit).add("do", cannot, reason="answered" if cannot == "close" else "")) == ["when_not"]


def test_whoever_took_a_step_and_whoever_acts_for_them_may_not_take_the_next() -> None:
    closing: dict[str, Any] = {"name": "close", "reason": "answered"}
    assert codes(replied("yes").add("do", actor="user:2", **closing)) == ["not_by"]
    assert codes(replied("yes").add("do", actor="user:3", on_behalf_of=("user:2",), **closing)) == ["not_by"]
    assert codes(replied("yes").add("do", actor="user:3", **closing)) == []
    assert codes(received().add("do", "pass_on", data={"to_whom": "health", "urgent": "perhaps"})) == ["choice_unknown"]
    found = {action.transition.key: action.barred for action in next_actions(P, replay(P, replied("yes").events))}
    assert found == {"again": frozenset(), "close": {"user:2"}}


def test_nobody_agrees_to_what_was_proposed_for_them() -> None:
    steps = [{**step, "approval": {"role": "desk"}} if step["key"] == "close" else step for step in P_STEPS]
    process = built(transitions=steps)
    asked = replied("yes").add("do", "close", actor="user:3", on_behalf_of=("user:4",), reason="answered")
    for actor, refused in [("user:3", ["same_person"]), ("user:4", ["same_person"]), ("user:2", ["not_by"])]:
        assert codes(asked.add("approve", "close", actor=actor), process) == refused
        asked.events.pop()
    assert replay(process, asked.add("approve", "close", actor="user:5").events).outcome == "ended"


P_STEPS = request()["transitions"]


def step(key: str, **changes: Any) -> dict[str, Any]:
    return request(transitions=[{**one, **changes} if one["key"] == key else one for one in P_STEPS])


INSTRUCTION = {"process": "instruction", "title": "what", "roles": {"lead": "answerer", "issuer": "desk"}}


@pytest.mark.parametrize(
    ("wrong", "where", "what"),
    [
        (request(opens_as="dsek"), "opens_as", "Did you mean 'desk'?"),
        (step("pass_on", assigns={"anwerer": "to_whom"}), "transitions.pass_on.assigns", "Did you mean 'answerer'?"),
        (step("pass_on", assigns={"answerer": "whom"}), "transitions.pass_on.assigns", "Did you mean 'to_whom'?"),
        (
            step("pass_on", assigns={"answerer": "what"}),
            "transitions.pass_on.assigns.answerer",
            "the role is held by office",
        ),
        (step("close", when={"fti": "yes"}), "transitions.close.when", "Did you mean 'fit'?"),
        (step("close", when={"fit": "jes"}), "transitions.close.when.fit", "Did you mean 'yes'?"),
        (step("close", when={"what": "x"}), "transitions.close.when.what", "kind 'choice' or 'yes_no'"),
        (step("close", not_by=["repyl"]), "transitions.close.not_by", "Did you mean 'reply'?"),
        (step("reply", opens=INSTRUCTION | {"title": "waht"}), "transitions.reply.opens.title", "Did you mean 'what'?"),
        (step("reply", opens=INSTRUCTION | {"roles": {"lead": "answer"}}), "transitions.reply.opens.roles", "answerer"),
        (step("reply", opens=INSTRUCTION | {"data": {"task": "wht"}}), "transitions.reply.opens.data", "'what'?"),
        (step("reply", form=[coded("what", kind="number")]), "fields.what", "of different kinds"),
    ],
)
def test_ten_more_mistakes_are_named_with_their_place(wrong: dict[str, Any], where: str, what: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        build_process(wrong, "request.yaml")
    assert any(fault.where == where and what in fault.what for fault in refused.value.faults), str(refused.value)


def test_a_step_that_opens_a_case_needs_its_title() -> None:
    process = build_process(step("reply", opens=INSTRUCTION), "request.yaml")
    log = received().add("do", "pass_on", data={"to_whom": "health"})
    assert codes(log.add("do", "reply", data={"fit": "yes"}), process) == ["field_missing"]


def test_a_process_without_the_new_keys_needs_every_lead_from_the_first() -> None:
    assert build_process(body(), "test.yaml").held_at_opening == ("office", "hospital", "leader")


def test_a_role_that_leads_before_it_is_handed_over_is_held_from_the_first() -> None:
    back = coded("take_back", **{"from": "in_hand", "to": "received"}, assigns={"desk": "other_desk"})
    back["form"] = [coded("other_desk", kind="office", required=True)]
    process = built(transitions=[*request()["transitions"], back])
    assert process.held_at_opening == ("desk",)


@pytest.mark.parametrize(
    ("said", "where", "what"),
    [
        ({"process": "requst"}, "process", "Did you mean 'request'?"),
        ({"roles": {"dsek": "desk"}}, "roles", "Did you mean 'desk'?"),
        ({"roles": {}}, "roles", "somebody must hold the role 'desk' of 'request'"),
        ({"data": {"waht": "what"}}, "data", "Did you mean 'what'?"),
    ],
)
def test_what_a_step_hands_to_another_process_is_what_that_asks_for(
    said: dict[str, Any], where: str, what: str
) -> None:
    right = {"process": "request", "title": "what", "roles": {"desk": "desk"}, "data": {"what": "what"}}
    opener = {**step("reply", opens=right), "key": "opener"}
    check_opens(build_process(opener, "a.yaml"), {"request": P}, "a.yaml")
    wrong = {**step("reply", opens={**right, **said}), "key": "opener"}
    with pytest.raises(DefinitionError) as refused:
        check_opens(build_process(wrong, "a.yaml"), {"request": P}, "a.yaml")
    place = f"transitions.reply.opens.{where}"
    assert any(fault.where == place and what in fault.what for fault in refused.value.faults), str(refused.value)


def test_what_another_process_must_know_is_handed_over() -> None:
    asking = build_process({**request(form=[coded("due", kind="date", required=True)]), "key": "asking"}, "b.yaml")
    opens = {"process": "asking", "title": "what", "roles": {"desk": "desk"}}
    with pytest.raises(DefinitionError, match="'asking' asks for 'due'"):
        check_opens(build_process(step("reply", opens=opens), "a.yaml"), {"asking": asking}, "a.yaml")
