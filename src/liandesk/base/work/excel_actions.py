"""Take a workbook of new cases and steps in: each row by itself, good rows are not lost; a second time nothing changes.

What a row says is kept as a digest: a row that was written once is not written again, whoever sends it.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.forms import Form
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now
from liandesk.base.errors import NotAllowed, UserError
from liandesk.base.snapshots.store import file_digest
from liandesk.base.work import queries, subjects
from liandesk.base.work.actions import NewCase, Step, act, open_case
from liandesk.base.work.excel import ABOUT, MOST_ROWS, Cells, Fault, Line, as_form_data, read_cases
from liandesk.base.work.forms import OpenForm, StepForm
from liandesk.base.work.models import Case, ImportedRow
from liandesk.base.work.opening import opening_roles
from liandesk.base.work.policies import CASE
from liandesk.base.work.wording import said
from liankit.errors import UserError as KitError
from liankit.errors import nearest
from liankit.process import Process
from liankit.process.definition import Transition


class BadRow(UserError):
    """A row that a form refuses; ``column`` is the title of the column."""

    def __init__(self, why: str, column: str = "") -> None:
        super().__init__(why)
        self.column = column


@dataclass(frozen=True)
class Taken:
    """A row that was written: the case it opened or moved; ``is_repeated``: it was written before."""

    sheet: str
    row: int
    case: Case
    is_new: bool
    is_repeated: bool


@dataclass(frozen=True)
class Outcome:
    """What became of a workbook."""

    taken: tuple[Taken, ...]
    faults: tuple[Fault, ...]

    @property
    def written(self) -> int:
        return sum(not row.is_repeated for row in self.taken)


def import_cases(path: Path, process: Process, *, by: Viewer, is_sure: bool) -> Outcome:
    """Write the rows of a workbook that may be written; not ``is_sure``: try them all and write nothing.

    Raises UnreadableFile where the workbook holds no sheet of these, UserError where it has too many rows.
    """
    check(by, CASE, "open")
    found = read_cases(path, process, by)
    if len(found.lines) > MOST_ROWS:
        raise UserError(_("A workbook has at most %(most)s rows. Split it.") % {"most": MOST_ROWS})
    with transaction.atomic():
        outcome = _each(process, found.lines, list(found.faults), by)
        if is_sure and outcome.written:
            record("case.import", "process", process.key, by=by, rows=outcome.written, file=file_digest(path))
        if not is_sure:
            transaction.set_rollback(True)
    return outcome


def _each(process: Process, lines: tuple[Line, ...], faults: list[Fault], by: Viewer) -> Outcome:
    taken = []
    for line in lines:
        try:
            with transaction.atomic():
                taken.append(_one(process, line, by))
        except (UserError, KitError) as refused:
            todo = _("Mend the cell and send the workbook again; rows already written are left alone.")
            faults.append(Fault(line.sheet, line.row, getattr(refused, "column", ""), str(refused), todo))
    return Outcome(tuple(taken), tuple(faults))


def _one(process: Process, line: Line, by: Viewer) -> Taken:
    digest = _digest(process, line)
    known = ImportedRow.objects.select_related("case").filter(queries.seen_by(by, "case"), digest=digest).first()
    if known:
        return Taken(line.sheet, line.row, known.case, line.is_new, is_repeated=True)
    case = _open(process, line.cells, by) if line.is_new else _step(process, line.cells, by)
    ImportedRow.objects.create(digest=digest, case=case, number=case.events_count, at=now())
    return Taken(line.sheet, line.row, case, line.is_new, is_repeated=False)


def _digest(process: Process, line: Line) -> str:
    """Return the digest of what a row says; ``seen`` and what is only shown say nothing."""
    said_ = {name: str(value) for name, value in line.cells.items() if name not in ("seen", "called", "stands")}
    text = json.dumps([process.key, line.is_new, said_], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def _open(process: Process, cells: Cells, by: Viewer) -> Case:
    if not opening_roles(by, process):
        raise NotAllowed(_("You may not open '%(title)s' for those named.") % {"title": said(process.title)})
    form = OpenForm(process, by, as_form_data(OpenForm(process, by).fields, cells))
    _check(form)
    about = _about(str(cells[ABOUT]), by) if ABOUT in cells else ("", "")
    return open_case(NewCase(process.key, form.called, form.parties, form.answers, about), by=by)


def _about(text: str, by: Viewer) -> tuple[str, str]:
    """Return the kind and id of the one object that a cell names; raise BadRow where it names none or several."""
    found, column = subjects.meant(by, text), _("Concerns")
    if not found:
        raise BadRow(_("Nothing you see is called '%(text)s'. Give its title as on its page.") % {"text": text}, column)
    if len(found) > 1:
        ids = "、".join(f"{one.kind}:{one.id}" for one in found)
        raise BadRow(_("Several are called so. Give one of %(ids)s in place of the title.") % {"ids": ids}, column)
    return found[0].kind, found[0].id


def _step(process: Process, cells: Cells, by: Viewer) -> Case:
    case = queries.one_case(by, cells["case"]).select_related("definition").filter(process=process.key).first()
    if case is None:
        raise BadRow(_("There is no such case for you."), _("Case no."))
    running = queries.process_of(case.definition)
    transition = _meant(running, cells["step"])
    seen = cells.get("seen", case.events_count)
    empty = StepForm(running, transition, by)
    answers = {name: value for name, value in cells.items() if name in empty.fields}
    form = StepForm(running, transition, by, {**as_form_data(empty.fields, answers), "seen": seen})
    _check(form)
    reason = form.cleaned_data.get("reason", "")
    return act(case.pk, Step("do", seen, transition.key, form.answers, reason), by=by)


def _meant(process: Process, text: str) -> Transition:
    """Return the step that is written by its title or its key."""
    names = {name: step for step in process.transitions for name in (step.key, said(step.title))}
    if text not in names:
        raise BadRow(_("The process has no step '%(step)s'.") % {"step": text} + nearest(text, names), _("Step"))
    return names[text]


def _check(form: Form) -> None:
    for name, errors in form.errors.items():
        field = form.fields.get(name)
        raise BadRow(" ".join(map(str, errors)), str(field.label) if field else "")
