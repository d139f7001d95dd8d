"""Tables of indicators: rows of name, unit, base value, target value, kind; also where the table became one line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from liankit.plan.parsing.words import any_of, words

_HEADER = re.compile(r"指标[^\n。;]{0,40}?(?:19|20)\d\d[^\n。;]*?(?=\n|$|(?<=性)|(?<=型)|(?<=类别))", re.MULTILINE)
_YEAR = re.compile(r"(?P<years>(?:20\d\d\s*[-—–~～至]+\s*)?20\d\d)\s*年?|年均|累计|增速")
_CELL = r"(?:[〔\[]\s*)?[<>≥≤]?\s*\d[\d.,]*\s*%?\s*(?:[〕\]])?(?:以上|以内|左右|以下)?|[-—/]{1,2}(?!\d)"
_APART = 40  # signs between two rows: the heading of a group of indicators may stand there
_COMPARATORS = {"≥": ">=", "≤": "<=", ">": ">", "<": "<"}


@dataclass(frozen=True)
class Row:
    """One indicator of a table in the clean text; unknown cells are None."""

    start: int
    end: int
    name: str
    unit: str
    value: float | None
    baseline: float | None
    on: date
    baseline_on: date | None
    comparator: str
    is_sum: bool  # in brackets: a sum over the period
    per: str | None
    binding: str


def table_rows(clean: str) -> Iterator[Row]:
    """Yield the rows below each header that names 指标 and at least one year."""
    headers = [header for header in _HEADER.finditer(clean) if any(_columns(header[0]))]
    ends = [*(header.start() for header in headers[1:]), len(clean)]
    for header, end in zip(headers, ends, strict=False):
        yield from _rows(clean, header.end(), end, _columns(header[0]))


def _columns(header: str) -> list[int | None]:
    """Return the year of each column of numbers; None for one of growth or a sum."""
    years = [found["years"] for found in _YEAR.finditer(header)]
    return [int(year) if year and year.isdigit() else None for year in years]


def _rows(clean: str, place: int, end: int, columns: list[int | None]) -> Iterator[Row]:
    while found := _row_pattern().search(clean, place, end):
        if found.start("name") - place > _APART or "。" in clean[place : found.start()]:
            return
        row = _row(found, columns)
        if row:
            yield row
        place = found.end()


@cache
def _row_pattern() -> re.Pattern[str]:
    unit = rf"(?:[百千万亿]{{0,2}}{any_of(words()['units_of_count'])})"
    return re.compile(
        rf"(?P<name>[^\W\d][^\n\t。;,:|0-9]{{1,36}}?)[ \t|]*(?:\((?P<inner>{unit})\)|(?P<unit>{unit}))?[ \t|]*"
        rf"(?P<cells>(?:(?:{_CELL})[ \t|]*){{1,6}})(?P<kind>约束性|预期性)?"
    )


def _row(found: re.Match[str], columns: list[int | None]) -> Row | None:
    cells = re.findall(_CELL, found["cells"])
    years = [(year, cell) for year, cell in zip(columns, cells, strict=False) if year]
    if not years or not (found["unit"] or found["inner"] or found["kind"]):
        return None
    until, last = years[-1]
    extra = [cell for year, cell in zip(columns, cells, strict=False) if year is None and _number(cell) is not None]
    value, is_growth = _number(last), False
    if value is None and extra:
        last, value, is_growth = extra[-1], _number(extra[-1]), True
    first = years[0] if len(years) > 1 else None
    return Row(
        start=found.start("name"),
        end=found.end(),
        name=found["name"].strip(" \t|"),
        unit=_unit(found, last, is_growth),
        value=value,
        baseline=_number(first[1]) if first else None,
        on=date(until, 12, 31),
        baseline_on=date(first[0], 12, 31) if first else None,
        comparator=_comparator(last, found["name"]),
        is_sum=last.startswith(("〔", "[")),
        per="year" if is_growth else None,
        binding={"约束性": "binding", "预期性": "anticipatory"}.get(found["kind"] or "", "unstated"),
    )


def _unit(found: re.Match[str], cell: str, is_growth: bool) -> str:
    unit = found["inner"] or found["unit"] or ""
    return "%" if is_growth or (not unit and "%" in cell) else unit


def _number(cell: str) -> float | None:
    digits = re.search(r"\d[\d,]*(?:\.\d+)?", cell)
    return float(digits[0].replace(",", "")) if digits else None


def _comparator(cell: str, name: str) -> str:
    for sign, comparator in _COMPARATORS.items():
        if sign in cell:
            return comparator
    return "<=" if "以内" in cell or "以下" in cell else ">="
