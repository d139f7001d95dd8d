"""A number travels with its reasons; a reason carries no prose, faces render its code and parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import polars as pl

Scalar = str | float | int | bool | None

REASON_SCHEMA = {
    "entry": pl.String,  # the row the reason belongs to
    "order": pl.Int32,  # place among the reasons of the row
    "code": pl.String,
    "holds": pl.Boolean,  # null: unknown
    "value_low": pl.Float64,  # the measured value as an interval; both ends equal when exact, null when unknown
    "value_high": pl.Float64,
    "unit": pl.String,
    "threshold": pl.Float64,
    "params": pl.String,  # JSON object
    "source": pl.String,
}
"""Columns of a table of reasons: one line a reason, many a row of a list."""


@dataclass(frozen=True)
class Reason:
    """Why a number is what it is: a code, whether it holds (None: unknown), value, unit, threshold, source."""

    code: str
    holds: bool | None
    value_low: float | None = None
    value_high: float | None = None
    unit: str = ""
    threshold: float | None = None
    params: Mapping[str, Scalar] = field(default_factory=lambda: MappingProxyType({}))
    source: str = ""


def reasons_of(table: pl.DataFrame, entry: str) -> tuple[Reason, ...]:
    """Return the reasons of one row of a list, in order, from a table with ``REASON_SCHEMA``."""
    rows = table.filter(pl.col("entry") == entry).sort("order").drop("entry", "order")
    return tuple(Reason(**{**row, "params": json.loads(row["params"] or "{}")}) for row in rows.to_dicts())
