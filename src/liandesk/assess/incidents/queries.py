"""Read incident rooms. What a viewer may not see is neither found, counted, nor carried along."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
from django.db.models import Q, QuerySet

from liandesk.assess.backups.models import Technology
from liandesk.assess.backups.policies import CANDIDATE
from liandesk.assess.backups.queries import Opened as Backup
from liandesk.assess.backups.queries import backups_of_items, candidates_of
from liandesk.assess.events.models import Event
from liandesk.assess.incidents.models import Incident, IncidentEntry, Message, RoomTask
from liandesk.assess.incidents.playbook import playbook
from liandesk.assess.incidents.policies import INCIDENT, LESSON
from liandesk.assess.lists.levels import shown_level
from liandesk.assess.lists.models import ListEntry
from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.access import can, check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import NotThere
from liandesk.base.snapshots import store
from liandesk.base.work.models import Case
from liandesk.base.work.queries import seen_by
from liankit.risk.cascade.stops import VERDICTS

MOST_CASES = 50


def incidents(viewer: Viewer) -> QuerySet[Incident]:
    """Return the rooms that the viewer may see, the youngest first."""
    check(viewer, INCIDENT, "read")
    found = Incident.objects.filter(visibility(viewer, INCIDENT).as_q(), seen_by(viewer, "case"))
    return found.distinct().select_related("case__definition", "snapshot").order_by("-pk")


def incident(viewer: Viewer, pk: int) -> Incident:
    """Return one room; raise NotThere when there is none for the viewer."""
    found = incidents(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(f"There is no incident room {pk} for you. The page of rooms shows those you may see.")
    return found


def incident_entry(viewer: Viewer, pk: int) -> IncidentEntry:
    """Return an entry of a room; raise NotThere when there is none for the viewer."""
    found = IncidentEntry.objects.filter(pk=pk, incident__in=incidents(viewer).values("pk")).first()
    if found is None:
        raise NotThere(f"There is no entry {pk} in a room that you see.")
    return found


def message(viewer: Viewer, pk: int) -> Message:
    """Return a message of a room; raise NotThere when there is none for the viewer."""
    seen = incidents(viewer).values("pk")
    found = Message.objects.select_related("incident__case", "notice").filter(pk=pk, incident__in=seen).first()
    if found is None:
        raise NotThere(f"There is no message {pk} in a room that you see.")
    return found


@dataclass(frozen=True)
class Hit:
    """An affected entry as a meeting reads it: how grave, what it comes to, by when, what is done about it."""

    one: IncidentEntry
    level: str
    first_day: date | None  # it may lack something from then on; None: not known
    last_day: date | None  # it has stopped by then; None: not known or not sure
    tasks: tuple[RoomTask, ...]
    backups: tuple[Backup, ...]  # the readiest first
    candidates: int | None  # None: not for the viewer
    must_settle: bool  # it is of a level that the room may not be closed over

    @property
    def entry(self) -> ListEntry:
        return self.one.entry

    @property
    def is_settled(self) -> bool:
        return _is_settled(self.one, self.tasks)


@dataclass(frozen=True)
class Room:
    """A room with everything that its page shows."""

    incident: Incident
    events: list[Event]
    hits: list[Hit]
    no_longer: int  # entries that the last trace does not reach any more
    tasks: list[RoomTask]
    messages: list[Message]
    lines: pl.DataFrame
    inputs: pl.DataFrame
    cases: list[Case]
    may_work: bool

    @property
    def must_settle(self) -> list[Hit]:
        """The affected entries of the levels over which the room may not be closed."""
        return [hit for hit in self.hits if hit.must_settle]

    @property
    def unsettled(self) -> list[Hit]:
        return [hit for hit in self.must_settle if not hit.is_settled]

    @property
    def drafts(self) -> list[Message]:
        """The messages that were not sent yet."""
        return [one for one in self.messages if one.notice_id is None]

    @property
    def backups(self) -> list[Backup]:
        """The backups of everything that is hit, each once."""
        return list({one.backup.pk: one for hit in self.hits for one in hit.backups}.values())

    @property
    def going_on(self) -> list[Event]:
        """The events that are not known to have ended."""
        return [event for event in self.events if event.state == "open"]

    @property
    def products(self) -> pl.DataFrame:
        """The products of the district's enterprises that are reached."""
        return self.lines.filter(pl.col("is_product") & pl.col("is_district").fill_null(False))


def room(viewer: Viewer, pk: int) -> Room:
    """Return one room opened; raise NotThere when there is none for the viewer."""
    found = incident(viewer, pk)
    tasks = list(found.tasks.select_related("task__who", "entry__entry"))
    all_entries = list(found.entries.select_related("entry"))
    reached = [one for one in all_entries if one.verdict]
    return Room(
        incident=found,
        events=list(found.events.order_by("began_on", "pk").prefetch_related("hits")),
        hits=_hits(viewer, found, reached, tasks),
        no_longer=len(all_entries) - len(reached),
        tasks=tasks,
        messages=list(found.messages.select_related("notice")),
        lines=store.get_frame(found.tables["lines"]),
        inputs=store.get_frame(found.tables["inputs"]),
        cases=list(_open_cases(viewer, reached)),
        may_work=can(viewer, INCIDENT, "work") and found.case.ended_at is None,
    )


def _hits(viewer: Viewer, found: Incident, reached: list[IncidentEntry], tasks: Iterable[RoomTask]) -> list[Hit]:
    levels, by_entry = playbook().levels, _by_entry(tasks)
    items = {one.entry.item for one in reached}
    backups, candidates = _backups(viewer, items), _candidates(viewer, items)
    hits = [
        Hit(
            one,
            level := shown_level(one.entry),
            _day(found, one.day_low),
            _day(found, one.day_high),
            tuple(by_entry.get(one.pk, ())),
            backups.get(one.entry.item, ()),
            None if candidates is None else candidates.get(one.entry.item, 0),
            level in levels,
        )
        for one in reached
    ]
    return sorted(hits, key=_gravest_first)


def _gravest_first(hit: Hit) -> tuple[int, int, int, str]:
    order = ("red", "orange", "yellow", "blue")
    level = order.index(hit.level) if hit.level in order else len(order)
    verdicts = list(VERDICTS.categories)
    return level, verdicts.index(hit.one.verdict), hit.entry.position, hit.entry.key


def _day(found: Incident, days: float | None) -> date | None:
    return None if days is None else found.began_on + timedelta(days=int(days))


def _by_entry(tasks: Iterable[RoomTask]) -> dict[int, list[RoomTask]]:
    found: dict[int, list[RoomTask]] = {}
    for task in tasks:
        if task.entry_id is not None:
            found.setdefault(task.entry_id, []).append(task)
    return found


def _backups(viewer: Viewer, items: set[str]) -> Mapping[str, tuple[Backup, ...]]:
    found: dict[str, tuple[Backup, ...]] = {}
    for one in backups_of_items(viewer, items):
        technology: Technology = one.technology
        found[technology.item] = (*found.get(technology.item, ()), one)
    return found


def _candidates(viewer: Viewer, items: set[str]) -> Mapping[str, int] | None:
    if not can(viewer, CANDIDATE, "read"):
        return None
    counted = candidates_of(viewer, items).group_by("item").agg(pl.col("candidate_name").n_unique())
    return dict(counted.iter_rows())


def _open_cases(viewer: Viewer, reached: list[IncidentEntry]) -> QuerySet[Case]:
    """Return the open cases that the viewer sees about what is affected: entries, enterprises, items."""
    keys = [one.entry_id for one in reached]
    organisations = {one.entry.organisation for one in reached} - {""}
    items = {one.entry.item for one in reached}
    about = Q(subject_kind="entry", subject_id__in=keys)
    about |= Q(subject_kind="organisation", subject_id__in=organisations)
    about |= Q(subject_kind="node", subject_id__in=items)
    found = Case.objects.filter(seen_by(viewer), about, ended_at=None)
    return found.select_related("definition").order_by("due", "pk")[:MOST_CASES]


def unsettled(found: Incident) -> list[IncidentEntry]:
    """Return the affected entries of the playbook's levels with neither a task that is done nor a stated reason."""
    levels, by_entry = playbook().levels, _by_entry(found.tasks.select_related("task"))
    reached = found.entries.exclude(verdict="").select_related("entry").order_by("pk")
    grave = [one for one in reached if shown_level(one.entry) in levels]
    return [one for one in grave if not _is_settled(one, by_entry.get(one.pk, ()))]


def _is_settled(one: IncidentEntry, tasks: Iterable[RoomTask]) -> bool:
    return bool(one.reason) or any(task.task.done_at for task in tasks)


def of_office(viewer: Viewer, offices: Iterable[str]) -> QuerySet[RoomTask]:
    """Return the open tasks of rooms that offices have and no person was named for, the earliest due first."""
    open_rooms = incidents(viewer).filter(case__ended_at=None).values("pk")
    found = RoomTask.objects.filter(incident__in=open_rooms, office__in=list(offices), task__done_at=None)
    return found.filter(task__who=None).select_related("task", "incident__case").order_by("task__due", "pk")


def about_entry(viewer: Viewer, key: str) -> list[IncidentEntry]:
    """Return the rooms an entry is or was in, as far as the viewer sees them, the youngest first."""
    if not can(viewer, INCIDENT, "read"):
        return []
    seen = incidents(viewer).values("pk")
    found = IncidentEntry.objects.filter(entry=key, incident__in=seen).select_related("incident__case")
    return list(found.order_by("-incident_id"))


def lessons(viewer: Viewer) -> QuerySet[Incident]:
    """Return the closed rooms that left a lesson, the youngest first."""
    if not can(viewer, LESSON, "read"):
        return Incident.objects.none()
    return Incident.objects.exclude(lesson="").select_related("case").order_by("-learnt_at")


def lesson(viewer: Viewer, pk: int) -> tuple[Incident, list[ListEntry]]:
    """Return a lesson with the entries it is about that the viewer sees; raise NotThere when there is none."""
    check(viewer, LESSON, "read")
    found = lessons(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(f"There is no lesson {pk} for you.")
    return found, list(entries(viewer).filter(incidents__incident=found))


def about_event(viewer: Viewer, event_pk: int) -> QuerySet[Incident]:
    """Return the rooms about an event that the viewer sees."""
    return incidents(viewer).filter(events=event_pk)
