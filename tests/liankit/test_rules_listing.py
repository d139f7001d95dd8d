"""The shipped schemes of boards say of their examples what they should; who counts as listed, and how many will."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liankit.process.check import DefinitionError
from liankit.rules.evaluate import bounds_on
from liankit.rules.examples import run_all
from liankit.rules.listed import (
    Listing,
    brier,
    build_rule,
    chance_by,
    distribution,
    probability_of,
    quantile,
    ranked_score,
    verdict,
)
from liankit.rules.packs import read_lineage
from liankit.rules.versions import governing

LAW = read_lineage(("cn",))
VOCABULARY = LAW.vocabulary
BOARDS = {one.key: one for one in LAW.schemes if one.family == "listing"}


@pytest.mark.parametrize("key", sorted(BOARDS))
def test_every_example_of_a_board_comes_to_what_it_says(key: str) -> None:
    found = run_all(BOARDS[key], VOCABULARY)
    assert found
    assert [ran for ran in found if ran.differences] == []


def test_the_fourth_set_of_chinext_governs_from_its_day() -> None:
    every = tuple(BOARDS.values())
    found = [governing(every, "listed_chinext", "new", date(2026, 4, day)) for day in (9, 10)]
    assert [one.key for one in found if one] == ["chinext_2024", "chinext_2026"]


def test_the_value_that_chapter_18c_asks_is_lowered_between_its_two_days() -> None:
    scheme = BOARDS["hkex_18c"]
    days = [date(2024, 8, 31), date(2024, 9, 1), date(2027, 8, 31), date(2027, 9, 1)]
    asked = [bounds_on(scheme, day)["commercial_value"] for day in days]
    assert asked == [asked[0], asked[1], asked[1], asked[0]]
    assert asked[1] / asked[0] == pytest.approx(4 / 6)


RULE = build_rule(
    {
        "key": "counting",
        "title": {"zh": "口径", "en": "Counting"},
        "source": {"zh": "测试", "en": "test"},
        "goal": 5,
        "by": "2025-12-31",
        "counts": ["listed_sse"],
        "boards": ["listed_main"],
        "counts_relocated": False,
        "counts_delisted": False,
        "counts_subsidiaries": False,
        "stages": [
            {
                "key": "tutoring",
                "title": {"zh": "辅导", "en": "Tutoring"},
                "chance": 0.5,
                "median_months": 12,
            },
            {
                "key": "filed",
                "title": {"zh": "报审", "en": "Filed"},
                "chance": 0.8,
                "median_months": 6,
                "needs_standards": False,
            },
        ],
    },
    "test.yaml",
)
LISTED = Listing(("listed_sse",), date(2022, 5, 6))
ON = date(2024, 9, 30)


@pytest.mark.parametrize(
    ("one", "found"),
    [
        (LISTED, "counted"),
        (replace(LISTED, since=ON), "counted"),
        (replace(LISTED, since=date(2024, 10, 1)), "not_listed"),
        (replace(LISTED, titles=("neeq_innovation",)), "other_market"),
        (replace(LISTED, is_relocated=True), "relocated"),
        (replace(LISTED, until=ON), "counted"),
        (replace(LISTED, until=date(2024, 9, 29)), "delisted"),
        (replace(LISTED, deal="acquirer"), "counted"),
        (Listing(is_subsidiary=True), "subsidiary"),
        (Listing(deal="acquired"), "acquired"),
        (Listing(deal="acquirer"), "acquirer"),
        (Listing(), "not_listed"),
    ],
)
def test_who_counts_as_listed_follows_the_rule_and_who_does_not_has_a_reason(one: Listing, found: str) -> None:
    assert verdict(RULE, one, ON) == found


@pytest.mark.parametrize(
    ("name", "one"),
    [
        ("counts_relocated", replace(LISTED, is_relocated=True)),
        ("counts_delisted", replace(LISTED, until=date(2023, 1, 1))),
        ("counts_subsidiaries", Listing(is_subsidiary=True)),
        ("counts_acquired", Listing(deal="acquired")),
        ("counts_acquirers", Listing(deal="acquirer")),
    ],
)
def test_a_rule_that_counts_more_counts_what_it_names_and_nothing_else(name: str, one: Listing) -> None:
    assert verdict(RULE.model_copy(update={name: True}), one, ON) == "counted"
    assert verdict(RULE.model_copy(update={name: True}), Listing(), ON) == "not_listed"


def test_a_mistaken_counting_rule_names_the_mistake() -> None:
    with pytest.raises(DefinitionError, match="counts_relocatd"):
        build_rule(RULE.model_dump() | {"counts_relocatd": True}, "test.yaml")


def test_half_of_the_chance_is_due_by_the_median_and_standards_only_count_before_filing() -> None:
    tutoring, filed = RULE.stages
    assert chance_by(tutoring, ON, date(2025, 9, 30), 0.4) == pytest.approx(0.5 * 0.5 * 0.4, rel=0.01)
    assert chance_by(filed, ON, date(2025, 3, 31), 0.0) == pytest.approx(0.8 * 0.5, rel=0.01)
    assert chance_by(filed, ON, date(2023, 1, 1), 1.0) == 0


@given(st.lists(st.floats(0, 1), max_size=8))
def test_the_distribution_is_that_of_trying_every_outcome(chances: list[float]) -> None:
    tried = np.zeros(len(chances) + 1)
    for came in product((0, 1), repeat=len(chances)):
        tried[sum(came)] += np.prod([p if one else 1 - p for p, one in zip(chances, came, strict=True)])
    np.testing.assert_allclose(distribution(chances), tried, atol=1e-12)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8), st.integers(0, 9))
def test_one_more_candidate_never_makes_a_goal_less_likely(chances: list[float], goal: int) -> None:
    fewer, more = (probability_of(distribution(some), goal) for some in (chances[1:], chances))
    assert more >= fewer - 1e-9


def test_quantiles_and_scores_of_a_worked_case() -> None:
    numbers = distribution([0.5, 0.5, 1.0])  # one, two, three: 1/4, 1/2, 1/4
    assert [quantile(numbers, level) for level in (0.1, 0.5, 0.9)] == [1, 2, 3]
    assert ranked_score(numbers, 2) == pytest.approx(0.25**2 + 0.25**2)
    assert ranked_score(numbers, 5) > ranked_score(numbers, 3)
    assert brier([]) is None
