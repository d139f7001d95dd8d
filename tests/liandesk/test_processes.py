"""Every process that is shipped runs from its start to each of its ends, and by no shorter way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from typing import Any

import pytest
from tests.liandesk.process_paths import PATHS

from liankit.insight.bottlenecks import waits
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
    for said in (path if path.startswith("open:") else f"open {path}").split():
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


def test_a_trial_is_made_ready_only_where_every_branch_went_well() -> None:
    opened = "accept_application decide_institution accept_at_ethics"
    rest = "close_contract settle_genetic submit_ind_60 decide_ind_60"
    assert not codes(led("trial_startup", f"{opened} decide_ethics {rest}"), "make_ready", FIRST)
    for refused in ("decide_ethics:refused", "decide_ethics:broken_off"):
        run = led("trial_startup", f"{opened} {refused} {rest}")
        assert codes(run, "make_ready", FIRST) == {"when_not"} and not codes(run, "end_in_branches", FIRST)
    branches = led("trial_startup", f"{opened} decide_ethics {rest.removesuffix(' decide_ind_60')}")
    assert codes(branches, "end_in_branches", FIRST), "a branch is open still"


def test_the_step_to_the_authority_is_that_of_the_variant() -> None:
    run = led("trial_startup", "open:device_filing accept_application")
    assert codes(run, "submit_ind_60", FIRST) and codes(run, "note_not_needed", FIRST)
    assert not codes(run, "file", FIRST)


def test_a_certificate_is_sold_only_by_a_pilot_and_the_fund_invests_by_two_persons() -> None:
    sale = led("device_contract_production", "open:certificate_sale take_up")
    assert codes(sale, "find_possible", FIRST) and not codes(sale, "ask_pilot", FIRST)
    plain = led("device_contract_production", "take_up")
    assert codes(plain, "ask_pilot", FIRST) and not codes(plain, "find_possible", FIRST)
    decided = led("finance_need", "open:fund take_up introduce bring_to_fund")
    decided.add("prove", "fund_minutes", data={"hash": "ab", "title": "minutes"})
    decided.add("do", "invest", FIRST, data={"invested_cny": 1.0})
    assert decided.state.active == ("fund_decision",)
    with pytest.raises(IllegalEvent):
        decided.add("approve", "invest", FIRST)
    decided.add("approve", "invest", SECOND)
    assert decided.state.active == ("paying",)


def test_goods_with_genetic_resources_do_not_go_round_their_permit() -> None:
    goods = led("special_goods", "open:yes take_up")
    assert codes(goods, "ask_quarantine_permit", FIRST) and not codes(goods, "ask_genetic_permit", FIRST)


def test_a_product_is_tried_only_where_all_of_the_gate_holds_and_another_person_reviews_competition() -> None:
    proposed = led("product_pilot", "")
    proposed.add("prove", "licence", data={"hash": "ab", "title": "licence"})
    step = proposed.process.transition("pass_gate")
    assert step is not None
    for missing in step.when:
        data = {**answers(step.form, "yes"), missing: "no"}
        assert refusals(proposed.process, proposed.state, proposed.event("do", step.key, FIRST, data=data)), missing
    passed = led("product_pilot", "pass_gate:yes")
    passed.add("prove", "competition_review", data={"hash": "ab", "title": "review"})
    assert codes(passed, "clear", FIRST) and not codes(passed, "clear", SECOND)


def test_human_samples_are_booked_only_with_the_paper_of_the_ethics_committee() -> None:
    asked = led("resource_booking", "ask_keeper:yes")
    assert codes(asked, "book", FIRST)
    assert codes(asked, "book_with_ethics", FIRST)
    asked.add("prove", "ethics", data={"hash": "ab", "title": "approval"})
    assert not codes(asked, "book_with_ethics", FIRST)


def test_who_entered_sums_or_removed_a_barrier_does_not_check_it() -> None:
    ledger = led("five_reductions", "submit")
    assert codes(ledger, "check", FIRST) and not codes(ledger, "check", SECOND)
    barrier = led("barrier", "confirm plan_removal report_removed")
    assert codes(barrier, "confirm_removed", FIRST) and not codes(barrier, "confirm_removed", SECOND)


def test_a_sum_that_an_office_does_not_know_stays_unknown() -> None:
    ledger = led("five_reductions", "")
    ledger.add("prove", "tables", data={"hash": "ab", "title": "table"})
    ledger.add("do", "submit", data={"tax_cny": 1000.0, "sums_source": "税务部门"})
    assert ledger.state.fields["tax_cny"] == 1000.0 and "rent_cny" not in ledger.state.fields


def test_a_period_has_a_source_or_no_length() -> None:
    clocks = [clock for process in shipped().values() for clock in process.clocks]
    counted = {clock.key: clock.days for clock in clocks if clock.days is not None}
    of_trials = {"ethics_time": 30, "ind_60_time": 60, "ind_30_time": 30, "device_time": 30, "permit_time": 20}
    authority = {"supplementary_review": 60, "inspected_review": 200, "class_2_review": 60, "class_3_review": 90}
    authority |= {"market_review": 200, "priority_review": 130, "urgent_review": 70}
    authority |= {"genetic_time": 20, "pledge_registration": 5}
    of_leads = {
        "first_answer": 1,
        "first_contact": 3,
        "first_proposal": 7,
    }  # the district's working rule, to be confirmed
    of_leads |= {"first_biweekly": 14, "next_biweekly": 14}
    assert counted == {"correction": 2, "first_report": 100, "next_report": 100} | authority | of_trials | of_leads
    assert all(clock.source for clock in clocks if clock.days is not None)


def test_a_lead_is_not_said_to_spend_its_time_in_the_reports_beside_its_way() -> None:
    assert waits(shipped()["investment_lead"]) == {"following"}
    assert "ethics_closed" in waits(shipped()["trial_startup"])
    assert not waits(shipped()["instruction"]), "a report there is the work itself"
