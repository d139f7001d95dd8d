from datetime import date

import numpy as np
from tests.liankit.policy_cases import ON, VOCABULARY, clause, facts, fixed, panel, policy

from liankit.rules.simulate import clause_changes, cliffs, resampled_cost, simulate

NEXT = date(2025, 1, 1)
ONE = {"revenue_cny": 1000, "rd_expense_cny": 100}
RATE = {"kind": "rate", "quantity": "rd_expense_cny", "percent": 10, "most_cny": 60}
STEPS = {"kind": "tiered", "quantity": "revenue_cny", "bands": [{"at_least": 1000, "amount_cny": 50}]}


def test_a_draft_says_who_gains_who_loses_and_whom_the_unknown_decides():
    before, after = policy(clause("rd", RATE)), policy(clause("rd", {**RATE, "percent": 12}), fixed("new", 1))
    said = {"more": ONE, "open": {"revenue_cny": 1000}}
    forward = simulate([before], [after], panel(**said), NEXT).moves()
    assert forward.select("enterprise", "verdict").rows() == [("more", "gains"), ("open", "open")]
    assert forward.row(0)[1:5] == (1000, 1000, 1300, 1300)
    backward = simulate([after], [before], panel(**said), NEXT).moves()
    assert backward["verdict"].to_list() == ["loses", "open"]
    assert simulate([before], [before], panel(a=ONE), NEXT).moves()["verdict"].to_list() == ["same"]


def test_versions_differ_clause_by_clause():
    before, after = policy(clause("rd", RATE)), policy(clause("rd", {**RATE, "percent": 12}), fixed("new", 1))
    changed = {(one.where, one.kind) for one in clause_changes(before, after)}
    assert changed == {("clauses.rd.benefit.percent", "changed"), ("clauses.new", "added")}


def test_an_unknown_input_is_drawn_from_those_who_said_it_and_a_seed_repeats_it():
    said = facts(a=ONE, b={"revenue_cny": 1000, "rd_expense_cny": 300}, c={"revenue_cny": 1000})
    one = [policy(clause("rd", RATE))]
    drawn = resampled_cost(one, said, VOCABULARY, ON, draws=12, seed=7)
    assert set(drawn.tolist()) == {1000 + 3000 + 1000, 1000 + 3000 + 3000}
    assert np.array_equal(drawn, resampled_cost(one, said, VOCABULARY, ON, draws=12, seed=7))


def test_a_notch_is_found_from_both_of_its_sides():
    most = {"key": "small", "title": {"zh": "甲", "en": "a"}, "quantity": "revenue_cny", "at_most": 1000}
    one = policy(clause("steps", STEPS), fixed("small", 20, when=most))
    found = cliffs([one], facts(edge=ONE, far={"revenue_cny": 5000}), VOCABULARY, ON)
    assert found.select("enterprise", "clause", "percent", "before_fen", "after_fen").rows() == [
        ("edge", "steps", -5.0, 7000, 2000),
        ("edge", "small", 5.0, 7000, 5000),
    ]


def test_an_enterprise_in_the_middle_of_its_band_has_no_cliff():
    assert cliffs([policy(clause("steps", STEPS))], facts(a={"revenue_cny": 2000}), VOCABULARY, ON).is_empty()
