"""Write a task sheet while it is a draft: draft it, change rows, comment, answer. Its steps are those of its case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import barred, check
from liandesk.base.accounts.models import Membership
from liandesk.base.accounts.roles import Role, Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import business_now
from liandesk.base.errors import Conflict, NotThere, UserError
from liandesk.base.pack import pack
from liandesk.base.work.actions import NewCase, open_following
from liandesk.steer.plan import queries as plans
from liandesk.steer.supervision import queries
from liandesk.steer.supervision.drafting import rows_of
from liandesk.steer.supervision.models import Row, RowComment, TaskSheet
from liandesk.steer.supervision.policies import TASK_SHEET
from liankit.plan.model import Plan

PROCESS = "task_sheet"
OPEN_STAGES = frozenset({"draft", "returned"})
"""The stages in which rows may be changed: not while offices look at them, not once it is frozen."""

ROW_FIELDS = frozenset({"task", "goal", "goal_value", "unit", "lead", "partners", "starts", "due", "milestones"})
"""What people say of a row; ``partners`` as a sequence of offices, ``milestones`` as ``{title, due}``."""


@transaction.atomic
def draft_sheet(year: int, *, by: Viewer, at: datetime | None = None, is_synthetic: bool = False) -> TaskSheet:
    """Draft the sheet of a year from the plan in force; raise UserError where there is one, or the plan is sealed.

    ``at``: when it was drafted (None: now).
    """
    check(by, TASK_SHEET, "draft")
    plan = plans.the_plan(by)
    _check_year(plan, year, by)
    sheet = TaskSheet(plan=plan.key, year=year, is_synthetic=is_synthetic)
    drafted = list(rows_of(plan, year))
    sheet.case = open_following(_case(plan, year, is_synthetic), by=by, at=at)
    sheet.save()
    for row in drafted:
        row.sheet = sheet
    Row.objects.bulk_create(drafted)
    record("task_sheet.draft", "task_sheet", sheet.pk, by=by, plan=plan.key, year=year, rows=len(drafted))
    return sheet


def _check_year(plan: Plan, year: int, by: Viewer) -> None:
    if not plan.period.start.year <= year <= plan.period.end.year:
        between = {"first": plan.period.start.year, "last": plan.period.end.year}
        raise UserError(_("The plan runs from %(first)s to %(last)s.") % between)
    check_open(plan.key)
    if queries.standing_sheet(by, plan.key, year):
        raise UserError(_("There is a task sheet of %(year)s. Drop it before another is drafted.") % {"year": year})


def check_open(plan: str) -> None:
    """Raise UserError when a plan is sealed: nothing more is written of it."""
    if queries.is_sealed(plan):
        raise UserError(_("The plan is sealed for its final evaluation; nothing more is written of it."))


def _case(plan: Plan, year: int, is_synthetic: bool) -> NewCase:
    """The offices that the plan names take part, and the chain chief in person agrees to freezing."""
    offices = {office.code for office in pack().offices if office.code in plan.offices} | {pack().chain_office}
    parties = [("office", "office", office) for office in sorted(offices)]
    parties += [("chief", "person", f"user:{pk}") for pk in _chiefs()]
    title = _("Task sheet of %(year)s") % {"year": year}
    return NewCase(
        PROCESS, title, parties, {"year": year}, ("definition", f"plan/{plan.key}"), is_synthetic=is_synthetic
    )


def _chiefs() -> list[int]:
    held = Membership.objects.in_force().filter(role=Role.CHAIN_CHIEF, user__is_active=True)
    found = sorted(set(held.values_list("user", flat=True)))
    if not found:
        raise UserError(_("Nobody has the account of a chain chief, who agrees to freezing a task sheet."))
    return found


@transaction.atomic
def change_row(pk: int, said: Mapping[str, Any], *, by: Viewer, version: int) -> Row:
    """Change a row of a draft; raise Conflict when somebody else changed it first, UserError once it is out."""
    check(by, TASK_SHEET, "draft")
    row = _locked(pk, by)
    if row.version != version:
        raise Conflict(_("Somebody changed this task after you opened it. Look at it, then act again."))
    _set(row, said)
    record("task_sheet.change", "task_sheet", row.sheet_id, by=by, row=row.number, version=row.version)
    return row


def _locked(pk: int, by: Viewer) -> Row:
    queries.row(by, pk)
    row = Row.objects.select_for_update(of=("self",)).select_related("sheet__case").get(pk=pk)
    if OPEN_STAGES.isdisjoint(row.sheet.case.stages):
        raise UserError(_("A task is changed while its sheet is a draft or its comments have come back."))
    check_open(row.sheet.plan)
    return row


def _set(row: Row, said: Mapping[str, Any]) -> None:
    if unknown := set(said) - ROW_FIELDS:
        raise UserError(_("A task has no field '%(name)s'.") % {"name": min(unknown)})
    for name, value in said.items():
        setattr(row, name, barred(sorted(value)) if name == "partners" else value)
    _check_row(row)
    row.version += 1
    row.save()


def _check_row(row: Row) -> None:
    offices = {office.code for office in pack().offices}
    if not {row.lead, *row.partner_offices} - {""} <= offices or row.lead in row.partner_offices:
        raise UserError(_("The leading and the co-operating offices are different offices of the district."))
    if row.due < row.starts:
        raise UserError(_("A task ends after it begins."))
    if not row.task.strip() or not (row.goal.strip() or row.goal_value is not None):
        raise UserError(_("A task says what is to be done, and its goal in words or as a number."))


@transaction.atomic
def comment(row_pk: int, text: str, *, by: Viewer) -> RowComment:
    """Say something about a row while its sheet is out for comment."""
    row = queries.row(by, row_pk)
    check(by, TASK_SHEET, "comment", {"lead": row.lead, "partners": row.partners})
    if "comment" not in row.sheet.case.stages:
        raise UserError(_("The sheet is not out for comment."))
    if not text.strip():
        raise UserError(_("Write what should change."))
    made = RowComment.objects.create(row=row, text=text.strip(), made_by=by.actor, made_at=business_now())
    record("task_sheet.comment", "task_sheet", row.sheet_id, by=by, row=row.number, comment=made.pk)
    return made


@transaction.atomic
def answer(comment_pk: int, text: str, *, by: Viewer) -> RowComment:
    """Answer a comment, once; a sheet is frozen only when every comment has its answer."""
    check(by, TASK_SHEET, "draft")
    found = RowComment.objects.select_for_update().select_related("row").filter(pk=comment_pk).first()
    if found is None:
        raise NotThere(_("There is no such comment."))
    if found.answered_at:
        raise Conflict(_("Somebody answered this comment already."))
    if not text.strip():
        raise UserError(_("Write what became of it."))
    found.answer, found.answered_by, found.answered_at = text.strip(), by.actor, business_now()
    found.save(update_fields=["answer", "answered_by", "answered_at"])
    record("task_sheet.answer", "task_sheet", found.row.sheet_id, by=by, comment=found.pk)
    return found
