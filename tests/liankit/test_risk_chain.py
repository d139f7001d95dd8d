"""Shares of suppliers, losses that go on over lines, and direct stops: small chains by hand."""

from __future__ import annotations

import polars as pl
import pytest
from tests.liankit.risk_tables import item, run

from liankit.risk.direct import direct_stops
from liankit.risk.spread import LINE_SCHEMA, reached, spread

LINKS = {
    "supplier": pl.String,
    "buyer": pl.String,
    "item": pl.String,
    "share_low": pl.Float64,
    "share_high": pl.Float64,
    "essential": pl.Int8,
    "stock_days_low": pl.Float64,
    "stock_days_high": pl.Float64,
}


def lines(**output: float | None) -> pl.DataFrame:
    """Lines by name, each of an owner of that name; of output 0 is a supplier that makes no product."""
    rows = [(name, name, f"I-{name}", made, made != 0) for name, made in output.items()]
    named = pl.DataFrame(rows, schema=LINE_SCHEMA, orient="row").with_columns(name="owner", item_name="item")
    return named.with_columns(owner=pl.when(pl.col("line") != "market").then("owner"))


def links(*rows: tuple[str, str, float, float], days: float | None = None) -> pl.DataFrame:
    full = [(seller, buyer, "resin", low, high, 2, days, days) for seller, buyer, low, high in rows]
    return pl.DataFrame(full, schema=LINKS, orient="row")


def shock(**losses: float) -> pl.DataFrame:
    rows = [("s", name, loss, loss) for name, loss in losses.items()]
    return pl.DataFrame(rows, schema=["scenario", "line", "loss_low", "loss_high"], orient="row")


@pytest.mark.parametrize(
    ("said", "others", "expected"),
    [
        ({"share": 0.7}, {"share": 0.3}, (0.7, 0.7, 0.0)),
        ({"share": 0.7}, {}, (0.7, 0.7, 0.3)),  # the other one has what the first leaves, and so may somebody else
        ({}, {}, (0.0, 1.0, 1.0)),
    ],
)
def test_a_suppliers_share_is_what_was_said_or_what_the_others_leave(
    said: dict[str, float], others: dict[str, float], expected: tuple[float, float, float]
) -> None:
    supplies = [{"item": "i0", "supplier": "s0", "buyer": "b0", **said}]
    supplies.append({"item": "i0", "supplier": "s1", "buyer": "b0", **others})
    uses = [{"buyer": "b0", "item": "i0", "product": "p0", "output_cny": 1e6, "another_source": True}]
    shares = run({"items": [item("i0")], "supplies": supplies, "uses": uses}).shares
    rows = {row["supplier"]: row for row in shares.to_dicts()}
    found = rows["s0"]["share_low"], rows["s0"]["share_high"], rows[None]["share_high"]
    assert found == pytest.approx(expected)


def test_who_named_nobody_shares_the_rows_of_the_market() -> None:
    supplies = [{"item": "i0", "supplier": name} for name in ("s0", "s1")]
    uses = [{"buyer": name, "item": "i0", "product": "p0"} for name in ("b0", "b1", "b2")]
    shares = run({"items": [item("i0")], "supplies": supplies, "uses": uses}).shares
    market = shares.filter(pl.col("buyer").is_null())
    assert market.select("supplier", "share_low", "share_high").rows() == [("s0", 0.0, 1.0), ("s1", 0.0, 1.0)]
    assert shares.height == 2 + 3


def test_a_loss_goes_down_a_chain_by_its_shares_and_stops_where_nobody_buys() -> None:
    """100 x 1, 40 x 0.5 and 10 x 0.5 x (0.2 to 0.8)."""
    made = lines(maker=0, a=100.0, b=40.0, c=10.0, apart=7.0)
    found = spread(made, links(("maker", "a", 1, 1), ("a", "b", 0.5, 0.5), ("b", "c", 0.2, 0.8)), shock(maker=1.0))
    row = found.row(0, named=True)
    assert (row["output_low"], row["output_high"]) == pytest.approx((121.0, 124.0))
    assert (row["enterprises"], row["products"], row["is_bounded"]) == (3, 3, True)


def test_an_output_nobody_knows_adds_nothing_and_leaves_the_sum_open() -> None:
    found = spread(lines(a=100.0, b=None), links(("a", "b", 0.0, 0.5)), shock(a=1.0)).row(0, named=True)
    assert (found["output_low"], found["output_high"], found["is_bounded"]) == (100.0, 100.0, False)
    assert (found["products_low"], found["products_high"]) == pytest.approx((1.0, 1.5))


def test_a_circle_of_buyers_is_walked_once() -> None:
    ring = links(("a", "b", 1, 1), ("b", "c", 1, 1), ("c", "a", 1, 1))
    assert sorted(reached(ring, shock(a=0.5))["line"]) == ["a", "b", "c"]


def test_on_a_market_one_seller_stops_nobody_for_sure_unless_it_is_known_to_be_the_only_one() -> None:
    made = lines(one=0, two=0, market=0, a=100.0)
    several = links(("one", "market", 0, 1), ("two", "market", 0, 1), ("market", "a", 1, 1), days=30)
    sole = links(("one", "market", 1, 1), ("market", "a", 1, 1), days=30)
    assert [direct_stops(made, which, stopped=["one"])["verdict"].to_list() for which in (several, sole)] == [
        ["may_stop"],
        ["stops"],
    ]
    stop = direct_stops(made, several, items=["resin"]).row(0, named=True)
    assert (stop["verdict"], stop["day_low"], stop["day_high"], stop["output_cny"]) == ("stops", 30, 30, 100)


def test_a_share_that_remains_costs_a_part_and_the_worst_comes_first() -> None:
    made = lines(one=0, a=1.0, b=2.0, c=3.0)
    bought = links(("one", "a", 1, 1), ("one", "b", 0.4, 0.4), ("one", "c", 0, 1))
    found = direct_stops(made, bought, stopped=["one"])
    assert found.select("owner", "verdict").rows() == [("a", "stops"), ("c", "may_stop"), ("b", "loses_part")]
