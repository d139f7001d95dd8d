"""The closing summary as a Word document and as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _c

from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui import numbers
from liandesk.base.ui.copies import about_copy, mark_of
from liandesk.base.ui.display import language, term_name
from liandesk.base.ui.word import add_about, add_table, open_paper
from liandesk.know.survey.models import Answer
from liandesk.know.survey.summary import Change, Summary
from liandesk.know.survey.wording import MONEY
from liankit.errors import nearest
from liankit.tables import Column, Table
from liankit.tables.write import Cover, Page, Sheet, write_workbook

FILE_KINDS = ("docx", "xlsx")
Part = tuple[str, list[str], list[list[str]]]
"""A table of the summary: its title, its heads, its rows."""


def write_summary(found: Summary, kind: str, path: Path, *, by: Viewer) -> str:
    """Write the summary that ``by`` may see; return the file's proper name. Raises UserError for an unknown kind."""
    if kind not in FILE_KINDS:
        valid = ", ".join(FILE_KINDS)
        raise UserError(_("'%(name)s' is none of %(valid)s.") % {"name": kind, "valid": valid} + nearest(kind, valid))
    (_write_word if kind == "docx" else _write_excel)(found, path, by)
    record("survey.export", "survey_round", found.round.pk, by=by, kind=kind, file=file_digest(path))
    synthetic = "-synthetic" if found.round.is_synthetic else ""
    return f"survey-summary-{found.round.pk}_{today():%Y-%m-%d}{synthetic}.{kind}"


def _about(found: Summary, by: Viewer) -> tuple[tuple[str, str], ...]:
    held = found.round
    lines = (
        (_("Opened"), held.opens_on.isoformat()),
        (_("Deadline"), held.deadline.isoformat()),
        (_("Closed on"), held.closed_at.date().isoformat() if held.closed_at else _("still open")),
        (_("Snapshot"), found.snapshot.key[:12] if found.snapshot else _("none")),
    )
    return about_copy(lines, is_synthetic=held.is_synthetic, by=by)


def parts(found: Summary) -> list[Part]:
    """Return the tables of the summary in words."""
    heads = [
        _("Town"),
        _("Invited"),
        _("Returned"),
        _("Entered by an officer, to be confirmed"),
        _c("survey", "Declined"),
        _c("survey", "Waiting"),
    ]
    towns = [_counts(_town(row.town), row) for row in found.returns] + [_counts(_("Sum"), found.total)]
    changed = [_("Enterprise"), _("Input"), _("Loss before"), _("Loss now"), _("Gap before"), _("Gap now")]
    return [
        (_("Returns by town"), heads, towns),
        (_("Answers"), [_("Kind of answer"), _("Answers")], _answers(found)),
        (_("Entries that read differently"), changed, [_changed(change) for change in found.changes]),
        (
            _("Requests"),
            [_("Enterprise"), _("Request"), _("Stage")],
            [[asked.name, asked.text, asked.stands] for asked in found.requests],
        ),
    ]


def _answers(found: Summary) -> list[list[str]]:
    said = {
        "changed": _("answered, new or changed"),
        "same": _("answered, as it was known"),
        "unknown": str(Answer.Kind.UNKNOWN.label),
        "declined": str(Answer.Kind.DECLINED.label),
    }
    return [[title, str(found.answers[name])] for name, title in said.items()]


def _town(code: str) -> str:
    return term_name("towns", code) or _("no town")


def _counts(title: str, row: Any) -> list[str]:
    return [title, *(str(getattr(row, name)) for name in ("invited", "returned", "on_behalf", "declined", "waiting"))]


def _changed(change: Change) -> list[str]:
    return [
        change.name,
        change.item_name,
        span(change.before, change.measure_before),
        span(change.now, change.measure),
        span(change.gap_before, "days"),
        span(change.gap, "days"),
    ]


def span(ends: tuple[float | None, float | None], measure: str) -> str:
    """Return an interval in words; unknown stays unknown."""
    unit = "cny" if measure == MONEY else measure
    return _("unknown") if ends == (None, None) else numbers.span(*ends, unit, language())


def _write_word(found: Summary, path: Path, by: Viewer) -> None:
    paper = open_paper(f"{found.round.title} · {_('Closing summary')}", mark=mark_of(found.round.is_synthetic))
    add_about(paper, _about(found, by))
    for title, heads, rows in parts(found):
        paper.add_paragraph(title, style="Heading 1")
        if rows:
            add_table(paper, heads, rows)
        else:
            paper.add_paragraph(_("none"))
    paper.save(str(path))


def _write_excel(found: Summary, path: Path, by: Viewer) -> None:
    sheets = [_sheet(f"part_{place}", *part) for place, part in enumerate(parts(found))]
    cover = Cover(_("Closing summary"), found.round.title, _about(found, by))
    page = Page("A4", header=f"{found.round.title} · {mark_of(found.round.is_synthetic)}")
    write_workbook(path, sheets, cover=cover, page=page, language=language())


def _sheet(name: str, title: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Sheet:
    columns = tuple(Column(f"c{place}", pl.String, {language(): head}) for place, head in enumerate(heads))
    schema = {column.name: pl.String for column in columns}
    return Sheet(title, pl.DataFrame(list(rows), schema=schema, orient="row"), Table(name, columns, sheet=title))
