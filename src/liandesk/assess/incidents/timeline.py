"""What happened in a room, in one line each: steps of its case, comments, tasks done, reasons stated, answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from liandesk.assess.incidents.queries import Room
from liandesk.base.accounts.queries import names_of
from liandesk.base.accounts.roles import Viewer
from liandesk.base.teamwork.queries import comments
from liandesk.base.work.models import Case
from liandesk.base.work.queries import process_of
from liandesk.base.work.templatetags.work import EVENTS
from liandesk.base.work.wording import titles

MOST = 60


@dataclass(frozen=True)
class Moment:
    """One thing that happened: when, who did it (an actor), what in words, and what was said, if anything."""

    at: datetime
    actor: str
    what: str
    said: str = ""
    who: str = ""


def timeline(viewer: Viewer, room: Room) -> list[Moment]:
    """Return what happened in a room, the latest first."""
    found = [*_steps(room.incident.case), *_talk(viewer, room), *_done(room), *_answers(room)]
    latest = sorted(found, key=lambda one: one.at, reverse=True)[:MOST]
    names = names_of(one.actor for one in latest)
    return [Moment(one.at, one.actor, one.what, one.said, names.get(one.actor, "")) for one in latest]


def _steps(case: Case, about: str = "") -> Iterator[Moment]:
    named = titles(process_of(case.definition))
    for event in case.events.order_by("number"):
        what = f"{EVENTS[event.kind]} {named.get(event.name, '')}".strip()
        said = next((str(event.data[name]) for name in _TEXTS if event.data.get(name)), "")
        yield Moment(event.recorded_at, event.actor, f"{about}{what}", said)


_TEXTS = ("progress", "finding", "lesson", "why_dismissed", "note")
"""The answers of the two processes that are told in the timeline."""


def _talk(viewer: Viewer, room: Room) -> Iterator[Moment]:
    for said in comments(viewer, room.incident.case_id):
        if said.text:
            yield Moment(said.comment.recorded_at, said.comment.actor, _("commented"), said.text)


def _done(room: Room) -> Iterator[Moment]:
    for one in room.tasks:
        if one.task.done_at:
            yield Moment(one.task.done_at, one.task.done_by, _("did a task"), one.task.title)
    for hit in room.hits:
        if hit.one.reason_at:
            what = _("said why nothing is done about %(entry)s") % {"entry": hit.entry}
            yield Moment(hit.one.reason_at, hit.one.reason_by, what, hit.one.reason)


def _answers(room: Room) -> Iterator[Moment]:
    for message in room.messages:
        if message.notice:
            yield from _steps(message.notice, f"{message.organisation_name}: ")
