"""Publish writes the computed columns of the risk list from the snapshot; what people entered is never touched.

Only rows that differ are written, by one statement over the projection's columns; see ``upsert``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import polars as pl
from django.db.models import TextField
from django.db.models.functions import Cast

from liandesk.assess.lists.models import EntryEvent, EntryState, ListEntry
from liandesk.assess.lists.queries import RISKS
from liandesk.assess.lists.rows import COMPUTED_SCHEMA
from liandesk.base.clock import now
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.upsert import upsert

_RENAMED = {"entry": "key", "buyer": "organisation"}
_ASKED = {name: asked for asked, name in _RENAMED.items()}

SOURCE = {_ASKED.get(name, name): dtype for name, dtype in COMPUTED_SCHEMA.items()}
"""What is read of the snapshot's table ``entries``; further columns are ignored."""

TOLD = ("rank", "impact_measure", "impact_low", "impact_high", "sole_source", "computed_level", "is_current")
"""Columns whose change is told in the history of an admitted entry."""

_NAMES = ("item_name", "organisation_name")
_TEXTS = (_RENAMED.get(name, name) for name, dtype in SOURCE.items() if dtype == pl.String)
_PLAIN_TEXTS = [name for name in _TEXTS if name not in (*_NAMES, "question_params")]
_COLUMNS = ["position", *(_RENAMED.get(name, name) for name in SOURCE if name != "entry"), "is_current"]
_BATCH = 1000


def project(snapshot: Snapshot) -> Mapping[str, int]:
    """Bring the list to the snapshot; entries it no longer has stay with their work, marked not current."""
    wanted, standing = _wanted(snapshot), _standing()
    compared = wanted.join(standing, on="key", how="left", suffix="_before", maintain_order="left")
    changed = compared.filter(pl.col("state").is_null() | _differs(_COLUMNS))
    gone = standing.filter("is_current").join(wanted, on="key", how="anti")
    _write(changed, snapshot.today)
    _mark_gone(gone["key"].to_list(), snapshot.today)
    told = changed.filter((pl.col("state") == EntryState.ADMITTED) & _differs(TOLD))
    _tell(_changes(told), snapshot)
    _tell(_departures(gone.filter(pl.col("state") == EntryState.ADMITTED)), snapshot)
    added = changed["state"].null_count()
    return {"entries": wanted.height, "added": added, "changed": changed.height - added, "gone": gone.height}


def _wanted(snapshot: Snapshot) -> pl.DataFrame:
    """Return the projection of every entry of the snapshot, in the list's order: by rank, unranked by reach."""
    entries = (
        store.scan_frame(snapshot.tables["entries"])
        .select(pl.col(name).cast(dtype) for name, dtype in SOURCE.items())
        .collect()
    )
    ordered = entries.sort(
        ["rank", "reach_products", "reach_buyers", "entry"], descending=[False, True, True, False], nulls_last=True
    )
    return (
        ordered.rename(_RENAMED)
        .with_row_index("position")
        .with_columns(
            pl.col("position").cast(pl.Int64),
            pl.col(_PLAIN_TEXTS).fill_null(""),
            *map(_fitting, _NAMES),
            _canonical("question_params"),
            pl.col("is_synthetic").fill_null(False),
            is_current=pl.lit(True),
        )
    )


def _canonical(name: str) -> pl.Expr:
    """Write JSON in one way: databases keep the order of its keys as they like."""
    return pl.col(name).fill_null("{}").map_elements(_sorted_json, return_dtype=pl.String)


def _sorted_json(text: str) -> str:
    return json.dumps(json.loads(text), sort_keys=True, ensure_ascii=False)


def _fitting(name: str) -> pl.Expr:
    """Cut a name that the column cannot hold, visibly; the snapshot keeps it whole."""
    most = getattr(ListEntry._meta.get_field(name), "max_length", None) or 0
    text = pl.col(name).fill_null("")
    short = pl.concat_str(text.str.slice(0, most - 1), pl.lit("…"))
    return pl.when(text.str.len_chars() > most).then(short).otherwise(text).alias(name)


def _standing() -> pl.DataFrame:
    """Return the projection as it stands, with ``state`` and ``recomputed_on``."""
    schema: dict[str, Any] = {"key": pl.String, "position": pl.Int64, "is_current": pl.Boolean}
    schema |= {_RENAMED.get(name, name): dtype for name, dtype in SOURCE.items()}
    schema |= {"state": pl.String, "recomputed_on": pl.Date}
    columns = [Cast(name, TextField()) if name == "question_params" else name for name in schema]
    rows = list(ListEntry.objects.filter(list=RISKS).values_list(*columns))
    return pl.DataFrame(rows, schema=schema, orient="row").with_columns(_canonical("question_params"))


def _differs(columns: tuple[str, ...] | list[str]) -> pl.Expr:
    return pl.any_horizontal(pl.col(name).ne_missing(pl.col(f"{name}_before")) for name in columns)


def _write(changed: pl.DataFrame, today: date) -> None:
    """Write the projection of new and changed rows; ``listed_on`` of a row that is there already stays."""
    moved = pl.col("state").is_null() | _differs(TOLD) | _differs(["likelihood_low", "likelihood_high"])
    dated = changed.with_columns(
        pl.col("facts_on").cast(pl.String),
        recomputed_on=pl.when(moved).then(today).otherwise("recomputed_on").cast(pl.String),
    )
    columns = ["key", *_COLUMNS, "recomputed_on"]
    new = {"list": RISKS, "listed_on": today.isoformat()}
    upsert(ListEntry, dated.select(columns).rows(), columns, columns[1:], new)


def _mark_gone(keys: list[str], today: date) -> None:
    for start in range(0, len(keys), _BATCH):
        some = keys[start : start + _BATCH]
        ListEntry.objects.filter(pk__in=some).update(is_current=False, recomputed_on=today)


def _changes(told: pl.DataFrame) -> Iterator[tuple[str, dict[str, list[Any]]]]:
    for row in told.iter_rows(named=True):
        pairs = {name: [row[f"{name}_before"], row[name]] for name in TOLD}
        yield row["key"], {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def _departures(gone: pl.DataFrame) -> Iterator[tuple[str, dict[str, list[Any]]]]:
    for key in gone["key"]:
        yield key, {"is_current": [True, False]}


def _tell(changes: Iterator[tuple[str, dict[str, list[Any]]]], snapshot: Snapshot) -> None:
    moment = now()
    EntryEvent.objects.bulk_create(
        EntryEvent(
            entry_id=key, at=moment, actor="system:refresh", action="recomputed", changes=pairs, snapshot=snapshot.key
        )
        for key, pairs in changes
    )
