"""What independent ratings of targets come to: of each rater the newest, of those that are fresh the middle one.

A rating is a share from 0 to 1, a rater's confidence that the target will be reached by its day. Of an even number the
lower of the two middle ones is taken: it is a rating that somebody gave, and two raters who contradict each other do
not become one who is undecided. Least and most stand beside it.
"""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

RATING_SCHEMA = {"row": pl.String, "rater": pl.String, "on": pl.Date, "share": pl.Float64}
"""A line a rating; of two that a rater gave on one day the later line is the newer."""

COUNTED_SCHEMA = {
    "row": pl.String,
    "rating": pl.Float64,  # the middle one; null: fewer raters than are asked for
    "ratings": pl.UInt32,  # raters whose newest rating is fresh
    "ratings_old": pl.UInt32,  # raters whose newest rating is too old to count
    "rating_low": pl.Float64,  # of the fresh ones, however few
    "rating_high": pl.Float64,
}


def count_ratings(ratings: pl.DataFrame, day: date, *, at_least: int, max_days: int) -> pl.DataFrame:
    """Return what the ratings of each row come to on a day (``COUNTED_SCHEMA``); rows that nobody rated have no line.

    >>> early, late = date(2024, 9, 1), date(2024, 9, 9)
    >>> said = [("t", "a", early, 0.9), ("t", "b", early, 0.5), ("t", "b", late, 0.3)]
    >>> table = pl.DataFrame(said, RATING_SCHEMA, orient="row")
    >>> count_ratings(table, date(2024, 9, 30), at_least=2, max_days=90).row(0)
    ('t', 0.3, 2, 0, 0.3, 0.9)
    """
    known = ratings.filter(pl.col("on") <= day).sort("on", maintain_order=True)
    newest = known.unique(["row", "rater"], keep="last", maintain_order=True)
    is_fresh = pl.col("on") >= day - timedelta(days=max_days)
    share = pl.col("share").filter(is_fresh)
    counted = newest.group_by("row").agg(
        rating=share.quantile(0.5, "lower"),
        ratings=is_fresh.sum(),
        ratings_old=is_fresh.not_().sum(),
        rating_low=share.min(),
        rating_high=share.max(),
    )
    enough = counted.with_columns(rating=pl.when(pl.col("ratings") >= at_least).then("rating"))
    return enough.select(pl.col(name).cast(kind) for name, kind in COUNTED_SCHEMA.items())
