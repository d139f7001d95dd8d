"""Publish writes the organisations and the records they are made of from the snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.know.registry.models import Organisation, Record

_FIELDS = ("name", "name_en", "kind", "uscc", "country", "town", "zone", "segment")
_BATCH = 1000


def project(snapshot: Snapshot) -> Mapping[str, int]:
    """Upsert organisations and records; those the snapshot no longer knows stay, marked not current."""
    rows = store.get_frame(snapshot.tables["organisations"])
    Organisation.objects.update(is_current=False)
    Organisation.objects.bulk_create(
        (_organisation(row) for row in rows.iter_rows(named=True)),
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=[*_FIELDS, "is_synthetic", "is_current"],
    )
    members = store.get_frame(snapshot.tables["members"])
    Record.objects.bulk_create(
        (Record(record=record, organisation_id=organisation) for record, organisation in members.iter_rows()),
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["record"],
        update_fields=["organisation"],
    )
    return {"organisations": rows.height, "records": members.height}


def _organisation(row: Mapping[str, Any]) -> Organisation:
    texts = {name: row[name] or "" for name in _FIELDS}
    texts["kind"] = texts["kind"] or "enterprise"
    return Organisation(id=row["id"], is_synthetic=row["is_synthetic"], is_current=True, **texts)
