from datetime import date
from fractions import Fraction
from functools import cache
from importlib.resources import files

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.policy_cases import ON, clause, entitled, facts, fixed, group, owed, panel, policy

from liankit.definitions import parse_body
from liankit.process.check import DefinitionError
from liankit.rules.benefits import DAYS_OF_A_YEAR, take
from liankit.rules.check import build_vocabulary
from liankit.rules.panel import build_panel
from liankit.rules.policies import Money, cut, entitle
from liankit.rules.policy_check import build_policy
from liankit.rules.questions import questions
from liankit.rules.simulate import under_law_of
from liankit.rules.vocabulary import Vocabulary
from liankit.texts import render

ONE = {"revenue_cny": 10_000_000, "rd_expense_cny": 1_000_000}


@given(fen=st.integers(0, 10**14), percent=st.decimals(0, 100, places=3), days=st.integers(1, 366))
@settings(max_examples=60, deadline=None)
def test_a_share_of_an_amount_is_exact_and_rounded_half_up_once(fen, percent, days):
    share = Fraction(str(percent)) / 100 / DAYS_OF_A_YEAR
    exact = fen * share * days
    assert take(np.array([fen]), share, days).tolist() == [(2 * exact + 1) // 2]


def test_a_discount_of_interest_is_principal_by_percent_by_days_over_360():
    loan = {"kind": "interest", "principal": "principal_cny", "days": "loan_days", "percent": 1.5, "most_cny": 500_000}
    one = policy(clause("loan", loan))
    lent = {"revenue_cny": 1, "principal_cny": 8_000_000, "loan_days": 270}
    assert owed(one, a=lent) == [[(90_000, 90_000)]]
    assert owed(one, a={**lent, "principal_cny": 80_000_000}) == [[(500_000, 500_000)]]
    assert owed(one, a={"revenue_cny": 1, "principal_cny": 8_000_000}) == [[(0, 500_000)]]


def test_a_band_begins_at_its_bound():
    bands = [{"at_least": 100, "amount_cny": 10}, {"at_least": 200, "amount_cny": 30}]
    one = policy(clause("steps", {"kind": "tiered", "quantity": "revenue_cny", "bands": bands}))
    given_ = owed(one, a={"revenue_cny": 99}, b={"revenue_cny": 100}, c={"revenue_cny": 199.99}, d={"revenue_cny": 200})
    assert given_ == [[(0, 0)], [(10, 10)], [(10, 10)], [(30, 30)]]


def test_what_is_unknown_leaves_an_interval_up_to_the_limit_and_never_a_zero():
    rate = {"kind": "rate", "quantity": "rd_expense_cny", "percent": 10, "most_cny": 60_000}
    assert owed(policy(clause("rd", rate)), a=ONE, b={"revenue_cny": 1}, c={}) == [
        [(60_000, 60_000)],
        [(0, 60_000)],
        [(0, 60_000)],
    ]


def test_of_a_group_the_highest_counts_and_of_equal_ones_the_first():
    pair = (fixed("small", 10, group="together"), fixed("large", 20, group="together"))
    assert owed(policy(*pair, groups=[group("highest")]), a=ONE) == [[(0, 0), (20, 20)]]
    same = (fixed("first", 20, group="together"), fixed("second", 20, group="together"))
    assert owed(policy(*same, groups=[group("highest")]), a=ONE) == [[(20, 20), (0, 0)]]


def test_a_group_whose_better_clause_is_open_has_a_total_between_both():
    when = {"key": "open", "title": {"zh": "甲", "en": "a"}, "quantity": "is_open", "is": True}
    pair = (fixed("sure", 10, group="together"), fixed("better", 20, group="together", when=when))
    found = entitled(policy(*pair, groups=[group("highest")]), a=ONE)
    assert [(int(low), int(high)) for low, high in zip(*found.total(), strict=True)] == [(1000, 2000)]


def test_clauses_that_exclude_each_other_go_by_entitlement_in_their_order():
    pair = (fixed("first", 10, group="together"), fixed("second", 20, group="together"))
    assert owed(policy(*pair, groups=[group("exclude")]), a=ONE) == [[(10, 10), (0, 0)]]


def test_a_group_is_added_up_in_order_to_its_cap():
    three = [fixed(key, 30, group="together") for key in ("one", "two", "three")]
    assert owed(policy(*three, groups=[group("cap", most_cny=50)]), a=ONE) == [[(30, 30), (20, 20), (0, 0)]]


def test_a_quota_goes_to_who_came_first_and_is_open_among_those_who_did_not_come():
    one = policy(fixed("first", 10, quota=1))
    assert owed(one, {"first": [1, 0, -1]}, a=ONE, b=ONE, c=ONE) == [[(0, 0)], [(10, 10)], [(0, 0)]]
    assert owed(one, a=ONE, b=ONE) == [[(0, 10)], [(0, 10)]]
    assert [side.tolist() for side in entitled(one, a=ONE, b=ONE).cost()] == [[1000], [1000]]


def test_a_policy_costs_no_more_than_its_budget_however_much_is_unknown():
    rate = {"kind": "rate", "quantity": "rd_expense_cny", "percent": 10, "most_cny": 60_000}
    one = policy(clause("rd", rate), clause("more", rate), budget={"amount_cny": 100_000, "when_short": "proportional"})
    found = entitled(one, a={"revenue_cny": 1}, b=ONE)
    assert found.cost_of(one.key)[1] == 10_000_000 and (found.cost().high <= 10_000_000).all()
    assert found.cost_of("another") == (0, 0)


def test_a_budget_that_stops_pays_in_order_and_the_last_gets_what_is_left():
    one = policy(fixed("first", 10, budget={"amount_cny": 15, "when_short": "stop"}))
    assert owed(one, {"first": [2, 0, 1]}, a=ONE, b=ONE, c=ONE) == [[(0, 0)], [(10, 10)], [(5, 5)]]


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=12), st.integers(0, 10**9))
@settings(max_examples=60, deadline=None)
def test_a_cut_by_the_same_share_adds_up_to_the_fen_and_is_never_off_by_one(amounts, limit):
    exact = np.array(amounts, dtype=np.int64)
    given_ = cut(Money(exact, exact), limit).low.tolist()
    assert sum(given_) == min(limit, sum(amounts))
    if sum(amounts) > limit:
        assert all(abs(got - Fraction(one * limit, sum(amounts))) < 1 for one, got in zip(amounts, given_, strict=True))


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_whatever_settles_an_unknown_input_the_amount_lies_in_its_interval(data):
    rate = {"kind": "rate", "quantity": "rd_expense_cny", "percent": 10, "most_cny": 50}
    when = {"key": "share", "title": {"zh": "甲", "en": "a"}, "quantity": "rd_share", "at_least": 5}
    rules = data.draw(st.sampled_from([group("highest"), group("exclude"), group("cap", most_cny=70)]))
    budget = {"amount_cny": 90, "when_short": data.draw(st.sampled_from(["stop", "proportional"]))}
    one = policy(
        clause("rd", rate, when=when, group="together"),
        fixed("plain", 40, group="together", quota=2),
        groups=[rules],
        budget=budget,
    )
    numbers = st.one_of(st.none(), st.integers(0, 2000))
    said = {
        name: {"revenue_cny": data.draw(st.integers(1, 2000)), "rd_expense_cny": data.draw(numbers)} for name in "abc"
    }
    order = {"rd": [0, 1, 2], "plain": data.draw(st.permutations([0, 1, 2]))}
    open_ = {name: {key: value for key, value in one_.items() if value is not None} for name, one_ in said.items()}
    settled = {
        name: {**one_, "rd_expense_cny": one_.get("rd_expense_cny", data.draw(st.integers(0, 2000)))}
        for name, one_ in open_.items()
    }
    wide, exact = entitled(one, order, **open_), entitled(one, order, **settled)
    assert (exact.owed.low == exact.owed.high).all()
    assert (wide.owed.low <= exact.owed.low).all() and (exact.owed.low <= wide.owed.high).all()
    assert (wide.total().low <= exact.total().low).all() and (exact.total().low <= wide.total().high).all()


def test_the_town_pays_its_share_and_the_district_the_rest():
    assert entitled(policy(fixed("town", 50, town_percent=60)), a=ONE).town_part().low.tolist() == [[3000]]


def test_a_parameter_has_the_value_of_the_day_of_the_law():
    values = [{"value": 15, "to": "2024-12-31"}, {"value": 12, "from": "2025-01-01"}]
    parameters = [{"key": "percent", "title": {"zh": "甲", "en": "a"}, "values": values}]
    rate = {"kind": "rate", "quantity": "rd_expense_cny", "percent": "percent", "most_cny": 10**9}
    one, today = policy(clause("rd", rate), parameters=parameters), panel(a=ONE)
    by_day = [entitle([one], under_law_of(today, day)) for day in (date(2024, 12, 31), date(2025, 1, 1))]
    assert [found.owed.low.tolist() for found in by_day] == [[[15_000_000]], [[12_000_000]]]


def test_every_amount_has_its_reasons_and_every_reason_its_text():
    rate = {"kind": "rate", "quantity": "rd_expense_cny", "percent": 10, "most_cny": 60_000}
    one = policy(clause("rd", rate, budget={"amount_cny": 50_000, "when_short": "proportional"}))
    reasons = entitled(one, a=ONE).reasons(0, 0)
    assert [reason.code for reason in reasons][-3:] == ["policies.worth", "policies.rests_on", "policies.clause_budget"]
    assert reasons[-1].value_low == 50_000
    for reason in reasons[-3:]:
        assert render(reason.code, reason.params, "zh") != render(reason.code, reason.params, "en")


def test_only_what_can_change_the_amount_is_asked_most_money_first():
    when = {"key": "open", "title": {"zh": "甲", "en": "a"}, "quantity": "is_open", "is": True}
    rate = {"kind": "rate", "quantity": "rd_expense_cny", "percent": 10, "most_cny": 60_000}
    none = {"key": "giant", "title": {"zh": "甲", "en": "a"}, "quantity": "is_giant", "is": True}
    refused = {"key": "both", "title": {"zh": "甲", "en": "a"}, "all": [none, {**when, "quantity": "is_open"}]}
    one = policy(clause("rd", rate), fixed("open", 10, when=when), fixed("refused", 10**6, when=refused))
    found = entitled(one, a={"revenue_cny": 1})
    assert [(asked.input.key, asked.fen) for asked in questions(found, 0)] == [
        ("rd_expense_cny", 6_000_000),
        ("is_open", 1000),
    ]
    settled = entitled(one, a={**ONE, "is_open": "no"})
    assert [asked.input.key for asked in questions(settled, 0)] == []


def test_a_policy_with_mistakes_says_all_of_them():
    with pytest.raises(DefinitionError) as error:
        policy(fixed("one", 10, group="titel"), fixed("one", "amuont"), groups=[group("cap")])
    said = str(error.value)
    assert "4 to mend" in said and "stands 2 times" in said and "no group 'titel'" in said and "most_cny" in said


def test_a_clause_on_an_unknown_quantity_names_the_nearest():
    rate = {"kind": "rate", "quantity": "rd_expense", "percent": 10, "most_cny": 1}
    with pytest.raises(DefinitionError, match="Did you mean 'rd_expense_cny'"):
        policy(clause("rd", rate))


@cache
def _vocabulary() -> Vocabulary:
    folder = files("liandesk.packs").joinpath("cn/quantities")
    names = ("enterprise.yaml", "policies.yaml")
    return build_vocabulary(*(parse_body(folder.joinpath(name).read_text(encoding="utf-8")) for name in names))


@pytest.mark.parametrize("file", ["linping_biomed/policies/biomed_support", "zhejiang/policies/zhejiang_high_tech"])
def test_the_shipped_policies_are_sound_made_up_and_not_claimable(file):
    body = parse_body(files("liandesk.packs").joinpath(f"{file}.yaml").read_text(encoding="utf-8"))
    found = build_policy(body, file, _vocabulary())
    assert not any(found.is_claimable(one) for one in found.clauses)
    assert entitle([found], build_panel(facts(a=ONE), _vocabulary(), ON)).outcome.shape == (1, len(found.clauses))
