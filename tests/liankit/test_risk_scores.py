"""Forecasts are scored as the literature scores them, with intervals, and not at all where events are too few."""

from __future__ import annotations

import doctest
import importlib
from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics

from liankit.risk.history import HISTORY_SCHEMA, add_months, happened_within, history_features, rolling_examples
from liankit.risk.scores import SCORES, discriminate, reliability, score_forecasts, score_groups


def forecasts(n: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return calibrated forecasts and what happened."""
    random = np.random.default_rng(seed)
    likelihood = random.beta(1, 6, n)
    return likelihood, random.random(n) < likelihood


@given(st.lists(st.tuples(st.sampled_from([0.0, 0.1, 0.1, 0.3, 0.9, 1.0]), st.booleans()), min_size=40, max_size=80))
@settings(deadline=None, max_examples=20)
def test_scores_equal_those_of_scikit_learn(rows):
    likelihood, happened = (np.array(one) for one in zip(*rows, strict=True))
    found = score_forecasts(likelihood, happened, draws=20)
    if found.auc is None:
        assert min(happened.sum(), (~happened).sum()) < 10
        return
    assert found.auc.value == pytest.approx(metrics.roc_auc_score(happened, likelihood))
    assert found.average_precision.value == pytest.approx(metrics.average_precision_score(happened, likelihood))
    assert found.brier.value == pytest.approx(metrics.brier_score_loss(happened, likelihood))


def test_calibrated_forecasts_have_a_slope_of_one_and_skill_inside_their_intervals():
    found = score_forecasts(*forecasts(2000))
    assert found.slope.low < 1 < found.slope.high
    assert found.intercept.low < 0 < found.intercept.high
    assert found.skill.low > 0
    assert all(getattr(found, name).low <= getattr(found, name).value <= getattr(found, name).high for name in SCORES)


def test_too_bold_forecasts_have_a_slope_below_one():
    likelihood, happened = forecasts(1500)
    odds = (likelihood / (1 - likelihood)) ** 2
    assert score_forecasts(odds / (1 + odds), happened).slope.high < 0.75


def test_saying_the_base_rate_has_no_skill_and_tells_nothing_apart():
    _likelihood, happened = forecasts(500)
    found = score_forecasts(np.full(500, happened.mean()), happened)
    assert found.skill.value == pytest.approx(0)
    assert found.auc.value == pytest.approx(0.5)


def test_forecasts_of_one_entry_count_as_one_and_widen_the_interval():
    likelihood, happened = forecasts(300)
    alone = score_forecasts(likelihood, happened)
    often = score_forecasts(np.tile(likelihood, 4), np.tile(happened, 4), clusters=np.tile(np.arange(300), 4))
    assert often.brier.high - often.brier.low == pytest.approx(alone.brier.high - alone.brier.low, rel=0.2)
    assert score_forecasts(likelihood, happened, clusters=np.arange(300) // 60).brier is None


@pytest.mark.parametrize("events", [0, 9, 391, 400])
def test_too_few_events_or_too_few_others_score_nothing(events):
    happened = np.arange(400) < events
    found = score_forecasts(np.linspace(0, 1, 400), happened)
    assert (found.n, found.events) == (400, events)
    assert all(getattr(found, name) is None for name in SCORES)


def test_groups_are_scored_apart_and_say_where_there_are_too_few():
    likelihood, happened = forecasts(400)
    table = pl.DataFrame({"office": ["a"] * 390 + ["b"] * 10, "likelihood": likelihood, "happened": happened})
    found = score_groups(table, "office")
    assert found.select("office", "n", "too_few").rows() == [("a", 390, False), ("b", 10, True)]
    assert found["auc"].to_list()[1] is None
    assert score_groups(table.clear(), "office").is_empty()


def test_bins_hold_every_forecast_once_and_their_interval_what_was_observed():
    likelihood, happened = forecasts(1000)
    bins = reliability(likelihood, happened)
    assert (bins["n"].sum(), bins["events"].sum()) == (1000, happened.sum())
    assert bins.select((pl.col("observed").is_between("observed_low", "observed_high")).all()).item()
    assert (bins["bin_high"][:-1] < bins["bin_low"][1:]).all()
    assert reliability([], []).is_empty()
    assert reliability([0.2] * 30, [True] * 30).height == 1


def test_scores_are_compared_in_the_same_draws():
    likelihood, happened = forecasts(800)
    found = discriminate(happened, {"model": likelihood, "same": likelihood * 5, "chance": np.zeros(800)})
    assert found["auc_behind_high"].to_list()[:2] == [0, 0]
    assert found["auc"].to_list()[2] == 0.5
    assert found["auc_behind_low"].to_list()[2] > 0
    assert discriminate(happened[:5], {"model": likelihood[:5]}).is_empty()


def test_forecasts_outside_zero_and_one_are_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        score_forecasts([1.2], [True])


EVENTS = pl.DataFrame(
    {
        "unit": ["a", "a", "a", "b", "c"],
        "start": [date(2022, 1, 1), date(2022, 2, 1), date(2023, 6, 1), date(2023, 1, 1), date(2023, 9, 1)],
        "end": [date(2022, 3, 1), date(2022, 5, 1), date(2023, 7, 1), None, None],
    }
)
UNITS = pl.Series("unit", ["a", "b", "c", "never"])


def test_the_history_of_a_day_is_what_was_known_on_it():
    found = history_features(EVENTS, UNITS, date(2023, 6, 15)).rows_by_key("unit", named=True, unique=True)
    assert (found["a"]["in_event"], found["a"]["starts_36"]) == (1, 2)
    assert found["a"]["months_in_event_36"] == pytest.approx((120 + 14) / 30.4375)
    assert found["b"]["records_now"] == 1
    assert found["c"] == found["never"]
    assert found["never"]["months_since"] == 120


@given(st.dates(date(2022, 1, 1), date(2024, 1, 1)))
@settings(deadline=None, max_examples=25)
def test_what_happens_later_changes_no_history(day):
    early = EVENTS.filter(pl.col("start") <= day).with_columns(
        pl.when(pl.col("end") <= day).then("end").alias("end"),
    )
    assert history_features(EVENTS, UNITS, day).equals(history_features(early, UNITS, day))


def test_an_event_counts_once_it_is_known():
    late = EVENTS.with_columns(known_on=pl.lit(date(2024, 1, 1)))
    assert history_features(late, UNITS, date(2023, 6, 15))["in_event"].sum() == 0


def test_windows_to_learn_from_end_by_the_date_and_see_no_further():
    found = rolling_examples(EVENTS, UNITS, date(2024, 1, 1))
    assert found["made_on"].max() == date(2023, 1, 1)
    assert all(add_months(day, 12) <= date(2024, 1, 1) for day in found["made_on"])
    last = found.filter(made_on=date(2023, 1, 1)).sort("unit")
    assert last["happened"].to_list() == [True, True, True, False]
    assert found.columns == ["unit", "made_on", *HISTORY_SCHEMA, "happened"]
    assert rolling_examples(EVENTS, UNITS, date(2022, 6, 1)).is_empty()


def test_a_window_begins_as_late_as_the_forecast_is_made_after_the_last_list():
    late = {"days": [date(2022, 4, 15)], "delay": timedelta(days=60)}
    early = EVENTS.filter(pl.col("start") < date(2023, 6, 1))
    assert rolling_examples(early, UNITS, date(2023, 6, 14), days=late["days"])["happened"][0]
    assert not rolling_examples(early, UNITS, date(2023, 6, 14), **late)["happened"][0]
    assert rolling_examples(early, UNITS, date(2023, 6, 13), **late).is_empty()


def test_an_event_that_ended_on_the_day_does_not_happen_after_it():
    assert not happened_within(EVENTS, UNITS, date(2022, 5, 1), date(2023, 5, 1))[0]
    assert happened_within(EVENTS, UNITS, date(2022, 4, 30), date(2023, 5, 1))[0]


@pytest.mark.parametrize("module", ["scores", "history"])
def test_the_examples_of_the_documentation_are_right(module):
    assert doctest.testmod(importlib.import_module(f"liankit.risk.{module}")).failed == 0
