"""Running cases go over to another version by a map that fits both, or stay where they are with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.process_cases import HOLDERS, START, Log, body, coded, process

from liankit.process import (
    DefinitionError,
    Event,
    Process,
    apply,
    build_migration,
    build_process,
    check_migration,
    migrate,
    next_actions,
    opened_with,
    refusals,
    replay,
)

OLD = process()
NAMES = {"ethics": "board", "ethics_done": "board_done"}


def renamed_body() -> dict[str, Any]:
    """Return version 2: the ethics board has other keys, a field is gone, evidence is called otherwise."""
    said = body()
    stages = [{**stage, "key": NAMES.get(stage["key"], stage["key"])} for stage in said["stages"]]
    steps = []
    for step in said["transitions"]:
        ends = {side: _named(step[side]) for side in ("from", "to")}
        step = {**step, **ends}
        if step["key"] == "sign":
            step["needs"] = ["signed_contract"]
        if step["key"] == "pass":
            step = {**step, "key": "approve_study", "form": []}
        steps.append(step)
    clocks = [said["clocks"][0], {**said["clocks"][1], "starts": "enter board", "stops": "leave board"}]
    return body(stages=stages, transitions=steps, clocks=clocks, evidence=[coded("signed_contract")])


def _named(keys: Any) -> Any:
    return [NAMES.get(key, key) for key in keys] if isinstance(keys, list) else NAMES.get(keys, keys)


NEW = process(**renamed_body())
VERSIONS = {"1": OLD, "2": NEW}
MAP = {
    **coded("board"),
    "process": "start_up",
    "from": 1,
    "to": 2,
    "stages": NAMES,
    "transitions": {"pass": "approve_study"},
    "fields": {"number": None},
    "evidence": {"contract_copy": "signed_contract"},
}


def accepted() -> Log:
    return Log().add("open", data={"subject": "trial"}, holders=HOLDERS).add("do", "accept")


def moved(log: Log, said: dict[str, Any] = MAP) -> Log:
    return log.add("migrate", str(said["to"]), data=said)


def codes(log: Log, versions: dict[str, Process] = VERSIONS, first: Process = OLD) -> list[str]:
    *before, last = log.events
    found = refusals(first, replay(first, before, versions), last, versions)
    return [reason.code.removeprefix("process.") for reason in found]


def test_a_case_goes_over_with_what_it_holds_and_goes_on_by_the_new_version() -> None:
    log = accepted().add("prove", "contract_copy", data={"hash": "ab"}).add("do", "pass", data={"number": "E1"})
    assert codes(moved(log)) == []
    state = replay(OLD, log.events, VERSIONS)
    assert set(state.active) == {"contract", "board_done"} and state.fields == {"subject": "trial"}
    assert [taken.transition for taken in state.taken] == ["accept", "approve_study"]
    assert {action.transition.key for action in next_actions(NEW, state) if action.is_open} == {"sign"}
    ended = log.add("do", "sign").add("do", "join").add("do", "finish", reason="as_agreed")
    assert replay(OLD, ended.add("approve", "finish", actor="user:2").events, VERSIONS).outcome == "started"
    assert opened_with(log.events) == 1 and opened_with(accepted().events) is None


def test_what_happened_before_can_still_be_corrected_by_the_version_it_happened_in() -> None:
    log = moved(accepted().add("do", "pass", data={"number": "E1"}))
    log.add("correct", "1", data={"data": {"subject": "another"}})
    assert replay(OLD, log.events, VERSIONS).fields == {"subject": "another"}
    with pytest.raises(Exception, match="no_such_event"):
        replay(OLD, log.add("correct", "4", data={"data": {"to": 3}}).events, VERSIONS)


@pytest.mark.parametrize(
    ("said", "where", "what"),
    [
        ({"stages": {"etics": "board"}}, "stages", "Did you mean 'ethics'?"),
        ({"stages": {**NAMES, "ethics": "bord"}}, "stages", "Did you mean 'board'?"),
        ({"stages": {"ethics": "board"}}, "stages.ethics_done", "Say what becomes of it"),
        ({"stages": {**NAMES, "received": "dropped"}}, "stages.received", "end"),
        ({"fields": {"number": "subject"}}, "fields.subject", "2 fields become this one"),
        ({"fields": {}}, "fields.number", "Say what becomes of it"),
        ({"evidence": {}}, "evidence.contract_copy", "Say what becomes of it"),
        ({"transitions": {"pass": "aprove_study"}}, "transitions", "Did you mean 'approve_study'?"),
    ],
)
def test_a_map_that_does_not_fit_both_versions_is_refused(said: dict[str, Any], where: str, what: str) -> None:
    with pytest.raises(DefinitionError) as refused:
        check_migration(build_migration({**MAP, **said}, "m.yaml"), OLD, NEW, "m.yaml")
    assert any(fault.where == where and what in fault.what for fault in refused.value.faults), str(refused.value)


def test_a_map_with_a_key_that_nobody_reads_names_the_nearest() -> None:
    with pytest.raises(DefinitionError, match="Did you mean 'stages'"):
        build_migration({**MAP, "stage": {}}, "m.yaml")


def test_a_case_that_does_not_fit_stays_and_says_why() -> None:
    assert codes(moved(accepted(), {**MAP, "stages": {**NAMES, "ethics": None}})) == ["no_place"]
    assert codes(moved(accepted(), {**MAP, "stages": {**NAMES, "ethics": "contract"}})) == ["not_together"]
    assert codes(moved(accepted(), {**MAP, "to": 7})) == ["no_such_version"]
    assert codes(moved(accepted(), {**MAP, "stages": {}})) == ["wrong_map"]
    assert codes(moved(accepted(), {**MAP, "roles": {"hospital": None}})) == ["role_unheld"]
    assert codes(moved(accepted().add("pause", "papers"), {**MAP, "pauses": {"papers": None}})) == ["no_place"]
    assert codes(
        moved(Log().add("open", data={"subject": "s"}, holders=HOLDERS).add("do", "drop", reason="no_money"))
    ) == ["ended"]


def test_roles_that_become_one_are_held_by_all_who_held_them() -> None:
    said = {**MAP, "roles": {"leader": "office"}}
    assert replay(OLD, moved(accepted(), said).events, VERSIONS).holders["office"] == (
        "office:economy",
        "person:user:9",
    )


SAME = {**coded("same"), "process": "start_up", "from": 1, "to": 2}
STEPS = st.lists(st.sampled_from([step.key for step in OLD.transitions]), max_size=8)


@settings(max_examples=60, deadline=None)
@given(STEPS)
def test_a_version_that_changes_nothing_changes_no_state(keys: list[str]) -> None:
    same = {"1": OLD, "2": OLD}
    plain = Log().add("open", data={"subject": "s"}, holders=HOLDERS).add("prove", "contract_copy", data={"hash": "h"})
    for key in keys:
        reason = {"finish": "as_agreed", "drop": "no_money"}.get(key, "")
        plain.add("do", key, data={"number": "1"} if key == "pass" else {}, reason=reason)
        if codes(plain):
            plain.events.pop()
    before = replay(OLD, plain.events)
    if before.ended is None:
        assert replace(replay(OLD, moved(plain, SAME).events, same), last=before.last) == before


def other(key: str) -> str:
    return f"{key}_x"


def with_other_keys(part: Any) -> Any:
    """Return a body in which every key of a part, and every name that points to one, is another."""
    if isinstance(part, list):
        return [with_other_keys(one) for one in part]
    if isinstance(part, dict):
        return {name: _other_value(name, value) for name, value in part.items()}
    return part


def _other_value(name: str, value: Any) -> Any:
    if name in ("starts", "stops"):
        word, _blank, key = value.partition(" ")
        return f"{word} {other(key)}" if key else word
    if name in ("key", "lead", "start", "from", "to", "with", "needs", "roles", "paused_by", "role"):
        many = isinstance(value, list) and all(isinstance(one, str) for one in value)
        return (
            [other(one) for one in value]
            if many
            else other(value)
            if isinstance(value, str)
            else with_other_keys(value)
        )
    return with_other_keys(value)


RENAMED = build_process({**with_other_keys(body()), "key": "start_up"}, "renamed.yaml")
_PARTS = {
    group: [part.key for part in getattr(OLD, group)]
    for group in ("stages", "transitions", "roles", "evidence", "pauses")
}
RENAMING = {
    **coded("renaming"),
    "process": "start_up",
    "from": 1,
    "to": 2,
    "fields": {key: other(key) for key in OLD.fields},
    **{group: {key: other(key) for key in keys} for group, keys in _PARTS.items()},
}
NAMES_TRIED = st.sampled_from([*_PARTS["transitions"], "contract_copy", "papers", "office"])
KINDS_TRIED = st.sampled_from(["do", "do", "do", "approve", "refuse", "fill", "prove", "pause", "resume"])
DATA_TRIED = st.sampled_from([{}, {"number": "n"}, {"subject": "t"}])
REASONS_TRIED = st.sampled_from(["", "as_agreed", "no_money"])
TRIED = st.lists(st.tuples(KINDS_TRIED, NAMES_TRIED, DATA_TRIED, REASONS_TRIED, st.sampled_from("ab")), max_size=25)


def translated(event: Event) -> Event:
    """Return an event in the keys of the renamed version; the reasons of ends are renamed there too."""
    data = event.data if event.kind == "prove" else {other(key): value for key, value in event.data.items()}
    name = other(event.name) if event.name else ""
    return replace(event, name=name, data=data, reason=other(event.reason) if event.reason else "")


@settings(max_examples=60, deadline=None)
@given(TRIED, st.integers(0, 25))
def test_going_over_first_or_last_gives_the_same_case(tried: list[tuple[Any, ...]], place: int) -> None:
    versions = {"1": OLD, "2": RENAMED}
    over = Event(99, "migrate", "user:9", START, "2", RENAMING)
    log = Log().add("open", data={"subject": "s"})
    plain = replay(OLD, log.events)
    moved = None
    for number, (kind, name, data, reason, actor) in enumerate(tried):
        if number == place and plain.ended is None:
            moved = apply(OLD, plain, over, versions)
        said = {"hash": "h"} if kind == "prove" else data
        event = Event(number + 2, kind, actor, START + timedelta(hours=number + 1), name, said, reason)
        legal = not refusals(OLD, plain, event)
        if moved is not None:
            assert legal == (not refusals(RENAMED, moved, translated(event)))
            moved = apply(RENAMED, moved, translated(event)) if legal else moved
        plain = apply(OLD, plain, event) if legal else plain
    if moved is not None:
        last = migrate(build_migration(RENAMING, "renaming"), plain)
        assert replace(moved, outcome="", reason="") == replace(last, outcome="", reason="")
