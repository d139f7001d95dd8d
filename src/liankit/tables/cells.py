"""Turn the text of cells into values: one vectorised pass, and an explanation only of the cells that failed.

text of a column -> clean -> value and a code where there is none -> the code made exact for the failed cells
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from liankit.entities.identifiers import lei_holds, uscc_holds
from liankit.tables.contract import Choice, Column, Identifier, choice_key
from liankit.tables.faults import faults_of
from liankit.tables.loose import LOOSE, loose_number
from liankit.tables.sources import FORMULA_WITHOUT_VALUE

LONGEST_CELL = 32_767
"""Signs that a cell of a spreadsheet holds."""
ERRORS = frozenset(
    {
        "#REF!", "#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#VALUE!", "#SPILL!", "#CALC!", "#FIELD!",
        "#BLOCKED!", "#CONNECT!", "#BUSY!", "#UNKNOWN!", "#GETTING_DATA",
    }
)  # fmt: skip
_INVISIBLE = ["\u200b", "\ufeff"]
_WHITE = " \t\r\n\x0b\x0c\u00a0\u3000\u200b\ufeff"
_EMPTY = ("-", "--", "—", "——", "–", "/", "\\N", "null", "NULL", "n/a", "N/A")
_UNKNOWN_WORDS = (
    *("不清楚", "未知", "不详", "不明", "不知道", "不了解"),
    *("unknown", "Unknown", "UNKNOWN", "not known", "Not known"),
)
_YES = ("是", "有", "对", "yes", "y", "true", "t", "1", "√", "✓", "✔")
_NO = ("否", "无", "没有", "不是", "no", "n", "false", "f", "0", "×", "✗", "✘")
_WIDE = [
    chr(sign) for start, end in ((0xFF10, 0xFF19), (0xFF21, 0xFF3A), (0xFF41, 0xFF5A)) for sign in range(start, end + 1)
]
_NARROW = [chr(ord(sign) - 0xFEE0) for sign in _WIDE]
_CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]"  # with signs that turn the reading direction
_SPECIAL = f"{_CONTROL[:-1]}０-９Ａ-Ｚａ-ｚ]"
_NUMBER = r"^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?$"
_GROUPED = r"^[+-]?[0-9]{1,3}(?:[, ][0-9]{3})+(?:\.[0-9]+)?$"
_DATE = r"^([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*[日号]?(?:[T\s]+[0-9:.]+Z?)?$"
_DIGITS_LOST = r"^[0-9](?:\.[0-9]+)?[eE]\+?[0-9]{2}$"  # 9.1330E+17: a spreadsheet took a code for a number


@dataclass(frozen=True)
class Sheetwise:
    """What reading a column's cells needs to know of the file: the factor of its head, and whether it is a workbook."""

    factor: float = 1.0
    is_workbook: bool = False


def clean(cell: pl.Series) -> pl.Series:
    """Return cells without surrounding white space; null where nothing is left."""
    invisible = cell.str.contains_any(_INVISIBLE).any()
    bare = cell.str.strip_chars(_WHITE) if invisible else cell.str.strip_chars()
    return bare.set(bare == "", None)


def read_column(text: pl.DataFrame, column: Column, how: Sheetwise) -> tuple[pl.Series, pl.DataFrame]:
    """Read the cells of one column.

    ``text`` has ``row`` (Int32) and the cleaned cells under the column's name (String). Returns the values in the
    column's dtype, null where empty, unknown or faulty, and the faults (``FAULT_SCHEMA``) of both severities.
    """
    cells = text.select("row", text=_emptied(pl.col(column.name)))
    coded = _each_spelling_once(cells, lambda spellings: _coded(spellings, column, how))
    values = coded["value"].alias(column.name)
    return values, faults_of(coded.filter(pl.col("code").is_not_null()), column)


def _each_spelling_once(cells: pl.DataFrame, read: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    """Apply ``read`` to the different texts of ``cells`` only, where a column repeats itself: most columns do."""
    if cells.select(pl.col("text").approx_n_unique()).item() > cells.height / 2:
        return read(cells)
    spellings = read(cells.select("text").unique())
    return cells.join(spellings, on="text", how="left", nulls_equal=True, maintain_order="left")


def _coded(cells: pl.DataFrame, column: Column, how: Sheetwise) -> pl.DataFrame:
    """Add to ``text`` its ``value`` and, where something is wrong, a ``code``."""
    read = cells.with_columns(value=_value(cells["text"], column, how), loosely=pl.lit(None, pl.String))
    read = _with_loose_numbers(read, column, how) if column.is_number else read
    coded = read.with_columns(unknown=_unknown(column)).with_columns(code=_code(column))
    passes = ~pl.col("unknown") & (pl.col("code").is_null() | pl.col("code").is_in(["control_characters", *LOOSE]))
    return coded.with_columns(value=pl.when(passes).then("value")).drop("unknown", "loosely")


def _with_loose_numbers(read: pl.DataFrame, column: Column, how: Sheetwise) -> pl.DataFrame:
    """Read what strict reading left as an office writes it, and say ``loosely`` how; whole numbers stay whole."""
    left = read.filter(pl.col("value").is_null() & pl.col("text").str.contains(r"\d"))["text"].unique()
    found = {text: said for text in left if (said := loose_number(text, column, how.factor))}
    if not found:
        return read
    numbers = {text: number for text, (number, _) in found.items()}
    number = pl.col("text").replace_strict(numbers, default=None, return_dtype=pl.Float64)
    value = _whole(number) if column.dtype is pl.Int64 else number
    codes = {text: code for text, (_, code) in found.items()}
    loosely = pl.col("text").replace_strict(codes, default=None, return_dtype=pl.String)
    return read.with_columns(value=pl.coalesce("value", value), loosely=loosely)


def _emptied(cell: pl.Expr) -> pl.Expr:
    return pl.when(~cell.is_in(_EMPTY)).then(cell)


def _value(text: pl.Series, column: Column, how: Sheetwise) -> pl.Series:
    if column.choices:
        return _choices(text, column.choices)
    if column.check:
        return _identifier(text, column.check)
    if column.dtype is pl.String:
        return _text(text)
    expressions = {
        pl.Boolean: _boolean,
        pl.Date: _date,
        pl.Float64: lambda cell: _number(cell, column, how),
        pl.Int64: lambda cell: _whole(_number(cell, column, how)),
    }
    return _half_width(text).to_frame("text").select(expressions[column.dtype](pl.col("text"))).to_series()


def _text(text: pl.Series) -> pl.Series:
    """Make digits and letters half-width and drop control characters; other signs stay as they were written."""
    if not text.str.contains(_SPECIAL).any():
        return text
    return text.str.replace_many(_WIDE, _NARROW).str.replace_all(_CONTROL, "")


def _half_width(text: pl.Series) -> pl.Series:
    """Return the compatibility form (NFKC): digits, letters and signs of one width."""
    return text if (text.str.len_bytes() == text.str.len_chars()).all() else text.str.normalize("NFKC")


def _boolean(cell: pl.Expr) -> pl.Expr:
    word = cell.str.to_lowercase()
    return pl.when(word.is_in(_YES)).then(True).when(word.is_in(_NO)).then(False)


def _number(cell: pl.Expr, column: Column, how: Sheetwise) -> pl.Expr:
    """Read digits with thousands separators; a percentage only where the column is a share."""
    folded = cell.str.replace_all("\u2212", "-", literal=True)
    percent = folded.str.ends_with("%") & pl.lit(column.unit == "share")
    bare = pl.when(percent).then(folded.str.strip_chars_end("% ")).otherwise(folded)
    joined = pl.when(bare.str.contains(_GROUPED)).then(bare.str.replace_all("[, ]", "")).otherwise(bare)
    number = pl.when(joined.str.contains(_NUMBER)).then(joined.cast(pl.Float64, strict=False))
    value = pl.when(percent).then(_scaled(number, 0.01)).otherwise(_scaled(number, how.factor))
    doubtful = _is_doubtful_share(number, percent, column, how)
    return pl.when(value.is_finite() & ~doubtful).then(value)


def _scaled(number: pl.Expr, factor: float) -> pl.Expr:
    """Multiply as decimals are multiplied: 0.07 万元 are 700 CNY, not 700.0000000000001."""
    return number if factor == 1 else (number * factor).round_sig_figs(15)


def _is_doubtful_share(number: pl.Expr, percent: pl.Expr, column: Column, how: Sheetwise) -> pl.Expr:
    """Say where a workbook's 0.35 under "%" may be 0.35 % or a cell of 35 % that is shown as a percentage."""
    if column.unit != "share" or how.factor == 1 or not how.is_workbook:
        return pl.lit(False)
    return ~percent & (number > 0) & (number <= 1)


def _whole(number: pl.Expr) -> pl.Expr:
    """Keep whole numbers up to 2**53, beyond which neither a spreadsheet nor a float counts in ones."""
    return pl.when((number == number.round()) & (number.abs() <= 2**53)).then(number.cast(pl.Int64, strict=False))


def _date(cell: pl.Expr) -> pl.Expr:
    """Read year, month and day in this order, eight digits, or the day number of a spreadsheet (1954 to 2119)."""
    parts = cell.str.extract_groups(_DATE)
    iso = pl.concat_str(
        parts.struct.field("1"),
        parts.struct.field("2").str.zfill(2),
        parts.struct.field("3").str.zfill(2),
        separator="-",
    )
    serial = pl.when(cell.str.contains(r"^[2-7][0-9]{4}(?:\.[0-9]+)?$")).then(cell.str.slice(0, 5).cast(pl.Int32))
    return pl.coalesce(
        iso.str.to_date("%Y-%m-%d", strict=False),
        pl.when(cell.str.contains("^[0-9]{8}$")).then(cell.str.to_date("%Y%m%d", strict=False)),
        pl.lit(date(1899, 12, 30)) + pl.duration(days=serial),
    )


def _choices(text: pl.Series, choices: tuple[Choice, ...]) -> pl.Series:
    codes = {choice_key(spelling): choice.code for choice in choices for spelling in choice.spellings() if spelling}
    written = text.drop_nulls().unique().to_list()
    found = {cell: codes[choice_key(cell)] for cell in written if choice_key(cell) in codes}
    return text.replace_strict(found, default=None, return_dtype=pl.String)


def _identifier(text: pl.Series, check: Identifier) -> pl.Series:
    codes = _half_width(text).str.to_uppercase().str.replace_all(r"[\s\x{200b}\x{feff}-]", "")
    return codes.set(~_HOLDS[check](codes), None)


_HOLDS: Mapping[Identifier, Callable[[pl.Series], pl.Series]] = {"uscc": uscc_holds, "lei": lei_holds}


def _unknown(column: Column) -> pl.Expr:
    """Say which cells state that something is not known; a choice of that name goes before."""
    word = pl.col("text").is_in(_UNKNOWN_WORDS).fill_null(False)
    return word & pl.col("value").is_null() if column.choices else word


def _code(column: Column) -> pl.Expr:
    """Name what is wrong with the cells as far as one expression can; ``explain`` makes ``unread`` exact."""
    text, value = pl.col("text"), pl.col("value")
    code = (
        pl.when(text.is_null())
        .then(pl.lit("empty_cell" if column.required else None))
        .when(text.is_in(ERRORS))
        .then(pl.lit("error_cell"))
        .when(text.str.starts_with(FORMULA_WITHOUT_VALUE))
        .then(pl.lit("formula_without_value"))
        .when("unknown")
        .then(pl.lit("unknown_not_allowed" if column.required and not column.nullable_unknown else None))
        .when(text.str.len_chars() > LONGEST_CELL)
        .then(pl.lit("cell_too_long"))
        .when(value.is_null())
        .then(pl.lit("unread"))
    )
    for test, name in _tests(column):
        code = code.when(test).then(pl.lit(name))
    return code.otherwise("loosely")


def _tests(column: Column) -> list[tuple[pl.Expr, str]]:
    """Return what a value that could be read must not be."""
    if column.dtype is pl.String:
        lost = pl.col("text").str.contains(_DIGITS_LOST)
        return [(lost, "digits_lost"), (pl.col("text").str.contains(_CONTROL), "control_characters")]
    below = [] if column.minimum is None else [(pl.col("value") < column.minimum, "below_minimum")]
    return below + ([] if column.maximum is None else [(pl.col("value") > column.maximum, "above_maximum")])
