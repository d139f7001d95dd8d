"""The intervals of the engine contain the truth, whatever part of it is told, and only shrink as more is told."""

from __future__ import annotations

from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.risk_reference import Row
from tests.liankit.risk_tables import entry_of, item, run

MEASURES = ("share", "supplier_hhi", "country_hhi", "import_share")
batches = settings(max_examples=15, deadline=None)


class Market(NamedTuple):
    """Who truly supplies an item (weight, country), and what of it is told."""

    truth: list[tuple[int, str]]
    tells: list[tuple[bool, bool]]  # of each supplier: its share, its country
    complete: bool
    leaves_out: int  # suppliers left out of a list that does not claim to be complete


_suppliers = st.lists(st.tuples(st.integers(0, 8), st.sampled_from(["CN", "DE", "US"])), min_size=1, max_size=5)
_markets = st.builds(
    Market,
    truth=_suppliers.filter(lambda truth: sum(weight for weight, _ in truth) > 0),
    tells=st.lists(st.tuples(st.booleans(), st.booleans()), min_size=5, max_size=5),
    complete=st.booleans(),
    leaves_out=st.integers(0, 3),
)
markets = st.lists(_markets, min_size=10, max_size=30)  # many to a run: a run costs more than a row


def told(markets: list[Market]) -> dict[str, list[Row]]:
    """The input tables that tell of each market, item ``m0`` being the first, what it tells; one use an item."""
    return {
        "items": [item(f"m{i}") for i in range(len(markets))],
        "supplies": [line for i, market in enumerate(markets) for line in _supplies(f"m{i}", market)],
        "uses": [{"buyer": "b0", "item": f"m{i}", "product": "p0", "output_cny": 1e6} for i in range(len(markets))],
        "listing": [{"item": f"m{i}", "complete": market.complete} for i, market in enumerate(markets)],
    }


def _supplies(key: str, market: Market) -> list[Row]:
    total = sum(weight for weight, _ in market.truth)
    lines = [
        {
            "item": key, "supplier": f"s{i}",
            "share": weight / total if tells_share else None, "country": country if tells_country else None,
        }
        for i, ((weight, country), (tells_share, tells_country)) in enumerate(
            zip(market.truth, market.tells, strict=False)
        )
    ]  # fmt: skip
    return lines if market.complete else lines[market.leaves_out :] or lines


def true_values(truth: list[tuple[int, str]]) -> dict[str, float]:
    total = sum(weight for weight, _ in truth)
    shares = [weight / total for weight, _ in truth]
    countries: dict[str, float] = {}
    for share, (_, country) in zip(shares, truth, strict=True):
        countries[country] = countries.get(country, 0) + share
    return {
        "share": max(shares),
        "supplier_hhi": sum(share**2 for share in shares),
        "country_hhi": sum(share**2 for share in countries.values()),
        "import_share": 1 - countries.get("CN", 0),
    }


@given(markets)
@batches
def test_intervals_contain_the_truth_whatever_of_it_is_told(markets: list[Market]) -> None:
    found = run(told(markets))
    for i, market in enumerate(markets):
        entry = entry_of(found, f"item:m{i}")
        for name, true in true_values(market.truth).items():
            assert entry[f"{name}_low"] - 1e-9 <= true <= entry[f"{name}_high"] + 1e-9, (name, market)


@given(markets, st.integers(0, 4), st.booleans())
@batches
def test_learning_one_share_or_country_never_widens_an_interval(
    markets: list[Market], which: int, learns_share: bool
) -> None:
    def learn(i: int, tells: tuple[bool, bool]) -> tuple[bool, bool]:
        return (tells[0] or (i == which and learns_share), tells[1] or (i == which and not learns_share))

    learnt = [market._replace(tells=[learn(i, t) for i, t in enumerate(market.tells)]) for market in markets]
    before, after = run(told(markets)), run(told(learnt))
    for i, market in enumerate(markets):
        was, now = entry_of(before, f"item:m{i}"), entry_of(after, f"item:m{i}")
        for name in (*MEASURES, "impact"):
            assert now[f"{name}_low"] >= was[f"{name}_low"] - 1e-9, (name, market)
            assert now[f"{name}_high"] <= was[f"{name}_high"] + 1e-9, (name, market)


@given(markets)
@batches
def test_a_list_that_claims_to_be_complete_is_at_least_as_exact_as_one_that_does_not(
    markets: list[Market],
) -> None:
    closed = [market._replace(complete=True) for market in markets]
    opened = [market._replace(complete=False, leaves_out=0) for market in markets]
    sure, unsure = run(told(closed)), run(told(opened))
    for i, market in enumerate(markets):
        exact, loose = entry_of(sure, f"item:m{i}"), entry_of(unsure, f"item:m{i}")
        for name in MEASURES:
            assert exact[f"{name}_low"] >= loose[f"{name}_low"] - 1e-9, (name, market)
            assert exact[f"{name}_high"] <= loose[f"{name}_high"] + 1e-9, (name, market)
