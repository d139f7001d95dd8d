"""Read the backup list. What a viewer may not see is neither found, counted, nor carried along.

Readiness decays from day to day: it is computed here, by the rules in force, whenever a row is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db.models import Prefetch, QuerySet

from liandesk.assess.backups.models import Backup, BackupEvent, Drill, Technology
from liandesk.assess.backups.policies import BACKUP, CANDIDATE
from liandesk.assess.backups.rules import rules
from liandesk.assess.backups.stocks import Stocks, stocks_of
from liandesk.base.accounts.access import can, check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.errors import NotThere
from liandesk.base.snapshots.queries import published, table
from liandesk.know.registry.queries import merged_into
from liankit.reasons import Reason
from liankit.risk.candidates import CANDIDATE_SCHEMA
from liankit.risk.readiness import Ends, Held, OpenEnds, Readiness, Rules, assess, covers

STANDING = "standing"
EVENTS_SHOWN = 100


@dataclass(frozen=True)
class Opened:
    """One backup with what follows from it today; ``in_time``: whether it takes over before stock runs out."""

    backup: Backup
    technology: Technology
    rules: Rules
    readiness: Readiness
    in_time: Reason
    is_overdue: bool

    @property
    def switch(self) -> Ends:
        """The least and the most months until it can take over."""
        return self.readiness.months

    @property
    def reasons(self) -> tuple[Reason, ...]:
        return (*self.readiness.reasons, self.in_time)


@dataclass(frozen=True)
class OpenedTechnology:
    """One row of the list with its backups, how many days its stock lasts, and its history."""

    technology: Technology
    survive: OpenEnds
    backups: tuple[Opened, ...]
    withdrawn: tuple[Backup, ...]
    events: list[BackupEvent]
    may_keep: bool
    may_list: bool


def technologies(viewer: Viewer) -> QuerySet[Technology]:
    """Return the rows of the list that the viewer may see, without hidden columns, by name."""
    seen = visibility(viewer, BACKUP)
    return Technology.objects.filter(seen.as_q()).defer(*_hidden(viewer)).order_by("name", "pk")


def _hidden(viewer: Viewer) -> list[str]:
    own = {field.name for field in Technology._meta.fields}
    return sorted(visibility(viewer, BACKUP).hidden & own)


def technology(viewer: Viewer, pk: int) -> Technology:
    """Return one row with hidden columns blanked; raise NotThere when there is none for the viewer."""
    found = technologies(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(f"There is no row {pk} of the backup list for you. The list shows those you may see.")
    for name in _hidden(viewer):
        setattr(found, name, "")
    return found


def backup(viewer: Viewer, pk: int) -> Backup:
    """Return one standing backup; raise NotThere when there is none for the viewer."""
    seen = technologies(viewer).values("pk")
    found = Backup.objects.select_related("technology").filter(pk=pk, technology__in=seen, state=STANDING).first()
    if found is None:
        raise NotThere(f"There is no backup {pk} for you. The backup list shows those you may see.")
    return found


def drill(viewer: Viewer, pk: int) -> Drill:
    """Return one planned drill of a standing backup; raise NotThere when there is none for the viewer."""
    found = Drill.objects.select_related("backup__technology").filter(pk=pk, state="planned").first()
    if found is None:
        raise NotThere(f"There is no planned drill {pk} for you. The page of its backup shows its drills.")
    backup(viewer, found.backup_id)
    return found


def planned_drill(viewer: Viewer, backup_pk: int) -> Drill:
    """Return the drill that is planned of a standing backup; raise NotThere when there is none for the viewer."""
    found = backup(viewer, backup_pk).drills.filter(state="planned").first()
    if found is None:
        raise NotThere(f"No drill of backup {backup_pk} is planned. Plan it first.")
    return found


def opened(viewer: Viewer, pk: int) -> OpenedTechnology:
    """Return one row with everything of it that the viewer may see."""
    found = technology(viewer, pk)
    held = list(found.backups.prefetch_related("drills").order_by("pk"))
    standing = [one for one in held if one.state == STANDING]
    survive, row = _survive(found, standing, stocks_of([found.item])), as_row(found)
    return OpenedTechnology(
        found,
        survive,
        tuple(_all_of(found, standing, survive, rules() if standing else None)),
        tuple(one for one in held if one.state != STANDING),
        list(found.events.select_related("backup")[:EVENTS_SHOWN]),
        may_keep=can(viewer, BACKUP, "keep", row),
        may_list=can(viewer, BACKUP, "list"),
    )


def as_row(found: Technology) -> dict[str, object]:
    """Return the fields that the access matrix looks at."""
    return {"owner_office": found.owner_office, "town": found.town}


def all_opened(rows: Iterable[Technology]) -> list[tuple[Technology, OpenEnds, list[Opened]]]:
    """Return each of the rows with how long its stock lasts and its standing backups; in four reads however many."""
    standing = Prefetch("backups", Backup.objects.filter(state=STANDING).order_by("pk"))
    found = list(rows.prefetch_related(standing)) if isinstance(rows, QuerySet) else list(rows)
    stocks = stocks_of({row.item for row in found})
    held_by = [(row, list(row.backups.all())) for row in found]
    by = rules() if any(held for _row, held in held_by) else None
    told = []
    for row, held in held_by:
        survive = _survive(row, held, stocks)
        told.append((row, survive, _all_of(row, held, survive, by)))
    return told


def _all_of(row: Technology, held: Sequence[Backup], survive: OpenEnds, by: Rules | None) -> list[Opened]:
    """Return a row's backups as they stand today; ``by`` None: there are none, and no rules are asked for."""
    return [_opened(one, row, survive, by, today()) for one in held] if by else []


def _opened(held: Backup, row: Technology, survive: OpenEnds, by: Rules, on: date) -> Opened:
    ready = assess(_as_held(held), by, on)
    is_overdue = held.next_drill is not None and held.next_drill < on
    return Opened(held, row, by, ready, covers(ready.months, survive), is_overdue)


def _as_held(held: Backup) -> Held:
    return Held(
        held.type,
        held.steps_done,
        held.change_class,
        held.trl,
        held.confirmed_on,
        held.last_drill,
        held.last_result,
        held.next_drill,
    )


def _survive(row: Technology, held: Sequence[Backup], stocks: Stocks) -> OpenEnds:
    """Return how many days stock lasts: that of whoever uses the item and that which is held as a backup."""
    low, high = stocks.of(row.item, row.organisation)
    extra = [one.stock_days for one in held if one.type == "stock"]
    known = sum(days for days in extra if days is not None)
    if not known and low is None and high is None:
        return None, None
    return (low or 0.0) + known, None if high is None or None in extra else high + known


def backups_of_items(viewer: Viewer, items: Iterable[str]) -> list[Opened]:
    """Return the standing backups of whatever depends on these items, the readiest first."""
    rows = technologies(viewer).filter(item__in=[item for item in items if item], state=STANDING)
    found = [one for _row, _survive_, held in all_opened(rows) for one in held]
    return sorted(found, key=lambda one: (-one.readiness.low, -one.readiness.high, one.backup.pk))


def rows_of_organisation(viewer: Viewer, organisation_id: str) -> QuerySet[Technology]:
    """Return the standing rows that are an organisation's own, or of which it holds a backup."""
    ids = ids_of(organisation_id)
    held = Backup.objects.filter(holder__in=ids, state=STANDING).values("technology")
    rows = technologies(viewer).filter(state=STANDING)
    return rows.filter(pk__in=held) | rows.filter(organisation__in=ids)


def ids_of(organisation_id: str) -> frozenset[str]:
    """Return the ids under which the list may know an organisation: its own, and those that were merged into it."""
    written = {
        *Backup.objects.values_list("holder", flat=True),
        *Technology.objects.values_list("organisation", flat=True),
    }
    now = merged_into(written - {""})
    return frozenset({organisation_id, *(old for old, new in now.items() if new == organisation_id)})


def overdue_drills(viewer: Viewer) -> QuerySet[Backup]:
    """Return the standing backups whose drill is overdue, the longest overdue first."""
    seen = technologies(viewer).filter(state=STANDING).values("pk")
    late = Backup.objects.filter(technology__in=seen, state=STANDING, next_drill__lt=today())
    return late.select_related("technology").order_by("next_drill", "pk")


def candidates_of(viewer: Viewer, items: Iterable[str]) -> pl.DataFrame:
    """Return ``CANDIDATE_SCHEMA``: who could stand in for the sources of these items, the nearest basis first.

    Whoever is a standing backup of the item is none any more.
    """
    check(viewer, CANDIDATE, "read")
    snapshot = published()
    if snapshot is None or "candidates" not in snapshot.tables:
        return pl.DataFrame(schema=CANDIDATE_SCHEMA)
    wanted = [item for item in items if item]
    standing = Backup.objects.filter(state=STANDING, technology__state=STANDING, technology__item__in=wanted)
    held = list(standing.values_list("technology__item", "holder_name"))
    taken = pl.DataFrame(held, schema={"item": pl.String, "holder": pl.String}, orient="row")
    holder = pl.coalesce("candidate_name", "via_name").str.slice(0, 200)  # as long as a holder's name is kept
    found = table(snapshot, "candidates").filter(pl.col("item").is_in(wanted)).collect()
    return found.with_columns(holder=holder).join(taken, on=["item", "holder"], how="anti").drop("holder")
