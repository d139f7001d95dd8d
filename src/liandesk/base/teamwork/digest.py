"""What matters to one person on one day: computed once for everybody, kept, read again under the rights of the moment.

A digest holds ids, titles and days, no sentences: it is worded when it is read, in the reader's language. Of a case
that its reader does not see any more nothing is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import now, today
from liandesk.base.teamwork import queries
from liandesk.base.teamwork.models import Digest, Mention, Task
from liandesk.base.ui.templatetags.ui import day, weekday
from liandesk.base.work.models import Case
from liandesk.base.work.queries import in_hand, mine, overdue, seen_by, waiting_on_others, whose_turn
from liandesk.base.work.wording import holder_name

MOST = 30  # lines of a section
SECTIONS: Mapping[str, Promise] = {
    "overdue": _("Overdue"),
    "due": _("Due today"),
    "new": _("New for me"),
    "mentions": _("I was named"),
    "tasks": _("My tasks"),
    "waiting": _("Waiting on others"),
}


@dataclass(frozen=True)
class Source:
    """A section that an app above adds: title, lines for a viewer, which ids they still see, the page of an id."""

    title: Promise
    lines: Callable[[Viewer], Iterable[Line]]
    seen: Callable[[Viewer, Collection[int]], Collection[int]]
    url: Callable[[int], str]


SOURCES: dict[str, Source] = {}
"""By key of the section; an app registers its own in ``ready()``."""


@dataclass(frozen=True)
class Line:
    """One line: a case, what it is about, the ISO days that matter, for whom it waits as ``kind:id``.

    Of a section of ``SOURCES`` ``case`` is the id of what that app lists.
    """

    case: int
    title: str
    due: str = ""
    since: str = ""
    holders: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Section:
    """The first lines of a section, and whether there are more."""

    key: str
    lines: tuple[Line, ...] = ()
    has_more: bool = False

    @property
    def title(self) -> Promise:
        return SOURCES[self.key].title if self.key in SOURCES else SECTIONS[self.key]

    @property
    def linked(self) -> list[tuple[Line, str]]:
        """Return the lines with where they lead."""
        source = SOURCES.get(self.key)
        return [(line, source.url(line.case) if source else reverse("case", args=[line.case])) for line in self.lines]


def compute(viewer: Viewer, since: datetime | None = None) -> tuple[Section, ...]:
    """Return the digest of today; ``since``: from when on a case is new, else from a day ago."""
    came = mine(viewer).filter(changed_at__gt=since or now() - timedelta(days=1))
    found = (
        _section("overdue", overdue(viewer)),
        _section("due", in_hand(viewer).filter(due=today())),
        _section("new", came.exclude(due__lte=today())),
        _mentions(queries.unseen_mentions(viewer)),
        _tasks(queries.my_tasks(viewer)),
        _waiting(waiting_on_others(viewer)),
        *(_of_source(key, source, viewer) for key, source in SOURCES.items()),
    )
    return tuple(section for section in found if section.lines)


def _section(key: str, found: QuerySet[Case]) -> Section:
    rows = list(found[: MOST + 1])
    lines = (Line(case.pk, case.title, due=day(case.due)) for case in rows[:MOST])
    return Section(key, tuple(lines), len(rows) > MOST)


def _waiting(found: QuerySet[Case]) -> Section:
    rows = list(found[: MOST + 1])
    turns = whose_turn(rows[:MOST])
    lines = (
        Line(case.pk, case.title, day(case.due), day(case.entered_at), _holders(turns.get(case.pk, ())))
        for case in rows[:MOST]
    )
    return Section("waiting", tuple(lines), len(rows) > MOST)


def _holders(parties: Iterable[Any]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{party.scope_kind}:{party.scope_id}" for party in parties))


def _mentions(found: QuerySet[Mention]) -> Section:
    rows = list(found[: MOST + 1])
    lines = (
        Line(said.comment.case_id, said.comment.case.title, note=list(said.comment.versions.all())[-1].text[:120])
        for said in rows[:MOST]
    )
    return Section("mentions", tuple(lines), len(rows) > MOST)


def _tasks(found: QuerySet[Task]) -> Section:
    rows = list(found[: MOST + 1])
    lines = (Line(task.case_id, task.title, day(task.due), note=task.case.title) for task in rows[:MOST])
    return Section("tasks", tuple(lines), len(rows) > MOST)


def _of_source(key: str, source: Source, viewer: Viewer) -> Section:
    lines = list(islice(source.lines(viewer), MOST + 1))
    return Section(key, tuple(lines[:MOST]), len(lines) > MOST)


def as_json(sections: Iterable[Section]) -> list[dict[str, Any]]:
    """Return sections in the form in which they are kept."""
    return [asdict(section) for section in sections]


def kept(viewer: Viewer, on: date) -> tuple[Section, ...] | None:
    """Return the digest kept for a day, less what its reader does not see any more; None where none is kept."""
    row = Digest.objects.filter(user=viewer.user_id, day=on).first()
    if row is None:
        return None
    left = (_still_seen(_read(section), viewer) for section in row.body)
    return tuple(section for section in left if section.lines)


def _still_seen(section: Section, viewer: Viewer) -> Section:
    wanted, source = {line.case for line in section.lines}, SOURCES.get(section.key)
    if source is not None:
        seen = set(source.seen(viewer, wanted))
    else:
        seen = set(Case.objects.filter(seen_by(viewer), pk__in=wanted).values_list("pk", flat=True))
    return replace(section, lines=tuple(line for line in section.lines if line.case in seen))


def _read(section: Mapping[str, Any]) -> Section:
    lines = (Line(**{**line, "holders": tuple(line["holders"])}) for line in section["lines"])
    return Section(section["key"], tuple(lines), section["has_more"])


def days_kept(viewer: Viewer, most: int = 14) -> list[date]:
    """Return the last days for which the viewer has a digest, the latest first."""
    rows = Digest.objects.filter(user=viewer.user_id).order_by("-day")
    return list(rows.values_list("day", flat=True)[:most])


def as_text(sections: Iterable[Section], on: date, name: str) -> str:
    """Return a digest as plain text in the reader's language, to paste anywhere."""
    parts = [_now("%(name)s, %(day)s") % {"name": name, "day": weekday(on)}]
    for section in sections:
        more = [_now("… and more")] if section.has_more else []
        parts.append("\n".join([f"{section.title}", *(_said(line) for line in section.lines), *more]))
    return "\n\n".join(parts if len(parts) > 1 else [*parts, _now("Nothing is due, new or waiting.")])


def _said(line: Line) -> str:
    """Return one line in words."""
    details = []
    if line.due:
        details.append(_now("due %(day)s") % {"day": line.due})
    if line.holders:
        details.append(
            _now("waits for %(whom)s") % {"whom": "、".join(holder_name(*one.split(":", 1)) for one in line.holders)}
        )
    if line.since:
        details.append(_now("since %(day)s") % {"day": line.since})
    if line.note:
        details.append(" ".join(line.note.split()))
    return f"- {line.title}" + (f" ({'; '.join(details)})" if details else "")
