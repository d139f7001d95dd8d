"""What is counted of the risk list: entries on it, those whose agreed measure has begun, those closed in a year."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from django.db.models import Min

from liandesk.assess.lists.models import EntryEvent, ListEntry
from liandesk.base import metrics
from liandesk.base.metrics import By, Metric, Row

_ENTERED = ("admit", "reopen")
_LEFT = ("close", "decline")
_A_YEAR = timedelta(365)


def register() -> None:
    metrics.register("entries_admitted", entries_admitted)
    metrics.register("entries_with_measure", entries_with_measure)
    metrics.register("entries_listed", entries_listed)
    metrics.register("entries_closed", entries_closed)


def entries_admitted(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Count the entries that stood on the list on a day, as their history tells it."""
    if not _is_told_of(day):
        return metrics.unknown()
    return metrics.tally((_row(entry, by, True) for entry in _admitted(day)), by)


def entries_with_measure(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Return the share of the entries on the list on a day whose agreed measure had begun by then."""
    if not _is_told_of(day):
        return metrics.unknown()
    rows = (_row(entry, by, bool(entry.agreed_from and entry.agreed_from <= day)) for entry in _admitted(day))
    return metrics.tally(rows, by, is_share=True)


def entries_listed(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Count the entries that stood on the list at some time within the year up to a day."""
    if not _is_told_of(day):
        return metrics.unknown()
    return metrics.tally((one._replace(holds=True) for one in _of_the_year(day, by)), by)


def entries_closed(day: date, *, by: By, of: Sequence[str]) -> list[Metric]:
    """Count those of them that were closed on that day: what was wrong is settled."""
    return metrics.tally(_of_the_year(day, by), by) if _is_told_of(day) else metrics.unknown()


def _of_the_year(day: date, by: By) -> Iterator[Row]:
    """Yield the entries that stood on the list within the year: there when it began, or put on it since."""
    judged = EntryEvent.objects.filter(on__lte=day, action__in=_ENTERED + _LEFT).order_by("pk")
    last: dict[str, EntryEvent] = {}
    listed: set[str] = set()
    for event in judged:
        if event.action in _ENTERED and event.on > day - _A_YEAR:
            listed.add(event.entry_id)
        elif event.on > day - _A_YEAR and event.action == "close":
            listed.add(event.entry_id)  # it stood there until then
        last[event.entry_id] = event
    listed |= {key for key, event in last.items() if event.action in _ENTERED}
    for entry in ListEntry.objects.filter(pk__in=listed).order_by("pk").iterator():
        event = last[entry.pk]
        yield _row(entry, by, event.action == "close")._replace(on=event.on)


def _is_told_of(day: date) -> bool:
    first = EntryEvent.objects.aggregate(first=Min("on"))["first"]
    return first is not None and first <= day


def _admitted(day: date) -> Iterator[ListEntry]:
    """Yield the entries whose last judgement up to a day put them on the list."""
    events = EntryEvent.objects.filter(on__lte=day, action__in=_ENTERED + _LEFT).order_by("pk")
    last = {one.entry_id: one.action for one in events}
    standing = [key for key, action in last.items() if action in _ENTERED]
    yield from ListEntry.objects.filter(pk__in=standing).order_by("pk").iterator()


def _row(entry: ListEntry, by: By, holds: bool) -> Row:
    place = entry.town if by == "town" else entry.owner_office
    return Row(entry.pk, place, holds, entry.changed_on, entry.is_synthetic)
