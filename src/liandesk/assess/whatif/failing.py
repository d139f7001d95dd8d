"""What can be let fail: an enterprise or a supplier with all it makes, or all makers of an item."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

import polars as pl

Kind = Literal["maker", "item"]
MOST = 8
"""How many of those that a text may mean are named."""


@dataclass(frozen=True)
class Failing:
    """What fails: a maker by the owner of its lines, or an item."""

    kind: Kind
    id: str
    name: str


@dataclass(frozen=True)
class Shock:
    """What fails and which share of its making it loses, above 0 to 1."""

    failing: Failing
    loss: float

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self.failing), "loss": self.loss}

    @classmethod
    def from_json(cls, said: Mapping[str, Any]) -> Shock:
        return cls(Failing(said["kind"], said["id"], said["name"]), said["loss"])


def makers_of(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Return kind, id and name of everybody with a line: organisations, and suppliers that are only named."""
    return lines.drop_nulls(["owner", "name"]).select(kind=pl.lit("maker"), id="owner", name="name").unique()


def items_of(lines: pl.LazyFrame) -> pl.LazyFrame:
    """Return kind, id and name of every item that somebody makes."""
    return lines.drop_nulls(["item", "item_name"]).select(kind=pl.lit("item"), id="item", name="item_name").unique()


def find(found: pl.LazyFrame, text: str) -> list[Failing]:
    """Return what a text means: what it names exactly, by id or name, else all whose names hold it, by name."""
    exact = (pl.col("id") == text) | (pl.col("name") == text)
    holds = pl.col("name").str.to_lowercase().str.contains(text.lower(), literal=True)
    hits = found.filter(exact | holds).with_columns(is_exact=exact).sort("name", "id").collect()
    meant = hits.filter("is_exact") if hits["is_exact"].any() else hits
    return [Failing(row["kind"], row["id"], row["name"]) for row in meant.iter_rows(named=True)]


def losses_of_lines(lines: pl.DataFrame, shocks: Iterable[Shock]) -> pl.DataFrame:
    """Return line and loss of everything that fails; a line that is meant twice loses the larger share."""
    parts = [lines.filter(_is_meant(shock.failing)).select("line", loss=pl.lit(shock.loss)) for shock in shocks]
    return pl.concat(parts).group_by("line", maintain_order=True).agg(pl.col("loss").max())


def whole_items(shocks: Iterable[Shock]) -> set[str]:
    """Return the items of which nothing is made any more."""
    return {shock.failing.id for shock in shocks if shock.failing.kind == "item" and shock.loss >= 1}


def _is_meant(failing: Failing) -> pl.Expr:
    return (pl.col("owner" if failing.kind == "maker" else "item") == failing.id).fill_null(False)
