"""Cases in a workbook: a sheet of new cases and a sheet of steps, their columns made from the forms of the pages.

A row is typed by the contract of its sheet and then goes through the form of the page, so that a sheet takes and
refuses what the page does.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
from django import forms
from django.utils.translation import gettext as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.display import language
from liandesk.base.work import queries
from liandesk.base.work.forms import OpenForm, StepForm
from liandesk.base.work.models import Case
from liandesk.base.work.policies import OFFICIALS
from liandesk.base.work.wording import said, titles
from liankit.process import Process
from liankit.tables import Column, Table, read_table
from liankit.tables.contract import Limits, title_key
from liankit.tables.problems import Problem, UnreadableFile
from liankit.tables.template import describe
from liankit.tables.write import Cover, Sheet, write_workbook

MOST_ROWS = 500
"""Rows of a workbook: each is a whole step with its checks."""

_LIMITS = Limits(file_bytes=5_000_000, unpacked_bytes=50_000_000, rows=MOST_ROWS + 20, cells=200_000)
ABOUT = "about"
"""The column of what a new case is about: its title, or ``kind:id``."""
_NOT_ASKED = ("seen", "back", "reason", "is_restricted")
_BETWEEN = re.compile(r"[、，,;；]\s*")
Cells = Mapping[str, Any]


@dataclass(frozen=True)
class Fault:
    """Why a row is not taken: its sheet, its row, the title of the column (empty: the row), why, what to do."""

    sheet: str
    row: int | None
    column: str
    why: str
    todo: str


@dataclass(frozen=True)
class Line:
    """One row that was read: of new cases (``is_new``) or of steps, what its cells hold, by name of the column."""

    sheet: str
    row: int
    is_new: bool
    cells: Cells

    @property
    def is_filled(self) -> bool:
        """Say whether the row wants anything: a case that was listed for a step and got none is left alone."""
        return self.is_new or "step" in self.cells


@dataclass(frozen=True)
class Read:
    """What a workbook holds."""

    lines: tuple[Line, ...]
    faults: tuple[Fault, ...]


def new_table(process: Process, viewer: Viewer) -> Table:
    """Return the contract of the sheet of new cases: the questions of the page, and what officials name beside them."""
    about = [] if viewer.roles.isdisjoint(OFFICIALS) else [Column(ABOUT, pl.String, _titled(_("Concerns")))]
    columns = _columns(OpenForm(process, viewer).fields, about)
    return Table("new", (*columns, *about), sheet=_("New cases"))


def steps_table(process: Process, viewer: Viewer) -> Table:
    """Return the contract of the sheet of steps: the case, the step, and the questions of all steps."""
    own = [
        Column("case", pl.Int64, _titled(_("Case no.")), required=True, minimum=1),
        Column("called", pl.String, _titled(_("Title of the case"))),
        Column("stands", pl.String, _titled(_("Stage"))),
        Column("seen", pl.Int64, _titled(_("Entries so far"))),
        Column("step", pl.String, _titled(_("Step"))),
        Column("reason", pl.String, _titled(_("Reason"))),
    ]
    asked: dict[str, forms.Field] = {}
    for transition in process.transitions:
        asked |= StepForm(process, transition, viewer).fields
    answers = _columns({name: field for name, field in asked.items() if name not in _NOT_ASKED}, own, must=False)
    return Table("steps", (*own, *answers), sheet=_("Steps"))


def _titled(title: str) -> dict[str, str]:
    return {language(): title}


def _columns(fields: Mapping[str, forms.Field], before: Iterable[Column] = (), must: bool = True) -> list[Column]:
    """Return a column for each field; a title that stands already gets the key beside it."""
    taken = {title_key(spelling) for column in before for spelling in column.spellings()}
    found = []
    for name, field in fields.items():
        if name in _NOT_ASKED:
            continue
        title = str(field.label or name)
        title = f"{title} [{name}]" if title_key(title) in taken else title
        found.append(Column(name, _dtype(field), _titled(title), required=must and field.required))
        taken |= {title_key(title), title_key(name)}
    return found


def _dtype(field: forms.Field) -> type[pl.DataType]:
    kinds = ((forms.DateField, pl.Date), (forms.FloatField, pl.Float64))
    return next((dtype for kind, dtype in kinds if isinstance(field, kind)), pl.String)


def read_cases(path: Path, process: Process, viewer: Viewer) -> Read:
    """Read a workbook of one process; raise UnreadableFile where it holds neither sheet, or is no workbook."""
    lines: list[Line] = []
    faults: list[Fault] = []
    unread: list[UnreadableFile] = []
    for table in (new_table(process, viewer), steps_table(process, viewer)):
        try:
            found = read_table(path, table, limits=_LIMITS)
        except UnreadableFile as error:
            unread.append(error)
            continue
        if not {row["sheet"] for row in found.rows.iter_rows(named=True)} <= {table.sheet}:
            continue  # the other sheet was taken for this one
        lines += [line for row in found.rows.iter_rows(named=True) if (line := _line(table, row)).is_filled]
        faults += [_fault(table, problem) for problem in found.problems if problem.severity == "error"]
    if len(unread) == 2:
        raise unread[0]
    return Read(tuple(lines), tuple(faults))


def _line(table: Table, row: dict[str, Any]) -> Line:
    cells = {name: value for name, value in row.items() if name in table.names() and value is not None}
    return Line(row["sheet"], row["row"], table.name == "new", cells)


def _fault(table: Table, problem: Problem) -> Fault:
    text = problem.text(language())
    names = {column.name: column.titled(language()) for column in table.columns}
    column = names.get(problem.column or "", problem.column or "")
    between = "。" if language() == "zh" else ". "
    return Fault(problem.sheet, problem.row, column, between.join(filter(None, (text.what, text.why))), text.todo)


def as_form_data(fields: Mapping[str, forms.Field], cells: Cells) -> dict[str, Any]:
    """Return cells as a browser would send them: codes in place of titles, dates in ISO form."""
    return {name: _sent(fields[name], value) for name, value in cells.items() if name in fields}


def _sent(field: forms.Field, value: Any) -> Any:
    if isinstance(field, forms.MultipleChoiceField):
        return [_code(field, part) for part in _BETWEEN.split(str(value)) if part]
    if isinstance(field, forms.ChoiceField):
        return _code(field, str(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _code(field: forms.ChoiceField, text: str) -> str:
    """Return the code of a choice written by its title or code (of a holder without its kind); else the text."""
    found = (code for code, title in _flat(field.choices) if text in (title, code, code.rpartition(":")[2]))
    return next(found, text)


def _flat(choices: Any) -> Iterator[tuple[str, str]]:
    for value, title in choices:
        if isinstance(title, list | tuple):
            yield from _flat(title)
        else:
            yield str(value), str(title)


def write_sheets(path: Path, process: Process, viewer: Viewer) -> None:
    """Write the workbook to fill in: an empty sheet of new cases, and one with the cases that wait for the viewer."""
    new, steps = new_table(process, viewer), steps_table(process, viewer)
    found = list(queries.mine(viewer).filter(process=process.key).select_related("definition")[:MOST_ROWS])
    frame = pl.DataFrame([_prefilled(steps, case) for case in found], schema={**_schema(steps)})
    guide = [(column.head(language()), _told(column)) for table in (new, steps) for column in table.columns]
    named = titles(process)
    guide.append((_("Step"), "、".join(named[step.key] for step in process.transitions)))
    cover = Cover(_("How to fill in"), said(process.title), tuple(guide))
    sheets = [Sheet(new.sheet, pl.DataFrame(schema=_schema(new)), new), Sheet(steps.sheet, frame, steps)]
    write_workbook(path, sheets, cover=cover, language=language())


def _schema(table: Table) -> dict[str, type[pl.DataType]]:
    return {column.name: column.dtype for column in table.columns}


def _told(column: Column) -> str:
    return describe(column, language()) + (f" · {_('required')}" if column.required else "")


def _prefilled(table: Table, case: Case) -> dict[str, Any]:
    named = titles(queries.process_of(case.definition))
    told = {"case": case.pk, "called": case.title, "seen": case.events_count}
    stands = "、".join(named[stage] for stage in case.stages)
    return dict.fromkeys(table.names()) | told | {"stands": stands}
