"""Known truths for the sets of ranks: lists drawn anew, resampled, ranked; a percentile bootstrap beside.

The truth is the order of expected sums. Each run draws the parts of every entry anew, resamples them with
``draw_scores`` and asks whether all entries' true ranks lie in their sets at once. The percentile bootstrap takes the
same draws, ranks each, and cuts the tails of every entry's ranks on its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import polars as pl

from liankit.risk.ranks import LEVEL, rank_sets
from liankit.risk.resampling import draw_scores

Random = np.random.Generator


class Case(NamedTuple):
    """True expectations of the entries' parts, how uneven the parts are (of their logarithm) and how many."""

    truth: Callable[[Random, int], np.ndarray]
    unevenness: float
    parts: int


CASES = {
    "all equal": Case(lambda _random, n: np.ones(n), 0.3, 12),
    "tight": Case(lambda _random, n: 1 + 0.02 * np.arange(n) / n, 0.3, 12),
    "even steps": Case(lambda _random, n: 1 + np.arange(n), 0.3, 12),
    "heavy-tailed scores": Case(lambda random, n: random.pareto(1.2, n) + 1, 0.3, 12),
    "heavy-tailed parts": Case(lambda random, n: random.pareto(1.2, n) + 1, 1.0, 12),
    "equal, heavy-tailed parts": Case(lambda _random, n: np.ones(n), 1.0, 12),
    "few parts": Case(lambda random, n: random.pareto(1.2, n) + 1, 0.3, 4),
    "many parts": Case(lambda random, n: random.pareto(1.2, n) + 1, 0.3, 100),
}


class Found(NamedTuple):
    """The share of runs in which all true ranks were held, and the mean width of a set."""

    covered: float
    width: float


def coverage(case: Case, *, runs: int, entries: int, draws: int = 200, seed: int = 1) -> tuple[Found, Found]:
    """Return what the joint sets and what the percentile bootstrap reach."""
    random, found = np.random.default_rng(seed), []
    for run in range(runs):
        truth = case.truth(random, entries)
        noise = random.normal(-(case.unevenness**2) / 2, case.unevenness, (entries, case.parts))
        score, drawn = _resample(truth[:, None] * np.exp(noise), draws, run)
        sets = rank_sets(score, score, drawn, drawn)
        ends = ((sets.rank_low, sets.rank_high), _percentiles(drawn))
        found.append([(_holds(truth, low, high), (high - low).mean()) for low, high in ends])
    means = np.mean(found, axis=0)
    return Found(*means[0]), Found(*means[1])


def _resample(rows: np.ndarray, draws: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    entries, parts = rows.shape
    score, names = rows.sum(axis=1), np.arange(entries)
    told = pl.DataFrame({"entry": names.repeat(parts), "unit": np.arange(rows.size), "amount": rows.ravel()})
    return score, draw_scores(
        told, pl.DataFrame({"entry": names, "low": score, "high": score}), draws=draws, seed=seed
    )[0]


def _percentiles(drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    ranks = drawn.shape[1] - drawn.argsort(axis=1).argsort(axis=1)
    tail = (1 - LEVEL) / 2
    return np.quantile(ranks, tail, axis=0, method="lower"), np.quantile(ranks, 1 - tail, axis=0, method="higher")


def _holds(truth: np.ndarray, low: np.ndarray, high: np.ndarray) -> bool:
    """Whether every set holds all the places that the entry has among the true scores, equals sharing theirs."""
    ordered = np.sort(truth)
    first = 1 + len(truth) - np.searchsorted(ordered, truth, side="right")
    last = len(truth) - np.searchsorted(ordered, truth, side="left")
    return bool((low <= first).all() and (last <= high).all())
