"""What is wrong with a chain as it was told: circles, nodes of one name, contradicting relations, loose nodes.

Nothing is mended here: a walk visits each node once whatever the faults, and whoever keeps the chain sees them.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from itertools import islice

import polars as pl

from liankit.entities import name_key

PROBLEMS = ("circle", "subtype_circle", "two_relations", "several_kinds", "alike", "loose")
"""Codes: what goes into itself over others, a subtype of itself, a pair that is both input and subtype, a node of
several kinds, nodes whose names differ only in brackets or a plural ending, a node nothing hangs on."""

MOST_CIRCLES = 500  # a district mends a few at a time, and those mended break others


def find_problems(nodes: pl.DataFrame, relations: pl.DataFrame, tied: pl.Series) -> pl.DataFrame:
    """Return problem, node, nodes: one row a problem, with the nodes it is about in their order, the first also alone.

    ``nodes`` : node, name, kinds (List: every kind told of it); ``relations`` : source, target, relation; ``tied`` :
    nodes that somebody makes, sells, uses or supplies, which are not loose without any relation. Of circles each is
    told once, of either kind at most ``MOST_CIRCLES``.
    """
    parts = [
        _circles("circle", relations.filter(pl.col("relation") == "input_of")),
        _circles("subtype_circle", relations.filter(pl.col("relation") == "subtype_of")),
        _two_relations(relations),
        _about("several_kinds", nodes.filter(pl.col("kinds").list.len() > 1).select(nodes=pl.concat_list("node"))),
        _alike(nodes),
        _loose(nodes, relations, tied),
    ]
    return pl.concat(parts).sort(
        pl.col("problem").cast(pl.Enum(PROBLEMS)), "node", pl.col("nodes").list.join("\x1f"), maintain_order=True
    )


def _about(problem: str, found: pl.DataFrame) -> pl.DataFrame:
    """Return problems of one code from ``found``, whose column nodes says what each is about."""
    nodes = pl.col("nodes").cast(pl.List(pl.String))
    return found.select(problem=pl.lit(problem), node=nodes.list.first(), nodes=nodes)


def _circles(problem: str, relations: pl.DataFrame) -> pl.DataFrame:
    """Tell of each relation that closes a circle on a depth-first walk the shortest circle that it is on."""
    targets: dict[str, list[str]] = {}
    for source, target in _on_circles(relations).sort("source", "target").iter_rows():
        targets.setdefault(source, []).append(target)
    closing = islice(_closing(targets), MOST_CIRCLES)
    found = {tuple(_from_smallest(_shortest(targets, target, source))): None for source, target in closing}
    nodes = [list(circle) for circle in found]
    return _about(problem, pl.DataFrame({"nodes": nodes}, schema={"nodes": pl.List(pl.String)}))


def _on_circles(relations: pl.DataFrame) -> pl.DataFrame:
    """Leave out, as often as it helps, relations from a node that nothing enters or to one that nothing leaves."""
    left, before = relations.select("source", "target").unique(maintain_order=True), -1
    while left.height != before:
        before = left.height
        left = left.join(left.select(source="target").unique(), on="source", how="semi", maintain_order="left")
        left = left.join(left.select(target="source").unique(), on="target", how="semi", maintain_order="left")
    return left


def _closing(targets: Mapping[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Yield the relations that lead back onto the path of a depth-first walk; without them there is no circle."""
    done: set[str] = set()
    for start in targets:
        path, ways = {start: None}, [iter(targets[start])]
        while start not in done and ways:
            here, node = next(reversed(path)), next(ways[-1], None)
            if node is None:
                ways.pop()
                del path[here]
                done.add(here)
            elif node in path:
                yield here, node
            elif node not in done:
                path[node] = None
                ways.append(iter(targets.get(node, ())))


def _shortest(targets: Mapping[str, list[str]], start: str, end: str) -> list[str]:
    """Return the nodes of a shortest way from start to end, which there is."""
    before, waiting = {start: ""}, deque([start])
    while end not in before:
        here = waiting.popleft()
        fresh = [node for node in targets.get(here, ()) if node not in before]
        before |= dict.fromkeys(fresh, here)
        waiting.extend(fresh)
    way = [end]
    while way[-1] != start:
        way.append(before[way[-1]])
    return way[::-1]


def _from_smallest(circle: list[str]) -> list[str]:
    first = circle.index(min(circle))
    return circle[first:] + circle[:first]


def _two_relations(relations: pl.DataFrame) -> pl.DataFrame:
    pairs = relations.select("relation", pair=pl.concat_list("source", "target"))
    kinds = pairs.group_by("pair", maintain_order=True).agg(pl.col("relation").unique())
    both = kinds.filter(pl.col("relation").list.contains("input_of") & pl.col("relation").list.contains("subtype_of"))
    return _about("two_relations", both.select(nodes="pair"))


_BRACKETS = re.compile(r"[(（\[【].*?[)）\]】]")


def _loose_key(name: str) -> str:
    key = name_key(_BRACKETS.sub("", name)) or name_key(name)
    return key.removesuffix("类") if len(key) > 2 else key


def _alike(nodes: pl.DataFrame) -> pl.DataFrame:
    keyed = nodes.select("node", key=pl.col("name").map_elements(_loose_key, return_dtype=pl.String))
    groups = keyed.filter(pl.col("key") != "").sort("node").group_by("key", maintain_order=True).agg(nodes="node")
    return _about("alike", groups.filter(pl.col("nodes").list.len() > 1))


def _loose(nodes: pl.DataFrame, relations: pl.DataFrame, tied: pl.Series) -> pl.DataFrame:
    held = pl.concat([relations["source"], relations["target"], tied]).unique()
    loose = nodes.filter(~pl.col("node").is_in(held.implode()))
    return _about("loose", loose.select(nodes=pl.concat_list("node")))
