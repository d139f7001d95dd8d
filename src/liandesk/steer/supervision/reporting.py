"""Report on a task of a frozen sheet: an entry in its case."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import UserError
from liandesk.base.ui.sheets import Result
from liandesk.base.work.actions import Step, act
from liandesk.steer.supervision import queries
from liandesk.steer.supervision.models import Row
from liandesk.steer.supervision.policies import TASK_SHEET
from liandesk.steer.supervision.reports import Report, told_of

_PERIOD = re.compile(r"^\d{4}Q[1-4]$")


def reportable(by: Viewer) -> QuerySet[Row]:
    """Return the tasks in hand that the viewer's office leads: those it reports on."""
    mine = visibility(by, TASK_SHEET, "report").as_q()
    return queries.seen_rows(by).filter(mine, case__isnull=False, case__ended_at=None)


@transaction.atomic
def report(
    pk: int, said: Mapping[str, Any], *, by: Viewer, seen: int | None = None, at: datetime | None = None
) -> Result:
    """Report on a task; what stands already for its period is not written again.

    ``seen`` is the number of entries of its case that the writer had before them (None: whatever there is); ``at`` when
    it was said (None: now).
    """
    row = queries.row(by, pk)
    check(by, TASK_SHEET, "report", {"lead": row.lead, "partners": row.partners})
    if row.case is None:
        raise UserError(_("The sheet of this task is not frozen yet."))
    if not _PERIOD.match(str(said.get("period", ""))):
        raise UserError(_("Write the period as a quarter: 2024Q3."))
    told = told_of([row.case.pk]).get(row.case.pk)
    before = told.of(said["period"]) if told else None
    if before and _says(before) == _plain(said):
        return "same"
    step = Step("do", row.case.events_count if seen is None else seen, "report", said, at=at)
    act(row.case.pk, step, by=by)
    return "changed" if before else "new"


def _says(found: Report) -> dict[str, Any]:
    return _plain({name: getattr(found, name) for name in _NAMES})


_NAMES = ("period", "action", "completion", "value", "problem", "next_step")


def _plain(said: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is said without what is not."""
    return {name: value for name, value in said.items() if value not in (None, "")}
