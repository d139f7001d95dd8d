"""The likelihood of an event within a horizon, fitted on dated events: penalised logistic, with intervals and reasons.

Fit only on rows that were known: ``history.rolling_examples`` makes them. A class of events with too few of them has
no model, and its likelihood stays unknown. Deterministic by seed. Loads scikit-learn: for the worker and commands.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import polars as pl

from liankit.risk.ranks import Floats
from liankit.risk.scores import MIN_EVENTS

if TYPE_CHECKING:
    from sklearn.linear_model import LogisticRegression

LEVEL = 0.9
DRAWS = 50
_STRENGTHS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0)
"""Candidates of scikit-learn's C, small is strong: chosen by the log loss on units left out."""
_FOLDS = 5

LIKELIHOOD_SCHEMA = {"likelihood": pl.Float64, "likelihood_low": pl.Float64, "likelihood_high": pl.Float64}
REASON_SCHEMA = {
    "row": pl.Int64,  # of the features given, from 0
    "feature": pl.String,
    "value": pl.Float64,  # null: unknown
    "adds": pl.Float64,  # to the log-odds, against the average row fitted on
}


@dataclass(frozen=True)
class LikelihoodModel:
    """A fitted model: ``predict`` and ``explain`` rows of the features that it was fitted on."""

    features: tuple[str, ...]
    base_rate: float  # the share of the rows fitted on whose event happened
    events: int  # rows fitted on whose event happened
    rows: int
    strength: float  # C as chosen
    medians: Floats  # (features,), for what is unknown
    centres: Floats  # (columns,): the features on the scale of arcsinh, then one an unknown
    scales: Floats
    lowest: Floats  # (columns,), of the rows fitted on: beyond what was seen a feature adds no more
    highest: Floats
    lines: Floats  # (1 + draws, 1 + columns): intercept and coefficients; the first on all rows, then the resampled

    def predict(self, features: pl.DataFrame) -> pl.DataFrame:
        """Return ``LIKELIHOOD_SCHEMA`` of each row, in order; the interval is of the fit, not of the outcome.

        Raises ``ValueError`` where a feature is missing.
        """
        likely = _expit(self._columns(features) @ self.lines[:, 1:].T + self.lines[:, 0])
        tail = (1 - LEVEL) / 2
        low, high = np.quantile(likely[:, 1:], [tail, 1 - tail], axis=1)
        point = likely[:, 0]
        ends = (point, np.minimum(low, point), np.maximum(high, point))
        return pl.DataFrame(dict(zip(LIKELIHOOD_SCHEMA, ends, strict=True)), schema=LIKELIHOOD_SCHEMA)

    def explain(self, features: pl.DataFrame) -> pl.DataFrame:
        """Return what each feature adds to the log-odds of each row (``REASON_SCHEMA``), the greatest first.

        The contributions of a row and the intercept sum to its log-odds.
        """
        n, added = len(self.features), self._columns(features) * self.lines[0, 1:]
        adds = added[:, :n] + added[:, n:]
        table = pl.DataFrame(
            {
                "row": np.arange(features.height).repeat(n),
                "feature": list(self.features) * features.height,
                "value": _numbers(features, self.features).ravel(),
                "adds": adds.ravel(),
            },
            schema=REASON_SCHEMA,
        )
        told = table.with_columns(pl.col("value").fill_nan(None))
        return told.sort("row", pl.col("adds").abs(), descending=[False, True], maintain_order=True)

    def _columns(self, features: pl.DataFrame) -> Floats:
        spread = _spread(_numbers(features, self.features), self.medians)
        return (np.clip(spread, self.lowest, self.highest) - self.centres) / self.scales


def fit_likelihood(
    features: pl.DataFrame,
    happened: npt.ArrayLike,
    *,
    clusters: npt.ArrayLike | None = None,
    draws: int = DRAWS,
    seed: int = 0,
) -> LikelihoodModel | None:
    """Fit the likelihood of what ``happened`` (true or false, (n,)) on numeric ``features``; null is unknown.

    ``clusters``, (n,), names rows of one unit: they stay together where the penalty is chosen and where the fit is
    resampled (Bayesian bootstrap), as the windows of one unit overlap. Features enter on the scale of arcsinh, a
    logarithm that bears zero; an unknown one as the median, with a mark of its own. Returns None where fewer than
    ``MIN_EVENTS`` units have an event, or are without one: nothing can be fitted.
    """
    import sklearn.linear_model  # noqa: F401 - loaded before its threads are limited
    from threadpoolctl import threadpool_limits  # of scikit-learn's own requirements

    event = np.asarray(happened, dtype=np.float64)
    groups = np.arange(len(event)) if clusters is None else np.unique(np.asarray(clusters), return_inverse=True)[1]
    if any(len(np.unique(groups[event == value])) < MIN_EVENTS for value in (0, 1)):
        return None
    names = tuple(features.columns)
    found = _numbers(features, names)
    medians = np.array([np.median(known) if len(known := one[~np.isnan(one)]) else 0.0 for one in found.T])
    spread = _spread(found, medians)
    centres, scales = spread.mean(axis=0), np.where(spread.std(axis=0) > 0, spread.std(axis=0), 1.0)
    columns = (spread - centres) / scales
    weights = np.random.default_rng(seed).standard_exponential((draws, groups.max() + 1))[:, groups]
    with threadpool_limits(1):  # on tables this small a second thread costs more than it does
        strength = _choose(columns, event, groups)
        lines = np.array([_line(strength, columns, event, weight) for weight in (np.ones(len(event)), *weights)])
    return LikelihoodModel(
        features=names,
        base_rate=float(event.mean()),
        events=int(event.sum()),
        rows=len(event),
        strength=strength,
        medians=medians,
        centres=centres,
        scales=scales,
        lowest=spread.min(axis=0),
        highest=spread.max(axis=0),
        lines=lines,
    )


def fit_classes(
    features: pl.DataFrame,
    happened: npt.ArrayLike,
    classes: pl.Series,
    *,
    clusters: npt.ArrayLike,
    draws: int = DRAWS,
    seed: int = 0,
) -> Mapping[str, LikelihoodModel | None]:
    """Return one model a class of rows; None where its events are too few, so that its likelihood stays unknown."""
    event, groups = np.asarray(happened), np.asarray(clusters)
    models = {}
    for name in classes.unique().sort().to_list():
        mine = (classes == name).to_numpy()
        models[name] = fit_likelihood(features.filter(mine), event[mine], clusters=groups[mine], draws=draws, seed=seed)
    return models


def _numbers(features: pl.DataFrame, names: tuple[str, ...]) -> Floats:
    missing = [name for name in names if name not in features.columns]
    if missing:
        raise ValueError(f"The features {', '.join(missing)} are missing.")
    return features.select(pl.col(names).cast(pl.Float64).fill_null(np.nan)).to_numpy()


def _spread(found: Floats, medians: Floats) -> Floats:
    """Return the columns of the model before centring: known values or medians, then one mark an unknown."""
    unknown = np.isnan(found)
    return np.hstack([np.arcsinh(np.where(unknown, medians, found)), unknown])


def _choose(columns: Floats, event: Floats, groups: npt.NDArray[np.int64]) -> float:
    """Return the strength whose fits lose least on units left out."""
    from sklearn.metrics import log_loss
    from sklearn.model_selection import GroupKFold

    folds = list(GroupKFold(_FOLDS, shuffle=True, random_state=0).split(columns, event, groups))
    losses = [
        sum(
            log_loss(event[test], _expit(columns[test] @ line[1:] + line[0]), labels=[0, 1], normalize=False)
            for train, test in folds
            for line in [_line(strength, columns[train], event[train], np.ones(len(train)))]
        )
        for strength in _STRENGTHS
    ]
    return _STRENGTHS[int(np.argmin(losses))]


def _line(strength: float, columns: Floats, event: Floats, weights: Floats) -> Floats:
    """Return intercept and coefficients of one fit, (1 + columns,)."""
    from sklearn.linear_model import LogisticRegression

    model: LogisticRegression = LogisticRegression(C=strength, max_iter=1000)
    model.fit(columns, event, sample_weight=weights)
    return np.append(model.intercept_, model.coef_[0])


def _expit(odds: Floats) -> Floats:
    likely: Floats = 1 / (1 + np.exp(-odds))
    return likely
