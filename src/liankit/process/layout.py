"""Place the nodes of a directed graph in layers, from top to bottom: the method of Sugiyama, Tagawa and Toda (1981).

Edges that go back are turned for the placing, long edges get a bend in each layer they cross, neighbours are drawn
together by barycentres, and each layer is spread so that nothing overlaps and the lines are as straight as can be.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import fmean
from typing import NamedTuple

Node = str
Edge = tuple[Node, Node]
SWEEPS = 8
BEND_WIDTH = 10.0


class Point(NamedTuple):
    x: float
    y: float


class Size(NamedTuple):
    width: float
    height: float


@dataclass(frozen=True)
class Layout:
    """Where the middle of each node is, and the points of each edge from its tail to its head."""

    nodes: Mapping[Node, Point]
    edges: Mapping[Edge, tuple[Point, ...]]
    size: Size

    def mirrored(self) -> Layout:
        """Return the same picture with left and right exchanged."""
        nodes = {node: Point(self.size.width - x, y) for node, (x, y) in self.nodes.items()}
        edges = {edge: tuple(Point(self.size.width - x, y) for x, y in line) for edge, line in self.edges.items()}
        return Layout(nodes, edges, self.size)


def place(sizes: Mapping[Node, Size], edges: Iterable[Edge], gap: Size) -> Layout:
    """Return the places of nodes and edges; ``gap`` is kept free between neighbours and between layers.

    The first node of ``sizes`` is the top; nodes are reached in their order, so the same graph gives the same picture.
    """
    edges = list(dict.fromkeys(edges))
    back = _back_edges(sizes, edges)
    down = {edge: (edge[1], edge[0]) if edge in back else edge for edge in edges}
    layer = _layers(sizes, down.values())
    paths = {edge: _bends(f"{edge}", turned, layer) for edge, turned in down.items()}
    links = [link for path in paths.values() for link in pairwise(path)]
    rows = _ordered(_rows(sizes, layer, paths.values()), links)
    wide = {node: size.width for node, size in sizes.items()}
    xs = _spread(rows, links, wide, gap.width)
    ys = _heights(rows, sizes, gap.height)
    at = {node: Point(xs[node], ys[number]) for number, row in enumerate(rows) for node in row}
    lines = {edge: tuple(at[node] for node in (path[::-1] if edge in back else path)) for edge, path in paths.items()}
    width = max(xs[node] + wide.get(node, BEND_WIDTH) / 2 for node in xs)
    height = ys[-1] + max(sizes[node].height for node in rows[-1] if node in sizes) / 2
    return Layout({node: at[node] for node in sizes}, lines, Size(width, height))


def _back_edges(nodes: Iterable[Node], edges: Sequence[Edge]) -> set[Edge]:
    """Return the edges that lead back to a node on the way to their tail (depth first, in order)."""
    following: dict[Node, list[Node]] = {}
    for tail, head in edges:
        following.setdefault(tail, []).append(head)
    back: set[Edge] = set()
    done: set[Node] = set()

    def walk(node: Node, above: tuple[Node, ...]) -> None:
        for head in following.get(node, ()):
            if head in above:
                back.add((node, head))
            elif head not in done:
                walk(head, (*above, head))
        done.add(node)

    for node in nodes:
        if node not in done:
            walk(node, (node,))
    return back


def _layers(nodes: Iterable[Node], edges: Iterable[Edge]) -> dict[Node, int]:
    """Return the layer of each node: one below the lowest of those that lead to it."""
    before: dict[Node, list[Node]] = {node: [] for node in nodes}
    for tail, head in edges:
        before[head].append(tail)
    layer: dict[Node, int] = {}

    def depth(node: Node) -> int:
        if node not in layer:
            layer[node] = max((depth(earlier) + 1 for earlier in before[node]), default=0)
        return layer[node]

    return {node: depth(node) for node in before}


def _bends(name: str, edge: Edge, layer: Mapping[Node, int]) -> tuple[Node, ...]:
    """Return the nodes an edge passes: its ends, and a bend with its name in each layer between them."""
    tail, head = edge
    between = (f"{name} {number}" for number in range(layer[tail] + 1, layer[head]))
    return (tail, *between, head)


def _rows(nodes: Iterable[Node], layer: Mapping[Node, int], paths: Iterable[tuple[Node, ...]]) -> list[list[Node]]:
    rows: list[list[Node]] = [[] for _ in range(max(layer.values()) + 1)]
    for node in nodes:
        rows[layer[node]].append(node)
    for path in paths:
        for number, bend in enumerate(path[1:-1], start=layer[path[0]] + 1):
            rows[number].append(bend)
    return rows


def _neighbours(links: Iterable[Edge]) -> tuple[dict[Node, list[Node]], dict[Node, list[Node]]]:
    above: dict[Node, list[Node]] = {}
    below: dict[Node, list[Node]] = {}
    for upper, lower in links:
        above.setdefault(lower, []).append(upper)
        below.setdefault(upper, []).append(lower)
    return above, below


def _ordered(rows: list[list[Node]], links: Sequence[Edge]) -> list[list[Node]]:
    """Return the order with the fewest crossings found by sorting each row by the middle of its neighbours."""
    above, below = _neighbours(links)
    best, fewest = [list(row) for row in rows], _crossings(rows, below)
    for sweep in range(SWEEPS):
        downward = sweep % 2 == 0
        for number in range(1, len(rows)) if downward else range(len(rows) - 2, -1, -1):
            beside = rows[number - 1 if downward else number + 1]
            _sort(rows[number], above if downward else below, {node: place for place, node in enumerate(beside)})
        found = _crossings(rows, below)
        if found < fewest:
            best, fewest = [list(row) for row in rows], found
    return best


def _sort(row: list[Node], neighbours: Mapping[Node, list[Node]], places: Mapping[Node, int]) -> None:
    own = {node: place for place, node in enumerate(row)}
    middle = {node: fmean(places[n] for n in neighbours[node]) if node in neighbours else own[node] for node in row}
    row.sort(key=lambda node: (middle[node], own[node]))


def _crossings(rows: Iterable[list[Node]], below: Mapping[Node, list[Node]]) -> int:
    places = {node: place for row in rows for place, node in enumerate(row)}
    count = 0
    for row in rows:
        ends = [places[lower] for node in row for lower in sorted(below.get(node, ()), key=places.__getitem__)]
        count += sum(left > right for number, left in enumerate(ends) for right in ends[number + 1 :])
    return count


def _spread(rows: list[list[Node]], links: Iterable[Edge], wide: Mapping[Node, float], gap: float) -> dict[Node, float]:
    """Return the middle of each node: near the middle of its neighbours, never nearer to the next than the gap."""
    above, below = _neighbours(links)
    xs = {node: float(place) for row in rows for place, node in enumerate(row)}
    for sweep in range(SWEEPS):
        downward = sweep % 2 == 0
        for row in rows if downward else rows[::-1]:
            beside = above if downward else below
            wanted = [fmean(xs[near] for near in beside.get(node, (node,))) for node in row]
            xs |= zip(row, _apart(wanted, [wide.get(node, BEND_WIDTH) for node in row], gap), strict=True)
    left = min(xs[node] - wide.get(node, BEND_WIDTH) / 2 for node in xs)
    return {node: x - left for node, x in xs.items()}


def _apart(wanted: Sequence[float], widths: Sequence[float], gap: float) -> list[float]:
    """Return the places nearest to those wanted (least squares) that keep order and distance: pooled neighbours."""
    offsets = [0.0]
    for left, right in pairwise(widths):
        offsets.append(offsets[-1] + (left + right) / 2 + gap)
    pools: list[tuple[float, int]] = []  # mean of wanted minus offset, how many nodes
    for want, offset in zip(wanted, offsets, strict=True):
        pools.append((want - offset, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (late, many), (early, few) = pools.pop(), pools.pop()
            pools.append(((late * many + early * few) / (many + few), many + few))
    bases = [mean for mean, count in pools for _ in range(count)]
    return [base + offset for base, offset in zip(bases, offsets, strict=True)]


def _heights(rows: Iterable[list[Node]], sizes: Mapping[Node, Size], gap: float) -> list[float]:
    """Return the middle of each row."""
    middles, top = [], 0.0
    for row in rows:
        height = max(sizes[node].height for node in row if node in sizes)
        middles.append(top + height / 2)
        top += height + gap
    return middles
