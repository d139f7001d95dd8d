"""A list as CSV: UTF-8 that spreadsheets read, unknown said in words, no text that a spreadsheet would run."""

from __future__ import annotations

from pathlib import Path

from liandesk.assess.lists.exports.document import Document
from liankit.tables.write import write_csv


def to_csv(document: Document, path: Path) -> None:
    """Write the list as CSV."""
    values = document.values()
    write_csv(values, path, table=document.table(values), titles=document.titles(), language=document.language)
