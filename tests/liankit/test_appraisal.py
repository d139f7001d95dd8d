"""Appraisals: equal to a sheet worked by hand, nothing unknown turned into zero, ranks only as sure as they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.appraisal_sheet import BODY, BY_HAND, VALUES

from liankit.plan.appraisal import GIVEN_SCHEMA, Scored, score_group
from liankit.plan.appraisal_ranks import bounds, quartiles, rank_intervals, ways_up, weight_sensitivity
from liankit.plan.appraisal_reasons import reasons_of_item
from liankit.plan.appraisal_scheme import Scheme, build_scheme
from liankit.process.check import DefinitionError
from liankit.texts import render

TOWNS = [str(row[0]) for row in VALUES]
_NOTHING = None


def _rows() -> list[tuple[Any, ...]]:
    """Return the sheet as (unit, item, value, goal, base)."""
    rows: list[tuple[Any, ...]] = []
    for town, done, planned, debt, ceiling, output, output_before, jobs, jobs_before, days, pilots, late in VALUES:
        rows += [
            (town, "projects", done, planned, _NOTHING),
            (town, "debt", debt, ceiling, _NOTHING),
            (town, "output", output, _NOTHING, output_before),
            (town, "jobs", jobs, _NOTHING, jobs_before),
            (town, "days", days, _NOTHING, _NOTHING),
            (town, "pilots", pilots, _NOTHING, _NOTHING),
            (town, "late", late, _NOTHING, _NOTHING),
        ]
    return rows


def _score(rows: list[tuple[Any, ...]], scheme: Scheme | None = None, units: list[str] = TOWNS) -> Scored:
    found = scheme or build_scheme(BODY, "towns.yaml")
    return score_group(found, found.groups[0], units, pl.DataFrame(rows, GIVEN_SCHEMA, orient="row"))


def _items(*items: dict[str, Any], **more: Any) -> Scheme:
    said = [{"title": {"zh": "项", "en": "Item"}, "limits": [0, 200], **item} for item in items]
    group = {**BODY["groups"][0], "items": said, "adjustments": []}
    return build_scheme({**BODY, "groups": [group], **more}, "items.yaml")


def test_twenty_towns_come_to_what_was_worked_out_by_hand() -> None:
    scored = _score(_rows())
    for town, (*points, total, rank) in BY_HAND.items():
        row = scored.place(town)
        expected = [np.nan if one is None else one for one in points]
        assert scored.scores[row] == pytest.approx(expected, abs=0.01, nan_ok=True), town
        assert (scored.totals[row], scored.ranks[row]) == (pytest.approx(total, abs=0.01), rank), town


def test_what_is_missing_is_told_and_its_weight_lies_on_the_others() -> None:
    scored = _score(_rows())
    assert scored.missing == [("T10", "debt"), ("T16", "output")]
    used = scored.weights[scored.place("T16")]
    assert used == pytest.approx(np.array([25, 15, 0, 15, 20]) / 75)
    without = [row for row in _rows() if row[0] != "T10"]
    empty = _score(without)
    assert np.isnan(empty.totals[empty.place("T10")]), "a unit of which nothing is known has no total"
    assert np.isnan(empty.ranks[empty.place("T10")])


def test_a_base_of_zero_or_less_turns_the_growth_of_the_group_into_increments() -> None:
    scheme = _items({"key": "profit", "weight": 100, "measure": "growth", "scale": "ranking"})
    rows = [("A", "profit", 5.0, None, -5.0), ("B", "profit", 30.0, None, 25.0), ("C", "profit", 4.0, None, 2.0)]
    scored = _score(rows, scheme, ["A", "B", "C"])
    assert scored.measured[0].how == "increment"
    assert scored.ranks.tolist() == [1, 2, 3], "by rates B with 20 % would stand behind C with 100 %"


def test_a_share_in_what_the_group_lost_means_nothing() -> None:
    scheme = _items({"key": "jobs", "weight": 100, "measure": "contribution", "scale": "benchmark"})
    scored = _score([("A", "jobs", 5.0, None, 9.0), ("B", "jobs", 6.0, None, 5.0)], scheme, ["A", "B"])
    assert np.isnan(scored.totals).all()
    assert [one.code for one in reasons_of_item(scored, "A", "jobs")] == ["appraisal_group_lost", "appraisal_spread"]


def test_rank_intervals_hold_the_rank_and_widen_with_what_is_unknown() -> None:
    scored = _score(_rows())
    sets = rank_intervals(scored)
    assert (sets.rank_low <= scored.ranks).all()
    assert (scored.ranks <= sets.rank_high).all()
    assert sets.width.max() > 1, "twenty towns are never sure to one place"
    without = _score([row for row in _rows() if row[:2] != ("T03", "projects")])
    wider = rank_intervals(without)
    first = scored.place("T03")
    assert wider.width[first] > sets.width[first]


def test_the_weights_are_tried_and_an_item_that_all_have_alike_moves_nobody() -> None:
    rows = [*_rows(), *((town, "alike", 7.0, None, None) for town in TOWNS)]
    body = {**BODY["groups"][0]["items"][4], "key": "alike", "weight": 20}
    items = [*BODY["groups"][0]["items"][:4], body]
    scored = _score(rows, build_scheme({**BODY, "groups": [{**BODY["groups"][0], "items": items}]}, "x"))
    table = weight_sensitivity(scored)
    assert table.height == 15
    assert table.filter(item="projects", factor=0.0)["moved"].item() > 0
    assert table.filter(item="alike")["moved"].max() <= table.filter(item="projects")["moved"].max()


@pytest.mark.parametrize("town", ["T01", "T12", "T16", "T20"])
def test_the_way_up_is_the_smallest_change_that_moves_the_rank(town: str) -> None:
    scored = _score(_rows())
    ways = ways_up(scored, town)
    rank = scored.ranks[scored.place(town)]
    assert any(way.needed is not None for way in ways)
    for way in (way for way in ways if way.needed is not None):
        assert way.needed is not None
        assert _rank_with(town, way.item, way.needed) == way.rank
        assert way.rank is not None
        assert way.rank < rank
        short = way.value + (way.needed - way.value) * 0.999
        assert _rank_with(town, way.item, short) == rank, "less would not do"
    assert ways_up(scored, "T03") == [], "the first has no way up"


def _rank_with(town: str, item: str, value: float) -> float:
    rows = [(*row[:2], value, *row[3:]) if row[:2] == (town, item) else row for row in _rows()]
    scored = _score(rows)
    return float(scored.ranks[scored.place(town)])


def test_an_item_at_its_limit_says_that_no_change_of_it_helps() -> None:
    scored = _score(_rows())
    assert {way.item: way.needed for way in ways_up(scored, "T04")}["projects"] is None


@settings(deadline=None, max_examples=40)
@given(
    st.lists(
        st.tuples(*[st.none() | st.floats(0.1, 1e4).map(lambda value: round(value, 3))] * 3), min_size=1, max_size=8
    )
)
def test_totals_keep_within_their_bounds_and_weights_sum_to_one(values: list[tuple[float | None, ...]]) -> None:
    scheme = _items(
        {"key": "a", "weight": 50, "measure": "completion", "scale": "percent"},
        {"key": "b", "weight": 30, "measure": "growth", "scale": "efficacy"},
        {"key": "c", "weight": 20, "measure": "value", "scale": "benchmark", "direction": "down"},
    )
    units = [f"U{number}" for number in range(len(values))]
    rows = [(unit, item, *said) for unit, said in zip(units, values, strict=True) for item in "abc"]
    scored = _score(rows, scheme, units)
    low, high = bounds(scored)
    known = ~np.isnan(scored.totals)
    assert (low[known] <= scored.totals[known] + 1e-9).all()
    assert (scored.totals[known] <= high[known] + 1e-9).all()
    assert scored.weights[known].sum(axis=1) == pytest.approx(1.0)
    assert np.isnan(scored.scores[:, 2]).tolist() == [value is None for value, _goal, _base in values]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_score_opens_into_its_arithmetic(language: Any) -> None:
    scored = _score(_rows())
    for town in ("T01", "T10", "T16"):
        for item in scored.group.items:
            reasons = reasons_of_item(scored, town, item.key)
            assert all(render(one.code, one.params, language) for one in reasons)
    said = [one.code for one in reasons_of_item(scored, "T16", "output")]
    assert said == ["appraisal_no_value", "appraisal_spread"]


def test_a_small_group_shows_no_distribution() -> None:
    assert quartiles(np.array([1.0, 2.0, 3.0, np.nan]), 4) is None


def test_every_mistake_of_a_formula_is_named() -> None:
    group = BODY["groups"][0]
    wrong = [
        {**group["items"][0], "weight": 30},
        {**group["items"][0], "scale": "ranking", "good": 3, "limits": [9, 1]},
    ]
    with pytest.raises(DefinitionError) as error:
        build_scheme({**BODY, "groups": [{**group, "items": wrong}]}, "towns.yaml")
    said = str(error.value)
    for part in ("a key stands once", "sum to 55, not to 100", "the lower limit comes first", "has standards"):
        assert part in said


def test_a_source_that_cannot_be_drawn_from_is_refused() -> None:
    group = BODY["groups"][0]
    first, *others = group["items"]
    draws = {"value": {"indicator": "a", "metric": "b", "of": ["c"]}, "goal": {"times": 2}}
    wrong = {
        **group,
        "of": "zones",
        "items": [{**first, "measure": "growth", "scale": "ranking", "draws": draws}, *others],
    }
    with pytest.raises(DefinitionError) as error:
        build_scheme({**BODY, "groups": [wrong]}, "towns.yaml")
    for part in ("not by zone", "measured by no goal", "one of them", "says itself what it counts"):
        assert part in str(error.value)
