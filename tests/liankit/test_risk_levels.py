"""Levels by thresholds, first stops, shares and rank sets: small worked cases and what must hold for all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from liankit.errors import UserError
from liankit.risk.clocks import add_first_stops, add_impact_shares
from liankit.risk.levels import LEVELS, QUANTITIES, build_levels, compute_levels, level_after, tell_levels
from liankit.risk.stability import rank_again, tell_stability

FILE = Path(__file__).parents[2] / "src/liandesk/packs/cn/thresholds/risk_level.yaml"
BODY = yaml.safe_load(FILE.read_text(encoding="utf-8"))
SCHEME = build_levels(BODY, "risk_level.yaml")
_COLUMNS = {name: pl.Float64 for quantity in QUANTITIES.values() for name in quantity[:2]}


def _entries(*rows: dict[str, Any]) -> pl.DataFrame:
    schema = {"entry": pl.String, "sole_source": pl.Boolean, **_COLUMNS}
    whole = [dict.fromkeys(schema) | {"entry": str(place)} | row for place, row in enumerate(rows)]
    return pl.DataFrame(whole, schema=schema)


def _levels(*rows: dict[str, Any]) -> list[tuple[str | None, str]]:
    found = compute_levels(_entries(*rows), SCHEME)
    return found.select("computed_level", "computed_level_most").rows()


def _known(share: float, *, sole: bool, gap: float = -30, stop: float = 90, buyers: float = 1) -> dict[str, Any]:
    ends = {"impact_share": share, "gap_days": gap, "first_stop": stop, "reach_buyers": buyers}
    low_high = {"reach_buyers": buyers} | {f"{name}_{end}": v for name, v in ends.items() for end in ("low", "high")}
    return {"sole_source": sole} | {name: value for name, value in low_high.items() if name in _COLUMNS}


def test_each_level_begins_at_its_threshold() -> None:
    assert _levels(
        _known(0.05, sole=True, gap=0),
        _known(0.0499, sole=True, gap=0),
        _known(0.1, sole=False, stop=30),
        _known(0.1, sole=False, stop=31),
        _known(0.0049, sole=False),
    ) == [("red", "red"), ("orange", "orange"), ("red", "red"), ("yellow", "yellow"), ("blue", "blue")]


def test_what_is_unknown_leaves_a_graver_level_possible_and_proves_none() -> None:
    unknown_stock = _known(0.2, sole=False) | {"first_stop_low": None, "first_stop_high": None}
    assert _levels(unknown_stock, {}) == [("yellow", "red"), (None, "red")]


def test_likelihood_counts_only_where_it_is_known() -> None:
    likely = {"likelihood_low": 0.6, "likelihood_high": 0.8}
    assert _levels(_known(0.02, sole=False), _known(0.02, sole=False) | likely) == [("yellow",) * 2, ("red",) * 2]


def test_the_reasons_name_the_clauses_that_decide_and_those_that_are_open() -> None:
    unknown_stock = _known(0.2, sole=False) | {"first_stop_low": None, "first_stop_high": None}
    told = tell_levels(compute_levels(_entries(unknown_stock), SCHEME), SCHEME, version="v1")
    said = told.select("code", "holds", "threshold").rows()
    assert said == [
        ("level_yellow", True, None),
        ("level_may_be_red", None, None),
        ("clause_first_stop_days", None, 30.0),
        ("clause_impact_share", True, 0.005),
    ]
    assert set(told["source"]) == {"v1"}


_ENDS = st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted)


@settings(max_examples=50, deadline=None)
@given(share=_ENDS, sole=st.sampled_from([True, False, None]), gap=_ENDS, at=st.floats(0, 1))
def test_the_level_of_any_truth_inside_the_intervals_lies_between_proven_and_possible(
    share: list[float], sole: bool | None, gap: list[float], at: float
) -> None:
    base = _known(0.0, sole=bool(sole))
    wide = base | {"impact_share_low": share[0], "impact_share_high": share[1], "sole_source": sole}
    wide |= {"gap_days_low": gap[0] - 0.5, "gap_days_high": gap[1] - 0.5}
    true_share, true_gap = (ends[0] + at * (ends[1] - ends[0]) for ends in (share, gap))
    truth = base | {"impact_share_low": true_share, "impact_share_high": true_share}
    truth |= {"gap_days_low": true_gap - 0.5, "gap_days_high": true_gap - 0.5, "sole_source": bool(sole)}
    (proven, most), (level, _same) = _levels(wide, truth)
    assert level is not None and LEVELS.index(most) <= LEVELS.index(level)
    assert proven is None or LEVELS.index(level) <= LEVELS.index(proven)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"levels": [BODY["levels"][1], BODY["levels"][0]]}, "gravest first"),
        ({"levels": [{"level": "red", "any": [{}]}]}, "without a clause"),
        ({"levels": [{"level": "red", "any": [{"impact_shar": 1}]}]}, "nobody reads"),
        ({"ages": {"ageing": 10, "stale": 5}}, "after ageing"),
    ],
)
def test_a_scheme_that_says_nonsense_is_refused_with_the_place(change: dict[str, Any], said: str) -> None:
    with pytest.raises(UserError, match=said):
        build_levels(BODY | change, "x.yaml")


def test_a_proven_switch_lowers_a_level_never_raises_it_and_ages() -> None:
    assert level_after("red", "second_source", 0, SCHEME) == "blue"
    assert level_after("blue", "stock", 0, SCHEME) == "blue" and level_after("red", "stock", 0, SCHEME) == "yellow"
    assert level_after("red", "second_source", 731, SCHEME) == level_after("red", "hope", 0, SCHEME) == ""


def test_an_item_first_stops_somebody_when_the_least_known_stock_ends() -> None:
    stock = {"stock_days_low": [20.0, 60.0, None, None], "stock_days_high": [20.0, 60.0, None, None]}
    frame = pl.DataFrame({"scope": ["input"] * 3 + ["item"], "item": ["a", "a", "b", "a"], **stock})
    more = pl.DataFrame({"scope": ["input"], "item": ["a"], "stock_days_low": [None], "stock_days_high": [None]})
    ends = ("first_stop_low", "first_stop_high")
    assert add_first_stops(frame).select(ends).rows() == [(20, 20), (60, 60), (None, None), (20, 20)]
    assert add_first_stops(pl.concat([frame, more], how="vertical_relaxed")).select(ends).row(3) == (0, 20)


def test_a_share_is_of_what_is_known_and_of_yuan_only() -> None:
    frame = pl.DataFrame(
        {"impact_measure": ["output_cny", "products"], "impact_low": [5.0, 5.0], "impact_high": [None, 5.0]}
    )
    ends = ("impact_share_low", "impact_share_high")
    assert add_impact_shares(frame, 20.0).select(ends).rows() == [(0.25, None), (None, None)]
    assert add_impact_shares(frame, None)["impact_share_low"].to_list() == [None, None]


def test_rank_sets_of_exact_scores_are_ties_and_unknown_scores_have_none() -> None:
    measures = ["output_cny"] * 3 + ["products", None]
    frame = pl.DataFrame(
        {
            "entry": list("abcde"),
            "impact_measure": measures,
            "impact_low": [9.0, 5.0, 5.0, 3.0, None],
            "impact_high": [9.0, 5.0, 5.0, 3.0, None],
            "rank_low": [1, 2, 2, 4, None],
            "rank_high": [1, 3, 3, 4, None],
            "rank_width": [None] * 5,
        }
    )
    parts = pl.DataFrame(schema={"entry": pl.String, "unit": pl.String, "amount": pl.Float64})
    found = rank_again(frame, parts)
    assert found["rank_low"].to_list() == [1, 2, 2, 4, None] and found["rank_high"].to_list() == [1, 3, 3, 4, None]
    assert found["rank_width"].to_list() == [0, 1, 1, 0, None]
    assert tell_stability(found)["entry"].to_list() == list("abcd")
