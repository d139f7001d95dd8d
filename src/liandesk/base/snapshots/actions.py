"""Keep a snapshot; publish it. Publish is the pointer, the projections and the history in one transaction."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction

from liandesk.base.audit.actions import Actor, record
from liandesk.base.clock import now, today
from liandesk.base.snapshots.models import Pointer, Publication, Snapshot

Projection = Callable[[Snapshot], Mapping[str, int]]
"""Writes the computed columns of an app's rows from a snapshot; returns counts. Registered by the app above."""

PROJECTIONS: dict[str, list[Projection]] = {}


def register_projection(name: str, projection: Projection) -> None:
    """Let an app above write its projections whenever the snapshot called ``name`` is published."""
    PROJECTIONS.setdefault(name, []).append(projection)


def snapshot_key(tables: Mapping[str, str], inputs: Mapping[str, Any]) -> str:
    text = json.dumps([tables, inputs], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


@transaction.atomic
def keep(*, tables: Mapping[str, str], inputs: Mapping[str, Any], is_synthetic: bool, by: Actor) -> Snapshot:
    """Keep a snapshot of tables (name -> blob hash); the same tables from the same inputs are the same snapshot."""
    day = today()
    key = snapshot_key(tables, {**inputs, "today": day.isoformat()})
    fields = {"created_at": now(), "today": day, "tables": dict(tables), "inputs": dict(inputs)}
    snapshot, is_new = Snapshot.objects.get_or_create(key=key, defaults={**fields, "is_synthetic": is_synthetic})
    if is_new:
        record("snapshot.keep", "snapshot", key, by=by, tables=dict(tables))
    return snapshot


@transaction.atomic
def publish(snapshot: Snapshot, *, name: str, by: Actor) -> dict[str, int]:
    """Point ``name`` to the snapshot and rewrite the projections; publishing what is published changes nothing."""
    current = Pointer.objects.select_for_update().filter(name=name).first()
    if current and current.snapshot_id == snapshot.key:
        return {}
    counts: dict[str, int] = {}
    for projection in PROJECTIONS.get(name, []):
        counts.update(projection(snapshot))
    moment = now()
    Pointer.objects.update_or_create(name=name, defaults={"snapshot": snapshot, "published_at": moment})
    Publication.objects.create(name=name, snapshot=snapshot, published_at=moment, counts=counts)
    record("snapshot.publish", "snapshot", snapshot.key, by=by, name=name, **counts)
    return counts
