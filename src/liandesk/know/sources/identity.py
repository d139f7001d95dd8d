"""Know a row again that was wrong and comes back: a digest over a few of its columns.

The same columns are read alike from text and from values, so that a mended row has the identity of the wrong one.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from liandesk.know.sources.declared import short_hash
from liankit.entities import name_key
from liankit.tables import Table
from liankit.tables.cells import Sheetwise, read_column


def identities(rows: pl.DataFrame, table: Table, columns: Sequence[str]) -> pl.Series:
    """Return the identity of each row, "" where all its columns are empty.

    ``rows`` are good rows (values) or rejected ones (text); text is read by the contract where it can be.
    """
    keys = [_keys(_canonical(rows, table, column)) for column in columns]
    texts = rows.select(pl.concat_str(*keys, separator="\x1f")).to_series() if keys else pl.Series([], dtype=pl.String)
    nothing = "\x1f" * (len(columns) - 1)
    return pl.Series(["" if text == nothing else short_hash(text) for text in texts], dtype=pl.String)


def _canonical(rows: pl.DataFrame, table: Table, name: str) -> pl.Series:
    column = table.column(name)
    if rows.schema[name] != pl.String:
        return rows[name].cast(pl.String)
    text = rows.select("row", name)
    values = read_column(text, column, Sheetwise())[0].cast(pl.String)
    return values.zip_with(values.is_not_null(), rows[name])


def _keys(texts: pl.Series) -> pl.Series:
    keys = {text: name_key(text) for text in texts.unique().drop_nulls()}
    return texts.replace_strict(keys, default="", return_dtype=pl.String)
