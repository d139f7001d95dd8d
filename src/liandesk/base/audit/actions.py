"""Append an event; seal what was committed into the chain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from django.db import connection, transaction

from liandesk.base.audit.models import AuditEvent, AuditLink
from liandesk.base.clock import now

GENESIS = "0" * 64


class Actor(Protocol):
    """Whoever writes: a viewer of accounts; ``actor`` is ``user:<id>`` or ``system:<name>``.

    ``acts_for`` are the absent persons they stand in for.
    """

    @property
    def actor(self) -> str: ...

    @property
    def acts_for(self) -> frozenset[str]: ...


def record(action: str, object_kind: str, object_id: object, *, by: Actor, **details: Any) -> None:
    """Append one event in the caller's transaction; ``details`` hold ids, counts and digests, no personal data."""
    record_each(action, object_kind, [(object_id, details)], by=by)


def record_each(
    action: str, object_kind: str, objects: Iterable[tuple[object, Mapping[str, Any]]], *, by: Actor
) -> None:
    """Append one event for each object, given by its id with its details, all written at once."""
    standing_in = {"stands_in_for": sorted(by.acts_for)} if by.acts_for else {}
    AuditEvent.objects.bulk_create(
        AuditEvent(
            at=now(),
            actor=by.actor,
            action=action,
            object_kind=object_kind,
            object_id=str(object_id),
            details={**details, **standing_in},
        )
        for object_id, details in objects
    )


def link_hash(previous: str, event: AuditEvent) -> str:
    """Return the hash of one link: SHA-256 over the link before and the event's canonical JSON."""
    body = [event.pk, event.at.isoformat(timespec="microseconds"), event.actor, event.action]
    body += [event.object_kind, event.object_id, event.details]
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


@transaction.atomic
def seal(limit: int = 10_000) -> int:
    """Add links for committed events that have none, oldest first; return how many were sealed.

    Transactions may commit out of the order of their ids, so the chain has its own numbering.
    """
    _lock_chain()
    head = AuditLink.objects.order_by("-id").first()
    place, previous = (head.pk, head.hash) if head else (0, GENESIS)
    links = []
    for event in AuditEvent.objects.filter(link=None).order_by("id")[:limit]:
        place, previous = place + 1, link_hash(previous, event)
        links.append(AuditLink(id=place, event=event, hash=previous))
    AuditLink.objects.bulk_create(links, batch_size=1000)
    return len(links)


def _lock_chain() -> None:
    # SQLite is locked already: every transaction of ours begins IMMEDIATE
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('liandesk.audit.chain'))")


def seal_all() -> int:
    """Seal in batches until nothing is left; return how many events were sealed."""
    total = 0
    while sealed := seal():
        total += sealed
    return total
