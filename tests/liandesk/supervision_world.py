"""A task sheet of the pack's plan for 2024, led from draft to frozen by the people who would."""

from __future__ import annotations

from collections.abc import Callable

from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.work.actions import Step, act
from liandesk.base.work.models import Case
from liandesk.steer.supervision import actions, queries
from liandesk.steer.supervision.models import Row, TaskSheet

BY = system_viewer("test")
YEAR = 2024
Who = Callable[[str], Viewer]


def draft(who: Who) -> TaskSheet:
    """Draft the sheet; duties whose office the plan does not name are given to the chain office."""
    take_over_packs(by=BY)
    office = who("ChainOffice")
    sheet = actions.draft_sheet(YEAR, by=office)
    for row in sheet.rows.filter(lead=""):
        partners = [one for one in row.partner_offices if one != "economy"]
        actions.change_row(row.pk, {"lead": "economy", "partners": partners}, by=office, version=row.version)
    return sheet


def step(case: Case, by: Viewer, name: str, kind: str = "do", reason: str = "", **data: object) -> Case:
    """Take one step of a case as it stands now."""
    seen = Case.objects.get(pk=case.pk).events_count
    return act(case.pk, Step(kind, seen, name, data, reason), by=by)  # type: ignore[arg-type]


def send(sheet: TaskSheet, who: Who) -> None:
    """Send the sheet for comment."""
    step(sheet.case, who("ChainOffice"), "send", comment_until="2024-10-20")


def freeze(sheet: TaskSheet, who: Who) -> TaskSheet:
    """Collect the comments and freeze it, the chain chief agreeing."""
    step(sheet.case, who("ChainOffice"), "collect")
    step(sheet.case, who("ChainOffice"), "freeze", reason="agreed")
    step(sheet.case, who("ChainChief"), "freeze", "approve")
    return TaskSheet.objects.get(pk=sheet.pk)


def frozen(who: Who) -> TaskSheet:
    """Return a frozen sheet."""
    sheet = draft(who)
    send(sheet, who)
    return freeze(sheet, who)


def row_of(sheet: TaskSheet, office: str) -> Row:
    """Return the first row that an office leads."""
    return queries.seen_rows(BY).filter(sheet=sheet, lead=office).first() or _none(office)


def _none(office: str) -> Row:
    raise LookupError(f"the sheet has no task that {office} leads")
