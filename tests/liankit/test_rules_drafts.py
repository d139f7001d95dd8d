from datetime import date

import pytest
from tests.liankit.policy_cases import ON, VOCABULARY, clause, fixed, group, policy

from liankit.rules.drafts import changes, numbers_of, with_numbers
from liankit.rules.policy_check import build_policy

NEXT = date(2025, 1, 1)
WHEN = {
    "key": "both",
    "title": {"zh": "甲", "en": "a"},
    "all": [
        {"key": "large", "title": {"zh": "大", "en": "large"}, "quantity": "revenue_cny", "at_least": 500},
        {"key": "share", "title": {"zh": "占比", "en": "share"}, "quantity": "rd_share", "at_least": "least"},
    ],
}
STEPS = {
    "kind": "tiered",
    "quantity": "revenue_cny",
    "bands": [{"at_least": 10, "amount_cny": 5}, {"at_least": 20, "amount_cny": 9}],
}
PARAMETERS = [{"key": "least", "unit": "percent", "title": {"zh": "下限", "en": "least"}, "values": [{"value": 5}]}]
ONE = policy(
    fixed("first", 10, when=WHEN, group="together", quota=3),
    clause("steps", STEPS),
    groups=[group("cap", most_cny=50)],
    parameters=PARAMETERS,
)


def test_every_number_of_a_policy_has_a_place_and_a_parameter_one():
    told = {one.place: one.value for one in numbers_of(ONE, NEXT)}
    assert told["parameters.least"] == 5 and told["groups.together.most_cny"] == 50
    assert told["clauses.first.when.all.large.at_least"] == 500
    assert told["clauses.first.quota"] == 3 and told["clauses.steps.quota"] is None
    assert told["clauses.steps.benefit.bands.1.amount_cny"] == 9
    assert "clauses.first.when.all.share.at_least" not in told  # its parameter is


def test_what_is_written_at_every_place_is_read_there_again():
    given = {one.place: "2026-01-31" if one.name.endswith(("from", "to")) else 7.0 for one in numbers_of(ONE, NEXT)}
    changed = build_policy(with_numbers(ONE, given, NEXT), "draft.yaml", VOCABULARY)
    assert {one.place: one.value for one in numbers_of(changed, NEXT)} == given
    assert changed.parameters[0].on(date(2024, 12, 31)).value == 5  # the law of this year stays


def test_nothing_changed_is_the_same_policy_and_a_budget_can_be_taken_away():
    assert build_policy(with_numbers(ONE, {}, NEXT), "draft.yaml") == ONE
    place = "clauses.first.budget.amount_cny"
    with_one = build_policy(with_numbers(ONE, {place: 100}, NEXT), "draft.yaml")
    assert with_one.clauses[0].budget.amount_cny == 100
    assert build_policy(with_numbers(with_one, {place: None}, NEXT), "draft.yaml") == ONE


def test_a_place_that_is_not_there_is_refused():
    with pytest.raises(KeyError):
        with_numbers(ONE, {"clauses.nowhere.quota": 1}, NEXT)


def test_two_versions_differ_in_the_numbers_of_their_days_in_clauses_and_in_words():
    body = with_numbers(ONE, {"parameters.least": 3.0, "clauses.first.quota": None}, NEXT)
    body["clauses"][1]["text"] = {"zh": "乙", "en": "b"}
    body["clauses"].append(fixed("more", 1))
    told = [(one.part, one.name, one.before, one.after) for one in changes(ONE, ON, build_policy(body, "d"), NEXT)]
    assert told == [
        ("more", "clause", None, ""),
        ("", "value", 5, 3),
        ("first", "quota", 3, None),
        ("steps", "text", None, None),
    ]
    assert changes(ONE, ON, ONE, NEXT) == []
    assert changes(build_policy(body, "d"), ON, ONE, ON)[0].after is None  # the clause is gone
