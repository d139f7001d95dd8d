"""A likelihood is fitted on what was known, opens into its reasons, and is unknown where events are too few."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from liankit.risk.likelihood import LikelihoodModel, fit_classes, fit_likelihood
from liankit.risk.scores import score_forecasts


def world(n: int, seed: int = 1) -> tuple[pl.DataFrame, np.ndarray]:
    """Return features, of which only the first matters and the second is often unknown, and what happened."""
    random = np.random.default_rng(seed)
    first, second = random.exponential(3, n), random.normal(size=n)
    likely = 1 / (1 + np.exp(4 - 1.5 * np.arcsinh(first)))
    table = pl.DataFrame({"first": first, "second": second})
    return table.with_columns(pl.when(pl.col("second") > -0.5).then("second")), random.random(n) < likely


@pytest.fixture(scope="module")
def model() -> LikelihoodModel:
    fitted = fit_likelihood(*world(1500), draws=20)
    assert fitted is not None
    return fitted


def test_likelihoods_of_units_not_fitted_on_are_calibrated_and_better_than_the_base_rate(model):
    features, happened = world(1500, seed=2)
    found = score_forecasts(model.predict(features)["likelihood"], happened, base_rate=model.base_rate)
    assert found.skill.low > 0
    assert found.slope.low < 1 < found.slope.high


def test_an_interval_holds_its_likelihood_and_lies_between_nothing_and_one(model):
    found = model.predict(world(200, seed=3)[0])
    assert found.select(pl.col("likelihood").is_between("likelihood_low", "likelihood_high").all()).item()
    assert 0 < found["likelihood_low"].min() < found["likelihood_high"].max() < 1


def test_reasons_sum_to_the_log_odds_and_name_what_matters_first(model):
    features = pl.DataFrame({"first": [40.0, 0.0], "second": [0.2, None]})
    reasons = model.explain(features)
    likely = model.predict(features)["likelihood"]
    told = reasons.group_by("row", maintain_order=True).agg(pl.col("adds").sum(), pl.col("feature").first())
    assert told["adds"].to_list() == pytest.approx(list(np.log(likely / (1 - likely)) - model.lines[0, 0]))
    assert told["feature"].to_list() == ["first", "first"]
    assert reasons.filter(row=1, feature="second")["value"].to_list() == [None]


def test_beyond_what_was_seen_a_feature_adds_no_more(model):
    highest = world(1500)[0]["first"].max()
    features = pl.DataFrame({"first": [highest, 1e9], "second": [0.0, 0.0]})
    assert model.predict(features)["likelihood"].n_unique() == 1


def test_the_same_rows_and_seed_fit_the_same_model(model):
    again = fit_likelihood(*world(1500), draws=20)
    features = world(50, seed=4)[0]
    assert again.predict(features).equals(model.predict(features))


@pytest.mark.parametrize("events", [0, 9, 100])
def test_too_few_events_or_others_have_no_model(events):
    features = pl.DataFrame({"x": np.arange(100.0)})
    assert fit_likelihood(features, np.arange(100) < events) is None


def test_one_unit_told_of_often_is_still_one_unit():
    features = pl.DataFrame({"x": np.arange(100.0)})
    assert fit_likelihood(features, np.arange(100) < 20, clusters=np.arange(100) // 20) is None


def test_a_class_without_dated_events_is_unknown():
    features, happened = world(600)
    classes = pl.Series(["known"] * 590 + ["unknown"] * 10)
    models = fit_classes(features, happened, classes, clusters=np.arange(600))
    assert models["unknown"] is None
    assert models["known"].rows == 590


def test_a_feature_that_is_missing_is_named(model):
    with pytest.raises(ValueError, match="second"):
        model.predict(pl.DataFrame({"first": [1.0]}))
