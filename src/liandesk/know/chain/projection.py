"""Publish writes the lists of the chain from the snapshot. They hold nothing of people, so they are replaced whole.

A list whose tables are those of the snapshot before is left as it is, and so is one whose tables the snapshot lacks: it
is of an earlier version.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import polars as pl
from django.db.models import CharField, Field

from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import published
from liandesk.base.snapshots.upsert import upsert
from liandesk.know.chain.models import Finding, Node, Partner, Problem, Projected, SupplyEnd

Tables = Mapping[str, pl.DataFrame]


class Target(NamedTuple):
    """A list and the tables of the snapshot that it is made from; ``rows`` puts them in the list's order."""

    model: type[Projected]
    tables: tuple[str, ...]
    rows: Callable[[Tables], pl.DataFrame]


def project(snapshot: Snapshot) -> Mapping[str, int]:
    """Bring the lists to the snapshot; return how many rows were written of each."""
    before = published()
    known = before.tables if before else {}
    counts = {}
    for target in TARGETS:
        digests = {name: snapshot.tables[name] for name in target.tables if name in snapshot.tables}
        if len(digests) == len(target.tables) and any(known.get(name) != digest for name, digest in digests.items()):
            rows = target.rows({name: store.get_frame(digest) for name, digest in digests.items()})
            counts[target.model._meta.model_name or ""] = _replace(target.model, rows)
    return counts


def _replace(model: type[Projected], rows: pl.DataFrame) -> int:
    model.objects.all().delete()  # type: ignore[attr-defined]
    fields = [field for field in model._meta.concrete_fields if field.name != "position"]
    written = rows.select(_as_field(rows, field) for field in fields).with_row_index("position")
    upsert(model, written.iter_rows(), written.columns, ["position"], {})
    return written.height


def _as_field(rows: pl.DataFrame, field: Field[object, object]) -> pl.Expr:
    """Return a column as the database has it: no null text, none that is too long, dates as ISO texts."""
    column = pl.col(field.name)
    if isinstance(field, CharField):
        most = field.max_length or 0
        text = column.fill_null("")
        short = pl.concat_str(text.str.slice(0, most - 1), pl.lit("…"))
        return pl.when(text.str.len_chars() > most).then(short).otherwise(text).alias(field.name)
    return column.cast(pl.String) if rows.schema[field.name] == pl.Date else column


def _nodes(tables: Tables) -> pl.DataFrame:
    return tables["nodes"].rename({"node": "id"}).sort("name", "id")


def _supply_ends(tables: Tables) -> pl.DataFrame:
    """Each link seen from its buyer, and from its supplier where that is an organisation we know."""
    items = tables["nodes"].select("item_kind", item="node", item_name="name")
    who = tables["organisations"].select("id", "name", "town")
    links = tables["links"].join(items, on="item").rename({"buyer": "buyer_id", "supplier": "supplier_id"})
    buyers = who.select(buyer_id="id", buyer_name="name", buyer_town="town")
    suppliers = who.select(supplier_id="id", known_as="name", supplier_town="town")
    named = links.join(buyers, on="buyer_id").join(suppliers, on="supplier_id", how="left")
    named = named.with_columns(supplier_name=pl.coalesce("known_as", "supplier_name"))
    known = named.filter(pl.col("known_as").is_not_null())
    ends = pl.concat([_end(named, "buyer", "supplier"), _end(known, "supplier", "buyer")])
    return ends.sort("organisation_name", "item_name", "id")


def _end(links: pl.DataFrame, side: str, other: str) -> pl.DataFrame:
    renamed = {
        f"{side}_id": "organisation",
        f"{side}_name": "organisation_name",
        f"{side}_town": "town",
        f"{other}_id": "other",
        f"{other}_name": "other_name",
        f"{other}_town": "other_town",
    }
    named = links.rename(renamed).with_columns(id=pl.concat_str("link", pl.lit(f":{side}")), side=pl.lit(side))
    return named.select(sorted(named.columns))


def _findings(tables: Tables) -> pl.DataFrame:
    return tables["findings"].rename({"entry": "id"})


def _partners(tables: Tables) -> pl.DataFrame:
    return tables["partners"].rename({"entry": "id"})


def _problems(tables: Tables) -> pl.DataFrame:
    """Each problem with the names of its nodes."""
    names = tables["nodes"].select("node", "name", "is_synthetic")
    told = tables["chain_problems"].with_row_index("place")
    each = told.select("place", about="nodes").explode("about")
    named = each.join(names, left_on="about", right_on="node", how="left", maintain_order="left")
    about = named.group_by("place", maintain_order=True).agg(
        pl.col("name").first(),
        names=pl.col("name").fill_null("?").str.join(" → "),
        is_synthetic=pl.col("is_synthetic").any(),
    )
    counted = told.with_columns(pl.col("nodes").list.len(), id=pl.col("place").cast(pl.String))
    return counted.join(about, on="place", maintain_order="left")


TARGETS = (
    Target(Node, ("nodes",), _nodes),
    Target(SupplyEnd, ("links", "nodes", "organisations"), _supply_ends),
    Target(Finding, ("findings",), _findings),
    Target(Partner, ("partners",), _partners),
    Target(Problem, ("chain_problems", "nodes"), _problems),
)
