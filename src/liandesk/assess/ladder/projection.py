"""Publish writes where enterprises stand on the ladder from the snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from liandesk.assess.ladder.definitions import ladder
from liandesk.assess.ladder.models import Rung
from liandesk.assess.ladder.standings import STANDINGS, standings
from liandesk.assess.rules.definitions import schemes
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.upsert import upsert

_PLACED = ("name", "town", "zone", "is_synthetic")
_COLUMNS = (*STANDINGS, *_PLACED, "is_current")


def project_rungs(snapshot: Snapshot) -> Mapping[str, int]:
    """Bring the ladder to the snapshot; enterprises it no longer grades stay, marked not current."""
    if "grades" not in snapshot.tables:
        return {}
    Rung.objects.filter(is_current=True).update(is_current=False)
    organisations, facts, grades = (
        store.get_frame(snapshot.tables[name]) for name in ("organisations", "rule_facts", "grades")
    )
    lasts = {one.grants: one.valid_years for one in schemes() if one.valid_years and one.governs("new", snapshot.today)}
    found = standings(facts, grades, ladder().rungs, lasts, snapshot.today)
    is_enterprise = pl.col("kind").fill_null("enterprise") == "enterprise"
    rows = found.join(organisations.filter(is_enterprise).select("id", *_PLACED), on="id").drop_nulls("name")
    upsert(Rung, _rows(rows), _COLUMNS, _COLUMNS[1:], {})
    return {"rungs": rows.height}


def _rows(rows: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    dates = pl.col("held_since", "held_until").dt.to_string("%Y-%m-%d")
    fitted = rows.with_columns(dates, pl.col("name").str.slice(0, 200), pl.col("town", "zone").fill_null(""))
    yield from fitted.with_columns(is_current=pl.lit(True)).select(_COLUMNS).iter_rows()
