"""A task sheet of the pack's plan for 2024, led from draft to frozen by the people who would."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.pack import pack
from liandesk.base.work.actions import Step, act
from liandesk.base.work.models import Case
from liandesk.steer.plan.queries import the_plan
from liandesk.steer.supervision import actions, evaluation_actions, queries
from liandesk.steer.supervision.models import Row, TaskSheet

BY = system_viewer("test")
YEAR = 2024
Who = Callable[[str], Viewer]


def draft(who: Who) -> TaskSheet:
    """Draft the sheet, of each set of offices two tasks; one that the plan gives to nobody is the chain office's."""
    take_over_packs(by=BY)
    office = who("ChainOffice")
    sheet = actions.draft_sheet(YEAR, by=office)
    kept: dict[tuple[str, str], list[int]] = {}
    for row in sheet.rows.order_by("number"):
        kept.setdefault((row.lead, row.partners), []).append(row.pk)
    sheet.rows.exclude(pk__in=[pk for of_one in kept.values() for pk in of_one[:2]]).delete()
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


PLACE = {"lead": officers_office(pack()), "partners": ""}
"""Where the marked task stands: with the bureau officer's office."""


def marked(users: Mapping[str, User]) -> dict[str, tuple[object, ...]]:
    """Draft a sheet whose one task is marked and commented on; judge a target. Return the objects by short name."""
    office, officer = viewer_of(users["ChainOffice"]), viewer_of(users["Officer"])
    take_over_packs(by=BY)
    sheet = actions.draft_sheet(YEAR, by=office)
    kept = sheet.rows.order_by("number")[:1].get()
    sheet.rows.exclude(pk=kept.pk).delete()
    said = {"task": "MarkTask", "goal": "MarkTask", "lead": PLACE["lead"], "partners": []}
    actions.change_row(kept.pk, said, by=office, version=kept.version)
    step(sheet.case, office, "send", comment_until="2024-10-20")
    comment = actions.comment(kept.pk, "MarkTaskComment", by=officer)
    target = next(iter(the_plan(office).targets))
    evaluation_actions.judge("midterm", target, "ahead", by=office, seen=0, reason="MarkLevel")
    return {"sheet": (sheet.pk,), "task row": (kept.pk,), "row comment": (comment.pk,), "judged": ("midterm", target)}
