"""Tables of dated values on the command line."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from liankit.cli.files import read_table
from liankit.errors import UserError, nearest


def read_values(path: Path, name: str, optional: str) -> pl.DataFrame:
    """Read ``name`` (text), on (ISO date), value (number, empty is unknown) and, where it is there, ``optional``.

    Raises ``UserError`` naming the column that is absent, or the first cell that is no date or number.
    """
    table = read_table(path)
    for column in (name, "on", "value"):
        if column not in table.columns:
            hint = nearest(column, table.columns)
            raise UserError(f"{path}: there is no column {column!r}; there are {', '.join(table.columns)}.{hint}")
    texts = [column for column in (name, optional) if column in table.columns]
    on, value = table["on"], table["value"]
    days = on.str.to_date("%Y-%m-%d", strict=False) if on.dtype == pl.String else on.cast(pl.Date)
    numbers = value.cast(pl.Float64, strict=False)
    _check(path, on, days, "a date as 2024-09-30")
    _check(path, value, numbers, "a number")
    return table.select(pl.col(texts).cast(pl.String)).with_columns(days, numbers).drop_nulls("on")


def _check(path: Path, told: pl.Series, found: pl.Series, what: str) -> None:
    wrong = (found.is_null() & told.is_not_null()).arg_true()
    if len(wrong):
        raise UserError(f"{path}: row {wrong[0] + 2}: {told.name} {told[wrong[0]]!r} is not {what}.")
