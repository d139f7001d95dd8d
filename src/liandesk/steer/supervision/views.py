"""Task sheets: all of them, one with its tasks and its year as bars, one task with what is said of it."""

from __future__ import annotations

from pathlib import Path

from django.contrib import messages
from django.forms import Form
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_tables2 import RequestConfig

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.clock import today
from liandesk.base.errors import Conflict, UserError
from liandesk.base.ui.copies import COPY_KINDS, send
from liandesk.base.ui.decorators import page
from liandesk.base.ui.sheets import Outcome, look_then_write
from liandesk.steer.supervision import actions, queries
from liandesk.steer.supervision.copies import send_sheet
from liandesk.steer.supervision.editions import is_unchanged
from liandesk.steer.supervision.excel import import_reports, write_sheet
from liandesk.steer.supervision.forms import AnswerForm, RowForm, TextForm, YearForm, row_initial
from liandesk.steer.supervision.gantt import gantt
from liandesk.steer.supervision.policies import EVALUATION, TASK_SHEET
from liandesk.steer.supervision.tables import RowTable, SheetTable

PER_PAGE = 100


@require_http_methods(["GET", "HEAD", "POST"])
@page
def task_sheets(request: Request) -> HttpResponse:
    """List the sheets; draft one of a year from the plan."""
    check(request.viewer, TASK_SHEET, "draft" if request.method == "POST" else "read")
    form = YearForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            made = actions.draft_sheet(form.cleaned_data["year"], by=request.viewer)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            return redirect("task_sheet", made.pk)
    table = SheetTable(queries.sheets(request.viewer))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {
        "table": table,
        "form": form,
        "may_draft": can(request.viewer, TASK_SHEET, "draft"),
        "may_report": can(request.viewer, TASK_SHEET, "report"),
        "may_evaluate": can(request.viewer, EVALUATION, "read"),
    }
    return render(request, "supervision/sheets.html", context, status=400 if form.errors else 200)


@require_safe
@page
def task_sheet(request: Request, pk: int) -> HttpResponse:
    """One sheet: its tasks as a table and as a year of bars, and whether it still says what it was frozen with."""
    found = queries.sheet(request.viewer, pk)
    states = queries.rows(request.viewer, found)
    table = RowTable(states)
    RequestConfig(request, paginate=False).configure(table)
    context = {
        "sheet": found,
        "table": table,
        "chart": gantt(states, found.year, today()) if states else None,
        "is_unchanged": found.is_frozen and is_unchanged(found),
        "behind": sum(state.is_behind for state in states),
        "copies": COPY_KINDS,
    }
    return render(request, "supervision/sheet.html", context)


@require_safe
@page
def task_sheet_export(request: Request, pk: int, kind: str) -> FileResponse:
    """Send a sheet as a file."""
    found = queries.sheet(request.viewer, pk)
    return send_sheet(found, queries.rows(request.viewer, found), kind, by=request.viewer)


@require_safe
@page
def task_row(request: Request, pk: int) -> HttpResponse:
    """One task: what it asks, how it stands and why, what was reported, what offices said of the draft."""
    row = queries.row(request.viewer, pk)
    state = queries.states([row])[0]
    comments = list(queries.comments(request.viewer, row))
    place = {"lead": row.lead, "partners": row.partners}
    stages = set(row.sheet.case.stages)
    may_draft = can(request.viewer, TASK_SHEET, "draft")
    context = {
        "row": row,
        "state": state,
        "reports": reversed(state.told.reports),
        "comments": comments,
        "names": names_of(
            [c.made_by for c in comments] + [c.answered_by for c in comments] + [r.by for r in state.told.reports]
        ),
        "may_change": may_draft and not actions.OPEN_STAGES.isdisjoint(stages),
        "may_instruct": may_draft and state.is_behind,
        "comment_form": TextForm() if _may_comment(request, place, stages) else None,
        "answer_form": AnswerForm() if may_draft else None,
    }
    return render(request, "supervision/row.html", context)


def _may_comment(request: Request, place: dict[str, str], stages: set[str]) -> bool:
    return "comment" in stages and can(request.viewer, TASK_SHEET, "comment", place)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def task_row_change(request: Request, pk: int) -> HttpResponse:
    """Change a task of a draft."""
    row = queries.row(request.viewer, pk)
    check(request.viewer, TASK_SHEET, "draft")
    form = RowForm(request.POST if request.method == "POST" else None, initial=row_initial(row))
    if form.is_valid():
        try:
            actions.change_row(pk, form.said(), by=request.viewer, version=form.cleaned_data["version"])
        except Conflict:
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            return redirect("task_row", pk)
    return render(request, "supervision/change.html", {"row": row, "form": form}, status=400 if form.errors else 200)


@require_POST
@page
def task_row_comment(request: Request, pk: int) -> HttpResponse:
    """Say something about a task of a sheet that is out for comment."""
    queries.row(request.viewer, pk)
    if text := _text(request, TextForm(request.POST)):
        actions.comment(pk, text, by=request.viewer)
    return redirect(f"{reverse('task_row', args=[pk])}#comments")


@require_POST
@page
def task_comment_answer(request: Request, pk: int) -> HttpResponse:
    """Answer a comment."""
    check(request.viewer, TASK_SHEET, "draft")
    text = _text(request, AnswerForm(request.POST))
    if not text:
        return redirect("task_sheets")
    found = actions.answer(pk, text, by=request.viewer)
    return redirect(f"{reverse('task_row', args=[found.row_id])}#comments")


def _text(request: Request, form: Form) -> str:
    if not form.is_valid():
        messages.error(request, _("Write something, in at most 2,000 characters."))
        return ""
    return str(form.cleaned_data["text"])


@require_safe
@page
def task_reports_sheet(request: Request) -> FileResponse:
    """Send the sheet of reports to fill in, with the viewer's tasks."""
    check(request.viewer, TASK_SHEET, "report")

    def write(path: Path) -> str:
        return write_sheet(path, by=request.viewer)

    return send("xlsx", write)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def task_reports_import(request: Request) -> HttpResponse:
    """Look into a sheet of reports that is sent; write what was looked into when its sender says so."""
    check(request.viewer, TASK_SHEET, "report")

    def take(path: Path, is_sure: bool) -> Outcome:
        return import_reports(path, by=request.viewer, is_sure=is_sure)

    return look_then_write(request, "supervision/import.html", take)
