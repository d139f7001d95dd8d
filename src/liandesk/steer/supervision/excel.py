"""A quarter's reports as a sheet in the columns officers use: it goes out with one's tasks and comes back filled in."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.snapshots.store import file_digest
from liandesk.base.ui.display import language
from liandesk.base.ui.sheets import Cells, Outcome, Taken, take_rows
from liandesk.know.sources.contracts.common import said, text
from liandesk.steer.plan.shown import office_name
from liandesk.steer.supervision import queries, reporting
from liandesk.steer.supervision.policies import TASK_SHEET
from liandesk.steer.supervision.queries import RowState
from liandesk.steer.supervision.reports import quarter
from liankit.tables import Column, Table, describe
from liankit.tables.write import Cover, Sheet, write_workbook


@cache
def report_table() -> Table:
    """Return the contract of the sheet."""
    return Table(
        "task_reports",
        (
            Column("task_no", pl.Int64, said("任务编号", "Task no."), required=True, minimum=1),
            text("period", "报送期", "Period", "报送季度", required=True),
            text("task", "重点工作任务", "Task", "工作任务"),
            text("goal", "目标任务", "Goal"),
            text("action", "工作举措", "Action", "举措", required=True),
            text("completion", "完成情况", "Completion", required=True),
            Column("value", pl.Float64, said("完成数值", "Value reached"), nullable_unknown=True),
            text("unit", "责任单位", "Responsible office"),
            text("problem", "存在问题", "Problem", "问题"),
            text("next_step", "下一步打算", "Next step", "下步打算", "下一步工作打算"),
            Column("seen", pl.Int64, said("已有记录数", "Entries so far"), minimum=0),
        ),
        title=said("年度任务进展", "Reports on yearly tasks"),
        note=said(
            "一行一项任务。任务、目标、责任单位只供阅读；同一期再报，以后报为准。",
            "One row a task. Task, goal and office are only to be read; of two reports of a period the later counts.",
        ),
    )


def write_sheet(path: Path, *, by: Viewer) -> str:
    """Write the workbook to fill in: the tasks in hand that the viewer's office reports on; return its proper name."""
    table = report_table()
    schema = {column.name: column.dtype for column in table.columns}
    asked = queries.states(reporting.reportable(by))
    frame = pl.DataFrame(list(map(_cells, asked)), schema=schema)
    guide = tuple((column.head(language()), describe(column, language())) for column in table.columns)
    cover = Cover(_("How to fill in"), table.titled(language()), guide)
    write_workbook(path, [Sheet(table.sheet_name(language()), frame, table)], cover=cover, language=language())
    return f"{table.name}_{quarter(today())}.xlsx"


def _cells(state: RowState) -> dict[str, Any]:
    """Return a task with what was said of this quarter so far; empty texts are null."""
    row, period = state.row, quarter(today())
    assert row.case is not None  # only frozen rows are reported on
    said_ = state.told.of(period)
    cells = {"task_no": row.pk, "period": period, "task": row.task, "goal": _goal(state), "unit": office_name(row.lead)}
    cells |= {name: getattr(said_, name, None) for name in ("action", "completion", "value", "problem", "next_step")}
    return {name: None if value == "" else value for name, value in cells.items()} | {"seen": row.case.events_count}


def _goal(state: RowState) -> str:
    row = state.row
    return row.goal if row.goal_value is None else f"{row.goal_value:g} {row.unit}"


def import_reports(path: Path, *, by: Viewer, is_sure: bool) -> Outcome:
    """Write the reports of a sheet; not ``is_sure``: try them all and write nothing.

    A row that says what stands already changes nothing. Raises UnreadableFile where the file holds no such sheet.
    """
    check(by, TASK_SHEET, "report")

    def write(cells: Cells) -> Taken:
        row = queries.row(by, cells["task_no"])
        result = reporting.report(row.pk, _said(cells), by=by, seen=cells.get("seen"))
        return Taken(cells["row"], row.task, cells["period"], result)

    def log(outcome: Outcome) -> None:
        record("task_sheet.import", "task_sheet", "reports", by=by, rows=outcome.written, file=file_digest(path))

    return take_rows(path, report_table(), write, is_sure=is_sure, log=log)


def _said(cells: Cells) -> dict[str, Any]:
    if not cells.get("action") or not cells.get("completion"):
        raise UserError(_("Say what was done and how far it is."))
    names = ("period", "action", "completion", "value", "problem", "next_step")
    return {name: cells[name] for name in names if cells.get(name) not in (None, "")}
