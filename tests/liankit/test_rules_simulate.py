from datetime import date
from itertools import islice

import numpy as np
from tests.liankit.policy_cases import ON, VOCABULARY, clause, facts, fixed, panel, policy

from liankit.rules.edges import edges_of, near_edge
from liankit.rules.panel import build_panel
from liankit.rules.policies import entitle
from liankit.rules.simulate import drawn_costs, simulate

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


def test_what_a_draft_does_not_touch_moves_nobody_however_unknown_it_is():
    free = {"kind": "interest", "principal": "principal_cny", "days": "loan_days", "percent": 1, "most_cny": 500}
    before = policy(clause("rd", RATE), clause("loan", free))
    after = policy(clause("rd", {**RATE, "percent": 12}), clause("loan", free))
    moves = simulate([before], [after], panel(a=ONE), NEXT).moves()
    assert moves.select("verdict", "move_low_fen", "move_high_fen", "after_high_fen").row(0) == (
        "gains",
        200,
        200,
        51200,
    )


def test_an_unknown_input_is_drawn_from_those_who_said_it_and_a_seed_repeats_it():
    said = facts(a=ONE, b={"revenue_cny": 1000, "rd_expense_cny": 300}, c={"revenue_cny": 1000})
    before, after = policy(clause("rd", RATE)), policy(clause("rd", {**RATE, "percent": 20}))
    found = simulate([before], [after], build_panel(said, VOCABULARY, ON), NEXT)
    drawn = list(islice(drawn_costs(found, said, [before.key], seed=7), 12))
    assert {one.before for one in drawn} == {1000 + 3000 + 1000, 1000 + 3000 + 3000}
    assert all(one.after == 2 * one.before == one.asked_after for one in drawn)  # both meet the same draw
    tight = policy(clause("rd", RATE), budget={"amount_cny": 20, "when_short": "proportional"})
    short = next(drawn_costs(simulate([before], [tight], found.before.panel, NEXT), said, [before.key], seed=7))
    assert (short.after, short.asked_after) == (2000, short.before)
    assert drawn == list(islice(drawn_costs(found, said, [before.key], seed=7), 12))
    assert [one.before for one in islice(drawn_costs(found, said, ["another"]), 2)] == [0, 0]


def test_an_edge_is_worth_what_a_yuan_more_changes_seen_from_both_of_its_sides():
    most = {"key": "small", "title": {"zh": "甲", "en": "a"}, "quantity": "revenue_cny", "at_most": 1000}
    one = [policy(clause("steps", STEPS), fixed("small", 20, when=most))]
    said = panel(short={"revenue_cny": 960}, at=ONE, past={"revenue_cny": 1040}, far={"revenue_cny": 5000})
    steps, small = edges_of(one, ON)
    assert (steps.belongs_above, small.belongs_above) == (True, False)
    told = near_edge(one, said, steps).select("enterprise", "value", "short_low_fen", "past_high_fen").rows()
    assert told == [("short", 960, 2000, 7000), ("at", 1000, 2000, 7000), ("past", 1040, 2000, 7000)]
    assert near_edge(one, said, small).select("short_low_fen", "past_high_fen").unique().rows() == [(7000, 5000)]


def test_an_edge_moves_one_quantity_and_leaves_what_follows_from_it():
    when = {"key": "share", "title": {"zh": "甲", "en": "a"}, "quantity": "rd_share", "at_least": 10}
    one = [policy(clause("steps", STEPS), fixed("rd", 20, when=when))]
    found = near_edge(one, panel(at=ONE), edges_of(one, ON)[0])
    assert found.select("short_low_fen", "past_low_fen").rows() == [(2000, 7000)]  # its share of R&D stays


def test_some_of_a_panel_are_owed_what_they_are_owed_in_the_whole():
    when = {"key": "holds", "title": {"zh": "甲", "en": "a"}, "quantity": "is_giant", "is": True}
    one = [policy(clause("rd", RATE), fixed("giant", 20, when=when))]
    whole = panel(a={**ONE, "titles": "giant"}, b={"revenue_cny": 1000}, c={**ONE, "titles": "none"}, d=ONE)
    rows = np.array([2, 0], dtype=np.int32)
    assert np.array_equal(entitle(one, whole.take(rows)).owed.high, entitle(one, whole).owed.high[rows])
