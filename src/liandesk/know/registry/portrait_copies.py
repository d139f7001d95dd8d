"""A portrait as a file: every line that was said, with its source; what was overruled is marked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.copies import send, write_copy
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.know.registry.attributes import attribute_title
from liandesk.know.registry.portrait_queries import Portrait


@dataclass(frozen=True)
class Said:
    """One line of a portrait's copy."""

    attribute: str
    value: str
    unit: str
    valid_from: date | None
    source: str
    file: str
    line: float | None
    counts: bool
    is_synthetic: bool


COLUMNS = (
    ListColumn("attribute", _("Field")),
    ListColumn("value", _("Value")),
    ListColumn("unit", _("Unit"), may_be_empty=True),
    ListColumn("valid_from", _("As of"), "date"),
    ListColumn("source", _("Source")),
    ListColumn("file", _("File"), may_be_empty=True),
    ListColumn("line", _("Row"), "number"),
    ListColumn("counts", _("Counts"), "flag"),
)


def send_portrait(found: Portrait, kind: str, *, by: Viewer) -> FileResponse:
    """Send what is known of an organisation as the viewer may know it."""
    name = found.organisation.name
    listing = Listing("organisation", name, COLUMNS, (), "", (), "")
    seen_as = str(_("As known on %(day)s") % {"day": found.on}) if found.on else str(_("As known now"))
    rows = [*_said(found.facts, counts=True), *_said(found.contradictions, counts=False)]
    return send(kind, lambda path: write_copy(listing, rows, COLUMNS, path, by=by, kind=kind, seen_as=seen_as))


def _said(facts: pl.DataFrame, *, counts: bool) -> Iterator[Said]:
    for line in facts.iter_rows(named=True):
        yield Said(
            attribute=str(attribute_title(line["attribute"])),
            value=_value(line),
            unit=line["unit"],
            valid_from=line["valid_from"],
            source=line["source"],
            file=line["file"],
            line=line["row"],
            counts=counts,
            is_synthetic=line["source"] == "synthetic",
        )


def _value(line: dict[str, Any]) -> str:
    return f"{line['number']:g}" if line["text"] is None else line["text"]
