"""Publish writes the organisations, what they are made of, where they are and the review queue from the snapshot."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from liandesk.base.facts.schema import Schema
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.upsert import upsert
from liandesk.know.registry.clusters import ALIAS_SCHEMA, HOME_SCHEMA
from liandesk.know.registry.models import Candidate, Organisation, Place, Record
from liandesk.know.registry.profiles import PLACE_SCHEMA
from liandesk.know.registry.queries import known_members
from liandesk.know.registry.review import REVIEW_SCHEMA

_FIELDS = ("name", "name_en", "kind", "uscc", "country", "town", "zone", "segment")
_BATCH = 1000
QUEUE_SHOWN = 5000  # pairs of the queue that are kept for the page: nobody judges more before the next refresh


def project(snapshot: Snapshot) -> Mapping[str, int]:
    """Bring the registry to the snapshot; organisations it no longer knows stay, marked not current."""
    counts = {"organisations": _project_organisations(snapshot), "records": _project_records(snapshot)}
    _project_aliases(snapshot)
    counts["places"] = _project_places(snapshot)
    return counts | {"pairs_to_judge": _project_queue(snapshot)}


def _table(snapshot: Snapshot, name: str, schema: Schema) -> pl.DataFrame:
    """Return a table of the snapshot; one of an earlier version may lack it."""
    return store.get_frame(snapshot.tables[name]) if name in snapshot.tables else pl.DataFrame(schema=schema)


def _project_organisations(snapshot: Snapshot) -> int:
    rows = store.get_frame(snapshot.tables["organisations"])
    Organisation.objects.update(is_current=False, merged_into="")
    columns = ("id", *_FIELDS, "is_synthetic")
    texts = [_fitting(name) for name in _FIELDS if name != "kind"]
    whole = rows.with_columns(*texts, pl.col("kind").fill_null("enterprise")).select(columns)
    upsert(Organisation, _with_flag(whole), (*columns, "is_current"), (*columns[1:], "is_current"), {})
    return rows.height


def _with_flag(rows: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    return ((*row, True) for row in rows.iter_rows())


def _fitting(name: str) -> pl.Expr:
    """Cut a text that the column cannot hold, visibly; the snapshot keeps it whole."""
    most = getattr(Organisation._meta.get_field(name), "max_length", None) or 0
    text = pl.col(name).fill_null("")
    short = pl.concat_str(text.str.slice(0, most - 1), pl.lit("…"))
    return pl.when(text.str.len_chars() > most).then(short).otherwise(text).alias(name)


def _project_records(snapshot: Snapshot) -> int:
    """Write the records that are new or have moved; a record remembers every id it had, in order."""
    members = store.get_frame(snapshot.tables["members"]).select("record", "organisation")
    homes = dict(_table(snapshot, "homes", HOME_SCHEMA).select("record", "home").iter_rows())
    known = known_members().rename({"organisation": "before"})
    compared = members.join(known, on="record", how="left")
    moved = compared.filter(pl.col("organisation").ne_missing(pl.col("before"))).select(
        "record", "organisation", "held"
    )
    rows = (
        (record, organisation, " ".join(remembered(held or _home(homes, record), organisation)))
        for record, organisation, held in moved.iter_rows()
    )
    upsert(Record, rows, ("record", "organisation", "held"), ("organisation", "held"), {})
    return members.height


def _home(homes: Mapping[str, str], record: str) -> list[str]:
    return [homes[record]] if record in homes else []


def remembered(held: list[str], organisation: str) -> list[str]:
    """Return every id a record had, in order, once it belongs to an organisation."""
    return held if organisation in held else [*held, organisation]


def _project_aliases(snapshot: Snapshot) -> None:
    aliases = _table(snapshot, "aliases", ALIAS_SCHEMA)
    targets = dict(aliases.select("alias", "organisation").iter_rows())
    rows = list(Organisation.objects.filter(pk__in=list(targets))) if targets else []
    for row in rows:
        row.merged_into = targets[row.pk]
    Organisation.objects.bulk_update(rows, ["merged_into"], batch_size=_BATCH)


def _project_places(snapshot: Snapshot) -> int:
    rows = _table(snapshot, "places", PLACE_SCHEMA)
    Place.objects.all().delete()
    made = (Place(organisation_id=row.pop("organisation"), **row) for row in rows.iter_rows(named=True))
    Place.objects.bulk_create(made, batch_size=_BATCH)
    return rows.height


def _project_queue(snapshot: Snapshot) -> int:
    rows = _table(snapshot, "review", REVIEW_SCHEMA)
    Candidate.objects.all().delete()
    shown = rows.head(QUEUE_SHOWN)
    Candidate.objects.bulk_create(map(_candidate, range(shown.height), shown.to_dicts()), batch_size=_BATCH)
    return rows.height


def _candidate(position: int, row: dict[str, Any]) -> Candidate:
    names = {side: (row[side] or "")[:200] for side in ("left_name", "right_name")}
    return Candidate(position=position, **{**row, **names, "reasons": json.loads(row["reasons"] or "[]")})
