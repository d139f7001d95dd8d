"""What the forecasts of open cases were worth, as far as a viewer sees these cases.

A forecast is due when its last day is over, whether the case ended or not: scored as cases end, the quick ones would
come first. What came is read from the cases, so that a corrected moment is scored as it is corrected.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import polars as pl

from liandesk.act.insight.frames import forecasts_of
from liandesk.base.work.columns import zone
from liankit.insight import Log, score
from liankit.insight.forecast import LEVEL

LEAST_CASES = 10
"""Of fewer cases no share is told: the forecasts of one case follow each other and say much the same."""


@dataclass(frozen=True)
class Worth:
    """How many forecasts are due, of how many cases, how many of these are open still; how many are waiting.

    ``coverage`` is the share of the due that ended within the interval, which states ``level``; ``error`` the mean
    distance in days of those that ended, ``naive_error`` that of the median of cases that had ended. None: too few.
    """

    due: int
    cases: int
    late: int
    waiting: int
    coverage: float | None
    error: float | None
    naive_error: float | None
    level: float = LEVEL

    @property
    def is_told(self) -> bool:
        return self.cases >= LEAST_CASES


def worth(key: str, log: Log, day: date) -> Worth:
    """Score the forecasts of the cases of a log as of a day."""
    kept = forecasts_of(key).join(log.cases.select("case", "ended"), on="case")
    due = _in_days(kept.filter(pl.col("high_on") < day), day)
    cases, late = due["case"].n_unique(), due.filter(pl.col("actual").is_null()).height
    counts = (due.height, cases, late, kept.height - due.height)
    if cases < LEAST_CASES:
        return Worth(*counts, None, None, None)
    found, naive = score(due), score(due.with_columns(median="naive"))
    return Worth(*counts, found["coverage"], found["error"], naive["error"])


def _in_days(kept: pl.DataFrame, day: date) -> pl.DataFrame:
    """Return forecasts as ``score`` reads them: days since the day on which they were made."""
    ended_on = pl.col("ended").dt.convert_time_zone(str(zone())).dt.date()
    ends = {name: pl.col(f"{name}_on") for name in ("low", "median", "high", "naive")} | {"actual": ended_on}
    since = {name: (end - pl.col("made_on")).dt.total_days().cast(pl.Float64) for name, end in ends.items()}
    over = (pl.lit(day) - pl.col("made_on")).dt.total_days() - 1.0  # today is not over
    return kept.select("case", **since, age=over)
