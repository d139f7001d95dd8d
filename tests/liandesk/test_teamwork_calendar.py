"""The calendar feed: due dates at a secret address, under the rights of the moment of fetching."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from icalendar import Calendar

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.models import AuditEvent
from liandesk.base.teamwork.calendar import end_address, renew_address
from liandesk.base.teamwork.models import CalendarAddress
from liandesk.base.teamwork.task_actions import add_task, finish_task
from liandesk.base.work.models import Case

pytestmark = pytest.mark.django_db


def entries(path: str) -> dict[str, date]:
    """Fetch a feed as a calendar program does: without a session."""
    answer = Client().get(path)
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/calendar")
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    return {str(event["SUMMARY"]): event.decoded("DTSTART") for event in events}


def test_the_feed_shows_when_ones_cases_and_tasks_are_due(
    instruction: Case, viewer: Callable[[str], Viewer], cast: dict[str, User]
) -> None:
    task = add_task(instruction.pk, "Ask; the, town", by=viewer("Officer"), who=cast["Officer"], due=date(2024, 10, 8))
    path = renew_address(by=viewer("Officer"))
    assert entries(path) == {"Settle the land": date(2024, 10, 31), "Ask; the, town": date(2024, 10, 8)}
    finish_task(task.pk, by=viewer("Officer"))
    assert entries(path) == {"Settle the land": date(2024, 10, 31)}
    assert entries(renew_address(by=viewer("TownOfficer"))) == {}
    Case.objects.update(is_restricted=True)
    assert entries(path) == {}


def test_an_address_ends_when_it_is_renewed_ended_or_its_account_is_closed(
    instruction: Case, viewer: Callable[[str], Viewer], cast: dict[str, User]
) -> None:
    officer = viewer("Officer")
    first, second = renew_address(by=officer), renew_address(by=officer)
    assert Client().get(first).status_code == 404 and Client().get(second).status_code == 200
    assert CalendarAddress.objects.get().token_digest not in second
    end_address(by=officer)
    end_address(by=officer)
    assert Client().get(second).status_code == 404
    third = renew_address(by=officer)
    User.objects.filter(pk=cast["Officer"].pk).update(is_active=False)
    assert Client().get(third).status_code == 404 and Client().get("/calendar/x.ics").status_code == 404
    assert AuditEvent.objects.filter(action__startswith="calendar.").count() == 4


def test_the_address_is_shown_once_in_pages(instruction: Case, cast_client: Callable[[str], Client]) -> None:
    officer = cast_client("Officer")
    shown = officer.post("/me/calendar", {"do": "renew"}).content.decode()
    path = shown.partition("http://testserver")[2].partition("<")[0]
    assert list(entries(path)) == ["Settle the land"]
    assert path not in officer.get("/me/calendar").content.decode()
    assert officer.post("/me/calendar", {"do": "end"}).status_code == 302
    assert Client().get(path).status_code == 404
