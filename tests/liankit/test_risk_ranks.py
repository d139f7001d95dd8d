"""Sets of ranks hold the true ranks; what is resampled is the data, never the unknown."""

from __future__ import annotations

import doctest
import importlib

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.rank_cases import CASES, coverage

from liankit.risk.ranks import rank_sets
from liankit.risk.resampling import draw_scores, draw_weighted

SCORES = st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=12).map(np.array)


def still(score: np.ndarray) -> np.ndarray:
    """Return draws that never move."""
    return np.tile(score, (20, 1))


@pytest.mark.parametrize("case", CASES)
def test_all_true_ranks_are_held_as_often_as_stated_where_a_percentile_bootstrap_fails(case):
    ours, percentile = coverage(CASES[case], runs=25, entries=25)
    assert ours.covered >= 0.9
    assert percentile.covered < 0.9


@given(SCORES)
@settings(deadline=None, max_examples=40)
def test_what_is_known_exactly_has_its_own_rank_and_equals_share_theirs(score):
    sets = rank_sets(score, score, still(score), still(score))
    assert sets.rank_low.tolist() == [1 + (score > one).sum() for one in score]
    assert sets.rank_high.tolist() == [(score >= one).sum() for one in score]


@given(SCORES, st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=40)
def test_the_order_of_the_rows_changes_no_set(score, random):
    draws = score + np.random.default_rng(1).normal(size=(40, len(score)))
    places = list(range(len(score)))
    random.shuffle(places)
    sets = rank_sets(score, score, draws, draws)
    shuffled = rank_sets(score[places], score[places], draws[:, places], draws[:, places])
    assert np.array_equal(shuffled.rank_low, sets.rank_low[places])
    assert np.array_equal(shuffled.rank_high, sets.rank_high[places])


@given(SCORES, st.floats(0.01, 100))
@settings(deadline=None, max_examples=40)
def test_a_higher_level_and_a_wider_interval_never_narrow_a_set(score, wider):
    draws = score + np.random.default_rng(1).normal(size=(60, len(score)))
    sets = rank_sets(score, score, draws, draws, level=0.5)
    for other in (
        rank_sets(score, score, draws, draws, level=0.95),
        rank_sets(score, score + wider, draws, draws + wider, level=0.5),
    ):
        assert (other.width >= sets.width).all()


def test_an_unknown_score_has_no_rank_and_an_unbounded_one_may_be_first():
    low, high = np.array([np.nan, 5.0, 3.0, 1.0]), np.array([np.nan, 5.0, np.nan, 1.0])
    sets = rank_sets(low, high, still(low), still(high))
    assert np.array_equal(sets.rank_low, [np.nan, 1, 1, 3], equal_nan=True)
    assert np.array_equal(sets.rank_high, [np.nan, 2, 2, 3], equal_nan=True)


def test_scores_that_are_zero_for_good_do_not_widen_the_others():
    score = np.array([100.0, 10.0, 0.0, 0.0])
    draws = score * np.exp(np.random.default_rng(1).normal(0, 0.1, (200, 4)))
    sets = rank_sets(score, score, draws, draws)
    assert sets.rank_low.tolist() == [1, 2, 3, 3]
    assert sets.rank_high.tolist() == [1, 2, 4, 4]


def test_too_few_draws_for_the_level_tell_no_ranks():
    score = np.array([1.0, 1000.0])
    draws = score + np.random.default_rng(1).normal(size=(20, 2))
    sets = rank_sets(score, score, draws, draws, level=0.99)
    assert sets.critical == np.inf
    assert sets.width.tolist() == [1, 1]


@pytest.mark.parametrize(
    ("draws", "level"), [(np.ones((19, 2)), 0.9), (np.ones((20, 3)), 0.9), (np.ones((20, 2)), 1.0)]
)
def test_draws_and_levels_that_do_not_fit_are_refused(draws, level):
    with pytest.raises(ValueError, match=r"[Dd]raws|level"):
        rank_sets(np.ones(2), np.ones(2), draws, draws, level=level)


def test_draws_move_what_has_several_parts_and_nothing_else():
    parts = pl.DataFrame({"entry": ["a", "a", "b"], "unit": ["x", "y", "x"], "amount": [1.0, 3.0, 2.0]})
    entries = pl.DataFrame(
        {"entry": ["b", "a", "none", "unknown"], "low": [2.0, 4.0, 7.0, None], "high": [2.0, None, 8.0, None]}
    )
    low, high = draw_scores(parts, entries, draws=50, seed=3)
    assert (low[:, 0] == 2).all() and (low[:, 2] == 7).all() and (high[:, 2] == 8).all()
    assert np.isnan(low[:, 3]).all() and np.isnan(high[:, [1, 3]]).all()
    assert low[:, 1].std() > 0
    assert np.array_equal(low, draw_scores(parts.reverse(), entries, draws=50, seed=3)[0], equal_nan=True)


def test_what_adds_nothing_is_not_resampled():
    parts = pl.DataFrame({"entry": ["a", "a", "a"], "unit": ["x", "y", "z"], "amount": [4.0, 0.0, None]})
    low, _high = draw_scores(parts, pl.DataFrame({"entry": ["a"], "low": [4.0], "high": [4.0]}))
    assert (low == 4).all()


def test_entries_of_the_same_enterprises_move_together():
    parts = pl.DataFrame({"entry": ["a", "a", "b", "b"], "unit": ["x", "y", "x", "y"], "amount": [1.0, 3.0, 2.0, 6.0]})
    low, _high = draw_scores(parts, pl.DataFrame({"entry": ["a", "b"], "low": [4.0, 8.0], "high": [4.0, 8.0]}))
    assert np.allclose(low[:, 1], 2 * low[:, 0])


def test_draws_of_many_parts_vary_as_their_sum_does():
    amounts = np.random.default_rng(5).gamma(2.0, 1.0, 400)
    parts = pl.DataFrame({"entry": "a", "unit": np.arange(400), "amount": amounts})
    total = amounts.sum()
    low, _high = draw_scores(parts, pl.DataFrame({"entry": ["a"], "low": [total], "high": [total]}), draws=2000)
    assert low.std() == pytest.approx(amounts.std() * 20, rel=0.1)


def test_weights_are_resampled_around_those_given_and_a_weight_of_nothing_stays_nothing():
    measures = np.eye(3)
    drawn = draw_weighted(measures, np.array([3.0, 1.0, 0.0]), draws=4000)
    assert np.allclose(drawn.sum(axis=1), 4)
    assert drawn.mean(axis=0) == pytest.approx([3, 1, 0], abs=0.03)
    assert (drawn[:, 2] == 0).all()


@pytest.mark.parametrize("module", ["ranks", "resampling"])
def test_the_examples_of_the_documentation_are_right(module):
    assert doctest.testmod(importlib.import_module(f"liankit.risk.{module}")).failed == 0
