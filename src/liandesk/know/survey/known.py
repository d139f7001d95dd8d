"""What is known of an enterprise's inputs: what a form begins with, and which records of facts an answer belongs to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from liandesk.know.registry.clusters import supplier_id
from liandesk.know.survey.models import Asked

Supplier = dict[str, Any]
"""One line of an answer on suppliers: name, is_alias, country, share (0 to 1 or None)."""


@dataclass(frozen=True)
class Line:
    """One record of facts on an input: what it is needed for, and the supplier it names."""

    record: str
    product: str
    supplier: str


class Known:
    """Uses and supplies of some organisations, to be asked input by input; ``uses`` and ``supplies`` of the engine."""

    def __init__(self, uses: pl.LazyFrame, supplies: pl.LazyFrame, organisations: Iterable[str]) -> None:
        wanted = list(organisations)
        self._uses = _by_input(uses.filter(pl.col("buyer").is_in(wanted)).collect())
        self._supplies = _by_input(supplies.filter(pl.col("buyer").is_in(wanted)).collect())

    def value(self, organisation: str, item: str, code: str, product: str = "") -> Any:
        """Return what is known in the form of an answer's value; None where it is not known or said in two ways."""
        uses = self._uses.get((organisation, item), [])
        if code == Asked.Code.SUPPLIERS:
            return self._suppliers(organisation, item) or None
        if code == Asked.Code.OUTPUT:
            return _one(row["output_cny"] for row in uses if row["product"] == product)
        if code == Asked.Code.SWITCH:
            return _one(row["switch_months_low"] for row in uses if row["switch_basis"] == "declared")
        return _one(row[{"stock": "stock_days"}.get(code, code)] for row in uses)

    def lines(self, organisation: str, item: str) -> list[Line]:
        """Return the records of facts that say that the enterprise needs the item."""
        named = {row["record"]: row["supplier_name"] or "" for row in self._supplies.get((organisation, item), [])}
        rows = self._uses.get((organisation, item), [])
        lines = [Line(row["record"], row["product"], named.get(row["record"], "")) for row in rows]
        return [line for line in lines if ":critical_input:" in line.record]

    def _suppliers(self, organisation: str, item: str) -> list[Supplier]:
        found: dict[str, Supplier] = {}
        for row in self._supplies.get((organisation, item), []):
            name = row["supplier_name"] or ""
            is_alias = row["supplier"] == supplier_id(name, organisation)
            said = found.setdefault(name, {"is_alias": is_alias, "country": "", "share": None})
            said["country"] = said["country"] or row["country"] or ""
            said["share"] = row["share"] if said["share"] is None else said["share"]
        return [{"name": name, **said} for name, said in sorted(found.items()) if name]


def _by_input(rows: pl.DataFrame) -> Mapping[tuple[str, str], list[dict[str, Any]]]:
    found: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows.sort("record").iter_rows(named=True):
        found.setdefault((row["buyer"], row["item"]), []).append(row)
    return found


def _one(values: Iterable[Any]) -> Any:
    said = {value for value in values if value is not None}
    return said.pop() if len(said) == 1 else None
