"""Publish writes how each organisation is judged under each method from the snapshot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from liandesk.assess.per_mu.computing import prepared_from
from liandesk.assess.per_mu.definitions import methods
from liandesk.assess.per_mu.models import Line
from liandesk.assess.rules.definitions import vocabulary
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.upsert import upsert
from liankit.rules.per_mu_method import Method

_PLACED = ("name", "town", "zone", "segment", "is_synthetic")
_JUDGED = ("state", "why", "group", "is_apart", "low", "high", "best", "worst", "best_at", "worst_at")
_COLUMNS = ("id", "method", "organisation", *_PLACED, *_JUDGED, "is_current")
_TEXTS = ("town", "zone", "segment", "why", "group", "best", "worst")


def project_lines(snapshot: Snapshot) -> Mapping[str, int]:
    """Bring the lines to the snapshot; those of organisations that it no longer knows stay, marked not current."""
    if "rule_facts" not in snapshot.tables:
        return {}
    Line.objects.filter(is_current=True).update(is_current=False)
    facts, organisations = (store.get_frame(snapshot.tables[name]) for name in ("rule_facts", "organisations"))
    judged = organisations.filter(pl.col("kind").fill_null("enterprise") == "enterprise").drop_nulls("name")
    count = 0
    for method in methods(snapshot.today).values():
        rows = _lines(method, facts, judged.sort("id"), snapshot)
        upsert(Line, _rows(rows), _COLUMNS, _COLUMNS[1:], {})
        count += rows.height
    return {"per_mu_lines": count}


def _lines(method: Method, facts: pl.DataFrame, judged: pl.DataFrame, snapshot: Snapshot) -> pl.DataFrame:
    found = prepared_from(method, facts, judged, vocabulary(snapshot.today), snapshot.today).scored().table
    places = {one.key: at for at, one in enumerate(method.classes)}
    at = [
        pl.col(name).replace_strict(places, default=None, return_dtype=pl.Int64).alias(f"{name}_at")
        for name in ("best", "worst")
    ]
    placed = judged.select(pl.col("id").alias("enterprise"), *_PLACED).join(found, on="enterprise")
    return placed.with_columns(
        *at,
        id=pl.format("{}/{}", pl.lit(method.key), "enterprise"),
        method=pl.lit(method.key),
        organisation="enterprise",
        high=pl.when(pl.col("high").is_finite()).then("high"),
        low=pl.when(pl.col("low").is_finite()).then("low"),
        is_current=pl.lit(True),
    )


def _rows(rows: pl.DataFrame) -> Iterator[tuple[Any, ...]]:
    fitted = rows.with_columns(pl.col("name").str.slice(0, 200), pl.col(_TEXTS).fill_null(""))
    yield from fitted.select(_COLUMNS).iter_rows()
