"""A task sheet as a file, in the columns officers use: what its page shows, and what was reported last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.accounts.access import unbarred
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.copies import send, write_copy
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.steer.plan.shown import office_name
from liandesk.steer.supervision.models import TaskSheet
from liandesk.steer.supervision.queries import RowState
from liandesk.steer.supervision.wording import STANDINGS

COLUMNS = (
    ListColumn("number", _("No."), "number"),
    ListColumn("programme", _("Programme"), may_be_empty=True),
    ListColumn("task", _("Task")),
    ListColumn("goal", _("Goal of the year"), may_be_empty=True),
    ListColumn("goal_value", _("Goal of the year, as a number"), "number", may_be_empty=True),
    ListColumn("unit", _("Unit"), may_be_empty=True),
    ListColumn("lead", _("Leading office"), "term", group="offices"),
    ListColumn("partners", _("Co-operating offices"), may_be_empty=True),
    ListColumn("due", _("To be done by"), "date"),
    ListColumn("milestones", _("Milestones"), may_be_empty=True),
    ListColumn("standing", _("Standing"), "choice", choices={code: word for code, (word, _icon) in STANDINGS.items()}),
    ListColumn("period", _("Period"), may_be_empty=True),
    ListColumn("action", _c("report", "Action"), may_be_empty=True),
    ListColumn("completion", _c("report", "Completion"), may_be_empty=True),
    ListColumn("value", _("Value reached"), "number", may_be_empty=True),
    ListColumn("problem", _c("report", "Problem"), may_be_empty=True),
    ListColumn("next_step", _c("report", "Next step"), may_be_empty=True),
)


@dataclass(frozen=True)
class _Line:
    number: int
    programme: str
    task: str
    goal: str
    goal_value: float | None
    unit: str
    lead: str
    partners: str
    due: date
    milestones: str
    standing: str
    period: str
    action: str
    completion: str
    value: float | None
    problem: str
    next_step: str
    is_synthetic: bool


def send_sheet(of: TaskSheet, states: Iterable[RowState], kind: str, *, by: Viewer) -> FileResponse:
    """Send a sheet; of each task what was reported last."""
    listing = Listing(
        f"task_sheet_{of.year}", _now("Task sheet of %(year)s") % {"year": of.year}, COLUMNS, (), "", (), ""
    )
    lines = [_line(state, of.is_synthetic) for state in states]
    return send(kind, lambda path: write_copy(listing, lines, COLUMNS, path, by=by, kind=kind, seen_as=_now("none")))


def _line(state: RowState, is_synthetic: bool) -> _Line:
    row, last = state.row, state.last_report
    names = ("number", "programme", "task", "goal", "goal_value", "unit", "lead", "due")
    reported: dict[str, Any] = {
        name: getattr(last, name, "") for name in ("period", "action", "completion", "problem", "next_step")
    }
    said: dict[str, Any] = {name: getattr(row, name) for name in names}
    return _Line(
        **said,
        **reported,
        value=last.value if last else None,
        partners="、".join(map(office_name, unbarred(row.partners))),
        milestones="；".join(f"{one.due} {one.title}" for one in state.milestones),
        standing=state.standing,
        is_synthetic=is_synthetic,
    )
