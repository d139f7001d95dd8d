"""Read what was loaded: landings with their receipts, reports, waiting rows, files that were sent, templates."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from django.db.models import Count, Q, QuerySet

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import UserError
from liandesk.base.facts.models import Landing
from liandesk.base.facts.policies import LANDING
from liandesk.base.facts.queries import landings
from liandesk.base.snapshots import store
from liandesk.know.sources import contracts, reports
from liandesk.know.sources.models import QuarantinedRow, Receipt, Upload, WaitingRows
from liandesk.know.sources.readers import sources
from liandesk.know.sources.reading import Source
from liankit.errors import nearest
from liankit.tables import Sheet, Table, write_template, write_workbook
from liankit.texts import Language

WHOLE = "workbook"
"""The template with the sheets that enterprises fill in; every sheet also has one of its own, called by its table."""


def loads(viewer: Viewer) -> QuerySet[Landing]:
    """Return the landings the viewer may see, newest first, with ``waiting`` rows each."""
    rows = QuarantinedRow.objects.waiting().values("pk")
    counted = Count("quarantined", filter=Q(quarantined__in=rows))
    return landings(viewer).select_related("receipt").annotate(waiting=counted)


def load_of(viewer: Viewer, key: str) -> Landing | None:
    """Return one landing the viewer may see, or None."""
    return loads(viewer).filter(pk=key).first()


def receipt_of(landing: Landing) -> Receipt | None:
    """Return what a landing was made of; None where it came another way than by a source."""
    return getattr(landing, "receipt", None)


def report_of(landing: Landing) -> pl.LazyFrame:
    """Return the problems of a landing (``REPORT_SCHEMA``), errors first."""
    return errors_first(store.scan_frame(landing.report))


def errors_first(problems: pl.LazyFrame) -> pl.LazyFrame:
    """Put what kept rows out before what only warns."""
    if "severity" not in problems.collect_schema():
        return problems
    return problems.sort(pl.col("severity") != "error", maintain_order=True)


def report_page(
    problems: pl.LazyFrame, source: Source | None, *, start: int, count: int, language: Language
) -> tuple[list[reports.Line], int]:
    """Return some lines of a report and the number of all."""
    total = problems.select(pl.len()).collect().item()
    return list(reports.lines(problems.slice(start, count).collect(), source, language)), total


def waiting_rows(viewer: Viewer, landing: Landing | None = None) -> WaitingRows:
    """Return the rows that wait, of all loads the viewer may see or of one."""
    rows = QuarantinedRow.objects.waiting().filter(landing__in=landings(viewer))
    return rows.filter(landing=landing) if landing else rows


def waiting_row(viewer: Viewer, landing: Landing, pk: int) -> QuarantinedRow | None:
    """Return one waiting row of a load, or None."""
    return waiting_rows(viewer, landing).filter(pk=pk).first()


def can_mend(viewer: Viewer, landing: Landing, row: QuarantinedRow | None = None) -> bool:
    """Say whether waiting rows of this load, or this one, can be mended one by one, and by this viewer."""
    source = sources().get(landing.source)
    if source is None or source.is_folder or not can(viewer, LANDING, "load"):
        return False
    return row is None or row.table in {table.name for table in source.tables}


def write_waiting(viewer: Viewer, landing: Landing, path: Path, language: Language) -> None:
    """Write the waiting rows of a load as our workbook, each with its number, to be mended and sent again."""
    source = sources()[landing.source]
    rows = list(waiting_rows(viewer, landing))
    sheets = [_sheet(table, rows, language) for table in source.tables]
    write_workbook(path, [sheet for sheet in sheets if sheet.frame.height], language=language)


def _sheet(table: Table, rows: list[QuarantinedRow], language: Language) -> Sheet:
    own = [row for row in rows if row.table == table.name]
    cells = [{**row.cells, contracts.QUARANTINE_ID.name: str(row.pk)} for row in own]
    frame = pl.DataFrame(cells, schema=dict.fromkeys(table.names(), pl.String))
    heads = own[0].heads if own else {}
    titles = {name: heads.get(name) or table.column(name).head(language) for name in table.names()}
    return Sheet(table.sheet_name(language), frame, titles=titles)


def write_blank(name: str, path: Path, language: Language) -> None:
    """Write the template of that name: the whole workbook, or one of its sheets."""
    write_template(path, template_tables(name), language=language)


def template_names() -> tuple[str, ...]:
    """Return the names of the templates: what enterprises fill in, then each sheet alone."""
    return (WHOLE, *(table.name for table in contracts.sheets()))


def template_titles(language: Language) -> list[tuple[str, str]]:
    """Return name and title of the template of each sheet."""
    return [(table.name, table.titled(language)) for table in contracts.sheets()]


def template_tables(name: str) -> tuple[Table, ...]:
    """Return the sheets of the template of that name; raises ``UserError`` with the nearest one."""
    if name not in template_names():
        known = ", ".join(template_names())
        raise UserError(f"There is no template '{name}'.{nearest(name, template_names())} There are: {known}.")
    if name == WHOLE:
        return contracts.workbook_tables()
    return tuple(table for table in contracts.sheets() if table.name == name)


def uploads(viewer: Viewer) -> QuerySet[Upload]:
    """Return what the viewer sent: nobody sees another's files before they are loaded."""
    check(viewer, LANDING, "load")
    return Upload.objects.filter(sent_by=viewer.actor).order_by("-sent_at")


def upload_of(viewer: Viewer, key: str) -> Upload | None:
    """Return one set of files that the viewer sent, or None."""
    return uploads(viewer).filter(pk=key).first()
