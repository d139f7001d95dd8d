"""Task sheets through the API: read a sheet with how its tasks stand, report on a task. Null is unknown."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.base.accounts.http import Request
from liandesk.steer.supervision import queries, reporting
from liandesk.steer.supervision.queries import RowState

router = Router(tags=["task sheets"])


class SheetOut(Schema):
    """A task sheet; ``hash`` and ``frozen_at`` once it is frozen."""

    id: int
    plan: str
    year: int
    hash: str
    frozen_at: datetime | None
    is_synthetic: bool


class ReportIn(Schema):
    """A report on a task; ``seen`` is how many entries of its case its writer saw."""

    period: str
    action: str
    completion: str
    value: float | None = None
    problem: str = ""
    next_step: str = ""
    seen: int | None = None


class TaskOut(Schema):
    """A task with how it stands: early, ahead, on_track, behind or unknown."""

    id: int
    number: int
    subject_id: str
    task: str
    goal: str
    goal_value: float | None
    unit: str
    lead: str
    partners: list[str]
    starts: date
    due: date
    case: int | None
    standing: str
    is_report_missing: bool
    milestones: list[dict[str, Any]]
    last_report: dict[str, Any] | None


@router.get("/task-sheets", response=list[SheetOut], url_name="task_sheets")
@paginate(LimitOffsetPagination)
def list_sheets(request: Request) -> object:
    """Return the task sheets, the latest year first."""
    return queries.sheets(request.viewer)


@router.get("/task-sheets/{int:pk}", response=list[TaskOut], url_name="task_sheet")
def get_sheet(request: Request, pk: int) -> object:
    """Return the tasks of a sheet that the viewer sees."""
    return [_task(state) for state in queries.rows(request.viewer, queries.sheet(request.viewer, pk))]


@router.post("/tasks/{int:pk}/reports", response=TaskOut, url_name="task_report")
def report(request: Request, pk: int, said: ReportIn) -> object:
    """Report on a task of one's office."""
    reporting.report(pk, said.dict(exclude={"seen"}, exclude_none=True), by=request.viewer, seen=said.seen)
    return _task(queries.states([queries.row(request.viewer, pk)])[0])


def _task(state: RowState) -> dict[str, Any]:
    row, last = state.row, state.last_report
    names = ("number", "subject_id", "task", "goal", "goal_value", "unit", "lead", "starts", "due")
    reported = ("period", "action", "completion", "value", "problem", "next_step", "at")
    return {
        "id": row.pk,
        **{name: getattr(row, name) for name in names},
        "partners": list(row.partner_offices),
        "case": row.case_id,
        "standing": state.standing,
        "is_report_missing": state.is_report_missing,
        "milestones": [{"title": one.title, "due": one.due, "done_on": one.done_on} for one in state.milestones],
        "last_report": {name: getattr(last, name) for name in reported} if last else None,
    }
