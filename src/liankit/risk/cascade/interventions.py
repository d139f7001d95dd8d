"""What an intervention saves: the engine run with and without it, over the scenarios that it touches; never typed.

The effect is the direct one: what the buyer loses with each supplier changes; sales, markets and the upstream side stay
as they are. So an intervention changes shares of links into one buyer, and arrays are patched instead of built anew. It
touches the scenarios in which the buyer's loss changes in some step: as long as it does not, nothing else can. They are
found for all interventions at once, while every scenario is swept one time (``touches``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from liankit.errors import UserError
from liankit.risk.cascade.arrays import Arrays, build_arrays
from liankit.risk.cascade.network import SupplyNetwork, find_places
from liankit.risk.cascade.run import EPS, run_scenarios
from liankit.risk.cascade.scenarios import Scenarios
from liankit.risk.cascade.tables import Floats, need, number, refuse
from liankit.risk.cascade.touches import find_touched

KINDS = ("second_source", "removed_link", "stock")
NO_SHARE = 1e-200
"""The share of a link that carries nothing: arrays leave out links of share 0, and mark slots by signs of shares."""
SOLE = 1e-12
"""Share of an item that others supply up to which its supplier is the only one."""
Places = NDArray[np.int64]


class _Positions(NamedTuple):
    """Where the share of each link of the network stands in the arrays."""

    push: Places
    sweep: Places


def clean_interventions(table: pl.DataFrame) -> pl.DataFrame:
    """Return the table of interventions, checked: intervention, kind, supplier_id, buyer_id[, share, new_supplier_id].

    ``second_source``: the buyer can get ``share`` of what it buys of the supplier from the new one. ``removed_link``:
    it buys nothing more of the supplier, whose item its other suppliers then supply in proportion. ``stock``: it has
    in stock ``share`` of what it would lose with the supplier. Raises ``UserError`` at the first row that is wrong.
    """
    what = "interventions"
    need(table, what, ["intervention", "kind", "supplier_id", "buyer_id"])
    absent = [name for name in ("share", "new_supplier_id") if name not in table.columns]
    table = table.with_columns(pl.lit(None, pl.String).alias(name) for name in absent)
    texts = pl.col("intervention", "kind", "supplier_id", "buyer_id", "new_supplier_id").cast(pl.String)
    table = table.with_columns(texts, number(table, what, "share"))
    unnamed = pl.col("intervention").is_null() | pl.col("intervention").is_duplicated()
    refuse(table, unnamed, what, "has no name of its own. Give each one.", "intervention")
    refuse(table, ~pl.col("kind").is_in(KINDS), what, f"has a kind other than {', '.join(KINDS)}.", "kind")
    outside = (pl.col("kind") != "removed_link") & ~pl.col("share").is_between(0, 1).fill_null(False)
    refuse(table, outside, what, "has no share from 0 to 1. Say how much it covers.", "intervention")
    is_new = pl.col("new_supplier_id").ne_missing(pl.col("supplier_id")) & pl.col("new_supplier_id").is_not_null()
    lacking = (pl.col("kind") == "second_source") & ~is_new
    refuse(
        table, lacking, what, "names no new_supplier_id other than supplier_id. Say who would supply.", "intervention"
    )
    return table


def find_effects(
    network: SupplyNetwork,
    interventions: pl.DataFrame,
    scenarios: Scenarios,
    eps: float = EPS,
    *,
    weights: Floats | None = None,
) -> pl.DataFrame:
    """Return what each intervention saves over the scenarios: one row each, in their order.

    Columns: intervention; scenarios (how many it touches); saved (the sum over them of esri before minus esri after:
    above 0 less is lost); most_saved and most_saved_in (the most in one scenario, and in which; null where it touches
    none). ``weights`` are those of ``build_arrays``. Raises ``UserError`` where a link or firm is not in the network.
    """
    interventions = clean_interventions(interventions)
    network, changes = prepare_changes(network, interventions)
    arrays, positions = build_arrays(network, weights), _positions(network)
    before, steps = run_scenarios(arrays, scenarios, eps)
    touched = find_touched(arrays, network, changes, interventions.height, scenarios, steps, eps)
    rows = []
    for place in range(interventions.height):
        chosen = np.flatnonzero(touched[place])
        with _patched(arrays, positions, changes.filter(pl.col("number") == place)):
            after, _ = run_scenarios(arrays, scenarios.chosen(chosen), eps)
        rows.append(_effect(before[chosen, 0] - after[:, 0], scenarios.ids.gather(chosen)))
    names = {"scenarios": pl.Int64, "saved": pl.Float64, "most_saved": pl.Float64, "most_saved_in": pl.String}
    return interventions.select("intervention").hstack(pl.DataFrame(rows, names, orient="row"))


def _effect(saved: Floats, ids: pl.Series) -> tuple[int, float, float | None, str | None]:
    if not len(saved):
        return 0, 0.0, None, None
    best = int(saved.argmax())
    return len(saved), float(saved.sum()), float(saved[best]), str(ids[best])


def prepare_changes(network: SupplyNetwork, interventions: pl.DataFrame) -> tuple[SupplyNetwork, pl.DataFrame]:
    """Return the network with the links of second sources, and what each of the (checked) interventions changes.

    The changes have a row an intervention (``number``) and link of a slot that it changes: slot, link, before, after.
    """
    named = _named_links(network, interventions)
    network = _with_new_links(network, named)
    links = _links(network).filter(pl.col("share") > 0).select("link", "supplier", "item", "slot", before="share")
    rows = named.join(links, on="slot", suffix="_of").with_columns(after=_share_after())
    rows = rows.group_by("number", "slot", pl.col("link_of").alias("link")).agg(
        pl.col("before").first(), after=pl.col("before").first() + (pl.col("after") - pl.col("before")).sum()
    )
    rows = rows.with_columns(pl.col("after").clip(NO_SHARE))
    return network, rows.sort("number", "slot", "link")


def _share_after() -> pl.Expr:
    """Say what each link of a slot carries after an intervention on the link that carried ``old``."""
    kind, before, old = pl.col("kind"), pl.col("before"), pl.col("old")
    is_old, same_item = pl.col("link_of") == pl.col("link"), pl.col("item_of") == pl.col("item")
    is_new = same_item & (pl.col("supplier_of") == pl.col("new_supplier"))
    of_item = pl.when(same_item).then(before).otherwise(0).sum().over("number", "link")
    others_supply = (kind == "removed_link") & same_item & (of_item - old > SOLE)
    return (
        pl.when((kind == "removed_link") & is_old)
        .then(0.0)
        .when(others_supply)
        .then(before * of_item / (of_item - old))
        .when(is_old)
        .then(before * (1 - pl.col("share")))
        .when((kind == "second_source") & is_new)
        .then(before + pl.col("share") * old)
        .otherwise(before)
    )


def _named_links(network: SupplyNetwork, interventions: pl.DataFrame) -> pl.DataFrame:
    """Return the links that the interventions name, with their number, kind, share, new_supplier, slot, old share."""
    what, ids = "interventions: the", network.ids
    new = interventions["new_supplier_id"].fill_null(interventions["supplier_id"])
    named = interventions.select("intervention", "kind", "share").with_columns(
        pl.Series("number", np.arange(interventions.height)),
        pl.Series("supplier", find_places(interventions["supplier_id"], ids, f"{what} supplier")),
        pl.Series("buyer", find_places(interventions["buyer_id"], ids, f"{what} buyer")),
        pl.Series("new_supplier", find_places(new, ids, f"{what} new supplier")),
    )
    found = named.join(_links(network).rename({"share": "old"}), on=["supplier", "buyer"])
    if (lost := named.join(found, on="number", how="anti")).height:
        said = f"interventions, row {lost['number'][0] + 1} ('{lost['intervention'][0]}'): there is no such link."
        raise UserError(f"{said} Name a supplier and a buyer that are linked.")
    return found.filter(pl.col("old") > 0)


def _links(network: SupplyNetwork) -> pl.DataFrame:
    item = np.where(network.essential == 2, network.item, network.items)
    return pl.DataFrame(
        {
            "link": np.arange(len(network.supplier)),
            "supplier": network.supplier,
            "buyer": network.buyer,
            "item": network.item,
            "essential": network.essential,
            "slot": network.buyer.astype(np.int64) * (network.items + 1) + item,
            "share": network.share_down,
        }
    )


def _with_new_links(network: SupplyNetwork, named: pl.DataFrame) -> SupplyNetwork:
    """Add the links from new suppliers that are not there yet; they carry nothing."""
    sources = named.filter(pl.col("kind") == "second_source")
    wanted = sources.select("buyer", "item", "essential", supplier="new_supplier")
    new = wanted.unique(maintain_order=True).join(_links(network), on=["supplier", "buyer", "item"], how="anti")
    grown: dict[str, Any] = {name: np.append(getattr(network, name), new[name].to_numpy()) for name in new.columns}
    shares = {"share_down": np.full(new.height, NO_SHARE), "share_up": np.zeros(new.height)}
    grown |= {name: np.append(getattr(network, name), share) for name, share in shares.items()}
    return replace(network, **grown)


def _positions(network: SupplyNetwork) -> _Positions:
    """Find each link's share in the arrays by building them once with the links' numbers for shares."""
    numbers = np.where(network.share_down > 0, np.arange(1.0, len(network.share_down) + 1), 0)
    numbered = build_arrays(replace(network, share_down=numbers))
    found = []
    for rows in (numbered.push_down, numbered.sweep_down):
        at = np.full(len(numbers), -1)
        at[np.abs(rows.shares).astype(np.int64) - 1] = np.arange(len(rows.shares))
        found.append(at)
    return _Positions(*found)


@contextmanager
def _patched(arrays: Arrays, positions: _Positions, changes: pl.DataFrame) -> Iterator[None]:
    """Let the arrays carry the shares after a change, and those before it again at the end."""
    links = changes["link"].to_numpy()
    parts = [(arrays.push_down.shares, positions.push[links]), (arrays.sweep_down.shares, positions.sweep[links])]
    before = [shares[at] for shares, at in parts]
    for (shares, at), old in zip(parts, before, strict=True):
        shares[at] = np.copysign(changes["after"].to_numpy(), old)
    try:
        yield
    finally:
        for (shares, at), old in zip(parts, before, strict=True):
            shares[at] = old
