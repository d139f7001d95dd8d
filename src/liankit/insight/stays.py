"""How long cases stay in a stage: the estimate that counts those which are still there, beside the naive mean.

The mean of the stays that have ended is too short while long ones go on: it leaves out just those. The product-limit
estimate (E. Kaplan and P. Meier, "Nonparametric estimation from incomplete observations", 1958) counts each open stay
as one that lasted at least until now. It assumes that when a case was looked at says nothing of how long it will take.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from statistics import NormalDist
from typing import Literal

import polars as pl

from liankit.insight.tables import days, moment, observed

LEVEL = 0.95
"""The level of the interval of a median."""


def time_in_stage(visits: pl.DataFrame, at: datetime, by: Sequence[str] = ()) -> pl.DataFrame:
    """Return how long the stays in each stage take, as known at a moment; one row a group and stage.

    ``stays`` began by then, ``standing`` of them go on. Days: ``naive_mean`` of those that ended; ``lower_quartile``,
    ``median``, ``upper_quartile`` of the product-limit estimate, null where too few have ended for it; the interval of
    the median ``median_low`` to ``median_high`` by log-log bands (R. Brookmeyer and J. Crowley, 1982), null where it is
    open, as where the last of all has ended and no variance is left; ``mean`` is restricted to the longest stay seen,
    ``horizon`` (a stay that outlasts it counts as that long).
    """
    keys = [*by, "stage"]
    known = observed(visits, "entered", "left", at)
    counts = known.group_by(keys).agg(
        stays=pl.len(),
        standing=(~pl.col("over")).sum(),
        naive_mean=pl.col("days").filter("over").mean(),
        horizon=pl.col("days").max(),
    )
    return counts.join(_summary(survival(known, keys), keys), on=keys, how="left", nulls_equal=True).sort(keys)


def survival(known: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    """Return the product-limit estimate of each group, one row a length that was seen.

    ``known`` has ``days`` and ``over``. ``survival`` is the share that lasts longer than ``days``; ``greenwood`` the
    sum in Greenwood's variance. Equal lengths are taken one by one, those that ended first: the last of them has the
    product and the sum of all.
    """
    at_risk = pl.int_range(pl.len(), 0, -1).cast(pl.Float64)
    ended = pl.col("over").cast(pl.Float64)
    variance = pl.when(at_risk > ended).then(ended / (at_risk * (at_risk - ended))).otherwise(0.0)
    is_last = (pl.col("days") != pl.col("days").shift(-1)).fill_null(True)
    curves = {
        "days": pl.col("days"),
        "survival": (1 - ended / at_risk).cum_prod(),
        "greenwood": variance.cum_sum(),
    }
    ordered = known.sort("days", pl.col("over").not_())
    return ordered.group_by(keys).agg(**{key: curve.filter(is_last) for key, curve in curves.items()}).explode(*curves)


def _summary(curve: pl.DataFrame, keys: Sequence[str]) -> pl.DataFrame:
    z = NormalDist().inv_cdf((1 + LEVEL) / 2)
    alive, log_alive = pl.col("survival"), pl.col("survival").log()
    width = z * pl.col("greenwood").sqrt() / log_alive.abs()
    is_inner = (alive > 0) & (alive < 1)
    before = pl.col("survival").shift(1, fill_value=1.0)
    lasted = pl.col("days") - pl.col("days").shift(1, fill_value=0.0)
    banded = curve.with_columns(
        low=pl.when(is_inner).then(alive ** width.exp()).when(alive >= 1).then(1.0),
        high=pl.when(is_inner).then(alive ** (-width).exp()).when(alive >= 1).then(1.0),
    )
    return banded.group_by(keys).agg(
        lower_quartile=_first("survival", 0.75),
        median=_first("survival", 0.5),
        upper_quartile=_first("survival", 0.25),
        median_low=_first("low", 0.5),
        median_high=_first("high", 0.5),
        mean=(before * lasted).sum(),
    )


def _first(curve: str, share: float) -> pl.Expr:
    """Return the first length by which no more than a share lasts longer; null where more does to the end."""
    return pl.col("days").filter(pl.col(curve) <= share + 1e-12).min()


def stages_now(visits: pl.DataFrame, at: datetime, by: Sequence[str] = ()) -> pl.DataFrame:
    """Return how many cases stand in each stage at a moment, how many days the middle and the oldest stood there."""
    return (
        ages(visits, at)
        .group_by([*by, "stage"])
        .agg(standing=pl.len(), median_age=pl.col("days").median(), oldest=pl.col("days").max())
        .sort([*by, "stage"])
    )


def ages(visits: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """Return the stays that go on at a moment with their ``days`` so far, the oldest first."""
    standing = observed(visits, "entered", "left", at).filter(~pl.col("over"))
    return standing.drop("over").sort("days", descending=True)


THROUGHPUT = {"since": pl.Date, "opened": pl.UInt32, "ended": pl.UInt32, "open": pl.Int64, "median_days": pl.Float64}


def throughput(cases: pl.DataFrame, at: datetime, every: Literal["1w", "1mo", "1q", "1y"] = "1mo") -> pl.DataFrame:
    """Return by week, month, quarter or year (``since``) how many cases were opened, ended, and open at its end.

    ``median_days`` is that of the cases that ended in it, whenever they began; null where none did. Weeks and months
    begin by the clock of ``at``: give it in the time zone of the office.
    """
    now = moment(at)
    known = cases.filter(pl.col("opened") <= now).with_columns(ended=pl.when(pl.col("ended") <= now).then("ended"))
    if known.is_empty():
        return pl.DataFrame(schema=THROUGHPUT)
    timed = known.with_columns(days=days("opened", "ended"))
    clock = at.utcoffset() or timedelta()
    opened = timed.group_by(since=_period("opened", clock, every)).agg(opened=pl.len())
    over = timed.filter(pl.col("ended").is_not_null())
    ended = over.group_by(since=_period("ended", clock, every)).agg(ended=pl.len(), median_days=pl.col("days").median())
    periods = pl.select(since=pl.date_range(opened["since"].min(), at.date(), every))  # type: ignore[arg-type]
    joined = periods.join(opened, on="since", how="left").join(ended, on="since", how="left")
    counted = joined.with_columns(pl.col("opened", "ended").fill_null(0)).sort("since")
    balance = pl.col("opened").cast(pl.Int64).cum_sum() - pl.col("ended").cast(pl.Int64).cum_sum()
    return counted.with_columns(open=balance).select("since", "opened", "ended", "open", "median_days")


def _period(moment: str, clock: timedelta, every: str) -> pl.Expr:
    return (pl.col(moment) + clock).dt.truncate(every).dt.date()
