"""Entries as a table: every column of the full form, for exports and for freezing an edition.

``ROW_SCHEMA`` is the contract of an edition's blob. Null is unknown; an empty text is "not set" or "does not apply".
"""

from __future__ import annotations

import polars as pl
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from liandesk.assess.lists import levels
from liandesk.assess.lists.evidence import EVIDENCE, EVIDENCE_SCHEMA
from liandesk.assess.lists.models import ListEntry
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import table
from liankit.reasons import REASON_SCHEMA

COMPUTED_SCHEMA = {
    "key": pl.String,
    "scope": pl.String,
    "item": pl.String,
    "item_name": pl.String,
    "item_kind": pl.String,
    "organisation": pl.String,
    "organisation_name": pl.String,
    "town": pl.String,
    "rank": pl.Int64,
    "rank_low": pl.Int64,
    "rank_high": pl.Int64,
    "rank_width": pl.Int64,
    "impact_measure": pl.String,
    "impact_low": pl.Float64,
    "impact_high": pl.Float64,
    "impact_basis": pl.String,
    "direct_low": pl.Float64,
    "direct_high": pl.Float64,
    "coverage_low": pl.Float64,
    "coverage_high": pl.Float64,
    "hit_enterprises": pl.Int64,
    "hit_products": pl.Int64,
    "impact_share_low": pl.Float64,
    "impact_share_high": pl.Float64,
    "first_stop_low": pl.Float64,
    "first_stop_high": pl.Float64,
    "likelihood_low": pl.Float64,
    "likelihood_high": pl.Float64,
    "sole_source": pl.Boolean,
    "suppliers": pl.Int64,
    "reach_products": pl.Int64,
    "reach_buyers": pl.Int64,
    "unknowns": pl.Int64,
    "facts_on": pl.Date,
    "computed_level": pl.String,
    "computed_level_most": pl.String,
    "question_code": pl.String,
    "question_params": pl.String,  # JSON object
    "question_to": pl.String,
    "is_synthetic": pl.Boolean,
}
"""What a snapshot's table of entries has for the list."""

ENTRY_SCHEMA = {
    **COMPUTED_SCHEMA,
    "position": pl.Int64,
    "is_current": pl.Boolean,
    "listed_on": pl.Date,
    "recomputed_on": pl.Date,
    "state": pl.String,
    "owner_office": pl.String,
    "with_offices": pl.String,
    "due_date": pl.Date,
    "level": pl.String,
    "level_reason": pl.String,
    "measure": pl.String,
    "note": pl.String,
    "agreed_from": pl.Date,
    "evidence_kind": pl.String,
    "evidenced_on": pl.Date,
    "changed_on": pl.Date,
    "version": pl.Int64,
}
ROW_SCHEMA = {**ENTRY_SCHEMA, "shown_level": pl.String, "staleness": pl.String, **EVIDENCE_SCHEMA}
"""One row an entry."""

_FEW = 2000  # entries for which the snapshot is filtered by key instead of joined whole


def rows_frame(
    entries: QuerySet[ListEntry], snapshot: Snapshot | None, name: str, hidden: frozenset[str] = frozenset()
) -> pl.DataFrame:
    """Return the entries in their order with ``ROW_SCHEMA``, without the hidden columns.

    The columns of the snapshot are null for entries it no longer has.
    """
    frame = _entry_frame(entries, hidden)
    if snapshot is None or frame.is_empty():
        return frame.with_columns(pl.lit(None, dtype=dtype).alias(column) for column, dtype in _EVIDENCE.items())
    keys = frame["key"].to_list() if frame.height <= _FEW else None
    evidence = EVIDENCE[name].columns(snapshot, keys, "market" not in hidden)
    return frame.join(evidence, on="key", how="left", maintain_order="left")


_EVIDENCE = {column: dtype for column, dtype in EVIDENCE_SCHEMA.items() if column != "key"}


def _entry_frame(entries: QuerySet[ListEntry], hidden: frozenset[str]) -> pl.DataFrame:
    schema = {column: dtype for column, dtype in ENTRY_SCHEMA.items() if column not in hidden}
    columns = [Cast("question_params", TextField()) if name == "question_params" else name for name in schema]
    frame = pl.DataFrame(list(entries.values_list(*columns)), schema=schema, orient="row")
    shown = pl.col("level") if "computed_level" in hidden else levels.shown_column()
    return frame.with_columns(shown_level=shown, staleness=levels.staleness_column())


def fitted(frame: pl.DataFrame) -> pl.DataFrame:
    """Return rows that were frozen under an older ``ROW_SCHEMA`` with what it lacked: unknown, the level as it was."""
    missing = {name: dtype for name, dtype in ROW_SCHEMA.items() if name not in frame.columns}
    empty = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in missing.items()]
    found = frame.with_columns(empty)
    return found.with_columns(shown_level="level") if "shown_level" in missing else found


def with_reasons(rows: pl.DataFrame, snapshot: Snapshot) -> pl.DataFrame:
    """Add the column ``reasons``: the list of each entry's reasons (``REASON_SCHEMA`` without ``entry``), in order."""
    said = table(snapshot, "reasons").filter(pl.col("entry").is_in(rows["key"].to_list())).collect()
    columns = [column for column in REASON_SCHEMA if column != "entry"]
    listed = said.sort("entry", "order").group_by("entry", maintain_order=True).agg(reasons=pl.struct(columns))
    return rows.join(listed, left_on="key", right_on="entry", how="left", maintain_order="left")
