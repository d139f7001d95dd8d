"""The four input tables of the risk engine: checked once at the edge, then trusted.

Invariant after ``read_inputs``: every column exists with its type, an empty text or NaN is null (unknown), numbers
are finite and in range, every item is known, and rows that speak of the same thing are one row. Where such rows
disagree the value is null and a ``conflict_*`` column says so: contradictory is unknown, not the last one read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from liankit.errors import UserError, nearest

INPUT_COLUMNS: Mapping[str, Mapping[str, type[pl.DataType]]] = {
    "items": {"item": pl.String, "name": pl.String, "item_kind": pl.String},
    "supplies": {
        "item": pl.String,
        "supplier": pl.String,  # null: a supplier whose name was not given
        "buyer": pl.String,  # null: supplies the market
        "country": pl.String,  # ISO 3166-1 alpha-2
        "share": pl.Float64,  # 0-1, of the buyer's purchases of the item, or of the market's where buyer is null
        "amount_cny": pl.Float64,  # a year
    },
    "uses": {
        "buyer": pl.String,
        "item": pl.String,
        "product": pl.String,
        "output_cny": pl.Float64,  # a year's output of the product that depends on the item
        "another_source": pl.Boolean,
        "stock_days": pl.Float64,
        "switch_months_low": pl.Float64,
        "switch_months_high": pl.Float64,
        "switch_basis": pl.String,  # declared | assumed
    },
    "listing": {"item": pl.String, "complete": pl.Boolean},
}
"""Columns of each input table with their types; further columns are ignored."""

_NEVER_NULL = {
    "items": ("item",),
    "supplies": ("item",),
    "uses": ("buyer", "item"),
    "listing": ("item", "complete"),
}
_AT_LEAST_ZERO = ("amount_cny", "output_cny", "stock_days", "switch_months_low", "switch_months_high")
_BOOLEANS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
_SWITCH_BASES = ("declared", "assumed")
_COUNTRY = "^[A-Z]{2}$"  # ISO 3166-1 alpha-2


@dataclass(frozen=True)
class Inputs:
    """The four tables after checking and merging; see the module's invariant."""

    items: pl.DataFrame
    supplies: pl.DataFrame  # one row an (item, supplier, buyer), with conflict_country, conflict_share, conflict_amount
    uses: pl.DataFrame  # one row a (buyer, item, product), with conflict_output
    listing: pl.DataFrame  # one row an item


def read_inputs(items: pl.DataFrame, supplies: pl.DataFrame, uses: pl.DataFrame, listing: pl.DataFrame) -> Inputs:
    """Check the four tables against ``INPUT_COLUMNS`` and merge rows that speak of the same thing.

    Raises ``UserError`` naming table, column, row and value for a missing column, a value that is not of its type or
    out of range, an empty key, two rows for one item, or an item that ``items`` does not have.
    """
    items, supplies = _check_table("items", items), _check_table("supplies", supplies)
    uses, listing = _check_table("uses", uses), _check_table("listing", listing)
    _check_items_once(items)
    _check_switch(uses)
    for table, frame in (("supplies", supplies), ("uses", uses), ("listing", listing)):
        _check_items_known(table, frame, items)
    return Inputs(items.unique(), _merge_supplies(supplies), _merge_uses(uses), _merge_listing(listing))


def check_home_country(code: str) -> None:
    """Raise ``UserError`` unless ``code`` is two capital letters: any other would make every supply an import."""
    if not re.match(_COUNTRY, code):
        raise UserError(f"The home country {code!r} is not a country code of two letters, as CN.")


def agreed(column: str) -> pl.Expr:
    """Return the value that all rows of a group agree on, null where they differ or none is known."""
    return pl.when(pl.col(column).min() == pl.col(column).max()).then(pl.col(column).min()).alias(column)


def differs(column: str) -> pl.Expr:
    """Return whether the known values of a group differ."""
    return (pl.col(column).min() != pl.col(column).max()).fill_null(False)


def _check_table(table: str, frame: pl.DataFrame) -> pl.DataFrame:
    columns = INPUT_COLUMNS[table]
    for column in columns:
        if column not in frame.columns:
            raise UserError(
                f"{table}: the column {column!r} is missing (found: {', '.join(frame.columns) or 'none'})."
                f"{nearest(column, frame.columns)} Add it; leave its cells empty where the value is unknown."
            )
    checked = pl.DataFrame([_read_column(table, frame[name], dtype) for name, dtype in columns.items()])
    for column in _NEVER_NULL[table]:
        _refuse(table, checked[column], checked[column].is_null(), "is empty; every row needs it")
    _check_ranges(table, checked)
    return checked


def _read_column(table: str, values: pl.Series, dtype: type[pl.DataType]) -> pl.Series:
    if values.dtype == pl.String:
        values = values.str.strip_chars().replace("", None)
    given = values
    if dtype == pl.Boolean and values.dtype == pl.String:
        values = values.str.to_lowercase().replace_strict(_BOOLEANS, default=None, return_dtype=pl.Boolean)
    try:
        read = values.cast(dtype, strict=False)
    except pl.exceptions.PolarsError as error:
        raise UserError(f"{table}: the column {values.name!r} holds {values.dtype}, not {dtype.__name__}.") from error
    wanted = "yes or no" if dtype == pl.Boolean else f"a {'number' if dtype == pl.Float64 else 'text'}"
    _refuse(table, given, read.is_null() & given.is_not_null(), f"is not {wanted}")
    return read.fill_nan(None) if dtype == pl.Float64 else read


def _check_ranges(table: str, frame: pl.DataFrame) -> None:
    for column, dtype in INPUT_COLUMNS[table].items():
        values = frame[column]
        if dtype == pl.Float64:
            _refuse(table, values, values.is_infinite(), "is not finite")
        if column in _AT_LEAST_ZERO:
            _refuse(table, values, values < 0, "is below zero")
        if column == "share":
            _refuse(table, values, (values < 0) | (values > 1), "is not a share from 0 to 1 (35 % is 0.35)")
        if column == "country":
            _refuse(table, values, ~values.str.contains(_COUNTRY), "is not a country code of two letters, as CN")
        if column == "switch_basis":
            _refuse(table, values, ~values.is_in(_SWITCH_BASES), f"is not one of {', '.join(_SWITCH_BASES)}")


def _refuse(table: str, values: pl.Series, bad: pl.Series, why: str) -> None:
    """Raise for the first row where ``bad``, counted from 1 without the head; a null in ``bad`` is not bad."""
    row = bad.fill_null(False).arg_max()
    if row is not None and bad[row]:
        raise UserError(
            f"{table}, row {row + 1}, column {values.name!r}: {values[row]!r} {why}"
            f" ({bad.sum():,} such rows). Mend it, or leave the cell empty where the value is unknown."
        )


def _check_items_once(items: pl.DataFrame) -> None:
    twice = items.unique().filter(pl.col("item").is_duplicated())["item"].sort()
    if len(twice):
        raise UserError(
            f"items: {twice[0]!r} stands there twice with different names or kinds ({twice.n_unique():,} such items)."
            " Keep one row an item."
        )


def _check_switch(uses: pl.DataFrame) -> None:
    low, high, basis = uses["switch_months_low"], uses["switch_months_high"], uses["switch_basis"]
    _refuse("uses", low, low.is_null() != high.is_null(), "stands alone; give both switch_months or neither")
    _refuse("uses", low, low > high, "is above switch_months_high")
    _refuse(
        "uses", basis, low.is_not_null() & basis.is_null(), "does not say whether switch_months is declared or assumed"
    )


def _check_items_known(table: str, frame: pl.DataFrame, items: pl.DataFrame) -> None:
    known = frame["item"].is_in(items["item"].implode())
    if not known.all():
        strange = frame["item"].filter(~known).unique().sort()
        raise UserError(
            f"{table}: {len(strange):,} items are not in the table items, first {strange[0]!r}."
            f"{nearest(strange[0], items['item'].head(10_000))} Add them to items, or remove their rows."
        )


def _merge_supplies(supplies: pl.DataFrame) -> pl.DataFrame:
    return supplies.group_by("item", "supplier", "buyer").agg(
        agreed("country"),
        agreed("share"),
        agreed("amount_cny"),
        differs("country").alias("conflict_country"),
        differs("share").alias("conflict_share"),
        differs("amount_cny").alias("conflict_amount"),
    )


def _merge_uses(uses: pl.DataFrame) -> pl.DataFrame:
    return uses.group_by("buyer", "item", "product").agg(
        agreed("output_cny"),
        differs("output_cny").alias("conflict_output"),
        pl.col("another_source").any().alias("says_yes"),
        (~pl.col("another_source")).any().alias("says_no"),
        pl.col("stock_days").min().alias("stock_low"),
        pl.col("stock_days").max().alias("stock_high"),
        *(_switch(basis, end) for basis in _SWITCH_BASES for end in ("low", "high")),
    )


def _switch(basis: str, end: str) -> pl.Expr:
    """Return the end of the time to switch that rows of one basis span, as ``{basis}_{end}``."""
    months = pl.col(f"switch_months_{end}").filter(pl.col("switch_basis") == basis)
    return (months.min() if end == "low" else months.max()).alias(f"{basis}_{end}")


def _merge_listing(listing: pl.DataFrame) -> pl.DataFrame:
    return listing.group_by("item").agg(pl.col("complete").all())
