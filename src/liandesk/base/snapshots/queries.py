"""Read the published snapshot; a request reads one and says which."""

from __future__ import annotations

from datetime import date

import polars as pl

from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Pointer, Publication, Snapshot

RISKS = "risks"


def published(name: str = RISKS) -> Snapshot | None:
    """Return the snapshot that is published under a name, or None before the first refresh."""
    pointer = Pointer.objects.select_related("snapshot").filter(name=name).first()
    return pointer.snapshot if pointer else None


def published_on(day: date, name: str = RISKS) -> Snapshot | None:
    """Return the snapshot that was published last by the end of a business date, or None before the first."""
    past = Publication.objects.select_related("snapshot").filter(name=name, snapshot__today__lte=day)
    found = past.order_by("-id").first()
    return found.snapshot if found else None


def table(snapshot: Snapshot, name: str) -> pl.LazyFrame:
    """Scan one table of a snapshot. Callers filter it by the viewer's visibility before anything leaves."""
    return store.scan_frame(snapshot.tables[name])
