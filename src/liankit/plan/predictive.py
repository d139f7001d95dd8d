"""Predictive distributions of many series at once: what each will be when so many more years have gone.

Made from rows of ``paces`` with ``left``, the years to go; each array has one number a row. Uses scipy.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import polars as pl

Floats = npt.NDArray[np.float64]

_NORMAL = 1e9  # degrees of freedom: Student's t is the normal distribution
_STEADY = 1 + 1e-6  # variance over mean of what scatters no more than Poisson's


class Predictive(Protocol):
    """What is to come of many series."""

    def quantile(self, share: float) -> Floats:
        """Return the value that the series stays at or below with the probability ``share``."""

    def above(self, edge: Floats) -> Floats:
        """Return the probability that the series ends above the edge."""

    def edges(self, goal: Floats) -> tuple[Floats, Floats]:
        """Return the edges that a series is above where it is at least the goal, and where it is more.

        A value is told to the last digit: half of one less would be told as the goal.
        """

    def at_pace(self, share: float) -> Predictive:
        """Return the same, were the pace for sure at this quantile of what is known of it."""

    def needs(self, goal: Floats, share: float) -> Floats:
        """Return the value now from which this quantile of what is to come would be the goal."""


def predictive(model: str, rows: pl.DataFrame) -> Predictive:
    """Return the predictive distribution of rows of one model."""
    columns = {name: rows[name].to_numpy() for name in _USED}
    return _counts(**columns) if model == "counts" else _drift(model, **columns)


_USED = ("last", "y_last", "y_pace", "y_years", "spread", "steps", "digit", "whole", "left")


def probability(made: Predictive, comparator: npt.NDArray[Any], goal: Floats) -> Floats:
    """Return how likely each series meets its goal; NaN where there is none."""
    reach, pass_over = (made.above(edge) for edge in made.edges(goal))
    told = {">=": reach, ">": pass_over, "<=": 1 - pass_over, "<": 1 - reach, "=": reach - pass_over}
    found = np.select([comparator == sign for sign in told], list(told.values()), np.nan)
    return np.where(np.isnan(goal), np.nan, found)


@dataclass(frozen=True)
class _Counts:
    """What is counted beyond the last value is negative binomial, with this mean and variance."""

    last: Floats
    mean: Floats
    variance: Floats
    events: Floats
    dispersion: Floats

    def _more(self) -> Any:
        from scipy import stats

        variance = np.maximum(self.variance, self.mean * _STEADY)
        size = self.mean**2 / (variance - self.mean)
        return stats.nbinom(size, self.mean / variance)

    def quantile(self, share: float) -> Floats:
        return self.last + self._more().ppf(share)

    def above(self, edge: Floats) -> Floats:
        return self._more().sf(np.floor(edge - self.last))

    def edges(self, goal: Floats) -> tuple[Floats, Floats]:
        return np.ceil(goal) - 0.5, np.floor(goal) + 0.5

    def at_pace(self, share: float) -> _Counts:
        from scipy import stats

        shape = self.events / self.dispersion
        mean = self.mean * stats.gamma.ppf(share, shape) / shape
        return replace(self, mean=mean, variance=self.dispersion * mean)

    def needs(self, goal: Floats, share: float) -> Floats:
        return np.ceil(goal) - (self.quantile(share) - self.last)


def _counts(
    *, last: Floats, y_pace: Floats, y_years: Floats, spread: Floats, steps: Floats, left: Floats, **_unused: Floats
) -> _Counts:
    events = np.maximum(y_pace * y_years, 0) + 0.5  # Jeffreys' prior
    mean = events / y_years * left
    pearson = np.divide(spread, y_pace * (steps - 1), out=np.ones_like(spread), where=y_pace > 0)
    dispersion = np.maximum(pearson, 1)
    return _Counts(last, mean, dispersion * (mean + mean**2 / events), events, dispersion)


@dataclass(frozen=True)
class _Drift:
    """On the scale of the model the end is Student's t about ``centre``."""

    model: str
    last: Floats
    whole: Floats
    digit: Floats
    y_last: Floats
    centre: Floats
    width: Floats
    freedom: Floats
    walk: Floats  # how far it strays by itself, were the pace known
    slack: Floats  # how far the error of the pace takes it

    def quantile(self, share: float) -> Floats:
        return self._back(self._y(share))

    def above(self, edge: Floats) -> Floats:
        from scipy import stats

        found = stats.t.sf((self._forth(edge) - self.centre) / self.width, self.freedom)
        return np.where(edge < self.last, 1.0, found) if self.model == "amounts" else found

    def edges(self, goal: Floats) -> tuple[Floats, Floats]:
        return goal - self.digit / 2, goal + self.digit / 2

    def at_pace(self, share: float) -> _Drift:
        from scipy import stats

        moved = self.centre + stats.t.ppf(share, self.freedom) * self.slack
        return replace(self, centre=moved, width=self.walk, freedom=np.full_like(self.freedom, _NORMAL))

    def needs(self, goal: Floats, share: float) -> Floats:
        return self._back(self.y_last + self._forth(goal) - self._y(share), may_fall=True)

    def _y(self, share: float) -> Floats:
        from scipy import stats

        return self.centre + stats.t.ppf(share, self.freedom) * self.width

    def _forth(self, value: Floats) -> Floats:
        if self.model == "growth":
            return np.log(np.maximum(value, np.finfo(float).tiny))
        if self.model == "rate":
            share = np.clip(value, self.digit / 2, self.whole - self.digit / 2) / self.whole
            return np.log(share / (1 - share))
        return value

    def _back(self, y: Floats, *, may_fall: bool = False) -> Floats:
        if self.model == "growth":
            return np.exp(y)
        if self.model == "rate":
            return self.whole / (1 + np.exp(-y))
        return np.maximum(y, self.last) if self.model == "amounts" and not may_fall else y


def _drift(
    model: str,
    *,
    last: Floats,
    y_last: Floats,
    y_pace: Floats,
    y_years: Floats,
    spread: Floats,
    steps: Floats,
    digit: Floats,
    whole: Floats,
    left: Floats,
) -> _Drift:
    """Return random walks; what never moved may still move one last digit in as long as it was watched."""
    share = np.clip(last, digit / 2, whole - digit / 2) / whole
    one = {"growth": digit / np.maximum(last, digit), "rate": digit / whole / (share * (1 - share))}.get(model, digit)
    variance = np.maximum(spread / (steps - 1), one**2 / y_years)
    walk, slack = np.sqrt(variance * left), np.sqrt(variance / y_years) * left
    centre = y_last + y_pace * left
    return _Drift(model, last, whole, digit, y_last, centre, np.hypot(walk, slack), steps - 1.0, walk, slack)
