"""How long start-ups take: the estimate that counts those still under way, beside the mean of those that have ended.

A trial that was given up without a patient tells nothing of how long a start-up takes: it is counted apart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

import polars as pl

from liandesk.act.trials.models import Startup
from liankit.insight import time_in_stage
from liankit.insight.tables import MOMENT

BIN = 30
"""Days of a bar of the chart."""


@dataclass(frozen=True)
class Times:
    """Start-up days of a group: null where too few have ended for it; one trial alone says nothing of a spread."""

    group: str
    trials: int
    under_way: int
    mean: float | None  # of those whose first patient is in: too short while long ones go on
    lower_quartile: float | None
    median: float | None
    upper_quartile: float | None
    median_low: float | None
    median_high: float | None

    @property
    def started(self) -> int:
        return self.trials - self.under_way


@dataclass(frozen=True)
class Bar:
    """How many trials took from ``first`` to below ``below`` days, and how many have been under way so long."""

    first: int
    started: int
    under_way: int

    @property
    def below(self) -> int:
        return self.first + BIN


def times_by(trials: Iterable[Startup], day: date, group: Callable[[Startup], str]) -> list[Times]:
    """Return the times of each group, as known on a day; the groups in the order of their names."""
    rows = [(group(one), *_span(one, day)) for one in trials if one.days_by(day) is not None]
    visits = pl.DataFrame(rows, schema={"stage": pl.String, "entered": MOMENT, "left": MOMENT}, orient="row")
    return [_times(row) for row in time_in_stage(visits, _midnight(day)).iter_rows(named=True)]


def times_of(trials: Iterable[Startup], day: date) -> Times | None:
    """Return the times of all, None where none was accepted."""
    return next(iter(times_by(trials, day, lambda one: "")), None)


def _span(one: Startup, day: date) -> tuple[datetime, datetime | None]:
    assert one.accepted_on is not None  # that is how they were chosen
    left = one.first_patient_on if one.has_started(day) else None
    return _midnight(one.accepted_on), _midnight(left) if left else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _times(row: dict[str, Any]) -> Times:
    named = ("lower_quartile", "median", "upper_quartile", "median_low", "median_high")
    is_one = row["stays"] - row["standing"] < 2
    told = [None if is_one and name != "median" else row[name] for name in named]
    return Times(row["stage"], row["stays"], row["standing"], row["naive_mean"], *told)


def bars(trials: Sequence[Startup], day: date) -> list[Bar]:
    """Return the distribution in bars of ``BIN`` days, from 0 to the longest."""
    seen = [(length // BIN, one.has_started(day)) for one in trials if (length := one.days_by(day)) is not None]
    last = max((place for place, _started in seen), default=-1)
    return [Bar(place * BIN, seen.count((place, True)), seen.count((place, False))) for place in range(last + 1)]
