"""The rows of a worksheet as XML, built column by column: six times faster than a call for each cell.

Every text is an inline string, so that no spreadsheet program takes it for a formula, a link or a number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

import polars as pl

from liankit.tables.present import Shown

_BATCH = 5_000
_EPOCH = date(1899, 12, 30)
_FIRST_DAY = date(1900, 3, 1)  # day numbers before it differ between programs
_CONTROL = [chr(code) for code in (*range(0x09), 0x0B, 0x0C, *range(0x0D, 0x20))]
_CONTROL_ESCAPED = [f"_x{ord(sign):04X}_" for sign in _CONTROL]


def rows_xml(columns: Sequence[Shown], styles: Sequence[int], first_row: int) -> Iterator[bytes]:
    """Yield ``<row>`` elements for the cells of ``columns``, the first of them row ``first_row`` (1-based).

    ``styles``: the index of the cell format of each column.
    """
    height = len(columns[0].cells) if columns else 0
    for start in range(0, height, _BATCH):
        length = min(_BATCH, height - start)
        number = pl.int_range(first_row + start, first_row + start + length, eager=True).cast(pl.String).alias("n")
        cells = [
            _cells(column, column.cells.slice(start, length), f"{letters(place)}", style, number)
            for place, (column, style) in enumerate(zip(columns, styles, strict=True))
        ]
        opening = pl.select(pl.format('<row r="{}">', number)).to_series().alias("row")
        rows = pl.DataFrame([opening, *(cell.alias(f"c{place}") for place, cell in enumerate(cells))])
        yield "</row>".join([*rows.select(pl.concat_str(pl.all())).to_series(), ""]).encode()


def letters(place: int) -> str:
    """Return the name of a column of a sheet.

    >>> letters(0), letters(25), letters(26)
    ('A', 'Z', 'AA')
    """
    name = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        name = chr(65 + letter) + name
    return name


def _cells(column: Shown, values: pl.Series, name: str, style: int, number: pl.Series) -> pl.Series:
    """Return a column's cells as XML, "" where empty; a number as a number, all else as text."""
    figures, text = _figures_and_text(values)
    words = text if column.if_null is None else text.set(figures.is_null() & text.is_null(), column.if_null)
    of_style = f' s="{style}"' if style else ""
    frame = pl.DataFrame({"n": number, "figure": figures, "text": _escaped(words)})
    figure = pl.format(f'<c r="{name}{{}}"{of_style}><v>{{}}</v></c>', "n", "figure")
    inline = pl.format(
        f'<c r="{name}{{}}"{of_style} t="inlineStr"><is><t xml:space="preserve">{{}}</t></is></c>', "n", "text"
    )
    cell = pl.when(pl.col("figure").is_not_null()).then(figure).when(pl.col("text").is_not_null()).then(inline)
    return frame.select(cell.otherwise(pl.lit(""))).to_series()


def _figures_and_text(values: pl.Series) -> tuple[pl.Series, pl.Series]:
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(values))
    if values.dtype == pl.String:
        return nothing, values
    if values.dtype == pl.Date:
        days = (values - _EPOCH).dt.total_days().cast(pl.String)
        early = values < _FIRST_DAY
        return days.set(early, None), values.cast(pl.String).set(~early, None)
    return values.cast(pl.String), nothing


def _escaped(text: pl.Series) -> pl.Series:
    """Escape for XML, control characters as spreadsheets do: _x000B_."""
    if text.str.contains(r"[&<>]").any():
        text = text.str.replace_many(["&", "<", ">"], ["&amp;", "&lt;", "&gt;"])
    if text.str.contains(r"[\x00-\x08\x0b-\x1f]|_x[0-9A-Fa-f]{4}_").any():
        text = text.str.replace_all("_(x[0-9A-Fa-f]{4}_)", "_x005F_${1}")
        text = text.str.replace_many(_CONTROL, _CONTROL_ESCAPED)
    return text
