"""What is counted of the risk list: entries on it, and those whose agreed measure has begun."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db.models import Min

from liandesk.assess.lists.models import EntryEvent, ListEntry
from liandesk.base import metrics
from liandesk.base.metrics import By, Metric, Row

_ENTERED = ("admit", "reopen")
_LEFT = ("close", "decline")


def register() -> None:
    metrics.register("entries_admitted", entries_admitted)
    metrics.register("entries_with_measure", entries_with_measure)


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
