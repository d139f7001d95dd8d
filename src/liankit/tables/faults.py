"""Explain the cells that could not be read or break a bound: the exact code, its weight, and its parameters."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from liankit.entities.identifiers import OLD_CODES, check_uscc, suggest_uscc
from liankit.tables.contract import Column, choice_key
from liankit.tables.problems import Severity, params_json, severity_of
from liankit.tables.sources import FAULT_MARK
from liankit.tables.units import unit_label

FAULT_SCHEMA = {
    "row": pl.Int32,
    "column": pl.String,
    "code": pl.String,
    "severity": pl.String,
    "value": pl.String,
    "params": pl.String,
}
"""Columns of a table of faults: the problems of rows before file and sheet are known."""

_SHOWN = 200
"""Signs of a cell that a problem repeats."""
_LISTED = 20
"""Choices that a problem lists."""
_ABOUT = re.compile(r"约|大约|左右|不到|以上|以下|以内|多|余|近|[~≈±<>≤≥]|\d\s*[-—–~至到]\s*\d")
_DAY_MONTH_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}")
_PART_OF_A_DATE = re.compile(r"\d{4}\s*([-/.年]\s*(\d{1,2}\s*月?)?)?")


def faults_of(cells: pl.DataFrame, column: Column) -> pl.DataFrame:
    """Return the faults (``FAULT_SCHEMA``) of the cells of ``column`` that have a ``code``.

    ``cells`` has ``row`` (Int32), ``text`` and ``code`` (String); the code ``unread`` becomes an exact one.
    """
    if cells.is_empty():
        return pl.DataFrame(schema=FAULT_SCHEMA)
    keyed = cells.with_columns(key=pl.when(pl.col("code") == "unread").then("text"))
    exact = _exact(keyed.select("key", "code").unique(), column)
    joined = keyed.join(exact, on=["key", "code"], how="left", nulls_equal=True, maintain_order="left")
    return joined.select(
        "row",
        pl.lit(column.name).alias("column"),
        pl.col("exact").alias("code"),
        "severity",
        pl.col("text").str.slice(0, _SHOWN).str.strip_prefix(FAULT_MARK).alias("value"),
        "params",
    )


def _exact(codes: pl.DataFrame, column: Column) -> pl.DataFrame:
    """Return ``exact`` code, ``severity`` and ``params`` for each ``code`` and, of cells that were not read, text."""
    explained = [(code, {}) if text is None else explain(text, column) for text, code in codes.iter_rows()]
    constants = {code: _constants(code, column) for code, _ in explained}
    shared = {code: params_json(params) for code, params in constants.items()}
    params = [params_json({**constants[code], **own}) if own else shared[code] for code, own in explained]
    exact = pl.Series("exact", [code for code, _ in explained], dtype=pl.String)
    severities = {code: weigh(code, column) for code in constants}
    severity = exact.replace_strict(severities, return_dtype=pl.String).alias("severity")
    return codes.with_columns(exact, severity, pl.Series("params", params, dtype=pl.String))


def weigh(code: str, column: Column) -> Severity:
    """Return the severity of a code in a column: an old code costs the row only where a USCC is required."""
    return "warning" if code in OLD_CODES and not column.required else severity_of(code)


def explain(text: str, column: Column) -> tuple[str, Mapping[str, Any]]:
    """Return the code and the parameters of a cell that is no value of ``column``."""
    if column.choices:
        return _explain_choice(text, column)
    if column.check:
        return _explain_uscc(text) if column.check == "uscc" else ("lei_check_digit", {})
    folded = unicodedata.normalize("NFKC", text).strip()
    if column.is_number:
        return _explain_number(folded, column), {}
    return ("invalid_boolean" if column.dtype is pl.Boolean else _explain_date(folded)), {}


def _explain_choice(text: str, column: Column) -> tuple[str, Mapping[str, Any]]:
    spellings = {choice_key(spelling): c for c in column.choices for spelling in c.spellings() if spelling}
    close = difflib.get_close_matches(choice_key(text), spellings, n=1)
    if close:
        choice = spellings[close[0]]
        return "misspelt_choice", {"nearest": {"zh": choice.zh, "en": choice.en}}
    listed: list[Any] = [{"zh": choice.zh, "en": choice.en} for choice in column.choices[:_LISTED]]
    return "invalid_choice", {"choices": listed + (["…"] if len(column.choices) > _LISTED else [])}


def _explain_uscc(text: str) -> tuple[str, Mapping[str, Any]]:
    fault = check_uscc(text) or "uscc_form"
    meant = suggest_uscc(text) if fault == "uscc_letters" else None
    return ("uscc_look_alike", {"nearest": meant}) if meant else (fault, {})


def _explain_number(text: str, column: Column) -> str:
    figures = text.replace(",", "").replace(" ", "")
    if re.fullmatch(r"[+-]?(\d+\.?\d*|\.\d+)%?", figures) and column.unit == "share":
        return "ambiguous_share"
    if re.fullmatch(r"[+-]?\d+\.?\d*", figures) and "," not in text:
        return "not_whole" if column.dtype is pl.Int64 else "invalid_number"
    if re.search(r"\d", text) and _ABOUT.search(text):
        return "approximate_number"
    return "number_with_unit" if re.fullmatch(r"\D*[\d.,]+\s*\D+|\D+\s*[\d.,]+", text) else "invalid_number"


def _explain_date(text: str) -> str:
    if _DAY_MONTH_YEAR.fullmatch(text):
        return "ambiguous_date"
    return "incomplete_date" if _PART_OF_A_DATE.fullmatch(text) else "invalid_date"


def _constants(code: str, column: Column) -> Mapping[str, Any]:
    """Return the parameters that all faults of one code in one column share."""
    title = {language: column.titled(language) for language in ("zh", "en")}
    bound = {"below_minimum": column.minimum, "above_maximum": column.maximum}.get(code)
    if bound is None:
        return {"title": title}
    unit = {language: unit_label(column.unit, column.scale, language) for language in ("zh", "en")}
    limit = bound.isoformat() if isinstance(bound, date) else f"{bound / column.scale:.15g}"
    return {"title": title, "limit": limit, "unit": unit}
