"""A trace finds what is reached, how badly, by which way and when; a plain reference says the same of any network."""

from __future__ import annotations

import math

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liankit.errors import UserError
from liankit.risk.strikes import Strike, find_struck
from liankit.risk.trace import trace
from liankit.risk.ways import build_ways

LINKS = {
    "supplier": pl.String, "buyer": pl.String, "item": pl.String, "share_low": pl.Float64, "share_high": pl.Float64,
    "essential": pl.Int8, "stock_days_low": pl.Float64, "stock_days_high": pl.Float64,
}  # fmt: skip
Link = tuple[str, str, str, float, float, int | None, float | None, float | None]


def link(supplier: str, buyer: str, low: float = 1.0, high: float = 1.0, **more: float | None) -> Link:
    said = {"essential": 2, "low_days": None, "high_days": None, **more}
    return (supplier, buyer, f"of {supplier}"[:4], low, high, said["essential"], said["low_days"], said["high_days"])  # type: ignore[return-value]


def traced(
    links: list[Link], *struck: str, sure: bool = True, markets: tuple[str, ...] = ()
) -> dict[str, dict[str, object]]:
    names = sorted({end for row in links for end in row[:2]} | set(struck))
    lines = pl.DataFrame({"line": names, "owner": [None if name in markets else name for name in names]})
    ways = build_ways(lines, pl.DataFrame(links, LINKS, orient="row"))
    found = trace(ways, pl.DataFrame({"line": list(struck), "is_sure": [sure] * len(struck)}))
    return {row["line"]: row for row in found.lines.iter_rows(named=True)}


def test_a_sole_source_stops_its_buyers_one_after_another_each_after_the_stocks_on_the_way() -> None:
    found = traced([link("a", "b", low_days=60.0, high_days=90.0), link("b", "c", low_days=10.0, high_days=20.0)], "a")
    assert [(row["verdict"], row["step"], row["before"]) for row in found.values()] == [
        ("stops", 0, None), ("stops", 1, "a"), ("stops", 2, "b"),
    ]  # fmt: skip
    assert (found["c"]["day_low"], found["c"]["day_high"], found["c"]["origin"]) == (70.0, 110.0, "a")


def test_what_is_not_known_for_sure_may_stop_and_what_has_another_source_loses_a_part() -> None:
    found = traced([link("a", "b", 0.0, 1.0), link("a", "c", 0.0, 0.6), link("a", "d", essential=None)], "a")
    assert {name: row["verdict"] for name, row in found.items()} == {
        "a": "stops", "b": "may_stop", "c": "loses_part", "d": "may_stop",
    }  # fmt: skip
    assert {row["day_high"] for name, row in found.items() if name != "a"} == {None}


def test_what_may_be_struck_stops_nobody_for_sure() -> None:
    assert traced([link("a", "b")], "a", sure=False)["b"]["verdict"] == "may_stop"


def test_an_unknown_stock_leaves_the_day_unknown_but_a_known_one_before_it_bounds_it() -> None:
    found = traced([link("a", "b"), link("a", "c", low_days=30.0, high_days=30.0), link("c", "d")], "a")
    assert (found["b"]["day_low"], found["b"]["day_high"]) == (None, None)
    assert (found["d"]["day_low"], found["d"]["day_high"]) == (30.0, None)


def test_a_market_keeps_no_stock_and_stops_with_its_only_seller() -> None:
    links = [link("a", "market"), link("market", "b", low_days=30.0, high_days=30.0)]
    found = traced(links, "a", markets=("market",))
    assert (found["b"]["verdict"], found["b"]["day_low"], found["b"]["day_high"]) == ("stops", 30.0, 30.0)


def test_two_lines_that_feed_each_other_stop_nobody_and_a_way_never_runs_in_a_circle() -> None:
    circle = [link("b", "c", 0.5, 0.5), link("c", "b", 0.5, 0.5)]
    assert list(traced([*circle, link("z", "y")], "z")) == ["z", "y"]
    found = traced([*circle, ("a", "b", "of a", 0.3, 0.3, 2, None, None)], "a")
    assert {row["origin"] for row in found.values()} == {"a"}


def test_the_way_leads_by_the_input_that_is_worst_lost() -> None:
    links = [link("a", "b", 0.0, 0.2), link("a", "c"), link("c", "b")]
    found = traced(links, "a")
    assert (found["b"]["verdict"], found["b"]["before"], found["b"]["step"]) == ("stops", "c", 2)


LINES = pl.DataFrame(
    {
        "line": ["a-resin", "b-resin", "a-film", "market-resin", "c-film"],
        "owner": ["a", "b", "a", None, "c"],
        "item": ["resin", "resin", "film", "resin", "film"],
        "town": [None, None, None, None, "330113001"],
    }
)
COUNTRIES = pl.DataFrame({"owner": ["a", "a", "b", "c"], "country": ["US", "SE", "US", None]})


@pytest.mark.parametrize(
    ("strike", "struck"),
    [
        (Strike(items=frozenset({"resin"})), {"a-resin": True, "b-resin": True, "market-resin": True}),
        (Strike(makers=frozenset({"a"})), {"a-resin": True, "a-film": True}),
        (Strike(items=frozenset({"resin"}), makers=frozenset({"a"})), {"a-resin": True}),
        (Strike(countries=frozenset({"US"})), {"a-resin": False, "a-film": False, "b-resin": True}),
        (Strike(towns=frozenset({"330113001"})), {"c-film": True}),
        (Strike(items=frozenset({"film"}), countries=frozenset({"SE"})), {"a-film": False}),
        (Strike(), {}),
    ],
)
def test_a_strike_hits_items_or_makers_or_what_both_say(strike: Strike, struck: dict[str, bool]) -> None:
    found = find_struck(LINES, [strike], COUNTRIES)
    assert dict(found.lines.iter_rows()) == struck
    assert found.items == (frozenset({"resin"}) if struck.keys() >= {"market-resin"} else frozenset())


def test_owners_whose_country_nobody_told_are_counted_and_not_struck() -> None:
    lines = LINES.with_columns(town=pl.lit(None, pl.String))
    assert find_struck(lines, [Strike(countries=frozenset({"US"}))], COUNTRIES).unplaced == 1


def test_several_strikes_hit_together_what_each_alone_leaves() -> None:
    links = [("a", "c", "i", 0.5, 0.5, 2, None, None), ("b", "c", "i", 0.5, 0.5, 2, None, None)]
    assert traced(links, "a")["c"]["verdict"] == "loses_part"
    assert traced(links, "a", "b")["c"]["verdict"] == "stops"


def test_what_nobody_makes_any_more_is_lost_to_who_has_other_sources_too() -> None:
    lines = pl.DataFrame({"line": ["a", "b"], "owner": ["a", "b"], "item": ["i", "j"], "town": [None, None]})
    links = pl.DataFrame([("a", "b", "i", 0.0, 0.5, 2, 5.0, 5.0)], LINKS, orient="row")
    struck = find_struck(lines, [Strike(items=frozenset({"i"}))], COUNTRIES)
    found = trace(build_ways(lines, links), struck.lines, struck.items)
    assert found.inputs.select("line", "verdict", "lost_low", "day_low", "day_high").rows() == [
        ("b", "stops", 1.0, 5.0, 5.0)
    ]
    assert found.way_to("b") == ["a", "b"]


def test_a_line_that_is_not_there_is_named() -> None:
    with pytest.raises(UserError, match="'z'"):
        trace(build_ways(LINES, pl.DataFrame(schema=LINKS)), pl.DataFrame({"line": ["z"], "is_sure": [True]}))


NAMES = "abcdef"


@st.composite
def networks(draw: st.DrawFn) -> list[Link]:
    """Links whose least shares of a use sum to at most 1."""
    pairs = draw(
        st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES), st.sampled_from("ij")), unique=True)
    )
    links = []
    for supplier, buyer, item in pairs:
        sellers = sum(1 for other in pairs if other[1:] == (buyer, item))
        low = draw(st.sampled_from([0.0, 1 / sellers]))
        high = draw(st.sampled_from([max(low, 0.5), 1.0]))
        days = {"i": draw(st.sampled_from([None, 0.0, 5.0, 9.0])), "j": 4.0}[item]
        essential = draw(st.sampled_from([0, 1, 2, 2, None]))
        links.append((supplier, buyer, item, low, high, essential, days, days))
    return links


def plain(links: list[Link], struck: dict[str, bool]) -> dict[str, tuple[int, float, float]]:
    """Raise everybody until nothing changes; days the same way. Level, earliest with unknown as 0, latest."""
    level = {name: (3 if struck[name] else 2) if name in struck else 0 for name in NAMES}
    first = {name: 0.0 if name in struck else math.inf for name in NAMES}
    last = {name: 0.0 if struck.get(name) else math.inf for name in NAMES}
    uses: dict[tuple[str, str], list[Link]] = {}
    for row in links:
        uses.setdefault((row[1], row[2]), []).append(row)
    for _ in range(3 * len(NAMES) + 3):
        for (buyer, _item), rows in uses.items():
            essential = max((row[5] for row in rows if row[5] is not None), default=None)
            if essential == 0:
                continue
            low = sum(row[3] for row in rows if level[row[0]] == 3)
            high = sum(row[4] for row in rows if level[row[0]] >= 2)
            found = 1 if any(level[row[0]] for row in rows) else 0
            found = 2 if high >= 1 - 1e-9 and essential != 1 else found
            found = 3 if low >= 1 - 1e-9 and essential == 2 else found
            level[buyer] = max(level[buyer], found)
            stocks = [row[6] for row in rows if row[6] is not None]
            first[buyer] = min(first[buyer], min(first[row[0]] for row in rows) + (min(stocks) if stocks else 0.0))
            if found == 3:
                needed = max((last[row[0]] for row in rows if row[3] > 0), default=0.0)
                last[buyer] = min(last[buyer], needed + (max(stocks) if stocks else math.inf))
    return {name: (level[name], first[name], last[name]) for name in NAMES if level[name]}


@settings(max_examples=150, deadline=None)
@given(networks(), st.dictionaries(st.sampled_from(NAMES), st.booleans(), min_size=1, max_size=2))
def test_any_network_is_traced_as_by_raising_everybody_until_nothing_changes(
    links: list[Link], struck: dict[str, bool]
) -> None:
    lines = pl.DataFrame({"line": list(NAMES), "owner": list(NAMES)})
    ways = build_ways(lines, pl.DataFrame(links, LINKS, orient="row"))
    found = trace(ways, pl.DataFrame({"line": list(struck), "is_sure": list(struck.values())})).lines
    expected = plain(links, struck)
    words = {1: "loses_part", 2: "may_stop", 3: "stops"}
    assert dict(found.select("line", "verdict").iter_rows()) == {name: words[one[0]] for name, one in expected.items()}
    for row in found.iter_rows(named=True):
        level, first, last = expected[row["line"]]
        assert row["day_low"] is None or row["day_low"] == first
        assert row["day_high"] == (last if level == 3 and math.isfinite(last) else None)
        assert row["day_low"] is not None or first == 0
        assert row["step"] == 0 or row["before"] in expected
        assert row["origin"] in struck
