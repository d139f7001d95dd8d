from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liankit.errors import UserError
from liankit.network import DIRECTIONS, Direction, build_graph, find_problems, neighbourhood

NODES = tuple("abcdefgh")
PAIRS = st.lists(st.tuples(st.sampled_from(NODES), st.sampled_from(NODES)), max_size=25)


def _relations(pairs: list[tuple[str, str]], relation: str = "input_of") -> pl.DataFrame:
    rows = [(source, target, relation) for source, target in pairs]
    return pl.DataFrame(rows, schema={"source": pl.String, "target": pl.String, "relation": pl.String}, orient="row")


def _nodes(names: tuple[str, ...] = NODES) -> pl.DataFrame:
    kinds: list[list[str]] = [[] for _name in names]
    schema: dict[str, Any] = {"node": pl.String, "name": pl.String, "kinds": pl.List(pl.String)}
    return pl.DataFrame({"node": list(names), "name": list(names), "kinds": kinds}, schema=schema)


def _plain(
    pairs: list[tuple[str, str]], start: str, hops: int, direction: str, visible: set[str]
) -> tuple[dict[str, int], set[int]]:
    """Walk one node at a time, as one would by hand."""
    hop, walked, waiting = {start: 0}, set(), deque([start])
    while waiting:
        here = waiting.popleft()
        if hop[here] == hops:
            continue
        for row, (source, target) in enumerate(pairs):
            ways = [target] if source == here and direction in ("down", "both") else []
            ways += [source] if target == here and direction in ("up", "both") else []
            for there in (way for way in ways if way in visible):
                walked.add(row)
                if there not in hop:
                    hop[there] = hop[here] + 1
                    waiting.append(there)
    return hop, walked


@settings(max_examples=150, deadline=None)
@given(PAIRS, st.sampled_from(NODES), st.integers(0, 4), st.sampled_from(DIRECTIONS), st.sets(st.sampled_from(NODES)))
def test_the_neighbourhood_is_what_walking_by_hand_finds(
    pairs: list[tuple[str, str]], start: str, hops: int, direction: Direction, visible: set[str]
) -> None:
    graph = build_graph(_nodes(), _relations(pairs))
    mask = np.array([node in visible for node in NODES])
    found = neighbourhood(graph, start, hops, direction=direction, visible=mask)
    hop, walked = _plain(pairs, start, hops, direction, visible)
    assert dict(found.nodes.select("node", "hop").iter_rows()) == hop
    assert set(found.relations.tolist()) == walked


@settings(deadline=None)
@given(PAIRS, st.sampled_from(NODES))
def test_a_node_lies_one_column_beside_the_node_it_was_reached_from(pairs: list[tuple[str, str]], start: str) -> None:
    found = neighbourhood(build_graph(_nodes(), _relations(pairs)), start, 3)
    column = dict(found.nodes.select("node", "column").iter_rows())
    for node, parent in found.nodes.select("node", "parent").iter_rows():
        if parent is None:
            assert (node, column[node]) == (start, 0)
        elif column[node] < column[parent]:
            assert column[node] == column[parent] - 1 and (node, parent) in pairs
        else:
            assert column[node] == column[parent] + 1 and (parent, node) in pairs


def test_unusable_relations_are_not_walked() -> None:
    graph = build_graph(_nodes(), _relations([("a", "b"), ("b", "c")]))
    found = neighbourhood(graph, "a", 3, usable=np.array([True, False]))
    assert found.nodes["node"].to_list() == ["a", "b"]


def test_a_node_that_is_not_there_is_named_with_the_nearest_one() -> None:
    graph = build_graph(_nodes(("层析填料",)), _relations([]))
    with pytest.raises(UserError, match=r"层析填科.*层析填料"):
        neighbourhood(graph, "层析填科", 1)


def test_a_relation_without_its_end_and_a_node_told_twice_are_refused() -> None:
    with pytest.raises(UserError, match="'z' is no node"):
        build_graph(_nodes(), _relations([("a", "z")]))
    with pytest.raises(UserError, match="'a' stands there twice"):
        build_graph(pl.concat([_nodes(), _nodes(("a",))]), _relations([]))


def _problems(
    nodes: pl.DataFrame, relations: pl.DataFrame, tied: tuple[str, ...] = NODES
) -> list[tuple[str, list[str]]]:
    found = find_problems(nodes, relations, pl.Series(tied, dtype=pl.String))
    return list(found.select("problem", "nodes").iter_rows())


def test_a_circle_is_told_once_in_the_direction_of_flow() -> None:
    assert _problems(_nodes(), _relations([("c", "a"), ("a", "b"), ("b", "c"), ("c", "d")])) == [
        ("circle", ["a", "b", "c"])
    ]
    assert _problems(_nodes(), _relations([("b", "a"), ("a", "b")], "subtype_of")) == [("subtype_circle", ["a", "b"])]


@settings(deadline=None, max_examples=30)
@given(PAIRS)
def test_circles_follow_relations_and_are_told_exactly_where_a_node_leads_back_to_itself(
    pairs: list[tuple[str, str]],
) -> None:
    relations = _relations(pairs).unique()
    found = find_problems(_nodes(), relations, pl.Series(NODES)).filter(pl.col("problem") == "circle")["nodes"]
    for circle in found:
        assert set(zip(circle, [*circle[1:], circle[0]], strict=True)) <= set(pairs)
        assert len(set(circle)) == len(circle) and circle[0] == min(circle)
    graph = build_graph(_nodes(), relations)
    after, before = (
        {node: set(neighbourhood(graph, node, len(NODES), direction=way).nodes["node"][1:]) for node in NODES}
        for way in ("down", "up")
    )
    leads_back = any((node, node) in pairs or after[node] & before[node] for node in NODES)
    assert leads_back == (len(found) > 0)


def test_what_hangs_on_nothing_is_loose_unless_somebody_makes_or_uses_it() -> None:
    assert _problems(_nodes(("a", "b", "c")), _relations([("a", "b")]), ()) == [("loose", ["c"])]
    assert _problems(_nodes(("a", "b", "c")), _relations([("a", "b")]), ("c",)) == []


def test_names_that_differ_in_brackets_or_a_plural_ending_are_alike() -> None:
    nodes = _nodes(("1", "2", "3")).with_columns(name=pl.Series(["层析填料", "层析填料（进口）", "层析填料类"]))
    assert _problems(nodes, _relations([]), ("1", "2", "3")) == [("alike", ["1", "2", "3"])]


def test_a_pair_that_is_input_and_kind_at_once_and_a_node_of_two_kinds_are_told() -> None:
    both = pl.concat([_relations([("a", "b")]), _relations([("a", "b")], "subtype_of")])
    assert _problems(_nodes(), both) == [("two_relations", ["a", "b"])]
    nodes = _nodes(("a",)).with_columns(kinds=pl.lit(["equipment", "item"]))
    assert _problems(nodes, _relations([]), ("a",)) == [("several_kinds", ["a"])]
