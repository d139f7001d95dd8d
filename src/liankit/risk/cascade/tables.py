"""The tables of a cascade, checked: each refusal names the table, the row, what is wrong and what to do."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from liankit.errors import UserError, nearest

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
UNKNOWN_SECTOR = "9999"
"""The sector of a firm whose sector is not known: one of its own, as published."""
LEVELS = (0.0, 1.0, 2.0)
"""Essentiality: 0 negligible, 1 not essential (linear), 2 essential (Leontief)."""


def clean_firms(firms: pl.DataFrame, named: list[str]) -> pl.DataFrame:
    """Return firm_id, sector and the named columns as text and numbers; one row a firm."""
    need(firms, "firms", ["firm_id", "sector", *named])
    firms = firms.with_columns(
        pl.col("firm_id").cast(pl.String), pl.col("sector").cast(pl.String).fill_null(UNKNOWN_SECTOR)
    )
    refuse(firms, pl.col("firm_id").is_null(), "firms", "has no firm_id. Give each firm one.")
    refuse(firms, pl.col("firm_id").is_duplicated(), "firms", "names a firm twice. Keep one row a firm.", "firm_id")
    return firms


def clean_links(links: pl.DataFrame) -> pl.DataFrame:
    """Return supplier_id, buyer_id, value and, where there, item and essential; zero amounts are no links."""
    need(links, "links", ["supplier_id", "buyer_id"])
    if "value" not in links.columns:
        raise UserError(
            "links: there is no column 'value', and without amounts no cascade is computed."
            " Where shares are known, use `bounds`; where nothing is, `stops` says who stops directly."
        )
    links = links.with_columns(
        pl.col("supplier_id").cast(pl.String), pl.col("buyer_id").cast(pl.String), number(links, "links", "value")
    )
    ends = pl.any_horizontal(pl.col("supplier_id", "buyer_id").is_null())
    refuse(links, ends, "links", "lacks supplier_id or buyer_id. Fill it in or leave the link out.")
    refuse(links, _is_bad("value"), "links", "has a value that is no amount of at least 0. Leave unknown links out.")
    if "essential" in links.columns:
        links = links.with_columns(number(links, "links", "essential"))
        strange = ~pl.col("essential").is_in(LEVELS)
        refuse(links, strange, "links", "has an essential other than 0, 1, 2. Leave it empty to go by sectors.")
    return links


def clean_amounts(firms: pl.DataFrame, column: str) -> Floats:
    """Return one column of the firms as amounts of at least 0."""
    firms = firms.with_columns(number(firms, "firms", column))
    refuse(firms, _is_bad(column), "firms", f"has a {column} that is no amount of at least 0. Fill it in.", "firm_id")
    return firms[column].to_numpy()


def clean_essentiality(essentiality: pl.DataFrame, sectors: pl.Series) -> NDArray[np.int8]:
    """Return the levels of ``sectors`` x ``sectors`` (supplier's, buyer's) from the wide table."""
    rows = essentiality.columns[0]
    essentiality = essentiality.with_columns(pl.col(rows).cast(pl.String))
    wanted = sectors.to_list()
    for place, found in (("row", essentiality[rows].to_list()), ("column", essentiality.columns[1:])):
        if missing := sorted(set(wanted) - set(found)):
            said = f"essentiality: there is no {place} for the sector '{missing[0]}' of the firms."
            raise UserError(said + nearest(missing[0], found) + " Add it, or give those firms a sector that it has.")
    order = pl.DataFrame({rows: wanted}).join(essentiality, on=rows, how="left", maintain_order="left")
    if order.height != len(wanted):
        raise UserError("essentiality: a sector has two rows. Keep one row a sector.")
    levels = order.select(number(order, "essentiality", name) for name in wanted)
    strange = levels.select(pl.any_horizontal(~pl.all().is_in(LEVELS) | pl.all().is_null()))
    if strange.to_series().any():
        raise UserError("essentiality: a cell is not 0, 1 or 2. Mend it; unknown is 0 only if you decide so.")
    return levels.cast(pl.Int8).to_numpy()


def need(table: pl.DataFrame, name: str, columns: list[str]) -> None:
    """Raise ``UserError`` where a column is missing."""
    for column in columns:
        if column not in table.columns:
            raise UserError(f"{name}: there is no column '{column}'.{nearest(column, table.columns)}")


def number(table: pl.DataFrame, name: str, column: str) -> pl.Expr:
    """Return a column as float64, null where it is empty; raise ``UserError`` at the first that is no number."""
    cast = pl.col(column).cast(pl.Float64, strict=False)
    lost = pl.col(column).is_not_null() & (pl.col(column).cast(pl.String) != "") & cast.is_null()
    refuse(table, lost, name, f"has a {column} that is no number.", column)
    return cast.alias(column)


def refuse(table: pl.DataFrame, is_bad: pl.Expr, name: str, said: str, shown: str = "") -> None:
    """Raise ``UserError`` at the first row of which ``is_bad`` is true."""
    bad = table.select(is_bad.fill_null(False).arg_true()).to_series()
    if len(bad):
        row = bad[0]
        cell = f" ('{table[shown][row]}')" if shown else ""
        raise UserError(f"{name}, row {row + 1}{cell}: {said} Rows like it: {len(bad)}.")


def _is_bad(column: str) -> pl.Expr:
    value = pl.col(column)
    return value.is_null() | value.is_nan() | value.is_infinite() | (value < 0)
