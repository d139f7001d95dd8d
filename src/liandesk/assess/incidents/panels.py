"""What incident rooms put on other pages: menu, inbox, search, and panels on events, cases and entries."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.assess.incidents import queries
from liandesk.assess.incidents.effects import PROCESS
from liandesk.assess.incidents.policies import INCIDENT, LESSON
from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer
from liandesk.base.ui import panels
from liandesk.base.work.subjects import Subject
from liandesk.base.work.subjects import register as register_subject

_LINES = 20


def register() -> None:
    panels.MENU.append(_menu)
    panels.INBOX.append(_tasks)
    panels.SEARCH.append(_search)
    panels.PANELS.setdefault("event", []).append(_of_event)
    panels.PANELS.setdefault("entry", []).append(_of_entry)
    panels.PANELS.setdefault(f"case:{PROCESS}", []).append(_of_case)
    register_subject("incident", Subject(_title, lambda pk: reverse("incident", args=[pk])))


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, INCIDENT, "read"):
        yield panels.MenuItem("assess", _("Incident rooms"), "incidents", 35)


def _tasks(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """Tasks of the viewer's offices that nobody in person was named for."""
    if not can(viewer, INCIDENT, "work"):
        return
    offices = viewer.scope_ids(Role.OFFICER, ScopeKind.OFFICE) | viewer.scope_ids(Role.CHAIN_OFFICE, ScopeKind.OFFICE)
    for one in queries.of_office(viewer, offices)[:_LINES]:
        url = f"{reverse('incident', args=[one.incident_id])}#tasks"
        yield panels.InboxLine("due", one.task.title, url, one.incident.case.title, due=one.task.due)


def _search(viewer: Viewer, text: str) -> Iterator[panels.SearchItem]:
    if can(viewer, INCIDENT, "read"):
        for found in queries.incidents(viewer).filter(case__title__icontains=text)[:_LINES]:
            url = reverse("incident", args=[found.pk])
            yield panels.SearchItem(_("Incident room"), found.case.title, url, found.began_on.isoformat())
    for found in queries.lessons(viewer).filter(lesson__icontains=text)[:_LINES]:
        url = reverse("lesson", args=[found.pk])
        yield panels.SearchItem(_("Lesson"), found.case.title, url, found.lesson[:80])


def _title(viewer: Viewer, pk: str) -> str | None:
    if not (pk.isdecimal() and can(viewer, INCIDENT, "read")):
        return None
    return queries.incidents(viewer).filter(pk=pk).values_list("case__title", flat=True).first()


def _of_event(viewer: Viewer, pk: str) -> panels.Panel | None:
    """The rooms about an event, and the way to open one."""
    if not can(viewer, INCIDENT, "read"):
        return None
    context = {
        "rooms": list(queries.about_event(viewer, int(pk))[:_LINES]),
        "url": f"{reverse('incident_new')}?events={pk}" if can(viewer, INCIDENT, "open") else "",
    }
    return panels.Panel(_("Incident rooms"), "incidents/_of_event.html", context)


def _of_case(viewer: Viewer, pk: str) -> panels.Panel | None:
    """The way from the case of a room to its page."""
    if not can(viewer, INCIDENT, "read"):
        return None
    found = queries.incidents(viewer).filter(case=int(pk)).first()
    return panels.Panel(_("Incident room"), "incidents/_of_case.html", {"incident": found}) if found else None


def _of_entry(viewer: Viewer, key: str) -> panels.Panel | None:
    """The rooms that an entry is in, and the lessons of those that are closed."""
    if not entries(viewer).filter(pk=key).exists():
        return None
    lessons = list(queries.lessons(viewer).filter(entries__entry=key)[:_LINES]) if can(viewer, LESSON, "read") else []
    rooms = [one for one in queries.about_entry(viewer, key) if one.verdict and one.incident.case.ended_at is None]
    if not (lessons or rooms):
        return None
    return panels.Panel(_("Incidents"), "incidents/_of_entry.html", {"rooms": rooms, "lessons": lessons})
