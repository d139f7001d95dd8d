"""What follows from the steps of a task sheet: nothing unfinished goes out, and freezing opens a case for each row."""

from __future__ import annotations

from datetime import date, datetime

from django.utils.translation import gettext as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import UserError
from liandesk.base.teamwork.task_actions import put_task
from liandesk.base.work.actions import NewCase, open_following
from liandesk.base.work.effects import EFFECTS
from liandesk.base.work.models import Case
from liandesk.steer.supervision import queries
from liandesk.steer.supervision.actions import PROCESS
from liandesk.steer.supervision.editions import hash_of, is_unchanged
from liandesk.steer.supervision.models import Row, TaskSheet
from liankit.process import Event, State

TASK = "yearly_task"
_SENDING = frozenset({"send", "send_again"})


def register() -> None:
    EFFECTS.setdefault(PROCESS, []).append(follow)


def follow(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Refuse to send or freeze what is unfinished; freeze the sheet when the second person has agreed."""
    if event.kind == "do" and event.name in _SENDING:
        _check_leads(TaskSheet.objects.get(case=case))
    if event.kind == "do" and event.name == "freeze":
        _propose(TaskSheet.objects.select_for_update().get(case=case))
    if state.outcome == "frozen":
        _freeze(TaskSheet.objects.select_for_update().get(case=case), event.at, by)


def _check_leads(sheet: TaskSheet) -> None:
    without = sheet.rows.filter(lead="").order_by("number").values_list("number", flat=True)
    if found := ", ".join(map(str, without)):
        raise UserError(_("Tasks without a leading office: %(rows)s. Name one for each.") % {"rows": found})


def _propose(sheet: TaskSheet) -> None:
    """Keep the hash of what the second person is asked to agree to."""
    _check_leads(sheet)
    if open_ := queries.unanswered(sheet).count():
        raise UserError(_("%(count)s comments wait for an answer.") % {"count": open_})
    sheet.hash = hash_of(sheet)
    sheet.save(update_fields=["hash"])


def _freeze(sheet: TaskSheet, at: datetime, by: Viewer) -> None:
    if not is_unchanged(sheet):
        raise UserError(_("A task was changed after freezing was proposed. Refuse it, and propose it anew."))
    sheet.frozen_at = at
    sheet.save(update_fields=["frozen_at"])
    for row in sheet.rows.order_by("number"):
        row.case = open_following(_task(row, sheet), by=by, at=at)
        row.save(update_fields=["case"])
        for one in row.milestones:
            put_task(row.case.pk, one["title"], by=by, due=date.fromisoformat(one["due"]))


def _task(row: Row, sheet: TaskSheet) -> NewCase:
    parties = [("lead", "office", row.lead), *(("partner", "office", office) for office in row.partner_offices)]
    title = f"{sheet.year} · {row.number} · {row.task}"
    data = {"goal": _goal(row), "due": row.due.isoformat()}
    return NewCase(TASK, title, parties, data, (row.subject_kind, row.subject_id), is_synthetic=sheet.is_synthetic)


def _goal(row: Row) -> str:
    number = "" if row.goal_value is None else f"{row.goal_value:g} {row.unit}".strip()
    return " · ".join(filter(None, (number, row.goal))) or row.task
