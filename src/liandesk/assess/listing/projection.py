"""Publish writes the computed columns of the library from the snapshot, and keeps the day's outlook."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import polars as pl

from liandesk.assess.listing.counting import counting_if_any
from liandesk.assess.listing.models import Prospect
from liandesk.assess.listing.outlook import by_target, keep_outcomes, keep_outlook
from liandesk.base.accounts.access import barred
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.upsert import upsert
from liankit.rules.listed import CountingRule

_CELL = ("holds", "failed", "unknown", "sets", "low", "median", "high", "until", "is_open")
_FIRST = ("board", "low", "median", "high", "until", "is_open", "missing")
_COLUMNS = ("organisation", "name", "town", "is_synthetic", "is_current", "met", "boards", "probability", *_FIRST)


def project_listings(snapshot: Snapshot) -> Mapping[str, int]:
    """Bring the library to the snapshot; what people keep stays, enterprises it no longer has are not current."""
    rule = counting_if_any()
    if rule is None or "listing_boards" not in snapshot.tables:
        return {}
    names = ("organisations", "listing_boards", "listing_years")
    organisations, boards, years = (store.get_frame(snapshot.tables[name]) for name in names)
    placed = organisations.select("id", pl.col("name").str.slice(0, 200), pl.col("town").fill_null(""), "is_synthetic")
    rows = list(_rows(placed, boards, by_target(years, rule), rule))
    Prospect.objects.filter(is_current=True).update(is_current=False)
    upsert(Prospect, rows, _COLUMNS, _COLUMNS[1:], {})
    keep_outcomes(keep_outlook(snapshot, rule, snapshot.today))
    return {"prospects": len(rows)}


def _rows(
    placed: pl.DataFrame, boards: pl.DataFrame, sure: Mapping[str, tuple[float, float]], rule: CountingRule
) -> Iterator[tuple[Any, ...]]:
    first = {row["organisation"]: row for row in _first(boards, rule).iter_rows(named=True)}
    cells: dict[str, dict[str, dict[str, Any]]] = {}
    for row in boards.sort("grants").iter_rows(named=True):
        cells.setdefault(row["organisation"], {})[row["grants"]] = {name: row[name] for name in _CELL}
    for key, name, town, is_synthetic in placed.filter(pl.col("id").is_in(list(cells))).iter_rows():
        own, low_high = cells[key], sure.get(key, (0.0, 1.0))
        met = barred([grants for grants, cell in own.items() if cell["holds"]])
        probability = low_high[0] if np.isclose(*low_high, atol=0.05) else None
        computed = (met, json.dumps(own), probability, *_of_first(first.get(key)))
        yield (key, name, town, bool(is_synthetic), True, *computed)


def _first(boards: pl.DataFrame, rule: CountingRule) -> pl.DataFrame:
    """Return of each enterprise the board that counts and is met first, as far as is known; then the nearest one."""
    order = ["median", "probability", "failed", "unknown", "possible", "grants"]
    ranked = boards.filter(pl.col("grants").is_in(rule.boards)).sort(
        order, descending=[False, True, False, False, True, False], nulls_last=True
    )
    return ranked.unique("organisation", keep="first", maintain_order=True)


def _of_first(row: Mapping[str, Any] | None) -> tuple[Any, ...]:
    """Return the columns of ``_FIRST``; where something unknown decides nothing is forecast, and asked instead."""
    if row is None:
        return ("", None, None, None, None, True, 0)
    is_open = row["is_open"] is not False
    years = (None, None, None) if is_open else (row["low"], row["median"], row["high"])
    return (row["grants"], *years, row["until"], is_open, row["unknown"] if is_open else 0)
