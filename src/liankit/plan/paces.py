"""What a series of values has shown so far: its last value, its pace and how unevenly it moved.

Each kind of counting moves on a scale of its own, on which a step has no bounds: growth on logarithms, a rate on
logits, all else as it is. What adds up in whole numbers, few at a time, is counts.
"""

from __future__ import annotations

import polars as pl

YEAR = 365.25  # days
MIN_POINTS = 3
"""Fewer values tell nothing about the unevenness of the pace, hence nothing about what is to come."""

_FEW_AT_A_TIME = 30  # more in one report are no longer told from an amount
_DECIMALS = range(4)

_value, _whole, _digit = pl.col("value"), pl.col("whole"), pl.col("digit")


def paces(values: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Return what the values of each question show, by its ``ask``.

    ``values``: row, on, value (null: unknown, left out; of one day the last row counts). ``asked``: ask, row,
    counting, start, until, whole; no value after ``until`` is used. Columns: ask; points (reported values); last_on,
    last; y_last, y_pace (a year), y_years (watched); spread (sum of squared residuals of the steps, each over its
    length), steps; model; digit (a step of the last digit told), pace (of the values, a year).
    """
    told = _told(values, asked)
    kinds = told.group_by("ask").agg(_model(), _digit_of(), points=(~pl.col("is_start")).sum())
    scaled = told.join(kinds, on="ask").with_columns(y=_scaled()).sort("ask", "on")
    steps = scaled.with_columns(
        dy=pl.col("y").diff().over("ask"), years=pl.col("on").diff().dt.total_days().over("ask") / YEAR
    )
    dy, years = pl.col("dy"), pl.col("years")
    return steps.group_by("ask").agg(
        pl.col("points", "model", "digit", "counting", "whole").first(),
        last_on=pl.col("on").last(),
        last=_value.last(),
        y_last=pl.col("y").last(),
        y_pace=dy.sum() / years.sum(),
        y_years=years.sum(),
        spread=((dy - dy.sum() / years.sum() * years) ** 2 / years).sum(),
        steps=dy.count(),
        pace=(_value.last() - _value.first()) / years.sum(),
    )


def _told(values: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
    """Return the values that each question may use, with the nothing that counting within a period starts from."""
    known = values.drop_nulls("value").unique(["row", "on"], keep="last", maintain_order=True)
    wanted = asked.select("ask", "row", "counting", "start", "until", "whole")
    told = wanted.join(known.select("row", "on", "value"), on="row").filter(pl.col("on") <= pl.col("until"))
    first = (
        told.filter(pl.col("counting") == "within")
        .group_by("ask", maintain_order=True)
        .agg(pl.all().sort_by("on").first())
    )
    starts = first.filter(pl.col("on") > pl.col("start")).with_columns(on="start", value=pl.lit(0.0))
    return pl.concat([told.with_columns(is_start=False), starts.select(told.columns).with_columns(is_start=True)])


def _model() -> pl.Expr:
    """Return the model of a group of values; growth and rates outside their range are levels."""
    is_whole = (_value == _value.round(0)).all()
    each = (_value.max() - _value.min()) / (pl.len() - 1)
    counting = pl.col("counting").first()
    adds_up = counting.is_in(["cumulative", "within"])
    return (
        pl.when(adds_up & is_whole & (each <= _FEW_AT_A_TIME)).then(pl.lit("counts"))
        .when(adds_up).then(pl.lit("amounts"))
        .when((counting == "growth") & (_value > 0).all()).then(pl.lit("growth"))
        .when((counting == "rate") & _value.is_between(0, _whole).all()).then(pl.lit("rate"))
        .otherwise(pl.lit("level")).alias("model")
    )  # fmt: skip


def _digit_of() -> pl.Expr:
    """Return one step of the last digit in which the values of a group are told: 1, 0.1 … 0.0001."""
    fits = [pl.when((_value - _value.round(places)).abs().max() < 1e-9).then(10.0**-places) for places in _DECIMALS]
    return pl.coalesce(*fits, pl.lit(10.0 ** -len(_DECIMALS))).alias("digit")


def _scaled() -> pl.Expr:
    """Return the values on the scale of their model; a rate of nothing or all lies half a last digit inside."""
    share = _value.clip(_digit / 2, _whole - _digit / 2) / _whole
    logit = (share / (1 - share)).log()
    scales = pl.when(pl.col("model") == "growth").then(_value.log()).when(pl.col("model") == "rate").then(logit)
    return scales.otherwise(_value)
