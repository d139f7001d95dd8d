"""The bounds of concentration equal the extremes over every world: no interval is wider or narrower than it must be."""

from __future__ import annotations

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.risk_reference import Row, bounds
from tests.liankit.risk_tables import HOME

from liankit.risk.concentration import MEASURES, bound_concentration

_SCHEMA = {"list": pl.UInt32, "supplier": pl.String, "country": pl.String, "share": pl.Float64}
_supplier = st.fixed_dictionaries(
    {"country": st.sampled_from(["CN", "DE", "DE", "US", None]), "weight": st.integers(0, 9), "told": st.booleans()}
)


@st.composite
def supplier_lists(draw: st.DrawFn) -> list[Row]:
    """One to four suppliers, some of unknown country, whose known shares leave a rest where a share is unknown."""
    drawn = draw(st.lists(_supplier, min_size=1, max_size=4))
    total = sum(one["weight"] for one in drawn) or 1
    return [{"country": one["country"], "share": one["weight"] / total if one["told"] else None} for one in drawn]


@given(st.lists(supplier_lists(), min_size=20, max_size=40))
@settings(max_examples=25, deadline=None)
def test_bounds_equal_the_extremes_over_every_world(lists: list[list[Row]]) -> None:
    found = bound(lists)
    for number, suppliers in enumerate(lists):
        for kind, closed in (("closed", True), ("open", False)):
            expected = bounds(suppliers, closed, HOME)
            if closed and all(one["share"] is not None for one in suppliers) and found[number]["rest"] > 0.01:
                continue  # all known and not the whole: such a list is not closed
            for name in MEASURES:
                ends = (found[number][f"{kind}_{name}_low"], found[number][f"{kind}_{name}_high"])
                assert ends == pytest.approx(expected[name], abs=1e-9), (kind, name, suppliers)


def bound(lists: list[list[Row]]) -> list[Row]:
    rows = [{"list": i, "supplier": f"s{j}", **one} for i, many in enumerate(lists) for j, one in enumerate(many)]
    return bound_concentration(pl.DataFrame(rows, schema=_SCHEMA), HOME).sort("list").to_dicts()


def test_the_rest_is_poured_first_where_no_known_country_stands() -> None:
    [row] = bound(
        [[{"country": "DE", "share": 0.6}, {"country": "DE", "share": None}, {"country": None, "share": None}]]
    )
    assert row["closed_country_hhi_low"] == pytest.approx(0.6**2 + 0.4**2)


def test_a_supplier_of_unknown_country_may_join_the_largest_country_even_where_the_rest_cannot() -> None:
    [row] = bound(
        [[{"country": "CN", "share": 0.5}, {"country": None, "share": 0.3}, {"country": "DE", "share": None}]]
    )
    assert row["closed_country_hhi_high"] == pytest.approx(0.8**2 + 0.2**2)


def test_the_rest_is_levelled_over_the_countries_that_can_take_it() -> None:
    suppliers = [("CN", 0.4), ("DE", 0.1), ("DE", None), ("US", None)]
    [row] = bound([[{"country": country, "share": share} for country, share in suppliers]])
    assert row["closed_country_hhi_low"] == pytest.approx(0.4**2 + 2 * 0.3**2)
