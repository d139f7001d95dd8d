"""What teamwork puts on other pages: parts of the page of a case, lines of the inbox."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.queries import names_of
from liandesk.base.accounts.roles import Viewer
from liandesk.base.teamwork import chasing, naming, queries, sheet
from liandesk.base.teamwork.forms import CommentForm, NameForm, TaskForm
from liandesk.base.teamwork.policies import SAMPLE
from liandesk.base.ui import panels
from liandesk.base.work.policies import CASE
from liandesk.base.work.queries import one_case

_LINES = 20


def register() -> None:
    panels.MENU.append(_menu)
    panels.INBOX.extend([_my_tasks, _mentions, _watched])
    panels.PANELS.setdefault("case", []).extend([_chased, _named, _checklist, _talk])


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, CASE, "read"):
        yield panels.MenuItem("act", _("Digest of the day"), "digest", 30)
    if can(viewer, CASE, "chase"):
        yield panels.MenuItem("act", _("Chase what is overdue"), "chase_many", 40)
    if can(viewer, SAMPLE, "read"):
        yield panels.MenuItem("act", _("Samples of evidence"), "samples", 50)
    yield panels.MenuItem("system", _("Due dates in my calendar"), "calendar", 11)
    yield panels.MenuItem("system", _("Absence and deputies"), "absence", 10)


def _my_tasks(viewer: Viewer) -> Iterator[panels.InboxLine]:
    for task in queries.my_tasks(viewer)[:_LINES]:
        url, section = f"{reverse('case', args=[task.case_id])}#tasks", "due" if task.due else "waiting"
        yield panels.InboxLine(section, task.title, url, task.case.title, due=task.due)  # type: ignore[arg-type]


def _mentions(viewer: Viewer) -> Iterator[panels.InboxLine]:
    found = list(queries.unseen_mentions(viewer)[:_LINES])
    names = names_of(mention.comment.actor for mention in found)
    for mention in found:
        comment = mention.comment
        who, text = names.get(comment.actor, ""), list(comment.versions.all())[-1].text
        url = f"{reverse('case', args=[comment.case_id])}#comments"
        yield panels.InboxLine("changed", comment.case.title, url, f"{who}: {text[:80]}", at=comment.at)


def _watched(viewer: Viewer) -> Iterator[panels.InboxLine]:
    for case in queries.changed_watched(viewer)[:_LINES]:
        url = f"{reverse('case', args=[case.pk])}#comments"
        yield panels.InboxLine("changed", case.title, url, _("A case you watch has changed"), at=case.changed_at)


def _chased(viewer: Viewer, case_id: str) -> panels.Panel | None:
    """Show how often the case was chased, the button to do it, and the sheet of an instruction."""
    case = one_case(viewer, case_id).first()
    if case is None:
        return None
    may_chase = can(viewer, CASE, "chase")
    late = chasing.to_chase(viewer).filter(pk=case.pk).first() if may_chase else None
    context = {
        "case": case.pk,
        "chases": [chase.comment for chase in chasing.chases(viewer, case.pk)],
        "may_chase": late is not None and not chasing.was_chased_today(late),
        "has_sheet": case.process == sheet.PROCESS,
    }
    has_part = context["chases"] or context["may_chase"] or context["has_sheet"]
    return panels.Panel(_("Chasing and sheet"), "teamwork/_chased.html", context) if has_part else None


def _named(viewer: Viewer, case_id: str) -> panels.Panel | None:
    case = one_case(viewer, case_id).filter(is_restricted=True).first()
    if case is None:
        return None
    form = NameForm(auto_id="name_%s") if naming.may_name(viewer, case) else None
    context = {"case": case.pk, "people": naming.named_people(viewer, case), "form": form}
    return panels.Panel(_("Who sees this case"), "teamwork/_named.html", context)


def _checklist(viewer: Viewer, case_id: str) -> panels.Panel | None:
    case = one_case(viewer, case_id).first()
    if case is None:
        return None
    tasks = list(queries.tasks(viewer, case.pk))
    form = None if case.ended_at else TaskForm(case, auto_id="task_%s")
    context = {"case": case.pk, "tasks": tasks, "form": form, "names": names_of(task.done_by for task in tasks)}
    return panels.Panel(_("Tasks"), "teamwork/_tasks.html", context)


def _talk(viewer: Viewer, case_id: str) -> panels.Panel | None:
    pk = int(case_id)
    if not one_case(viewer, pk).exists():
        return None
    said = queries.comments(viewer, pk)
    context = {
        "case": pk,
        "comments": said,
        "names": names_of(one.comment.actor for one in said),
        "form": CommentForm(auto_id="comment_%s"),
        "is_watching": queries.is_watching(viewer, pk),
        "has_news": queries.has_news(viewer, pk),
    }
    return panels.Panel(_("Comments"), "teamwork/_talk.html", context)
