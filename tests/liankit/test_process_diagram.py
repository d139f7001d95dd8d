"""The picture of a process is drawn from its definition: everything is on it, nothing overlaps, words say the same."""

from __future__ import annotations

from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.process_cases import process
from tests.liankit.test_process_hand_over import built

from liankit.process.diagram import draw, steps
from liankit.process.layout import Size, place
from liankit.texts import LANGUAGES, Language

SVG = "{http://www.w3.org/2000/svg}"


def words(svg: str) -> list[str]:
    return [span.text or "" for span in ElementTree.fromstring(svg).iter(f"{SVG}tspan")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_stage_and_every_step_is_on_it_and_it_says_what_it_shows(language: Language) -> None:
    svg = draw(process(), language)
    said = words(svg)
    for part in (*process().stages, *process().transitions):
        assert any(part.title.en in line for line in said)
    picture = ElementTree.fromstring(svg)
    title, desc = picture.find(f"{SVG}title"), picture.find(f"{SVG}desc")
    assert title is not None and title.text == "start_up"
    assert desc is not None and "8" in str(desc.text) and "6" in str(desc.text)
    assert svg == draw(process(), language)


def test_where_a_case_stands_is_marked_by_word_and_by_frame() -> None:
    svg = draw(process(), "en", current=("contract", "ethics"))
    assert [line for line in words(svg) if "(now)" in line] == ["● contract (now)", "● ethics (now)"]
    assert svg.count('stroke-width="3"') == 2
    assert "Now at: contract, ethics." in svg


def test_a_hand_over_and_a_second_person_are_told() -> None:
    assert "[handed over: answerer]" in " ".join(words(draw(built(), "en")))
    rows = {row.step: row for row in steps(process(), "en")}
    assert rows["finish"].second == "leader" and rows["sign"].needs == ("contract_copy",)
    assert rows["join"].stages == ("contract_done", "ethics_done")
    assert {row.step: row.hands_over for row in steps(built(), "en")}["pass_on"] == ("answerer",)


GRAPHS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=25)


@settings(max_examples=80, deadline=None)
@given(GRAPHS, st.lists(st.integers(20, 200), min_size=10, max_size=10))
def test_no_two_nodes_overlap_and_every_line_joins_its_ends(pairs: list[tuple[int, int]], wide: list[int]) -> None:
    edges = [(str(tail), str(head)) for tail, head in pairs if tail != head]
    sizes = {str(number): Size(width, 30) for number, width in enumerate(wide)}
    layout = place(sizes, edges, Size(10, 20))
    rows: dict[float, list[str]] = {}
    for node, at in layout.nodes.items():
        rows.setdefault(at.y, []).append(node)
        assert sizes[node].width / 2 - 0.01 <= at.x <= layout.size.width - sizes[node].width / 2 + 0.01
    for row in rows.values():
        row.sort(key=lambda node: layout.nodes[node].x)
        for left, right in pairwise(row):
            free = layout.nodes[right].x - layout.nodes[left].x - (sizes[left].width + sizes[right].width) / 2
            assert free >= 9.99
    assert sorted(rows) == [15 + 50 * number for number in range(len(rows))]
    for (tail, head), points in layout.edges.items():
        assert (points[0], points[-1]) == (layout.nodes[tail], layout.nodes[head])
        assert all(first.y != second.y for first, second in pairwise(points))
