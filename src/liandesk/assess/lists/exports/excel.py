"""A list as an Excel workbook: a cover that says what it is, the entries, and their reasons where they were frozen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import polars as pl
from django.utils.translation import gettext as _

from liandesk.assess.lists import wording
from liandesk.assess.lists.exports.document import Document
from liankit.tables.write import Cover, Page, Sheet, write_workbook


def to_xlsx(document: Document, path: Path, *, paper: Literal["A4", "A3"]) -> None:
    """Write the list as a workbook for one size of paper, across."""
    values = document.values()
    sheets = [Sheet(_("Entries"), values, document.table(values), document.titles())]
    if "reasons" in document.rows.columns:
        sheets.append(Sheet(_("Reasons"), _reasons(document), titles=_titles()))
    cover = Cover(_("About this copy"), document.title, (*document.about(), *document.definitions()))
    page = Page(paper, header=f"{document.title} · {document.mark}", footer=document.watermark)
    write_workbook(path, sheets, cover=cover, page=page, language=document.language)


def _titles() -> dict[str, str]:
    return {
        "number": _("No."),
        "says": _("Reason"),
        "holds": _("Holds"),
        "value_low": _("Value, from"),
        "value_high": _("Value, to"),
        "unit": _("Unit"),
        "threshold": _("Threshold"),
        "source": _("Source"),
    }


def _reasons(document: Document) -> pl.DataFrame:
    """Return the frozen reasons of the entries, one a row, said in the language of the copy."""
    told = document.rows.select("number", "reasons").explode("reasons").unnest("reasons")
    said = pl.struct("code", "params", "value_low", "value_high", "unit", "threshold", "source")
    holds = {True: str(wording.YES_NO[True]), False: str(wording.YES_NO[False])}
    return told.select(
        "number",
        said.map_elements(lambda row: _say(row, document), return_dtype=pl.String).alias("says"),
        pl.col("holds").replace_strict(holds, default=wording.unknown(document.language), return_dtype=pl.String),
        "value_low",
        "value_high",
        "unit",
        "threshold",
        "source",
    )


def _say(row: dict[str, object], document: Document) -> str:
    params = json.loads(str(row["params"] or "{}"))
    return wording.say(str(row["code"]), {**row, **params}, document.language)
