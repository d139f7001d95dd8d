"""Every read of a list. What a viewer may not see is neither found, counted, nor carried along."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import polars as pl
from django.db.models import Count, F, Q, QuerySet

from liandesk.assess.lists.evidence import EVIDENCE, Behind
from liandesk.assess.lists.models import EntryEvent, EntryState, ListEntry
from liandesk.assess.lists.policies import ENTRY
from liandesk.base.accounts.access import can, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.errors import NotThere
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import published, table
from liandesk.base.work.models import Case
from liandesk.base.work.queries import seen_by
from liankit.reasons import Reason, reasons_of

RISKS = "risks"
SOON = timedelta(days=14)
EVENTS_SHOWN = 100


def entries(viewer: Viewer, name: str = RISKS) -> QuerySet[ListEntry]:
    """Return the entries of a list that the viewer may see, in the list's own order, without hidden columns."""
    seen = visibility(viewer, ENTRY)
    hidden = [column for column in seen.hidden if column in _COLUMNS]
    return ListEntry.objects.filter(seen.as_q(), list=name).defer(*hidden).order_by("position", "key")


def current(viewer: Viewer) -> QuerySet[ListEntry]:
    """Return the entries that the published snapshot has."""
    return entries(viewer).filter(is_current=True)


def gone(viewer: Viewer) -> QuerySet[ListEntry]:
    """Return the admitted entries that are no longer computed: somebody has to decide about them."""
    return entries(viewer).filter(is_current=False, state=EntryState.ADMITTED, carried_to="")


_COLUMNS = frozenset(field.name for field in ListEntry._meta.fields)
_BLANK = ListEntry()


def hidden(viewer: Viewer) -> frozenset[str]:
    """Return the names of what is kept from the viewer: columns, "history", "market"."""
    return visibility(viewer, ENTRY).hidden


def entry(viewer: Viewer, key: str) -> ListEntry:
    """Return one entry with hidden columns blanked; raise NotThere when it is not there or not for the viewer."""
    found = entries(viewer).filter(pk=key).first()
    if found is None:
        raise NotThere(f"There is no entry '{key}' for you. The risk list shows those you may see.")
    for column in hidden(viewer) & _COLUMNS:
        setattr(found, column, getattr(_BLANK, column))
    return found


def counts(rows: QuerySet[ListEntry]) -> dict[str, int]:
    """Return how many of the rows are in each state."""
    found = rows.order_by().values_list("state").annotate(count=Count("*"))
    return dict.fromkeys(EntryState.values, 0) | dict(found)


@dataclass(frozen=True)
class Opened:
    """One entry opened: its reasons, the rows behind them and the snapshot they are of (None: it has no more)."""

    entry: ListEntry
    snapshot: Snapshot | None
    reasons: tuple[Reason, ...]
    behind: Behind
    events: list[EntryEvent]
    case: Case | None  # in which it is worked on, where the viewer sees it
    may_judge: bool
    may_report: bool


def opened(viewer: Viewer, key: str) -> Opened:
    """Return an entry with everything of it that the viewer may see."""
    found, kept = entry(viewer, key), hidden(viewer)
    snapshot = published() if found.is_current else None
    may = {f"may_{right}": can(viewer, ENTRY, right, as_row(found)) for right in ("judge", "report")}
    return Opened(
        found,
        snapshot,
        _reasons(snapshot, key, kept) if snapshot else (),
        EVIDENCE[found.list].behind(snapshot, found, "market" not in kept) if snapshot else Behind([], []),
        [] if "history" in kept else _events(found, kept),
        _case(viewer, found),
        **may,
    )


def _case(viewer: Viewer, found: ListEntry) -> Case | None:
    """Return the open case of an entry, or the last one that ended, if the viewer sees it."""
    keys = [found.key, *ListEntry.objects.filter(carried_to=found.key).values_list("key", flat=True)]
    about = Case.objects.filter(seen_by(viewer), process="risk_entry", subject_kind="entry", subject_id__in=keys)
    return about.order_by(F("ended_at").desc(nulls_first=True), "-id").first()


def reasons(viewer: Viewer, key: str) -> tuple[Reason, ...]:
    """Return the reasons of one entry in the published snapshot, none when it is no longer computed."""
    found, snapshot = entry(viewer, key), published()
    return _reasons(snapshot, found.key, hidden(viewer)) if snapshot and found.is_current else ()


def changes(viewer: Viewer, key: str) -> list[EntryEvent]:
    """Return the history of one entry, newest first, without hidden columns."""
    found, kept = entry(viewer, key), hidden(viewer)
    return [] if "history" in kept else _events(found, kept)


_OF_OTHERS = {"cascade": "impact_low", "level": "computed_level", "clause": "computed_level"}
"""Reasons, by the first word of their code, that are kept from whoever does not see the column they explain."""


def _reasons(snapshot: Snapshot, key: str, kept: frozenset[str]) -> tuple[Reason, ...]:
    found = table(snapshot, "reasons").filter(pl.col("entry") == key).collect()
    return tuple(reason for reason in reasons_of(found, key) if _column_of(reason) not in kept)


def _column_of(reason: Reason) -> str | None:
    return _OF_OTHERS.get(reason.code.partition("_")[0])


def _events(found: ListEntry, kept: frozenset[str]) -> list[EntryEvent]:
    rows = list(found.events.all()[:EVENTS_SHOWN])
    for event in rows:
        event.changes = {name: pair for name, pair in event.changes.items() if name not in kept}
    return rows


def as_row(found: ListEntry) -> Mapping[str, object]:
    """Return the fields that the access matrix looks at."""
    return {name: getattr(found, name) for name in ("owner_office", "with_offices", "town", "organisation")}


def overdue() -> Q:
    """Return the condition of an admitted entry whose due date has passed."""
    return Q(state=EntryState.ADMITTED, due_date__lt=today())


def due_soon() -> Q:
    """Return the condition of an admitted entry that is due within 14 days."""
    return Q(state=EntryState.ADMITTED, due_date__range=(today(), today() + SOON))


def recomputed(viewer: Viewer) -> QuerySet[ListEntry]:
    """Return the admitted entries whose numbers the published snapshot changed."""
    snapshot = published()
    changed = EntryEvent.objects.filter(action="recomputed", snapshot=snapshot.key if snapshot else None)
    return entries(viewer).filter(state=EntryState.ADMITTED, pk__in=changed.values("entry_id"))
