"""A sheet that comes back filled in: look at what would be written, then write it.

Each row is tried by itself. A bad one is left out with its row, column and reason, and the good ones are written.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from django import forms
from django.core import signing
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.http import Request
from liandesk.base.errors import UserError
from liandesk.base.snapshots import store
from liandesk.base.ui.display import language
from liankit.errors import UserError as KitError
from liankit.tables import Problem, Table, read_table
from liankit.tables.contract import Limits
from liankit.tables.problems import UnreadableFile

MOST_ROWS = 2000
_LIMITS = Limits(file_bytes=5_000_000, unpacked_bytes=50_000_000, rows=MOST_ROWS + 20, cells=200_000)
_SALT = "liandesk.sheet"
_AN_HOUR = 3600
_UNREAD = ("misspelt_column", "unknown_column", "column_without_title", "sheet_not_read")

Result = Literal["new", "changed", "same"]
Cells = dict[str, Any]
"""The cells of a row that say something, by the name of the column."""


@dataclass(frozen=True)
class Taken:
    """A row that was read: what it is about and what became of it."""

    row: int
    name: str
    detail: str
    result: Result


@dataclass(frozen=True)
class Fault:
    """Why a row, or the file, is not taken: its row, the title of the column, why, what to do."""

    row: int | None
    column: str
    why: str
    todo: str


@dataclass(frozen=True)
class Outcome:
    """What became of a sheet."""

    taken: tuple[Taken, ...]
    faults: tuple[Fault, ...]
    unread: tuple[Fault, ...] = ()  # columns and sheets of the file that nobody reads; the rows count all the same

    @property
    def written(self) -> int:
        """Return how many rows said something new."""
        return sum(row.result != "same" for row in self.taken)


def take_rows(
    path: Path, table: Table, write: Callable[[Cells], Taken], *, is_sure: bool, log: Callable[[Outcome], object]
) -> Outcome:
    """Write each row of a sheet by ``write``, and the one event of all by ``log``; not ``is_sure``: try and take back.

    ``write`` raises UserError for a row that is left out, with the title of its ``column`` where one is to blame.
    Raises UnreadableFile where the file holds no such sheet.
    """
    found = read_table(path, table, limits=_LIMITS)
    faults = [_fault(table, problem) for problem in found.problems if problem.severity == "error"]
    unread = tuple(_fault(table, problem) for problem in found.problems if problem.code in _UNREAD)
    with transaction.atomic():
        taken = tuple(_each(found.rows.to_dicts(), write, faults))
        outcome = Outcome(taken, tuple(faults), unread)
        if is_sure and outcome.written:
            log(outcome)
        if not is_sure:
            transaction.set_rollback(True)
    return outcome


def _fault(table: Table, problem: Problem) -> Fault:
    told = problem.text(language())
    titles = {column.name: column.titled(language()) for column in table.columns}
    column = titles.get(problem.column or "", problem.column or "")
    why = f"{told.what}：{told.why}" if language() == "zh" else f"{told.what}. {told.why}."
    return Fault(problem.row, column, why if problem.code in _UNREAD else told.what, told.todo)


def _each(rows: list[Cells], write: Callable[[Cells], Taken], faults: list[Fault]) -> Iterator[Taken]:
    for cells in rows:
        try:
            with transaction.atomic():
                taken = write({name: value for name, value in cells.items() if value is not None})
        except (UserError, KitError) as refused:
            column = getattr(refused, "column", "")
            faults.append(Fault(cells["row"], column, str(refused), _now("Mend the row and send the sheet again.")))
        else:
            yield taken


class SheetForm(forms.Form):
    """A sheet to look into."""

    file = forms.FileField(label=_("Sheet"), help_text=_("Excel or CSV, up to 5 MB"))


Take = Callable[[Path, bool], Outcome]
"""Takes the sheet in a file; the second says whether it is sure."""


def look_then_write(request: Request, template: str, take: Take) -> HttpResponse:
    """Look into a sheet that is sent; write what was looked into when its sender says so, within an hour."""
    if request.method != "POST":
        return _page(request, template, SheetForm())
    if token := request.POST.get("token"):
        return _written(request, template, take, token)
    form = SheetForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, template, form)
    content = form.cleaned_data["file"].read()
    try:
        outcome = _taken(take, content, is_sure=False)
    except UnreadableFile as error:
        form.add_error("file", str(error))
        return _page(request, template, form)
    token = signing.dumps([store.put_bytes(content), request.viewer.actor, template], salt=_SALT)
    return _page(request, template, SheetForm(), outcome, token)


def _written(request: Request, template: str, take: Take, token: str) -> HttpResponse:
    try:
        digest, *whose = signing.loads(token, salt=_SALT, max_age=_AN_HOUR)
    except signing.BadSignature:
        digest, whose = "", []
    if whose != [request.viewer.actor, template]:
        form = SheetForm({})
        form.add_error(None, _("This look is too old or another person's. Send the sheet again."))
        return _page(request, template, form)
    return _page(request, template, SheetForm(), _taken(take, store.get_bytes(digest), is_sure=True))


def _taken(take: Take, content: bytes, *, is_sure: bool) -> Outcome:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sent"
        path.write_bytes(content)
        return take(path, is_sure)


def _page(
    request: Request, template: str, form: SheetForm, outcome: Outcome | None = None, token: str = ""
) -> HttpResponse:
    context = {"form": form, "outcome": outcome, "token": token}
    return render(request, template, context, status=400 if form.errors else 200)
