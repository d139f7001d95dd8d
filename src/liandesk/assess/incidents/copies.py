"""A room as a file for the meeting: Excel with what is hit, reached, done and told; Word on one reading."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
from django.http import FileResponse
from django.utils.translation import gettext as _

from liandesk.assess.incidents.queries import Hit, Room
from liandesk.assess.incidents.wording import VERDICTS
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.copies import about_copy, mark_of, send
from liandesk.base.ui.display import language, term_name
from liandesk.base.ui.levels import level
from liandesk.base.ui.word import add_about, add_table, open_paper
from liandesk.base.work.tables import stage_titles
from liankit.errors import nearest
from liankit.tables import Column, Table
from liankit.tables.write import Cover, Page, Sheet, write_workbook

KINDS = ("docx", "xlsx")
_MOST_ROWS = 200  # of one table on paper; the workbook has all


def send_room(room: Room, kind: str, *, by: Viewer) -> FileResponse:
    """Send a room as a file; UserError for another kind."""
    if kind not in KINDS:
        said = _("'%(name)s' is none of %(valid)s.") % {"name": kind, "valid": ", ".join(KINDS)}
        raise UserError(said + nearest(kind, KINDS))
    return send(kind, lambda path: write_room(room, path, kind, by=by))


def write_room(room: Room, path: Path, kind: str, *, by: Viewer) -> str:
    """Write a room that ``by`` sees to a file; return its proper name."""
    sheets = [_sheet(*part) for part in parts(room)]
    about = _about(room, by)
    if kind == "xlsx":
        cover = Cover(_("About this copy"), room.incident.case.title, about)
        header = f"{room.incident.case.title} · {mark_of(room.incident.case.is_synthetic)}"
        write_workbook(path, sheets, cover=cover, page=Page("A3", header=header), language=language())
    else:
        _write_paper(room, sheets, about, path)
    record("incident.export", "incident", room.incident.pk, by=by, kind=kind, file=file_digest(path))
    synthetic = "-synthetic" if room.incident.case.is_synthetic else ""
    return f"incident-{room.incident.pk}_{today():%Y-%m-%d}{synthetic}.{kind}"


Part = tuple[str, Sequence[str], list[tuple[Any, ...]]]


def parts(room: Room) -> list[Part]:
    """Return the tables of a room: title, heads, rows; null is unknown, an empty text is not set."""
    return [_hits(room), _products(room), _tasks(room), _messages(room)]


def _hits(room: Room) -> Part:
    heads = (_("Level"), _("Entry"), _("Finding"), _("Stock until, at the earliest"), _("Stops by, at the latest"),
             _("Backups"), _("Tasks"), _("Why nothing is done"))  # fmt: skip
    return _("What is hit"), heads, [_hit(hit) for hit in room.hits]


def _hit(hit: Hit) -> tuple[Any, ...]:
    tasks = "; ".join(f"{term_name('offices', one.office)}: {one.task.title}" for one in hit.tasks)
    backups = "; ".join(one.backup.holder_name for one in hit.backups if one.backup.holder_name)
    days = (_day(hit.first_day), _day(hit.last_day))
    verdict = str(VERDICTS[hit.one.verdict])
    return (str(level(hit.level).title), str(hit.entry), verdict, *days, backups, tasks, hit.one.reason)


def _products(room: Room) -> Part:
    heads = (_("Enterprise"), _("Product"), _("Finding"), _("Links away"), _("Comes by"), _("Lacks"))
    columns = ("name", "item_name", "verdict", "step", "before_name", "input_name")
    rows = room.products.select(columns).with_columns(pl.col("step").cast(pl.String))
    said = [(row[0], row[1], str(VERDICTS[row[2]]), *row[3:]) for row in rows.iter_rows()]
    return _("Enterprises and products that are reached"), heads, said


def _tasks(room: Room) -> Part:
    heads = (_("Task"), _("Office"), _("Due"), _("Done"))
    rows = [
        (one.task.title, term_name("offices", one.office), _day(one.task.due) or "", _day(one.task.done_at) or "")
        for one in room.tasks
    ]
    return _("Who does what by when"), heads, rows


def _messages(room: Room) -> Part:
    heads = (_("Enterprise"), _("Message"), _("To be answered by"), _("State"))
    rows = [(one.organisation_name, one.text, _day(one.answer_by) or "", _state(one)) for one in room.messages]
    return _("Messages to enterprises"), heads, rows


def _state(message: Any) -> str:
    return "、".join(stage_titles(message.notice)) if message.notice else _("draft")


def _day(value: Any) -> str | None:
    return None if value is None else str(value)[:10]


def _sheet(title: str, heads: Sequence[str], rows: list[tuple[Any, ...]]) -> Sheet:
    names = [f"column_{place}" for place in range(len(heads))]
    frame = pl.DataFrame(rows, dict.fromkeys(names, pl.String), orient="row")
    table = Table("room", tuple(Column(name, pl.String, required=True, nullable_unknown=True) for name in names))
    return Sheet(title, frame, table, dict(zip(names, heads, strict=True)))


def _about(room: Room, by: Viewer) -> tuple[tuple[str, str], ...]:
    lines = (
        (_("Disruptions"), "; ".join(f"{event.began_on} {event.title}" for event in room.events)),
        (_("Stage"), "、".join(stage_titles(room.incident.case))),
        (_("Entries without a task that is done or a reason"), str(len(room.unsettled))),
        (_("Snapshot"), room.incident.snapshot_id[:12]),
    )
    return about_copy(lines, is_synthetic=room.incident.case.is_synthetic, by=by)


def _write_paper(room: Room, sheets: Sequence[Sheet], about: Sequence[tuple[str, str]], path: Path) -> None:
    case = room.incident.case
    paper = open_paper(case.title, mark=mark_of(case.is_synthetic), size=9, is_across=True)
    add_about(paper, about)
    for sheet in sheets:
        _write_table(paper, sheet)
    paper.save(str(path))


def _write_table(paper: Any, sheet: Sheet) -> None:
    paper.add_paragraph(sheet.name, style="Heading 1")
    rows = sheet.frame.head(_MOST_ROWS).fill_null(_("unknown")).rows()
    add_table(paper, list((sheet.titles or {}).values()), rows)
    if sheet.frame.height > len(rows):
        paper.add_paragraph(_("%(count)s more rows are in the workbook.") % {"count": sheet.frame.height - len(rows)})
