"""The plan as files: the table of programmes and who answers for them, and every clause with what executes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl
from django.http import FileResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.lists.columns import Column
from liandesk.assess.lists.exports.document import Document
from liandesk.assess.lists.exports.word import to_docx
from liandesk.base.accounts.queries import names_of
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.pack import pack
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.copies import COPY_KINDS, send, write_copy
from liandesk.base.ui.display import language
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.base.work.wording import said
from liandesk.steer.plan import wording
from liandesk.steer.plan.shown import ClauseLine, ProgrammeLine, offices_named, part_of
from liankit.plan.model import Plan

COPIES = (*COPY_KINDS, "docx")
KNOWN = {"full": _c("programme", "in full"), "part": _c("programme", "in part"), "missing": _c("programme", "missing")}
PROGRAMMES = Listing(
    "plan_programmes",
    _("Programmes and who answers for them"),
    (
        ListColumn("number", _("Number"), "number"),
        ListColumn("title", _("Programme")),
        ListColumn("known", _("Known from the text"), "choice", choices=KNOWN),
        ListColumn("lead", _("Leading office")),
        ListColumn("partners", _("Co-operating offices"), may_be_empty=True),
        ListColumn("targets", _("Targets"), may_be_empty=True),
        ListColumn("measures", _("Measures"), "number"),
        ListColumn("covered", _("Clauses covered"), "number"),
        ListColumn("total", _("Clauses"), "number"),
    ),
    (),
    "",
    (),
    "",
)
CLAUSES = Listing(
    "plan_clauses",
    _("Clauses and what executes them"),
    (
        ListColumn("programme", _("Programme"), may_be_empty=True),
        ListColumn("kind", _("Kind"), "choice", choices=wording.CLAUSES),
        ListColumn("text", _("Clause")),
        ListColumn("lead", _("Leading office")),
        ListColumn("partners", _("Co-operating offices"), may_be_empty=True),
        ListColumn("executed_by", _("Executed by"), may_be_empty=True),
        ListColumn("is_covered", _("Covered"), "flag"),
    ),
    (),
    "",
    (),
    "",
)


@dataclass(frozen=True)
class _Programme:
    number: int | None
    title: str
    known: str
    lead: str
    partners: str
    targets: str
    measures: int
    covered: int
    total: int
    is_synthetic: bool = False  # a plan is what a district decided


@dataclass(frozen=True)
class _Clause:
    programme: str
    kind: str
    text: str
    lead: str
    partners: str
    executed_by: str
    is_covered: bool
    is_synthetic: bool = False


def send_programmes(plan: Plan, lines: Sequence[ProgrammeLine], kind: str, *, by: Viewer) -> FileResponse:
    """Send the table of programmes and units; UserError for a kind of file that there is not."""
    rows = [_programme(line) for line in lines]
    return _send(PROGRAMMES, plan, rows, kind, by)


def send_clauses(plan: Plan, lines: Sequence[ClauseLine], kind: str, *, by: Viewer) -> FileResponse:
    """Send every clause with what executes it."""
    return _send(CLAUSES, plan, [_clause(plan, line) for line in lines], kind, by)


def _programme(line: ProgrammeLine) -> _Programme:
    one = line.programme
    targets = "; ".join(f"{said(target.target.text)} ({target.target.by})" for target in line.targets)
    measures = len(line.measures)
    return _Programme(
        one.number, line.title, one.known, line.lead, line.partners, targets, measures, line.covered, line.total
    )


def _clause(plan: Plan, line: ClauseLine) -> _Clause:
    clause = line.clause
    return _Clause(
        part_of(plan, clause.id),
        clause.kind,
        said(clause.text),
        offices_named(clause.units, is_lead=True),
        offices_named(clause.units, is_lead=False),
        "; ".join(f"{wording.KINDS[bound.kind]}: {bound.title}" for bound in line.bound),
        clause.is_covered,
    )


def _send(listing: Listing, plan: Plan, rows: Sequence[_Programme | _Clause], kind: str, by: Viewer) -> FileResponse:
    seen_as = said(plan.title)
    if kind == "docx":
        return send(kind, lambda path: _write_word(listing, plan, rows, path, by))
    columns = listing.columns
    return send(kind, lambda path: write_copy(listing, rows, columns, path, by=by, kind=kind, seen_as=seen_as))


def _write_word(listing: Listing, plan: Plan, rows: Sequence[_Programme | _Clause], path: Path, by: Viewer) -> str:
    """Write a form in Word, and a line of who took it into the log."""
    shown = {column.name: [_text(column, row) for row in rows] for column in listing.columns}
    document = Document(
        name=f"{listing.code}_{today():%Y-%m-%d}",
        title=f"{said(plan.title)} · {listing.title}",
        rows=pl.DataFrame(shown, schema=dict.fromkeys(shown, pl.String)),
        columns=tuple(
            Column(column.name, _(column.head), width=_WIDTHS.get(column.name, 8)) for column in listing.columns
        ),
        language=language(),
        classification=pack().classifications[-1],
        is_synthetic=False,
        taken_by=names_of([by.actor]).get(by.actor, by.name),
        taken_at=now(),
        origin=((_now("Business date"), str(today())), (_now("Source"), said(plan.source))),
    )
    to_docx(document, path)
    record("list.export", "list", listing.code, by=by, rows=len(rows), kind="docx", file=file_digest(path))
    return f"{document.stem}.docx"


_WIDTHS = {"title": 18, "targets": 24, "partners": 18, "text": 30, "executed_by": 20, "number": 5, "measures": 5}


def _text(column: ListColumn, row: _Programme | _Clause) -> str | None:
    """Return a cell in words; null is unknown, an empty text nothing to be known."""
    value = getattr(row, column.name)
    if value in (None, ""):
        return "" if column.may_be_empty else None
    return str(column.said(value))
