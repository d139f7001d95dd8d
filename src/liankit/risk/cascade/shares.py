"""Shares that are known only as intervals: checked, and as narrow as their sum allows; an empty cell is unknown."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from liankit.errors import UserError
from liankit.risk.cascade.tables import number, refuse

TOLERANCE = 0.01
"""By how much stated shares may sum to more than 1: they are rounded where they are stated."""
_YES = ("yes", "true", "1")
_NO = ("no", "false", "0")


def add_missing(table: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """Return the table with each of the columns; one that was not there is unknown in every row."""
    missing = [name for name in columns if name not in table.columns]
    return table.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in missing)


def clean_interval(table: pl.DataFrame, name: str, share: str) -> pl.DataFrame:
    """Return ``{share}_low`` and ``{share}_high`` as numbers, 0 and 1 where unknown.

    Raises ``UserError`` at the first row with no share from 0 to 1, or whose low end is above its high end.
    """
    low, high = f"{share}_low", f"{share}_high"
    table = table.with_columns(number(table, name, low), number(table, name, high))
    for end in (low, high):
        outside = ~pl.col(end).is_between(0, 1)
        refuse(table, outside, name, f"has a {end} that is no share from 0 to 1 (35 % is 0.35).", end)
    refuse(table, pl.col(low) > pl.col(high), name, f"has a {low} above its {high}.", low)
    return table.with_columns(pl.col(low).fill_null(0.0), pl.col(high).fill_null(1.0))


def clean_flag(table: pl.DataFrame, name: str, column: str) -> pl.DataFrame:
    """Return a column of yes and no as booleans, null where it is empty; raise ``UserError`` at another word."""
    word = pl.col(column).cast(pl.String).str.strip_chars().str.to_lowercase().replace("", None)
    refuse(table, ~word.is_in(_YES + _NO), name, f"has a {column} that is neither yes nor no.", column)
    return table.with_columns(word.is_in(_YES).alias(column))


def tighten(table: pl.DataFrame, share: str, *over: str, complete: pl.Expr | None = None) -> pl.DataFrame:
    """Narrow the shares of each group of ``over``, which sum to at most 1, and to 1 where the group is ``complete``.

    A share is at most what the least of the others leaves, and of a complete group at least what their greatest does.
    """
    low, high = pl.col(f"{share}_low"), pl.col(f"{share}_high")
    left_by_least = 1 - (low.sum().over(over) - low)
    table = table.with_columns(pl.max_horizontal(low, pl.min_horizontal(high, left_by_least)).alias(f"{share}_high"))
    if complete is None:
        return table
    left_by_most = 1 - (high.sum().over(over) - high)
    least = pl.min_horizontal(high, pl.max_horizontal(low, left_by_most))
    return table.with_columns(pl.when(complete).then(least).otherwise(low).alias(f"{share}_low"))


def narrow_by_amounts(placed: pl.DataFrame) -> pl.DataFrame:
    """Narrow the shares of links by their ``value``, empty where unknown: the known amounts are part of the whole.

    What a buyer buys of an item is at least the sum of the known amounts, and that sum where all are known and the
    list is ``complete``; what a supplier sells is at least the sum of its. Raises ``UserError`` where they contradict.
    """
    if placed["value"].is_null().all():
        return placed
    value, complete = pl.col("value"), pl.col("complete").any().over("buyer", "item")
    bought, sold = value.sum().over("buyer", "item"), value.sum().over("supplier")
    is_whole = complete & value.is_not_null().all().over("buyer", "item")
    most = {"share_high": pl.when(bought > 0).then(value / bought), "sold_high": pl.when(sold > 0).then(value / sold)}
    least = {"share_low": pl.when(is_whole & (bought > 0)).then(value / bought)}
    narrowed = placed.with_columns(
        *(pl.min_horizontal(name, share).alias(name) for name, share in most.items()),
        *(pl.max_horizontal(name, share).alias(name) for name, share in least.items()),
    )
    for low, high in (("share_low", "share_high"), ("sold_low", "sold_high")):
        differs = pl.col(low) > pl.col(high) + TOLERANCE
        refuse(narrowed, differs, "links", f"has a {low} that its value contradicts. Keep the one that is right.")
    return narrowed.with_columns(
        pl.min_horizontal("share_low", "share_high"), pl.min_horizontal("sold_low", "sold_high")
    )


def refuse_sums_above_one(table: pl.DataFrame, low: str, *over: str, named: pl.Series) -> None:
    """Raise ``UserError`` where the least shares of a group of ``over`` already sum to more than 1.

    The first column of ``over`` holds places in ``named``, by which the error names the group.
    """
    sums = table.group_by(over, maintain_order=True).agg(pl.col(low).sum()).filter(pl.col(low) > 1 + TOLERANCE)
    if sums.height:
        who, total = named[int(sums[over[0]][0])], sums[low][0]
        raise UserError(
            f"links of the {over[0]} '{who}': {low} sums to {total:.2f}. Mend the shares, or leave them empty where"
            f" they contradict each other. Groups like it: {sums.height}."
        )
