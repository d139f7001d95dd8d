"""Values as people read and write them: titles of choices, yes and no, the unit of the sheet, unknown said in words.

``read_table`` reads back what this writes; numbers in another unit keep fifteen significant digits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from liankit.tables.contract import Column, Table
from liankit.texts import Language, render


@dataclass(frozen=True)
class Shown:
    """One column as it is written."""

    title: str
    cells: pl.Series
    """Float64, Int64 or Date where it is a number or a date, else String."""
    if_null: str | None
    """The word that stands for null; None: an empty cell."""
    column: Column | None
    """Its contract, where it has one and holds values of it."""

    def as_text(self) -> pl.Series:
        """Return the cells as text."""
        text = self.cells.cast(pl.String)
        return text if self.if_null is None else text.fill_null(self.if_null)


def present(frame: pl.DataFrame, table: Table | None, titles: Mapping[str, str], language: Language) -> list[Shown]:
    """Return the columns of ``frame`` as they are written.

    A column of ``table`` that has its dtype is written under its contract; one that has not, such as the text of
    rejected rows, as it is. ``titles`` go before those of the contract.
    """
    columns = {column.name: column for column in table.columns} if table else {}
    return [_shown(series, columns.get(series.name), titles, language) for series in frame]


def _shown(series: pl.Series, column: Column | None, titles: Mapping[str, str], language: Language) -> Shown:
    title = titles.get(series.name) or (column.head(language) if column else series.name)
    if column is None or series.dtype != column.dtype:
        return Shown(title, _plain(series, language), None, None)
    says_unknown = column.required and column.nullable_unknown
    unknown = render("workbook.unknown", {}, language) if says_unknown else None
    return Shown(title, _written(series, column, language), unknown, column)


def _written(series: pl.Series, column: Column, language: Language) -> pl.Series:
    if column.choices:
        titles = {choice.code: choice.title(language) for choice in column.choices}
        return series.replace_strict(titles, default=series, return_dtype=pl.String)
    if column.scale != 1:
        return (series / column.scale).round_sig_figs(15)
    return _plain(series, language)


def _plain(series: pl.Series, language: Language) -> pl.Series:
    if series.dtype == pl.Boolean:
        words = {True: render("workbook.yes", {}, language), False: render("workbook.no", {}, language)}
        return series.replace_strict(words, return_dtype=pl.String)
    if series.dtype.is_integer():
        return series.cast(pl.Int64)
    if series.dtype.is_float():
        return series.cast(pl.Float64)
    return series if series.dtype == pl.Date else series.cast(pl.String)
