"""A calendar feed: the days on which one's cases and tasks are due, at a secret address of one's own.

Whoever holds the address reads the feed, so it shows what its owner may see at the moment of fetching and no more than
titles and days; the owner renews or ends it.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import date, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from liandesk.base.accounts.queries import token_digest
from liandesk.base.accounts.roles import Viewer, viewer_of
from liandesk.base.audit.actions import record
from liandesk.base.clock import now
from liandesk.base.teamwork.models import CalendarAddress
from liandesk.base.teamwork.queries import my_tasks
from liandesk.base.work.queries import in_hand

MOST = 1000  # entries of a feed
_PRODUCT = "-//Liandesk//due dates//EN"


def address_of(viewer: Viewer) -> CalendarAddress | None:
    """Return the viewer's address; its secret was shown once and is not kept."""
    return CalendarAddress.objects.filter(user=viewer.user_id).first()


@transaction.atomic
def renew_address(*, by: Viewer) -> str:
    """Return the path of a new feed of one's own; an earlier address stops working at once."""
    assert by.user_id is not None  # a program has no calendar
    token = secrets.token_urlsafe(32)
    made = {"token_digest": token_digest(token), "made_at": now()}
    CalendarAddress.objects.update_or_create(user_id=by.user_id, defaults=made)
    record("calendar.renew", "user", by.user_id, by=by)
    return reverse("calendar_feed", args=[token])


@transaction.atomic
def end_address(*, by: Viewer) -> None:
    """Let one's feed be read no more."""
    gone, _rows = CalendarAddress.objects.filter(user=by.user_id).delete()
    if gone:
        record("calendar.end", "user", by.user_id, by=by)


def reader_of(token: str) -> Viewer | None:
    """Return as whom an address is read, with the rights of the moment; None for one that is not, or not any more."""
    found = CalendarAddress.objects.select_related("user").filter(token_digest=token_digest(token)).first()
    return viewer_of(found.user) if found and found.user.is_active else None


def feed(viewer: Viewer, site: str) -> bytes:
    """Return the due dates of a viewer's open cases and tasks as iCalendar; ``site`` is the address of this site."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Liandesk: due dates"))
    for event in _events(viewer, site):
        calendar.add_component(event)
    return calendar.to_ical()


def _events(viewer: Viewer, site: str) -> Iterator[Event]:
    host = site.split("//")[-1]
    for case in in_hand(viewer).exclude(due=None)[:MOST]:
        assert case.due is not None  # by the filter
        url = site + reverse("case", args=[case.pk])
        yield _event(f"case-{case.pk}@{host}", case.title, case.due, url)
    for task in my_tasks(viewer).exclude(due=None)[:MOST]:
        assert task.due is not None  # by the filter
        url = f"{site}{reverse('case', args=[task.case_id])}#tasks"
        yield _event(f"task-{task.pk}@{host}", task.title, task.due, url)


def _event(uid: str, title: str, day: date, url: str) -> Event:
    event = Event()
    event.add("uid", uid)
    event.add("dtstamp", now())
    event.add("summary", title)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")  # a due date does not make its day busy
    event.add("url", url)
    return event
