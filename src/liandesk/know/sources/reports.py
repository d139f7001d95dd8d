"""The per-row report in a reader's language: file, row, column, what is wrong, why, and what to do."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from liandesk.know.sources.reading import REPORT_SCHEMA, Source
from liankit.tables import write_csv
from liankit.tables.contract import ContractError
from liankit.texts import Language, ProblemText, TextError, render_problem

log = logging.getLogger(__name__)

TITLES = {
    "zh": ("文件", "工作表", "行", "列", "原文", "程度", "问题", "原因", "怎么办"),
    "en": ("File", "Sheet", "Row", "Column", "What stood there", "Weight", "What is wrong", "Why", "What to do"),
}
WEIGHTS = {
    "error": {"zh": "未加载", "en": "kept out"},
    "warning": {"zh": "提醒", "en": "warning"},
    "note": {"zh": "说明", "en": "note"},
}


@dataclass(frozen=True)
class Line:
    """One line of the report."""

    file: str
    sheet: str
    row: int | None
    column: str
    value: str
    severity: str
    what: str
    why: str
    todo: str

    def weight(self, language: Language) -> str:
        return WEIGHTS[self.severity][language]


def lines(problems: pl.DataFrame, source: Source | None, language: Language) -> Iterator[Line]:
    """Render problems (``REPORT_SCHEMA``; columns that an older report lacks are empty)."""
    whole = pl.concat([pl.DataFrame(schema=REPORT_SCHEMA), problems], how="diagonal_relaxed")
    for said in whole.select(*REPORT_SCHEMA).iter_rows(named=True):
        yield line_of(said, source, language)


def line_of(said: Mapping[str, Any], source: Source | None, language: Language) -> Line:
    """Render one problem given as a mapping of ``REPORT_SCHEMA``."""
    params = said["params"] if isinstance(said["params"], str) else json.dumps(said["params"] or {})
    place = {name: said.get(name) for name in ("file", "sheet", "row", "value")}
    text = _text(said["code"], params, json.dumps(place, ensure_ascii=False), language)
    return Line(
        said.get("file") or "",
        said.get("sheet") or "",
        said.get("row"),
        column_title(source, said.get("table") or "", said.get("column") or "", language),
        said.get("value") or "",
        said.get("severity") or "error",
        *text,
    )


@lru_cache(maxsize=4096)
def _text(code: str, params: str, place: str, language: Language) -> ProblemText:
    try:
        return render_problem(code, {**json.loads(place), **json.loads(params)}, language)
    except TextError as error:
        # a report of an older reader may hold a code that has no text any more: the place still helps
        log.warning("text missing", extra={"code": code, "problem": str(error)})
        return ProblemText(code, "", "")


def column_title(source: Source | None, table: str, column: str, language: Language) -> str:
    """Return the title of a column of a source's table; one that the contract does not know, as it is."""
    found = next((one for one in source.tables if one.name == table), None) if source else None
    try:
        return found.column(column).titled(language) if found and column else column
    except ContractError:
        return column


def write_report(problems: pl.DataFrame, source: Source | None, path: Path, language: Language) -> None:
    """Write the report as CSV that spreadsheet programs open and do not run."""
    columns: dict[str, list[object]] = {title: [] for title in TITLES[language]}
    for line in lines(problems, source, language):
        for title, value in zip(columns, _values(line, language), strict=True):
            columns[title].append(value)
    schema = dict.fromkeys(TITLES[language], pl.String) | {TITLES[language][2]: pl.Int64}
    write_csv(pl.DataFrame(columns, schema=schema), path, language=language)


def _values(line: Line, language: Language) -> Iterable[object]:
    place = (line.file, line.sheet or None, line.row, line.column or None, line.value or None)
    return (*place, line.weight(language), line.what, line.why, line.todo)
