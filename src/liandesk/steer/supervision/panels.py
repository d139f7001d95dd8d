"""What supervision puts on pages of base and of the plan: menu, inbox, search, the tasks of a target or a measure."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui import panels
from liandesk.steer.supervision import queries, reporting
from liandesk.steer.supervision.actions import PROCESS
from liandesk.steer.supervision.effects import TASK
from liandesk.steer.supervision.policies import TASK_SHEET

_HITS = 10


def register() -> None:
    panels.MENU.append(_menu)
    panels.INBOX.append(_reports_missing)
    panels.SEARCH.append(_search)
    for kind in ("target", "measure"):
        panels.PANELS.setdefault(kind, []).append(_tasks_of)
    panels.PANELS.setdefault("office", []).append(_tasks_of_office)
    for process in (PROCESS, TASK):
        panels.PANELS.setdefault(f"case:{process}", []).append(_sheet_of)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, TASK_SHEET, "read"):
        yield panels.MenuItem("steer", _("Task sheets"), "task_sheets", 30)


def _reports_missing(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """The tasks of one's office of which the report of the last quarter is missing, in one line."""
    if not can(viewer, TASK_SHEET, "report"):
        return
    if missing := sum(state.is_report_missing for state in queries.states(reporting.reportable(viewer))):
        said = ngettext(
            "The last quarter's report is missing of %(count)s task",
            "The last quarter's report is missing of %(count)s tasks",
            missing,
        )
        yield panels.InboxLine("waiting", said % {"count": missing}, reverse("task_reports_import"), count=missing)


def _search(viewer: Viewer, text: str) -> Iterator[panels.SearchItem]:
    if can(viewer, TASK_SHEET, "read"):
        for row in queries.seen_rows(viewer).filter(task__icontains=text)[:_HITS]:
            yield panels.SearchItem(_("Task"), row.task, reverse("task_row", args=[row.pk]), str(row.sheet.year))


def _tasks_of(viewer: Viewer, subject_id: str) -> panels.Panel | None:
    """The tasks of the years that carry out a target or a measure."""
    if not can(viewer, TASK_SHEET, "read"):
        return None
    found = queries.rows_of(viewer, subject_id)
    return panels.Panel(_("Yearly tasks"), "supervision/_tasks.html", {"states": found}) if found else None


def _tasks_of_office(viewer: Viewer, office: str) -> panels.Panel | None:
    """The tasks that an office leads, as far as the viewer sees them."""
    if not can(viewer, TASK_SHEET, "read"):
        return None
    found = queries.rows_of_office(viewer, office)
    return panels.Panel(_("Yearly tasks"), "supervision/_tasks.html", {"states": found}) if found else None


def _sheet_of(viewer: Viewer, case: str) -> panels.Panel | None:
    """From the case of a sheet or of a task the way to what it runs."""
    if not can(viewer, TASK_SHEET, "read"):
        return None
    sheet = queries.sheets(viewer).filter(case=int(case)).first()
    row = None if sheet else queries.seen_rows(viewer).filter(case=int(case)).first()
    if sheet is None and row is None:
        return None
    return panels.Panel(_("Task sheet"), "supervision/_of_case.html", {"sheet": sheet, "row": row})
