"""What lies around one node within some hops: breadth first, whole frontiers at a time.

A node is reached once, by the fewest hops; its column says how far it lies along the flow: -1 goes into the start,
+1 comes out of it, 0 again beside it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from liankit.network.graph import ChainGraph, Places, Rows

Direction = Literal["up", "down", "both"]
DIRECTIONS: tuple[Direction, ...] = ("up", "down", "both")
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Neighbourhood:
    """``nodes``: node, hop, column, parent (the node it was reached from, null for the start), in order of discovery.

    ``places`` are those of the nodes in the graph. ``relations``: rows of the table of relations that were walked,
    ascending, each once.
    """

    nodes: pl.DataFrame
    places: Places
    relations: Places


def neighbourhood(
    graph: ChainGraph,
    start: str,
    hops: int,
    *,
    direction: Direction = "both",
    visible: Mask | None = None,
    usable: Mask | None = None,
) -> Neighbourhood:
    """Return what lies within ``hops`` of ``start``: "up" what goes into it, "down" what it goes into, or "both".

    ``visible`` (one a node) and ``usable`` (one a relation) keep the walk to a part of the graph; the start itself is
    always there. Time grows with the relations walked. Raises ``UserError`` for a start that is no node.
    """
    walk = _Walk(graph, graph.place(start), visible, usable)
    for hop in range(1, hops + 1):
        walk.step(hop, direction)
    return walk.result()


class _Walk:
    """Where a walk has been: arrays by place, and the places in order of discovery."""

    def __init__(self, graph: ChainGraph, start: int, visible: Mask | None, usable: Mask | None) -> None:
        self.graph, self.visible, self.usable = graph, visible, usable
        self.hop = np.full(len(graph.ids), -1, np.int32)
        self.column = np.zeros(len(graph.ids), np.int32)
        self.parent = np.full(len(graph.ids), -1, np.int32)
        self.hop[start] = 0
        self.frontier: Places = np.array([start], np.int32)
        self.found: list[Places] = [self.frontier]
        self.walked: list[Places] = []

    def step(self, hop: int, direction: Direction) -> None:
        """Go one hop on from the frontier."""
        fresh = [self._go(hop, *way) for way in self._ways(direction)]
        self.frontier = np.concatenate(fresh)
        self.found.append(self.frontier)

    def _ways(self, direction: Direction) -> Iterator[tuple[Rows, Places, Places, int]]:
        graph = self.graph
        if direction in ("up", "both"):
            yield graph.backward, graph.target, graph.source, -1
        if direction in ("down", "both"):
            yield graph.forward, graph.source, graph.target, 1

    def _go(self, hop: int, rows: Rows, here: Places, there: Places, shift: int) -> Places:
        edges = rows.of(self.frontier)
        if self.usable is not None:
            edges = edges[self.usable[edges]]
        if self.visible is not None:
            edges = edges[self.visible[there[edges]]]
        self.walked.append(edges)
        onto = edges[self.hop[there[edges]] < 0]
        first = np.sort(np.unique(there[onto], return_index=True)[1])
        fresh, back = there[onto[first]], here[onto[first]]
        self.hop[fresh], self.parent[fresh] = hop, back
        self.column[fresh] = self.column[back] + shift
        return fresh

    def result(self) -> Neighbourhood:
        order = np.concatenate(self.found)
        ids, parents = self.graph.ids, pl.Series(self.parent[order])
        nodes = pl.DataFrame(
            {
                "node": ids.gather(order),
                "hop": self.hop[order],
                "column": self.column[order],
                "parent": ids.gather(parents.set(parents < 0, None)),
            }
        )
        walked = np.zeros(len(self.graph.source), np.bool_)  # a mask is ten times as fast as sorting out twins
        for edges in self.walked:
            walked[edges] = True
        return Neighbourhood(nodes, order, np.flatnonzero(walked).astype(np.int32))
