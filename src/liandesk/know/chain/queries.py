"""Read the chain: its lists, one node with what lies around it, one organisation with its links."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import polars as pl
from django.db.models import Q, QuerySet

from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.snapshots import store
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import published, table
from liandesk.know.chain.models import Finding, Node, Partner, Problem, SupplyEnd
from liandesk.know.chain.policies import CHAIN, FINDING, SUPPLY_LINK
from liankit.network import ChainGraph, Direction, Neighbourhood, build_graph, neighbourhood
from liankit.reasons import Reason, reasons_of

Side = Literal["buyer", "supplier"]
SHOWN = 50  # who makes and who uses a node, named on its page; further ones are counted


def mapped() -> Snapshot | None:
    """Return the published snapshot, or None where it has no map: it is of an earlier version."""
    snapshot = published()
    return snapshot if snapshot and "makers" in snapshot.tables else None


def sees_everything(viewer: Viewer) -> bool:
    """Answer whether the viewer sees who is on the map, of the whole district and beyond."""
    return visibility(viewer, CHAIN).everything


def nodes(viewer: Viewer) -> QuerySet[Node]:
    """Return the nodes the viewer may see: the open ones, and those that their own organisations are tied to."""
    check(viewer, CHAIN, "map")
    if sees_everything(viewer):
        return Node.objects.all()
    return Node.objects.filter(Q(is_open=True) | Q(pk__in=_own_nodes(viewer)))


def _own_nodes(viewer: Viewer) -> list[str]:
    snapshot = mapped()
    return [] if snapshot is None else _ties(viewer, snapshot)["node"].unique().sort().to_list()


def supply_ends(viewer: Viewer, side: Side) -> QuerySet[SupplyEnd]:
    """Return the supply links by their buyers or by their suppliers, of organisations whose links the viewer sees."""
    return SupplyEnd.objects.filter(visibility(viewer, SUPPLY_LINK).as_q(), side=side)


def findings(viewer: Viewer) -> QuerySet[Finding]:
    """Return the weak, missing and single links."""
    return Finding.objects.filter(visibility(viewer, FINDING).as_q())


def partners(viewer: Viewer) -> QuerySet[Partner]:
    """Return the pairs of local buyers and local suppliers."""
    return Partner.objects.filter(visibility(viewer, FINDING).as_q())


def problems(viewer: Viewer) -> QuerySet[Problem]:
    """Return what is wrong with the map."""
    return Problem.objects.filter(visibility(viewer, FINDING).as_q())


_JUDGED: Mapping[str, tuple[Callable[[Viewer], QuerySet[Any]], str]] = {
    "links": (findings, "finding_reasons"),
    "partners": (partners, "partner_reasons"),
}


def row_with_reasons(viewer: Viewer, name: str, row: str) -> tuple[Finding | Partner, tuple[Reason, ...]] | None:
    """Return a row of the list "links" or "partners" with its reasons, or None: not there, or not for the viewer."""
    if name not in _JUDGED:
        return None
    rows, reasons = _JUDGED[name]
    found: Finding | Partner | None = rows(viewer).filter(pk=row).first()
    snapshot = mapped()
    if found is None or snapshot is None:
        return None
    told = table(snapshot, reasons).filter(pl.col("entry") == row).collect()
    return found, reasons_of(told, row)


@dataclass(frozen=True)
class Around:
    """What lies around a node.

    ``nodes``: node, hop, column, parent, name, node_kind, basis, is_missing (null where the viewer may not know).
    ``relations``: source, target, source_name, target_name, relation, basis, hop (of the farther end).
    """

    node: Node
    nodes: pl.DataFrame
    relations: pl.DataFrame


def around(viewer: Viewer, node: str, hops: int, direction: Direction) -> Around | None:
    """Return what the viewer may see within some hops of a node, or None when the node is not there or not for them."""
    found, snapshot = nodes(viewer).filter(pk=node).first(), mapped()
    if found is None or snapshot is None:
        return None
    chart = _chart(snapshot.tables["nodes"], snapshot.tables["relations"])
    visible, usable = (None, None) if sees_everything(viewer) else _masks(viewer, chart, snapshot)
    near = neighbourhood(chart.graph, node, hops, direction=direction, visible=visible, usable=usable)
    placed = pl.concat([near.nodes, chart.nodes[near.places]], how="horizontal")
    if visible is not None:
        placed = placed.with_columns(is_missing=pl.lit(None, pl.Boolean))
    return Around(found, placed, _relations(chart, near))


def _relations(chart: _Chart, near: Neighbourhood) -> pl.DataFrame:
    """Return the relations that were walked with the names of their ends, by hop and name.

    It works on places: names of tens of thousands of relations are slow to join and to sort.
    """
    hop = np.zeros(len(chart.graph.ids), np.int32)
    hop[near.places] = near.nodes["hop"].to_numpy()
    source, target = chart.graph.source[near.relations], chart.graph.target[near.relations]
    farther = np.maximum(hop[source], hop[target])
    order = np.argsort(farther.astype(np.int64) * len(chart.by_name) + chart.by_name[near.relations])
    names = chart.nodes["name"]
    return chart.relations[near.relations[order]].with_columns(
        source_name=names.gather(source[order]), target_name=names.gather(target[order]), hop=pl.Series(farther[order])
    )


@dataclass(frozen=True)
class _Chart:
    """The map of one snapshot, kept in memory: it never changes. ``nodes`` lie in the places of the graph."""

    graph: ChainGraph
    nodes: pl.DataFrame
    relations: pl.DataFrame
    by_name: np.ndarray  # place of each relation among all by the names of its ends
    is_open: np.ndarray
    is_open_relation: np.ndarray


@lru_cache(maxsize=2)
def _chart(nodes_digest: str, relations_digest: str) -> _Chart:
    nodes, relations = store.get_frame(nodes_digest), store.get_frame(relations_digest)
    shown = nodes.select("name", "node_kind", "basis", "is_missing")
    by_name = nodes["name"].rank("ordinal").to_numpy()
    told = relations.select("source", "target", "relation", "basis")
    masks = (frame["is_open"].to_numpy() for frame in (nodes, relations))
    graph = build_graph(nodes, relations)
    rank = nodes["name"].rank("ordinal").to_numpy()
    by_name = np.argsort(np.lexsort((rank[graph.target], rank[graph.source])))
    return _Chart(graph, shown, told, by_name, *masks)


def _masks(viewer: Viewer, chart: _Chart, snapshot: Snapshot) -> tuple[np.ndarray, np.ndarray]:
    visible = chart.is_open.copy()
    own = [chart.graph.places[node] for node in _ties(viewer, snapshot)["node"].unique()]
    visible[own] = True
    return visible, chart.is_open_relation


@dataclass(frozen=True)
class Tied:
    """Who is tied to a node by one activity: the first ones by name, and how many there are."""

    activity: str
    organisations: list[dict[str, object]]
    count: int


def tied_to(viewer: Viewer, node: str) -> list[Tied]:
    """Return who makes, sells, uses a node and works in it, as far as the viewer may see."""
    snapshot = mapped()
    if snapshot is None:
        return []
    rows = _ties(viewer, snapshot, pl.col("node") == node).sort("town", "name", nulls_last=True)
    return [
        Tied(str(key[0]), group.head(SHOWN).to_dicts(), group.height)
        for key, group in rows.group_by("activity", maintain_order=True)
    ]


def nodes_of(viewer: Viewer, organisation: str) -> list[dict[str, object]]:
    """Return what an organisation makes, sells, uses and works in, as far as the viewer may see."""
    snapshot = mapped()
    if snapshot is None:
        return []
    rows = _ties(viewer, snapshot, pl.col("organisation") == organisation)
    tied = rows["node"].unique().to_list()
    names = table(snapshot, "nodes").filter(pl.col("node").is_in(tied)).select("node", node_name="name").collect()
    return rows.join(names, on="node").sort("activity", "node_name").to_dicts()


def _ties(viewer: Viewer, snapshot: Snapshot, only: pl.Expr | None = None) -> pl.DataFrame:
    """Return the visible rows of who does what, with the name and town of each organisation."""
    who = table(snapshot, "organisations").select("town", "name", organisation="id")
    rows = table(snapshot, "makers")
    if only is not None:
        rows = rows.filter(only).collect().lazy()
        who = who.filter(pl.col("organisation").is_in(rows.select("organisation").unique().collect().to_series()))
    return rows.join(who, on="organisation").filter(visibility(viewer, CHAIN).as_expr()).collect()


@dataclass(frozen=True)
class Links:
    """The supply links of one organisation, from its suppliers and to its buyers."""

    organisation: str
    name: str
    bought: list[SupplyEnd]
    sold: list[SupplyEnd]


def links_of(viewer: Viewer, organisation: str) -> Links | None:
    """Return the links of an organisation, or None when it has none or the viewer may not see them."""
    bought, sold = (list(supply_ends(viewer, side).filter(organisation=organisation)) for side in ("buyer", "supplier"))
    if not bought and not sold:
        return None
    return Links(organisation, (bought or sold)[0].organisation_name, bought, sold)
