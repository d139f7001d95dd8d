"""The demo's yearly task sheet: drafted from the plan, commented, frozen, reported on; a mid-term judgement or two."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from liandesk.base.accounts.access import can
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.base.teamwork.models import Task
from liandesk.base.teamwork.task_actions import finish_task
from liandesk.base.work.actions import Step, act
from liandesk.base.work.models import Case
from liandesk.steer.plan.queries import plan
from liandesk.steer.supervision import actions, queries, reporting
from liandesk.steer.supervision.models import Row, TaskSheet
from liandesk.steer.supervision.policies import TASK_SHEET

_PHOTO = b"%PDF-1.4\n% synthetic evidence of the demo\n%%EOF\n"
_REPORTS = (
    {
        "action": "召开两次调度会，走访十二家企业（合成）",
        "completion": "完成年度任务的一半（合成）",
        "next_step": "八月底前形成清单",
    },
    {
        "action": "会同平台对接三家机构（合成）",
        "completion": "正在推进，进度略慢（合成）",
        "problem": "配套资金未到位",
        "next_step": "提请专题研究",
    },
)


def share_out_tasks(people: Mapping[str, User]) -> int:
    """Let the offices agree on the year's tasks and report on them; return how many tasks there are."""
    office, officer, chief = (viewer_of(people[name]) for name in ("ChainOffice", "Officer", "ChainChief"))
    if plan(office) is None or queries.sheets(office).exists():
        return 0
    sheet = actions.draft_sheet(today().year, by=office, at=_moment((1, 3)), is_synthetic=True)
    _complete(sheet, office)
    _agree(sheet, office, officer, chief)
    for place, row in enumerate(sheet.rows.select_related("case").order_by("number")):
        _work_on(row, place, office if row.lead == pack().chain_office else officer)
    return sheet.rows.count()


def _complete(sheet: TaskSheet, office: Viewer) -> None:
    """Each task gets two milestones, one without a leading office the chain office."""
    year = sheet.year
    planned = [
        {"title": "方案和名单确定", "due": f"{year}-04-30"},
        {"title": "半数完成", "due": f"{year}-08-31"},
        {"title": "验收", "due": f"{year}-12-15"},
    ]
    for row in sheet.rows.all():
        lead = row.lead or pack().chain_office
        partners = [one for one in row.partner_offices if one != lead]
        said = {"lead": lead, "partners": partners, "milestones": planned}
        actions.change_row(row.pk, said, by=office, version=row.version)


def _agree(sheet: TaskSheet, office: Viewer, officer: Viewer, chief: Viewer) -> None:
    """The sheet went round in January; the bureau asked for more time, and got it."""
    _step(sheet.case, office, "send", (1, 8), comment_until=f"{sheet.year}-01-19")
    own = queries.seen_rows(officer).filter(sheet=sheet).first()
    if own:
        asked = actions.comment(own.pk, "年中要抽人参加机构调整，验收建议放在十二月。", by=officer)
        _step(sheet.case, officer, "give_back", (1, 15), opinion="commented")
        actions.answer(asked.pk, "已采纳，验收定在12月15日。", by=office)
    _step(sheet.case, office, "collect", (1, 20))
    _step(sheet.case, office, "freeze", (1, 22), reason="agreed")
    _step(sheet.case, chief, "freeze", (1, 23), kind="approve")


def _step(
    case: Case, by: Viewer, name: str, on: tuple[int, int], *, kind: Any = "do", reason: str = "", **data: Any
) -> None:
    seen = Case.objects.get(pk=case.pk).events_count
    act(case.pk, Step(kind, seen, name, data, reason, _moment(on)), by=by)


def _moment(on: tuple[int, int]) -> datetime:
    day = today().replace(month=on[0], day=on[1])
    return datetime.combine(day, time(10), ZoneInfo(settings.TIME_ZONE))


def _work_on(row: Row, place: int, by: Viewer) -> None:
    """Most tasks are reported on, some late, a few not at all; milestones are ticked off as far as they came."""
    assert row.case is not None  # the sheet is frozen
    if not can(by, TASK_SHEET, "report", {"lead": row.lead, "partners": row.partners}):
        return
    for task in Task.objects.filter(case=row.case).order_by("due")[: (2, 1, 2, 0)[place % 4]]:
        finish_task(task.pk, by=by)
    if place % 4 == 3:
        return
    said = {"period": f"{today().year}Q2", **_REPORTS[place % 2]}
    reporting.report(row.pk, said, by=by, at=_moment((7, 8)))
    proof = {"hash": store.put_bytes(_PHOTO), "title": "调度会纪要（合成）"}
    seen = Case.objects.get(pk=row.case.pk).events_count
    act(row.case.pk, Step("prove", seen, "progress", proof, at=_moment((7, 9))), by=by)
