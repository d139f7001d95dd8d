"""What several contracts share: words for people, choices, and the columns that mean the same on every sheet."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from liandesk.base.countries import country_names, country_synonyms
from liandesk.base.pack import Term, Text, pack
from liankit.tables import Choice, Column

ORGANISATION = r"(?i)(公司|集团|厂|医院|研究院|研究所|大学|学院|\b(inc|ltd|limited|gmbh|llc|corp|co|ag)\.?)(（.*）)?$"
"""How most names of organisations end."""


def said(zh: str, en: str) -> Text:
    """Return a text in both languages."""
    return {"zh": zh, "en": en}


def countries() -> tuple[Choice, ...]:
    """Return every country and region; the home country is also what people mean by 国内 and 国产."""
    at_home = ("国内", "国产", "本国", "domestic")
    spelled = {code: names + at_home * (code == pack().home_country) for code, names in country_synonyms().items()}
    return tuple(Choice(code, text["zh"], text["en"], spelled[code]) for code, text in country_names().items())


def terms(found: Iterable[Term]) -> tuple[Choice, ...]:
    """Return coded names of the pack as choices."""
    return tuple(Choice(term.code, term.text["zh"], term.text["en"]) for term in found)


def text(name: str, zh: str, en: str, *synonyms: str, note: Text | None = None, required: bool = False) -> Column:
    """Return a column of text."""
    return Column(name, title=said(zh, en), synonyms=synonyms, note=note or {}, required=required)


def day(name: str, zh: str, en: str, *synonyms: str, note: Text | None = None) -> Column:
    """Return a column of dates."""
    return Column(name, pl.Date, said(zh, en), synonyms=synonyms, note=note or {}, nullable_unknown=True)


def choice(name: str, zh: str, en: str, choices: tuple[Choice, ...], *synonyms: str, required: bool = False) -> Column:
    """Return a column that holds one of a few codes; it may be said to be unknown."""
    return Column(
        name, title=said(zh, en), choices=choices, synonyms=synonyms, required=required, nullable_unknown=not required
    )


def figure(name: str, zh: str, en: str, unit: str, *synonyms: str, scale: float = 1.0) -> Column:
    """Return a column of quantities that are not negative; each may be unknown."""
    return Column(
        name, pl.Float64, said(zh, en), unit=unit, scale=scale, minimum=0, synonyms=synonyms, nullable_unknown=True
    )


def organisation(zh: str, en: str, *synonyms: str, name: str = "organisation", required: bool = True) -> Column:
    """Return the column that names an organisation."""
    return Column(
        name,
        title=said(zh, en),
        required=required,
        synonyms=synonyms,
        note=said("登记的全称", "The full registered name"),
        looks=ORGANISATION,
    )


def uscc(
    name: str = "uscc",
    zh: str = "统一社会信用代码",
    en: str = "Unified social credit code",
    synonyms: tuple[str, ...] = ("信用代码", "社会信用代码", "USCC"),
) -> Column:
    """Return a column of credit codes."""
    note = said("18 位；有校验位，抄错会被发现", "18 characters with a check digit")
    return Column(name, title=said(zh, en), check="uscc", synonyms=synonyms, note=note)


def town(note: Text | None = None) -> Column:
    """Return the column of towns of the district."""
    return Column(
        "town",
        title=said("所属镇街", "Town"),
        choices=terms(pack().towns),
        synonyms=("镇街", "街道", "乡镇", "所在镇街", "镇（街道）"),
        note=note or {},
    )


def zone() -> Column:
    """Return the column of zones of the district."""
    return Column(
        "zone",
        title=said("所属平台", "Zone"),
        choices=terms(pack().zones),
        synonyms=("平台", "园区", "功能区", "所在平台"),
    )


def share(name: str, zh: str, en: str, *synonyms: str) -> Column:
    """Return a column of shares: a percentage on the sheet, a fraction in store."""
    return Column(
        name,
        pl.Float64,
        said(zh, en),
        unit="share",
        scale=0.01,
        minimum=0,
        maximum=1,
        synonyms=synonyms,
        nullable_unknown=True,
    )
