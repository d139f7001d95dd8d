"""How the values of exported columns are made from the columns of a row, in one language.

A value is an expression over ``rows.ROW_SCHEMA``; null stays null, which reads as "unknown".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
from django.utils.functional import Promise

from liandesk.assess.lists import wording
from liandesk.base.countries import country_name
from liandesk.base.pack import pack
from liandesk.base.ui import levels, numbers
from liankit.texts import Language

Value = Callable[[Language], pl.Expr]
JOIN = {"zh": "；", "en": "; "}  # names of products and suppliers have commas of their own


def plain(name: str) -> Value:
    return lambda language: pl.col(name)


def filled(name: str) -> Value:
    return lambda language: pl.col(name).fill_null("")


def coded(name: str, names: Callable[[Language], Mapping[Any, str]], empty: str | None = "") -> Value:
    """Replace codes by names; null stays null, a code without a name stays itself."""

    def value(language: Language) -> pl.Expr:
        found = {str(code): text for code, text in names(language).items()}
        return pl.col(name).cast(pl.String).replace({"": empty, **found})

    return value


def terms(group: str) -> Callable[[Language], Mapping[str, str]]:
    return lambda language: {term.code: term.text[language] for term in getattr(pack(), group)}


def words(words: Mapping[Any, Promise | str]) -> Callable[[Language], Mapping[str, str]]:
    return lambda language: {str(code).lower(): str(word) for code, word in words.items()}


def level_titles(language: Language) -> Mapping[str, str]:
    return {level.code: str(level.title) for level in levels.LEVELS}


def updated(language: Language) -> pl.Expr:
    """Return the day of the last change, by a person or by re-computation."""
    return pl.max_horizontal("changed_on", "recomputed_on")


def joined(name: str) -> Value:
    return lambda language: pl.col(name).str.replace_all("; ", JOIN[language], literal=True)


def countries(language: Language) -> pl.Expr:
    def named(codes: str) -> str:
        return JOIN[language].join(country_name(code, language) for code in codes.split("; "))

    return pl.col("countries").map_elements(named, return_dtype=pl.String)


def of_row(write: Callable[[dict[str, Any], Language], str], *names: str) -> Value:
    """Write a text from several columns of a row."""
    return lambda language: pl.struct(names).map_elements(
        lambda row: write(row, language), return_dtype=pl.String, skip_nulls=False
    )


def question(row: dict[str, Any], language: Language) -> str:
    params = json.loads(row["question_params"] or "{}")
    return wording.question(row["question_code"], params, language)


def asked(row: dict[str, Any], language: Language) -> str:
    return wording.asked(row["question_to"], row["organisation_name"], row["owner_office"], language)


def rank(row: dict[str, Any], language: Language) -> str:
    return wording.rank(row["rank"], row["rank_low"], row["rank_high"]) or wording.unknown(language)


def impact(row: dict[str, Any], language: Language) -> str:
    return _in_measure(row, "impact", language)


def direct(row: dict[str, Any], language: Language) -> str:
    return _in_measure(row, "direct", language)


def _in_measure(row: dict[str, Any], name: str, language: Language) -> str:
    unit = {"output_cny": "cny", "products": "products"}.get(row["impact_measure"] or "")
    if unit is None or row[f"{name}_low"] is None:
        return wording.unknown(language)
    return numbers.span(row[f"{name}_low"], row[f"{name}_high"], unit, language)


def coverage(row: dict[str, Any], language: Language) -> str:
    return _share(row["coverage_low"], row["coverage_high"], language)


def who(row: dict[str, Any], language: Language) -> str:
    """Return the enterprise, or of an item how many use it."""
    return row["organisation_name"] or wording.users(row["reach_buyers"])


def likelihood(row: dict[str, Any], language: Language) -> str:
    return _share(row["likelihood_low"], row["likelihood_high"], language)


def _share(low: float | None, high: float | None, language: Language) -> str:
    return wording.unknown(language) if low is None else numbers.span(low, high, "share", language)


def impact_share(row: dict[str, Any], language: Language) -> str:
    return _share(row["impact_share_low"], row["impact_share_high"], language)


def first_stop(row: dict[str, Any], language: Language) -> str:
    ends = row["first_stop_low"], row["first_stop_high"]
    return wording.unknown(language) if ends == (None, None) else numbers.span(*ends, "days", language)


def offices(language: Language) -> pl.Expr:
    """Return the names of the offices in a column of several."""
    column = pl.col("with_offices")
    named = column.map_elements(lambda text: wording.offices(text, language), return_dtype=pl.String)
    return pl.when(column.fill_null("") == "").then(pl.lit("")).otherwise(named)


def supply(row: dict[str, Any], language: Language) -> str:
    if row["supplier_names"] is None and row["countries"] is None:
        return wording.unknown(language)
    who = (row["supplier_names"] or wording.unknown(language)).replace("; ", JOIN[language])
    codes = row["countries"].split("; ") if row["countries"] else []
    where = JOIN[language].join(country_name(code, language) for code in codes) or wording.unknown(language)
    return f"{who}（{where}）" if language == "zh" else f"{who} ({where})"
