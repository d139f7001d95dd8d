"""A number travels with its reasons; a reason carries no prose, faces render its code and parameters."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

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
    return reasons_by_entry(table.filter(pl.col("entry") == entry)).get(entry, ())


def reasons_by_entry(table: pl.DataFrame) -> dict[str, tuple[Reason, ...]]:
    """Return the reasons of every row of a list, each in order, from a table with ``REASON_SCHEMA``."""
    found: dict[str, list[Reason]] = {}
    for row in table.sort("order").drop("order").to_dicts():
        entry, params = row.pop("entry"), json.loads(row["params"] or "{}")
        found.setdefault(entry, []).append(Reason(**{**row, "params": params}))
    return {entry: tuple(reasons) for entry, reasons in found.items()}


class Claim(NamedTuple):
    """One reason as expressions over the rows of a list; ``when`` limits it to some of them."""

    code: str
    holds: pl.Expr
    low: pl.Expr
    high: pl.Expr
    unit: str | pl.Expr
    threshold: float | None = None
    params: tuple[pl.Expr, ...] = ()
    source: str = ""
    when: pl.Expr | None = None


def tell_claims(entries: pl.DataFrame, claims: Sequence[Claim]) -> pl.DataFrame:
    """Return the reasons of every row of a list (column entry) with ``REASON_SCHEMA``, in the order of the rows."""
    placed = entries.with_row_index("place")
    told = pl.concat([_tell(placed, order, claim) for order, claim in enumerate(claims, start=1)])
    return told.sort("place", "order").select(*REASON_SCHEMA)


def _tell(placed: pl.DataFrame, order: int, claim: Claim) -> pl.DataFrame:
    rows = placed if claim.when is None else placed.filter(claim.when)
    params = pl.struct(*claim.params).struct.json_encode() if claim.params else pl.lit("{}")
    told = {
        "order": pl.lit(order),
        "code": pl.lit(claim.code),
        "holds": claim.holds,
        "value_low": claim.low,
        "value_high": claim.high,
        "unit": pl.lit(claim.unit) if isinstance(claim.unit, str) else claim.unit,
        "threshold": pl.lit(claim.threshold),
        "params": params,
        "source": pl.lit(claim.source),
    }
    columns = (value.cast(REASON_SCHEMA[name]).alias(name) for name, value in told.items())
    return rows.select("place", "entry", *columns)
