"""Read events. Who may not see events finds none and counts none."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, QuerySet

from liandesk.assess.events.models import Event, EventHit, EventQuerySet, HitKind
from liandesk.assess.events.policies import EVENT
from liandesk.base.accounts.access import can, check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import NotThere


def events(viewer: Viewer) -> EventQuerySet:
    """Return the events that the viewer may see, those taken back too, the latest first."""
    check(viewer, EVENT, "read")
    hits = Prefetch("hits", EventHit.objects.order_by("pk"))
    return Event.objects.filter(visibility(viewer, EVENT).as_q()).prefetch_related(hits)


def event(viewer: Viewer, pk: int) -> Event:
    """Return one event; raise NotThere when there is none."""
    found = events(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(f"There is no event {pk}. The page of events shows all.")
    return found


def may_change(viewer: Viewer, found: Event) -> bool:
    """Say whether the viewer may confirm, match, end or take back an event."""
    return can(viewer, EVENT, "change", {"office": found.office})


def events_of(viewer: Viewer, kind: str, object_ids: Collection[str]) -> QuerySet[Event]:
    """Return the events in force that hit one of these things."""
    hit = EventHit.objects.filter(kind=kind, object_id__in=object_ids)
    return events(viewer).in_force().filter(pk__in=hit.values("event_id"))


def batch(viewer: Viewer, key: str) -> QuerySet[Event]:
    """Return what came in one file or one paste, in its order."""
    return events(viewer).filter(batch=key).order_by("pk")


@dataclass(frozen=True)
class Dated:
    """An event as computation sees it: when it was, what it hits, and whether it was made by a generator."""

    event: int
    cause: str
    began_on: date
    ended_on: date | None
    items: tuple[str, ...]
    others: tuple[tuple[str, str], ...]  # (kind, object id) of what else narrows it
    is_synthetic: bool


def dated() -> list[Dated]:
    """Return every event in force with what it hits that is known, by id; for computation, not for a face."""
    rows = Event.objects.in_force().prefetch_related("hits").order_by("pk")
    return [_dated(found) for found in rows]


def _dated(found: Event) -> Dated:
    named = sorted((hit.kind, hit.object_id) for hit in found.hits.all() if hit.object_id)
    items = tuple(object_id for kind, object_id in named if kind == HitKind.ITEM)
    others = tuple(pair for pair in named if pair[0] != HitKind.ITEM)
    return Dated(found.pk, found.cause, found.began_on, found.ended_on, items, others, found.is_synthetic)


def events_digest() -> str:
    """Return the digest of all events in force: what was computed from them is known by it."""
    text = json.dumps([list(vars(found).values()) for found in dated()], default=str)
    return hashlib.sha256(text.encode()).hexdigest()
