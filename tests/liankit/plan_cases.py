"""Series that move as a forecast's models say, and what came of them: for tests and benchmarks of calibration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl

START, NOW, UNTIL = date(2021, 1, 1), date(2024, 9, 30), date(2025, 12, 31)
Walk = Callable[[np.random.Generator, np.ndarray], np.ndarray]


def _events(dispersion: float) -> Walk:
    def walk(random: np.random.Generator, years: np.ndarray) -> np.ndarray:
        mean = random.uniform(0.5, 12, (len(years), 1)) * years
        if dispersion == 1:
            return np.cumsum(random.poisson(mean), axis=1).astype(float)
        return np.cumsum(random.negative_binomial(mean / (dispersion - 1), 1 / dispersion), axis=1).astype(float)

    return walk


def _drift(random: np.random.Generator, years: np.ndarray) -> np.ndarray:
    steps = random.normal(0.2, 0.3, (len(years), 1)) * years + random.normal(0, 0.3, years.shape) * np.sqrt(years)
    return np.cumsum(steps, axis=1)


def _level(random: np.random.Generator, years: np.ndarray) -> np.ndarray:
    return 100 + 10 * _drift(random, years)


def _growth(random: np.random.Generator, years: np.ndarray) -> np.ndarray:
    return 50 * np.exp(_drift(random, years))


def _rate(random: np.random.Generator, years: np.ndarray) -> np.ndarray:
    return 100 / (1 + np.exp(-_drift(random, years)))


def _amounts(random: np.random.Generator, years: np.ndarray) -> np.ndarray:
    return np.cumsum(random.gamma(20 * years, 1.0), axis=1)


CASES: dict[str, tuple[str, Walk]] = {
    "counts": ("cumulative", _events(1)),
    "counts that cluster": ("cumulative", _events(2.5)),
    "amounts": ("cumulative", _amounts),
    "level": ("level", _level),
    "growth": ("growth", _growth),
    "rate": ("rate", _rate),
}
"""Name: how it is counted, and what draws it, (series, steps) from the years of each step."""


def series(case: str, n: int, points: int, seed: int = 1) -> tuple[pl.DataFrame, pl.DataFrame, np.ndarray]:
    """Return values (row, on, value) of ``n`` series up to ``NOW``, questions about ``UNTIL``, and what came."""
    counting, walk = CASES[case]
    random = np.random.default_rng(seed)
    days = pl.date_range(START, NOW, "1d", eager=True)
    seen = days.gather(np.linspace(0, len(days) - 1, points).astype(int))
    every = pl.concat([seen, pl.Series([UNTIL])])
    years = np.broadcast_to(every.diff().dt.total_days().fill_null(1).to_numpy() / 365.25, (n, points + 1))
    paths = walk(random, np.maximum(years, 1e-9))
    rows = [f"{place}" for place in range(n)]
    values = pl.DataFrame({"row": np.repeat(rows, points), "on": pl.concat([seen] * n), "value": paths[:, :-1].ravel()})
    goals = paths[:, -1].mean() if counting != "rate" else 70.0
    asked = pl.DataFrame({"row": rows}).with_columns(
        counting=pl.lit(counting),
        start=pl.lit(START),
        until=pl.lit(UNTIL),
        whole=pl.lit(100.0),
        goal=pl.lit(round(goals)).cast(pl.Float64),
        comparator=pl.lit(">="),
    )
    return values, asked, paths[:, -1]
