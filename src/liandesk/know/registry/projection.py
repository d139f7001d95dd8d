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
    """Write the organisations that are new or differ; of 200,000 few do."""
    columns = ("id", *_FIELDS, "is_synthetic", "is_current")
    texts = [_fitting(name) for name in _FIELDS if name != "kind"]
    rows = store.get_frame(snapshot.tables["organisations"])
    wanted = rows.with_columns(*texts, pl.col("kind").fill_null("enterprise"), is_current=pl.lit(True)).select(columns)
    standing = pl.DataFrame(list(Organisation.objects.values_list(*columns)), schema=wanted.schema, orient="row")
    changed = wanted.join(standing, on=columns, how="anti")
    upsert(Organisation, changed.iter_rows(), columns, columns[1:], {})
    gone = standing.filter("is_current").join(wanted, on="id", how="anti")["id"]
    for some in _batches(gone.to_list()):
        Organisation.objects.filter(pk__in=some).update(is_current=False)
    return rows.height


def _batches(keys: list[str]) -> Iterator[list[str]]:
    return (keys[start : start + _BATCH] for start in range(0, len(keys), _BATCH))


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
    targets = dict(_table(snapshot, "aliases", ALIAS_SCHEMA).select("alias", "organisation").iter_rows())
    standing = dict(Organisation.objects.exclude(merged_into="").values_list("pk", "merged_into"))
    changed = {pk: targets.get(pk, "") for pk in {*targets, *standing} if targets.get(pk) != standing.get(pk)}
    for pk, target in changed.items():
        Organisation.objects.filter(pk=pk).update(merged_into=target)


def _project_places(snapshot: Snapshot) -> int:
    """Write the places that are new; a place that changes has another key."""
    rows = _table(snapshot, "places", PLACE_SCHEMA)
    standing = pl.DataFrame({"key": list(Place.objects.values_list("key", flat=True))}, schema={"key": pl.String})
    new = rows.join(standing, on="key", how="anti").with_columns(pl.col("since", "until").cast(pl.String))
    upsert(Place, new.iter_rows(), rows.columns, ["source"], {})
    for some in _batches(standing.join(rows, on="key", how="anti")["key"].to_list()):
        Place.objects.filter(pk__in=some).delete()
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
