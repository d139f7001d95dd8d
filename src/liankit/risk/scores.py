"""Scores of forecasts against what happened: Brier, skill, calibration, discrimination, each with its interval.

Intervals are of the Bayesian bootstrap: one exponential weight a cluster and draw, so that the forecasts of one entry,
which are not independent, come and go together, and no draw is without events. Below ``MIN_EVENTS`` entries with an
event, or without one, nothing is scored: too few. All draws are computed at once, by numpy alone, so that a page may
ask for them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from liankit.risk.ranks import Floats

MIN_EVENTS = 10
LEVEL = 0.9
DRAWS = 200
_SURE = 1e-6  # a forecast of 0 or 1 counts as this far from it, on the logarithmic scale of odds
_RIDGE = 1e-2  # towards a calibrated forecast: keeps the fit finite where forecasts part events from the rest
_STEPS = 60


@dataclass(frozen=True)
class Measured:
    """A score with the interval that holds it at the stated level."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ForecastScores:
    """What forecasts of a likelihood are worth; a score is None where events are too few."""

    n: int
    events: int
    base_rate: float | None  # the share of forecasts whose event happened
    brier: Measured | None  # mean squared error: 0 is perfect
    skill: Measured | None  # 1 - Brier over that of the base rate: above 0 is better than it
    auc: Measured | None  # how often an event was given more than a non-event: 0.5 is chance
    average_precision: Measured | None  # the base rate is chance
    slope: Measured | None  # of the log-odds of events over those forecast: 1 is calibrated, below is too bold
    intercept: Measured | None  # of the same line: 0 is calibrated


SCORES = tuple(field.name for field in fields(ForecastScores))[3:]


def score_forecasts(
    likelihood: npt.ArrayLike,
    happened: npt.ArrayLike,
    *,
    base_rate: npt.ArrayLike | None = None,
    clusters: npt.ArrayLike | None = None,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = 0,
) -> ForecastScores:
    """Return the scores of forecasts ``likelihood`` (0-1) of what ``happened`` (true or false), (n,) each.

    ``base_rate``, a number or (n,), is the reference of the skill, as known when forecasting; left out, it is the
    share that happened, which is harder to beat. ``clusters``, (n,), names rows that are resampled together.
    Sources: Brier 1950; Murphy 1973; Cox 1958 for slope and intercept.

    Raises ``ValueError`` for a likelihood outside 0 to 1 or lengths that differ.

    >>> score_forecasts([0.2, 0.9], [False, True]).brier is None
    True
    """
    forecast, event = _read(likelihood, happened)
    groups = np.arange(len(event)) if clusters is None else np.asarray(clusters)
    rate = float(event.mean()) if len(event) else None
    if _is_too_few(event, groups):
        return ForecastScores(len(event), int(event.sum()), rate, *[None] * len(SCORES))
    weights = _weights(groups, draws, seed)
    auc, precision = _discriminate(forecast, event, weights)
    slope, intercept = _calibrate(forecast, event, weights)
    brier = _mean((forecast - event) ** 2, weights)
    values = (brier, 1 - brier / _reference(event, base_rate, weights), auc, precision, slope, intercept)
    return ForecastScores(len(event), int(event.sum()), rate, *(_measured(value, level) for value in values))


def score_groups(table: pl.DataFrame, by: str | Sequence[str], *, level: float = LEVEL) -> pl.DataFrame:
    """Return the scores of each group of forecasts as one row: n, events, base_rate, each score with its ends.

    ``table`` has the columns ``by``, ``likelihood``, ``happened`` and, where forecasts belong together, ``unit``; a
    score's columns are ``brier``, ``brier_low``, ``brier_high`` and so on, null where ``too_few``.
    """
    keys = [by] if isinstance(by, str) else list(by)
    rows = []
    for key, group in table.group_by(keys, maintain_order=True):
        clusters = group["unit"].to_numpy() if "unit" in group.columns else None
        found = score_forecasts(group["likelihood"], group["happened"], clusters=clusters, level=level)
        rows.append(dict(zip(keys, key, strict=True)) | _row(found))
    schema: dict[str, Any] = {**{key: table.schema[key] for key in keys}, **GROUP_SCHEMA}
    return pl.DataFrame(rows, schema=schema)


GROUP_SCHEMA: dict[str, type[pl.DataType]] = {
    "n": pl.Int64,
    "events": pl.Int64,
    "base_rate": pl.Float64,
    "too_few": pl.Boolean,
    **{f"{name}{end}": pl.Float64 for name in SCORES for end in ("", "_low", "_high")},
}


def _row(found: ForecastScores) -> dict[str, float | int | bool | None]:
    row: dict[str, float | int | bool | None] = {
        "n": found.n,
        "events": found.events,
        "base_rate": found.base_rate,
        "too_few": found.brier is None,
    }
    for name in SCORES:
        one: Measured | None = getattr(found, name)
        ends = (None, None, None) if one is None else (one.value, one.low, one.high)
        row |= dict(zip((name, f"{name}_low", f"{name}_high"), ends, strict=True))
    return row


RELIABILITY_SCHEMA = {
    "bin_low": pl.Float64,  # the least and the greatest forecast of the bin
    "bin_high": pl.Float64,
    "n": pl.Int64,
    "events": pl.Int64,
    "forecast": pl.Float64,  # mean
    "observed": pl.Float64,
    "observed_low": pl.Float64,  # Wilson's interval
    "observed_high": pl.Float64,
}


def reliability(likelihood: npt.ArrayLike, happened: npt.ArrayLike, bins: int = 10) -> pl.DataFrame:
    """Return what was forecast beside what happened, in bins that expect about as many events; equals share a bin.

    With bins of equal numbers of forecasts, all that matters of rare events would stand in the last. Intervals are
    Wilson's (1927), of 90 %. No row where there is no forecast.
    """
    forecast, event = _read(likelihood, happened)
    ordered = np.sort(forecast)
    expected = np.cumsum(ordered)
    places = np.searchsorted(expected, np.arange(1, bins) / bins * expected[-1:].sum())
    edges = np.unique(ordered[places]) if len(forecast) else ordered
    table = pl.DataFrame(
        {"bin": np.searchsorted(edges, forecast, side="left"), "forecast": forecast, "event": event},
        schema={"bin": pl.Int64, "forecast": pl.Float64, "event": pl.Float64},
    )
    low, high = _wilson(pl.col("observed"), pl.col("n"))
    found = table.group_by("bin").agg(
        pl.col("forecast").min().alias("bin_low"), pl.col("forecast").max().alias("bin_high"),
        pl.len().cast(pl.Int64).alias("n"), pl.col("event").sum().cast(pl.Int64).alias("events"),
        pl.col("forecast").mean(), pl.col("event").mean().alias("observed"),
    )  # fmt: skip
    return found.sort("bin").with_columns(observed_low=low, observed_high=high).select(*RELIABILITY_SCHEMA)


def discriminate(
    happened: npt.ArrayLike,
    scores: Mapping[str, npt.ArrayLike],
    *,
    level: float = LEVEL,
    draws: int = DRAWS,
    seed: int = 0,
) -> pl.DataFrame:
    """Return how well each of several scores tells events from the rest, and how far each lies behind the first.

    A score is any number that is greater where the event is likelier. One row a score, in their order: name, auc,
    average_precision, and of each the ends and ``…_behind``, ``…_behind_low``, ``…_behind_high``: the first score's
    less this one's in the same draws. No row where events are too few.
    """
    event = np.asarray(happened, dtype=np.float64)
    if _is_too_few(event, np.arange(len(event))):
        return pl.DataFrame()
    weights = _weights(np.arange(len(event)), draws, seed)
    found = {name: _discriminate(np.asarray(one, dtype=np.float64), event, weights) for name, one in scores.items()}
    first = next(iter(found.values()))
    rows = []
    for name, both in found.items():
        row: dict[str, float | str] = {"name": name}
        for measure, value, best in zip(("auc", "average_precision"), both, first, strict=True):
            for suffix, values in (("", value), ("_behind", best - value)):
                one = _measured(values, level)
                ends = (one.value, one.low, one.high)
                row |= {f"{measure}{suffix}{end}": x for end, x in zip(("", "_low", "_high"), ends, strict=True)}
        rows.append(row)
    return pl.DataFrame(rows)


def _read(likelihood: npt.ArrayLike, happened: npt.ArrayLike) -> tuple[Floats, Floats]:
    forecast, event = (np.asarray(one, dtype=np.float64) for one in (likelihood, happened))
    if forecast.shape != event.shape or forecast.ndim != 1:
        raise ValueError(f"Forecasts are {forecast.shape}, what happened {event.shape}.")
    if not ((forecast >= 0) & (forecast <= 1)).all():
        raise ValueError("A likelihood is not between 0 and 1.")
    return forecast, event


def _is_too_few(event: Floats, clusters: npt.NDArray[np.generic]) -> bool:
    """Whether fewer than ``MIN_EVENTS`` clusters have an event, or have a forecast without one."""
    return any(len(np.unique(clusters[event == value])) < MIN_EVENTS for value in (0, 1))


def _weights(clusters: npt.NDArray[np.generic], draws: int, seed: int) -> Floats:
    """Return the weights of the rows, (1 + draws, n), the first row 1: what is measured, before the resampled."""
    _, places = np.unique(clusters, return_inverse=True)
    drawn = np.random.default_rng(seed).standard_exponential((draws, int(places.max()) + 1))
    return np.vstack([np.ones(len(places)), drawn[:, places]])


def _measured(values: Floats, level: float) -> Measured:
    tail = (1 - level) / 2
    low, high = np.quantile(values[1:], [tail, 1 - tail])
    return Measured(float(values[0]), float(low), float(high))


def _mean(values: Floats, weights: Floats) -> Floats:
    return weights @ values / weights.sum(axis=1)


def _reference(event: Floats, base_rate: npt.ArrayLike | None, weights: Floats) -> Floats:
    """Return the Brier score of the base rate, (1 + draws,)."""
    if base_rate is None:
        rate = _mean(event, weights)
        return rate * (1 - rate)
    return _mean((np.broadcast_to(np.asarray(base_rate, dtype=np.float64), event.shape) - event) ** 2, weights)


def _discriminate(score: Floats, event: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return the area under the ROC curve and the average precision, (1 + draws,) each; ties count half."""
    order = np.argsort(-score, kind="stable")
    last = np.append(np.flatnonzero(np.diff(score[order])), len(score) - 1)  # of each run of equal scores
    hits = np.cumsum(weights[:, order] * event[order], axis=1)[:, last]
    alarms = np.cumsum(weights[:, order] * (1 - event[order]), axis=1)[:, last]
    new_hits, new_alarms = (np.diff(one, axis=1, prepend=0.0) for one in (hits, alarms))
    auc = (new_alarms * (hits - new_hits / 2)).sum(axis=1) / (hits[:, -1] * alarms[:, -1])
    precision = (new_hits * hits / (hits + alarms)).sum(axis=1) / hits[:, -1]
    return auc, precision


def _calibrate(forecast: Floats, event: Floats, weights: Floats) -> tuple[Floats, Floats]:
    """Return slope and intercept of the events' log-odds over those forecast, (1 + draws,) each, by Newton's steps."""
    clipped = np.clip(forecast, _SURE, 1 - _SURE)
    design = np.column_stack([np.ones(len(event)), np.log(clipped / (1 - clipped))])
    products = np.einsum("ni,nj->nij", design, design).reshape(len(event), 4)
    calibrated = np.array([0.0, 1.0])
    line = np.zeros((len(weights), 2))  # from a slope of nothing Newton's steps do not swing past the end
    for _step in range(_STEPS):
        likely = 1 / (1 + np.exp(-np.clip(line @ design.T, -30, 30)))
        gradient = (weights * (event - likely)) @ design - _RIDGE * (line - calibrated)
        curvature = ((weights * likely * (1 - likely)) @ products).reshape(-1, 2, 2) + _RIDGE * np.eye(2)
        step = np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0]
        line += step / np.maximum(1, np.abs(step).max(axis=1, keepdims=True))
        if np.abs(step).max() < _SURE:
            break
    return line[:, 1], line[:, 0]


def _wilson(share: pl.Expr, n: pl.Expr, z: float = 1.6449) -> tuple[pl.Expr, pl.Expr]:
    """Return the ends of Wilson's interval of a share; ``z`` of 90 %."""
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * (share * (1 - share) / n + z**2 / (4 * n**2)).sqrt()
    return (centre - half).clip(0.0, 1.0), (centre + half).clip(0.0, 1.0)
