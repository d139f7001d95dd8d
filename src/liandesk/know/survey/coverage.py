"""Coverage: which enterprises and inputs were confirmed within the months that the pack asks for, by town and kind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.pack import ItemKind, pack
from liandesk.base.snapshots.queries import published, table
from liandesk.know.survey.confirmations import confirmed_on
from liandesk.know.survey.policies import FORM

COVERED_SCHEMA = {
    "organisation": pl.String,
    "organisation_name": pl.String,
    "town": pl.String,
    "item": pl.String,
    "item_name": pl.String,
    "item_kind": pl.String,
    "confirmed_on": pl.Date,  # null: never
    "is_on_behalf": pl.Boolean,
    "is_current": pl.Boolean,
    "is_synthetic": pl.Boolean,
}


@dataclass(frozen=True)
class Cell:
    """How many inputs there are, and how many of them are confirmed in time."""

    inputs: int = 0
    current: int = 0

    @property
    def share(self) -> float | None:
        return self.current / self.inputs if self.inputs else None


@dataclass(frozen=True)
class TownRow:
    """The cells of one town (empty: of none), in the order of the pack's kinds of item, and their sum."""

    town: str
    cells: Sequence[Cell]
    total: Cell

    @property
    def by_kind(self) -> list[tuple[ItemKind, Cell]]:
        """Return the cells with the kind that each is of."""
        return list(zip(pack().item_kinds, self.cells, strict=True))


def covered(viewer: Viewer) -> pl.DataFrame:
    """Return each input of an enterprise that the viewer may see, with ``COVERED_SCHEMA``; what was never confirmed
    first, then the oldest."""
    check(viewer, FORM, "read")
    snapshot = published()
    if snapshot is None:
        return pl.DataFrame(schema=COVERED_SCHEMA)
    inputs = table(snapshot, "entries").filter(pl.col("scope") == "input").rename({"buyer": "organisation"})
    mine = inputs.filter(visibility(viewer, FORM).as_expr()).collect()
    joined = mine.join(confirmed_on(), on=["organisation", "item"], how="left")
    holds_until = pl.col("confirmed_on").dt.offset_by(f"{pack().confirm_months}mo")
    is_current = (holds_until >= today()).fill_null(False)
    kept = joined.with_columns(is_current=is_current, is_on_behalf=pl.col("is_on_behalf").fill_null(False))
    ordered = kept.sort("confirmed_on", "town", "organisation_name", "item_name", nulls_last=False)
    return ordered.select(pl.col(name).cast(dtype) for name, dtype in COVERED_SCHEMA.items())


def by_town(rows: pl.DataFrame) -> list[TownRow]:
    """Return the counts of ``covered`` by town and kind of item, towns in the order of the pack, the sum last."""
    counted = rows.group_by("town", "item_kind").agg(inputs=pl.len(), current=pl.col("is_current").sum())
    cells = {(town or "", kind): Cell(inputs, current) for town, kind, inputs, current in counted.rows()}
    order = [town.code for town in pack().towns]
    towns = sorted({town for town, _kind in cells}, key=lambda code: order.index(code) if code in order else len(order))
    return [_row(town, cells) for town in towns]


def _row(town: str, cells: dict[tuple[str, str], Cell]) -> TownRow:
    found = [cells.get((town, kind.code), Cell()) for kind in pack().item_kinds]
    return TownRow(town, found, _sum(found))


def _sum(cells: Sequence[Cell]) -> Cell:
    return Cell(sum(cell.inputs for cell in cells), sum(cell.current for cell in cells))


def whole(rows: Sequence[TownRow]) -> TownRow:
    """Return the sum over towns."""
    columns = [_sum([row.cells[place] for row in rows]) for place in range(len(pack().item_kinds))]
    return TownRow("", columns, _sum(columns))
