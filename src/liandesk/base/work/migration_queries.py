"""Running cases and versions: how many run on each, and which of them a published map would take over."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import business_now
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import NotThere
from liandesk.base.work.migration_policies import MIGRATION
from liandesk.base.work.models import Case
from liandesk.base.work.queries import as_event, cases, process_of, processes_by_version, replayed, seen_by
from liandesk.base.work.wording import why
from liankit.process import Event, Migration, Process, build_migration, refusals

AT_ONCE = 2_000
"""Cases that a page tries or takes over in one request; the command takes any number."""


class Running(NamedTuple):
    """How many cases that the viewer sees run, and have ended, on one version of a process."""

    version: int
    is_latest: bool
    running: int
    ended: int


def running_on(viewer: Viewer, process: str) -> list[Running]:
    """Return the published versions of a process, newest first, with the viewer's cases on each."""
    open_ones, ended = Count("pk", filter=Q(ended_at=None)), Count("pk", filter=Q(ended_at__isnull=False))
    counted = cases(viewer).filter(process=process).values_list("definition__version")
    counts = {version: (opened, done) for version, opened, done in counted.annotate(opened=open_ones, done=ended)}
    published = Definition.objects.filter(kind="process", key=process, published_at__isnull=False)
    versions = list(published.order_by("-version").values_list("version", flat=True))
    return [Running(version, version == versions[0], *counts.get(version, (0, 0))) for version in versions]


def versions_of_log(case: Case, events: Sequence[Event]) -> list[Process]:
    """Return the versions a case ran by, the present one last: its history speaks in the words of each."""
    left = [build_migration(event.data, event.name).before for event in events if event.kind == "migrate"]
    versions = processes_by_version(case) if left else {}
    return [*(versions[str(number)] for number in left), process_of(case.definition)]


@dataclass(frozen=True)
class Trial:
    """What a map would do now: how many running cases go over, and which the viewer sees stay, each with why."""

    definition: Definition
    migration: Migration
    standing: int  # running cases of the version it starts from
    tried: int
    refused: list[tuple[Case, str]] = field(default_factory=list)
    hidden: int = 0  # refused cases that the viewer does not see

    @property
    def goes(self) -> int:
        """How many of the cases tried go over."""
        return self.tried - len(self.refused) - self.hidden

    @property
    def is_whole(self) -> bool:
        """Whether every running case was tried."""
        return self.tried == self.standing


def published_map(key: str) -> tuple[Definition, Migration]:
    """Return the map in force with a key; raise NotThere where none is published."""
    found = in_force("migration", key)
    if found is None:
        raise NotThere(f"migration/{key}")
    return found, build_migration(found.body, str(found))


def standing(migration: Migration) -> QuerySet[Case]:
    """Return every running case of the version that a map starts from, also restricted ones; for those who apply it."""
    found = Case.objects.filter(process=migration.process, definition__version=migration.before, ended_at=None)
    return found.select_related("definition").order_by("pk")


def try_map(viewer: Viewer, key: str, most: int | None = AT_ONCE) -> Trial:
    """Try a published map on the running cases (at most so many) without writing."""
    check(viewer, MIGRATION, "read")
    definition, migration = published_map(key)
    rows = standing(migration).prefetch_related("events")[:most]
    stay = {case: said for case in rows.iterator(500) for said in _refused(case, definition, migration)}
    seen = set(Case.objects.filter(seen_by(viewer), pk__in=[case.pk for case in stay]).values_list("pk", flat=True))
    shown = [(case, said) for case, said in stay.items() if case.pk in seen]
    count = standing(migration).count()
    return Trial(definition, migration, count, min(count, most or count), shown, len(stay) - len(shown))


def _refused(case: Case, definition: Definition, migration: Migration) -> Iterator[str]:
    """Yield why a case would stay; nothing where it goes."""
    new = Definition.objects.filter(kind="process", key=case.process, version=migration.after).first()
    versions = {str(migration.after): process_of(new)} if new and new.published_at else {}
    events = [as_event(row) for row in sorted(case.events.all(), key=lambda row: row.number)]
    event = Event(len(events) + 1, "migrate", "", business_now(), str(migration.after), definition.body)
    process = process_of(case.definition)
    if reasons := refusals(process, replayed(case, events), event, versions):
        yield why(process, reasons)
