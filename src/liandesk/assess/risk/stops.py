"""Who stops directly when an entry's supplier delivers no more: what is said where a cascade cannot be computed."""

from __future__ import annotations

import polars as pl

from liandesk.assess.lists.evidence import Stops
from liandesk.assess.lists.models import ListEntry
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import table
from liankit.risk.direct import direct_stops

ROWS_SHOWN = 100
_SHOWN = ("name", "item_name", "verdict", "day_low", "day_high", "output_cny")


def behind(snapshot: Snapshot, entry: ListEntry, with_market: bool) -> Stops | None:
    """Return who stops when an entry's critical supplier fails, or everybody who makes the item where none is known.

    None where the impact is the cascade's, or the snapshot is older than this step. Of an input only its own
    enterprise's products are told, and, without ``with_market``, no supplier of whom others told.
    """
    if entry.impact_basis == "cascade" or "cascade_links" not in snapshot.tables:
        return None
    lines, links = _of_items(snapshot, [entry.item])
    failed = _failed(snapshot, entry, lines, with_market)
    items = () if failed.height else (entry.item,)
    found = direct_stops(lines, links, stopped=failed["line"].to_list(), items=items)
    if entry.scope == "input":
        found = found.filter(pl.col("owner") == entry.organisation)
    return _stops("; ".join(failed["name"].drop_nulls()), found)


def of_organisation(snapshot: Snapshot, organisation_id: str) -> Stops:
    """Return whose products stop directly when an organisation delivers nothing any more."""
    own = table(snapshot, "cascade_lines").filter(pl.col("owner") == organisation_id).select("line", "item", "name")
    failed = own.collect()
    lines, links = _of_items(snapshot, failed["item"].drop_nulls().to_list())
    name = "; ".join(failed["name"].unique().drop_nulls())
    return _stops(name, direct_stops(lines, links, stopped=failed["line"].to_list()))


def _of_items(snapshot: Snapshot, items: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    links = table(snapshot, "cascade_links").filter(pl.col("item").is_in(items)).collect()
    ends = pl.concat([links["supplier"], links["buyer"]]).unique().implode()
    return table(snapshot, "cascade_lines").filter(pl.col("line").is_in(ends)).collect(), links


def _stops(supplier: str, found: pl.DataFrame) -> Stops:
    rows = found.select(_SHOWN).head(ROWS_SHOWN).to_dicts()
    return Stops(supplier, rows, found.height - len(rows))


def _failed(snapshot: Snapshot, entry: ListEntry, lines: pl.DataFrame, with_market: bool) -> pl.DataFrame:
    """Return the line of the entry's critical supplier that makes its item, no row where none may be told."""
    known = table(snapshot, "entries").filter(pl.col("entry") == entry.key)
    if not with_market:
        known = known.filter(pl.col("basis") == "declared")
    critical = known.select(owner="critical_supplier").drop_nulls().collect()
    return lines.filter(pl.col("item") == entry.item).join(critical, on="owner", how="semi")
