"""What is known of a unit's dated events on a day, and earlier windows to learn from.

A table of events has ``unit``, ``start``, ``end`` (null: still going on) and may have ``known_on`` (default:
``start``): an event counts on a day only once it is known. A unit is whatever a forecast is of: an entry, an item, a
drug.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import polars as pl

HISTORY_SCHEMA = {
    "in_event": pl.Float64,  # 1: in an event on the day
    "records_now": pl.Float64,  # events going on, each told once
    "months_in_event_36": pl.Float64,  # of the last 36 months
    "starts_36": pl.Float64,  # beginnings within the last 36 months
    "months_since": pl.Float64,  # since it last was in an event; 120 at most and where it never was
}
"""Columns that ``history_features`` adds, known of every unit."""

MONTH = 30.4375  # days
_SPAN = 36 * MONTH
_NEVER = 120.0  # months


def history_features(events: pl.DataFrame, units: pl.Series, on: date) -> pl.DataFrame:
    """Return one row a unit, in their order: ``unit`` and ``HISTORY_SCHEMA``, by what is known on the day ``on``.

    Time grows with the events known.

    >>> events = pl.DataFrame({"unit": ["a"], "start": [date(2024, 1, 1)], "end": [date(2024, 5, 1)]})
    >>> history_features(events, pl.Series(["a", "b"]), date(2024, 4, 1)).select("in_event", "months_since").rows()
    [(1.0, 0.0), (0.0, 120.0)]
    """
    known = _known(events, on)
    merged = _merge(known)
    day = pl.lit(on)
    spent = ((pl.col("end") - pl.max_horizontal("start", day - pl.duration(days=_SPAN))).dt.total_days()).clip(0)
    spells = merged.group_by("unit").agg(
        (pl.col("end") == day).any().cast(pl.Float64).alias("in_event"),
        (spent.sum() / MONTH).alias("months_in_event_36"),
        ((day - pl.col("end").max()).dt.total_days() / MONTH).clip(0, _NEVER).alias("months_since"),
        (pl.col("start") >= day - pl.duration(days=_SPAN)).sum().cast(pl.Float64).alias("starts_36"),
    )
    now = known.filter(pl.col("end") == day).group_by("unit").agg(pl.len().cast(pl.Float64).alias("records_now"))
    found = pl.DataFrame({"unit": units}).join(spells, on="unit", how="left", maintain_order="left")
    found = found.join(now, on="unit", how="left", maintain_order="left")
    filled = found.with_columns(pl.col("months_since").fill_null(_NEVER)).fill_null(0.0)
    return filled.select("unit", *HISTORY_SCHEMA)


def happened_within(events: pl.DataFrame, units: pl.Series, on: date, until: date) -> pl.Series:
    """Return of each unit whether it was in an event at any time after ``on`` and up to ``until``."""
    during = (pl.col("start") <= until) & (pl.col("end").is_null() | (pl.col("end") > on))
    return units.is_in(events.filter(during)["unit"].unique().implode()).alias("happened")


def spells_of(events: pl.DataFrame, last: date) -> pl.DataFrame:
    """Return ``unit``, ``start``, ``end``: what overlaps of a unit as one; ``end`` is null of what went on on ``last``.

    ``last`` is the last day of which anything is known.

    >>> seen = pl.DataFrame({"unit": ["a", "a"], "start": [date(2023, 1, 5)] * 2, "end": [date(2023, 2, 1), None]})
    >>> spells_of(seen, date(2023, 4, 6)).rows()
    [('a', datetime.date(2023, 1, 5), None)]
    """
    merged = _merge(events.with_columns(pl.col("end").fill_null(last))).sort("unit", "start")
    return merged.select("unit", "start", pl.when(pl.col("end") < last).then("end").alias("end"))


def add_months(day: date, months: int) -> date:
    """Return the same day so many months later, or the last of a shorter month."""
    return pl.select(pl.lit(day).dt.offset_by(f"{months}mo")).item()


def rolling_examples(
    events: pl.DataFrame,
    units: pl.Series,
    as_of: date,
    *,
    horizon_months: int = 12,
    days: list[date] | None = None,
    delay: timedelta = timedelta(0),
) -> pl.DataFrame:
    """Return earlier forecasts to learn from: ``unit``, ``made_on``, ``HISTORY_SCHEMA``, ``happened``.

    Each day of ``days`` (default: every third month back, as far as events are known) looks back with what was known
    then, and forward over the horizon, which begins ``delay`` later (where forecasts are made so long after the last
    list of events) and must end by ``as_of``. Events that become known after ``as_of`` are left out. No row where no
    window fits.
    """
    known = _seen_by(events, as_of)
    chosen = days if days is not None else _quarters(known, as_of, horizon_months)
    parts = []
    for day in chosen:
        begin = day + delay
        until = add_months(begin, horizon_months)
        if until > as_of:
            continue
        history = history_features(known, units, day)
        parts.append(
            history.with_columns(pl.lit(day).alias("made_on"), happened_within(known, units, begin, until)).select(
                "unit", "made_on", *HISTORY_SCHEMA, "happened"
            )
        )
    schema: dict[str, Any] = {"unit": units.dtype, "made_on": pl.Date, **HISTORY_SCHEMA, "happened": pl.Boolean}
    return pl.concat(parts) if parts else pl.DataFrame(schema=schema)


def _quarters(events: pl.DataFrame, as_of: date, horizon_months: int) -> list[date]:
    """Return the days to look from, latest first: each three months before the last whose window is whole."""
    first = events["start"].min()
    if not isinstance(first, date):
        return []
    days, day = [], add_months(as_of, -horizon_months)
    while day > first:
        days.append(day)
        day = add_months(day, -3)
    return days


def _known(events: pl.DataFrame, on: date) -> pl.DataFrame:
    """Return what had begun and was known on the day, cut at it."""
    begun = _seen_by(events, on).filter(pl.col("start") <= on)
    return begun.with_columns(pl.min_horizontal(pl.col("end").fill_null(on), pl.lit(on)).alias("end"))


def _seen_by(events: pl.DataFrame, on: date) -> pl.DataFrame:
    return events.filter(pl.col("known_on" if "known_on" in events.columns else "start") <= on)


def _merge(spells: pl.DataFrame) -> pl.DataFrame:
    """Join what overlaps or touches of each unit into one spell."""
    ordered = spells.sort("unit", "start", "end")
    before = pl.col("end").cum_max().shift(1).over("unit")
    begins = (before.is_null() | (pl.col("start") > before)).alias("begins")
    numbered = ordered.with_columns(begins).with_columns(pl.col("begins").cum_sum().alias("spell"))
    return numbered.group_by("spell").agg(pl.col("unit").first(), pl.col("start").min(), pl.col("end").max())
