"""When an open case will end: the net of the process played forward many times from where the case stands.

How long a stay lasts and by which step it is left are drawn together from what was seen, open stays counted in: the
jumps of the product-limit estimate are the chances of each length, and the stay that ended there names its step
(O. Aalen and S. Johansen, "An empirical transition matrix for non-homogeneous Markov chains …", 1978). A stay that goes
on already is drawn from what lasts longer than it has. Beyond the longest stay seen the rate of leaving is taken as
constant. Stays are taken as independent of each other: where cases queue for the same people the interval is too
narrow, so forecasts are kept and scored.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

import numpy as np
import polars as pl

from liankit.insight.bottlenecks import waits
from liankit.insight.tables import Log, observed
from liankit.process import Process

LEVEL = 0.8
"""The level of the interval of a forecast."""

MOST_STEPS = 200
"""After how many steps a played case counts as one that does not end; its days are unknown."""


@dataclass(frozen=True)
class Finish:
    """The days until a case ends: the middle and the interval of ``LEVEL``; None where too many plays do not end.

    ``unfinished`` is the share of plays that did not end: they stood where nobody was ever seen to leave.
    """

    low: float | None
    median: float | None
    high: float | None
    unfinished: float
    draws: np.ndarray

    def by(self, days: float) -> float:
        """Return the chance that it ends within some days."""
        return float(np.mean(self.draws <= days))


@dataclass(frozen=True)
class _Leaving:
    """How stays of one stage (or waits for one join) end: sorted lengths, the survival before and after, the steps."""

    days: np.ndarray
    survival: np.ndarray  # after each length
    steps: np.ndarray  # index of the step that was taken there
    rate: float  # stays left a day, beyond the longest

    @cached_property
    def rising(self) -> np.ndarray:
        """The survival as it can be searched: negative, so that it rises."""
        return -self.survival

    def draw(self, ages: np.ndarray, chance: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
        """Return how many days are left of stays of some ages, and the step that ends each (-1: none was seen)."""
        if not len(self.days):
            return np.full(len(ages), np.inf), np.full(len(ages), -1)
        place = np.searchsorted(self.days, ages, side="right")
        alive = np.where(place > 0, self.survival[place - 1], 1.0)
        target = chance.random(len(ages)) * alive
        at = np.searchsorted(self.rising, -target, side="left")
        is_seen = (at < len(self.days)) & (at >= place)  # else it outlasts every stay that was seen
        drawn = self.days[np.minimum(at, len(self.days) - 1)] - ages
        beyond = np.maximum(self.days[-1] - ages, 0.0) + chance.exponential(1 / self.rate, len(ages))
        any_step = chance.integers(len(self.steps), size=len(ages))
        return np.where(is_seen, drawn, beyond), self.steps[np.where(is_seen, at, any_step)]


@dataclass(frozen=True)
class Model:
    """A process with how its stays were seen to end."""

    process: Process
    stages: Mapping[str, _Leaving]
    joins: Mapping[frozenset[str], _Leaving]  # by the stages that wait for each other

    def finish(self, standing: Sequence[tuple[str, float]], draws: int = 1_000, seed: int = 1) -> Finish:
        """Forecast a case that stands in some stages, each with the days it has been there."""
        return _finish(_Play(self, standing, draws, seed).run())

    @cached_property
    def places(self) -> Mapping[str, int]:
        """The column of each stage."""
        return {stage.key: place for place, stage in enumerate(self.process.stages)}

    @cached_property
    def ends(self) -> np.ndarray:
        """Whether each stage is an end."""
        return np.array([stage.outcome is not None for stage in self.process.stages])


def fit(process: Process, log: Log, at: datetime) -> Model:
    """Learn how stays end from what was known at a moment."""
    stays, waiting = observed(log.visits, "entered", "left", at), waits(process)
    steps = {step.key: place for place, step in enumerate(process.transitions)}
    placed = stays.with_columns(step=pl.col("step").replace_strict(steps, default=-1, return_dtype=pl.Int64))
    grouped = {key: frame for (key,), frame in placed.filter(~pl.col("stage").is_in(list(waiting))).group_by("stage")}
    stages = {stage.key: _leaving(grouped.get(stage.key, placed.clear())) for stage in process.stages}
    awaited = {frozenset(step.taken) for step in process.transitions if waiting.issuperset(step.taken)}
    joins = {taken: _leaving(_joined(placed, taken)) for taken in awaited}
    return Model(process, stages, joins)


def _joined(stays: pl.DataFrame, taken: frozenset[str]) -> pl.DataFrame:
    """Return how long a step that joins branches was waited for, from when the last of them had come."""
    here = stays.filter(pl.col("stage").is_in(list(taken)))
    if here.is_empty():
        return here
    rounds = here.sort("case", "entered").with_columns(turn=pl.int_range(pl.len()).over("case", "stage"))
    whole = rounds.group_by("case", "turn").agg(
        pl.len().alias("came"),
        pl.col("days").min(),
        pl.col("over").all(),
        step=pl.col("step").first(),
    )
    return whole.filter(pl.col("came") == len(taken))


def _leaving(stays: pl.DataFrame) -> _Leaving:
    """Return the product-limit estimate with the step at each of its jumps; of equal lengths, one after the other."""
    ordered = stays.sort("days", pl.col("over").not_())
    at_risk = np.arange(ordered.height, 0, -1, dtype=float)
    over = ordered["over"].to_numpy().astype(bool)
    alive = np.cumprod(1 - over / at_risk) if ordered.height else np.empty(0)
    lasted = float(ordered["days"].sum())
    rate = max(over.sum(), 1) / lasted if lasted > 0 else 1.0
    lengths, steps = ordered["days"].to_numpy(), ordered["step"].to_numpy()
    return _Leaving(lengths[over], alive[over], steps[over], rate)


class _Play:
    """Many plays of one net at once: a row a play, a column a stage; ``leave`` is when a token goes, inf if none is."""

    def __init__(self, model: Model, standing: Sequence[tuple[str, float]], draws: int, seed: int) -> None:
        self.model, self.chance = model, np.random.default_rng(seed)
        many = len(model.process.stages)
        self.leave = np.full((draws, many), np.inf)
        self.step = np.full((draws, many), -1)
        self.since = np.full((draws, many), np.inf)  # when a branch came where it waits, inf where none does
        self.done = np.full(draws, np.inf)
        for stage, age in standing:
            self._enter(np.arange(draws), stage, np.zeros(draws), age)

    def run(self) -> np.ndarray:
        """Return for each play after how many days it ends; inf where it does not."""
        for _ in range(MOST_STEPS):
            column = self.leave.argmin(axis=1)
            now = self.leave[np.arange(len(column)), column]
            going = np.isfinite(now) & np.isinf(self.done)
            if not going.any():
                break
            taken = self.step[np.arange(len(column)), column]
            for place in np.unique(taken[going]):
                rows = np.flatnonzero(going & (taken == place))
                self._take(rows, int(place), now[rows])
        return self.done

    def _take(self, rows: np.ndarray, place: int, now: np.ndarray) -> None:
        """Take one step in some plays: an end stops the play."""
        if place < 0:  # left by a step that this version does not have
            self.leave[rows] = np.inf
            return
        step = self.model.process.transitions[place]
        for key in step.taken:
            column = self.model.places[key]
            self.leave[rows, column] = self.since[rows, column] = np.inf
        for key in step.given:
            if self.model.ends[self.model.places[key]]:
                self.done[rows] = now
            else:
                self._enter(rows, key, now, 0.0)

    def _enter(self, rows: np.ndarray, stage: str, now: np.ndarray, age: float) -> None:
        """Let a token come to a stage; where it only waits, it goes once those it waits for have come."""
        column = self.model.places[stage]
        joins = [taken for taken in self.model.joins if stage in taken]
        if joins:
            self.since[rows, column] = now - age
            for taken in joins:
                self._join(rows, taken, now, column)
            return
        left, step = self.model.stages[stage].draw(np.full(len(rows), age), self.chance)
        self.leave[rows, column], self.step[rows, column] = now + left, step

    def _join(self, rows: np.ndarray, taken: frozenset[str], now: np.ndarray, column: int) -> None:
        whole = self.since[rows][:, [self.model.places[key] for key in taken]].max(axis=1)
        ready = np.isfinite(whole)
        left, step = self.model.joins[taken].draw(now[ready] - whole[ready], self.chance)
        self.leave[rows[ready], column] = now[ready] + left
        self.step[rows[ready], column] = step


def _finish(days: np.ndarray) -> Finish:
    unfinished = float(np.mean(np.isinf(days)))
    shares = ((1 - LEVEL) / 2, 0.5, (1 + LEVEL) / 2)
    low, median, high = (_known(np.quantile(days, share, method="higher")) for share in shares)
    return Finish(low, median, high, unfinished, days)


def _known(days: float) -> float | None:
    return float(days) if np.isfinite(days) else None


def score(kept: pl.DataFrame) -> dict[str, float | int | None]:
    """Score forecasts against what came: ``low``, ``median``, ``high``, ``actual`` days, and the days since (``age``).

    Only those are scored whose ``high`` is past: of younger ones just the quick have come, and they came early.
    ``actual`` is null while a case is open; by then it is outside the interval and late. Returns the ``count`` scored,
    ``coverage`` (share within the interval; ``LEVEL`` would be right), ``late`` (share that came after the median; one
    half would be right), and of those that came: ``error`` (mean distance of the median, in days) and ``pinball``, the
    mean loss of the three quantiles (R. Koenker and G. Bassett, 1978).
    """
    due = kept.filter(pl.col("high") <= pl.col("age"))
    actual = pl.col("actual")
    losses = [
        pl.max_horizontal(share * (actual - pl.col(name)), (share - 1) * (actual - pl.col(name)))
        for name, share in (("low", (1 - LEVEL) / 2), ("median", 0.5), ("high", (1 + LEVEL) / 2))
    ]
    found = due.select(
        coverage=actual.is_between("low", "high").fill_null(False).mean(),
        late=(actual > pl.col("median")).fill_null(True).mean(),
        error=(actual - pl.col("median")).abs().mean(),
        pinball=(pl.sum_horizontal(losses, ignore_nulls=False) / len(losses)).mean(),
    )
    return {"count": due.height, **found.row(0, named=True)}
