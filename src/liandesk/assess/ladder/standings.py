"""Where enterprises stand on the ladder, from their titles and grades. Pure: tables in, a table out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl

from liandesk.assess.rules.tables import NEW, holders
from liandesk.base.facts.schema import Schema

STANDINGS: Schema = {
    "id": pl.String,
    "held": pl.String,
    "held_since": pl.Date,
    "held_until": pl.Date,
    "computed": pl.String,
    "difference": pl.String,
    "next": pl.String,
    "failed": pl.Int16,
    "unknown": pl.Int16,
    "is_near": pl.Boolean,
}


def standings(
    facts: pl.DataFrame, grades: pl.DataFrame, rungs: Sequence[str], valid_years: Mapping[str, float], on: date
) -> pl.DataFrame:
    """Return ``STANDINGS``, one line an organisation of the facts.

    ``valid_years`` is how long a title lasts by its scheme, where the award says no last day. Texts are empty where
    there is no such rung. The next rung is the lowest graded one above that which is held.
    """
    place = {code: number for number, code in enumerate(rungs)}
    graded = _placed(grades.filter(application=NEW), "grants", place).rename({"organisation": "id"})
    held = _placed(holders(facts, on), "text", place).select(
        id="enterprise", held="text", at="place", held_since="date", held_until=_until(valid_years)
    )
    held = held.sort("at").unique("id", keep="last")
    met = graded.filter("outcome").sort("place").unique("id", keep="last").select("id", computed="grants", met="place")
    rows = facts.select(id="enterprise").unique().join(held, on="id", how="left").join(met, on="id", how="left")
    above = rows.select("id", from_=pl.col("at").fill_null(-1)).join(graded, on="id")
    following = above.filter(pl.col("place") > pl.col("from_")).sort("place").unique("id", keep="first")
    coming = following.select("id", "failed", "unknown", next="grants", is_met=pl.col("outcome").fill_null(False))
    found = rows.join(coming, on="id", how="left").with_columns(difference=_difference())
    near = (pl.col("failed") == 1) & (pl.col("unknown") == 0)
    texts = [pl.col(name).fill_null("") for name in ("held", "computed", "difference", "next")]
    return found.with_columns(*texts, is_near=near.fill_null(False)).select(*STANDINGS).sort("id")


def _placed(rows: pl.DataFrame, column: str, place: Mapping[str, int]) -> pl.DataFrame:
    """Keep the rows of rungs, with the place of each."""
    if not place:
        return rows.clear().with_columns(place=pl.lit(None, dtype=pl.Int64))
    number = pl.col(column).replace_strict(place, default=None, return_dtype=pl.Int64)
    return rows.with_columns(place=number).filter(pl.col("place").is_not_null())


def _until(valid_years: Mapping[str, float]) -> pl.Expr:
    months = pl.col("text").replace_strict(
        {code: round(12 * years) for code, years in valid_years.items()} or {"": 0}, default=None, return_dtype=pl.Int64
    )
    by_scheme = pl.col("date").dt.offset_by(pl.format("{}mo", months)).dt.offset_by("-1d")
    return pl.coalesce("until", by_scheme)


def _difference() -> pl.Expr:
    held, met = pl.col("at").fill_null(-1), pl.col("met").fill_null(-1)
    told = pl.when(held > met).then(pl.lit("held_above")).when(held < met).then(pl.lit("computed_above"))
    return told.when(held >= 0).then(pl.lit("same")).otherwise(pl.lit(""))


def movement(facts: pl.DataFrame, rungs: Sequence[str], days: Sequence[date]) -> dict[str, list[int]]:
    """Return how many organisations had each rung as their highest on each of some days."""
    place = {code: number for number, code in enumerate(rungs)}
    counts: dict[str, list[int]] = {code: [] for code in rungs}
    for day in days:
        highest = _placed(holders(facts, day), "text", place).sort("place").unique("enterprise", keep="last")
        found = dict(highest.group_by("text").len().iter_rows())
        for code in rungs:
            counts[code].append(found.get(code, 0))
    return counts
