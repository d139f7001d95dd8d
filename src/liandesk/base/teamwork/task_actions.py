"""Write the checklist of a case."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import business_now, now
from liandesk.base.errors import NotThere, UserError
from liandesk.base.teamwork.actions import seen_case
from liandesk.base.teamwork.models import Task
from liandesk.base.teamwork.people import sees
from liandesk.base.work.queries import seen_by


@transaction.atomic
def add_task(case_pk: int, title: str, *, by: Viewer, who: User | None = None, due: date | None = None) -> Task:
    """Put a task on the checklist of an open case, for somebody who sees it or for nobody yet."""
    task = put_task(case_pk, title, by=by, who=who, due=due)
    record("task.add", "case", case_pk, by=by, task=task.pk, who=who.pk if who else None)
    return task


def put_task(case_pk: int, title: str, *, by: Viewer, who: User | None = None, due: date | None = None) -> Task:
    """Put a task on a checklist as part of another action, whose one event names it; inside its transaction."""
    case = seen_case(case_pk, by)
    if case.ended_at:
        raise UserError(_("The case has ended; it takes no further task."))
    if not title.strip():
        raise UserError(_("A task needs a title."))
    if who is not None and not sees(who, case):
        raise UserError(_("%(who)s does not see this case.") % {"who": who.display_name})
    made = {"made_by": by.actor, "made_at": now()}
    return Task.objects.create(case=case, title=title.strip()[:200], who=who, due=due, **made)


@transaction.atomic
def finish_task(pk: int, *, by: Viewer) -> Task:
    """Tick a task off; done already, it stays as it is."""
    task = _task(pk, by)
    if task.done_at is None:
        task.done_at, task.done_by = business_now(), by.actor
        task.save(update_fields=["done_at", "done_by"])
        record("task.finish", "case", task.case_id, by=by, task=task.pk)
    return task


@transaction.atomic
def reopen_task(pk: int, *, by: Viewer) -> Task:
    """Take the tick off a task again."""
    task = _task(pk, by)
    if task.done_at is not None:
        task.done_at, task.done_by = None, ""
        task.save(update_fields=["done_at", "done_by"])
        record("task.reopen", "case", task.case_id, by=by, task=task.pk)
    return task


def _task(pk: int, by: Viewer) -> Task:
    found = Task.objects.select_for_update(of=("self",)).filter(seen_by(by, "case"), pk=pk).first()
    if found is None:
        raise NotThere(_("There is no such task for you."))
    return found
