"""Interventions: what they save is what the engine finds with and without them, over all scenarios."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.cascade_tables import made_network

from liankit.errors import UserError
from liankit.risk.cascade.arrays import build_arrays
from liankit.risk.cascade.interventions import KINDS, clean_interventions, find_effects, prepare_changes
from liankit.risk.cascade.network import SupplyNetwork, build_network
from liankit.risk.cascade.run import run_scenarios
from liankit.risk.cascade.scenarios import each_firm
from liankit.risk.cascade.touches import find_touched

EPS = 1e-3


def made_interventions(network: SupplyNetwork, count: int, seed: int) -> pl.DataFrame:
    """Return interventions of every kind on links drawn at random."""
    rng = np.random.default_rng(seed)
    link, new = rng.integers(0, len(network.supplier), count), rng.integers(0, network.size, count)
    new = np.where(new == network.supplier[link], (new + 1) % network.size, new)
    ids = network.ids.to_numpy()
    return pl.DataFrame(
        {
            "intervention": [f"i{place}" for place in range(count)],
            "kind": [KINDS[place % len(KINDS)] for place in range(count)],
            "supplier_id": ids[network.supplier[link]],
            "buyer_id": ids[network.buyer[link]],
            "new_supplier_id": ids[new],
            "share": rng.uniform(0, 1, count),
        }
    )


def sold_on(*links: tuple[str, str, float]) -> SupplyNetwork:
    """Return makers a, a2 of one sector, b that needs it, and c that needs b; nobody stands in."""
    firms = pl.DataFrame({"firm_id": ["a", "a2", "b", "c"], "sector": ["1", "1", "2", "3"]})
    levels = pl.DataFrame({"sector": ["1", "2", "3"], **dict.fromkeys("123", 2)})
    table = pl.DataFrame(links, ["supplier_id", "buyer_id", "value"], orient="row")
    return build_network(firms, table, levels, market=None)


def effect(network: SupplyNetwork, kind: str, share: float | None = None, new: str | None = None) -> dict[str, object]:
    named = {"intervention": "x", "kind": kind, "supplier_id": "a", "buyer_id": "b"}
    table = pl.DataFrame([named | {"share": share, "new_supplier_id": new}])
    weights = np.array([0.0, 0, 1, 1])
    return find_effects(network, table, each_firm(network), 1e-9, weights=weights).row(0, named=True)


def test_by_hand_a_second_source_saves_what_it_covers_and_costs_when_it_fails_itself() -> None:
    """b and c stop with a; with a2 for 40 % they lose 60 %: 0.4 saved. With a2 c stops anyway, b loses 0.4 anew."""
    network = sold_on(("a", "b", 5.0), ("b", "c", 5.0), ("a2", "c", 1.0))
    found = effect(network, "second_source", 0.4, "a2")
    assert found["scenarios"] == 2 and found["saved"] == pytest.approx(0.4 - 0.4 / 2)
    assert found["most_saved_in"] == "a" and found["most_saved"] == pytest.approx(0.4)


def test_by_hand_a_stock_and_a_removed_link_save_their_part() -> None:
    network = sold_on(("a", "b", 3.0), ("a2", "b", 1.0), ("b", "c", 5.0))
    stock = effect(network, "stock", 0.5)
    assert (stock["scenarios"], stock["saved"]) == (1, pytest.approx(0.75 / 2))
    removed = effect(network, "removed_link")
    assert removed["most_saved_in"] == "a" and removed["most_saved"] == pytest.approx(0.75)
    assert removed["saved"] == pytest.approx(0.0), "what a no longer costs, a2 now costs"


@settings(deadline=None, max_examples=15)
@given(st.integers(5, 40), st.integers(10, 150), st.integers(0, 10_000))
def test_what_is_left_out_is_not_touched_and_the_rest_is_as_if_all_were_run_anew(
    firms: int, links: int, seed: int
) -> None:
    """The proof of the short cut: each intervention built into the network, all scenarios run."""
    network = made_network(firms, links, seed)
    table, every = made_interventions(network, 6, seed), each_firm(network)
    weights = network.out_strength
    found = find_effects(network, table, every, EPS, weights=weights)
    grown, changes = prepare_changes(network, clean_interventions(table))
    before, steps = run_scenarios(build_arrays(grown, weights), every, EPS)
    touched = find_touched(build_arrays(grown, weights), grown, changes, 6, every, steps, EPS)
    for place, row in enumerate(found.iter_rows(named=True)):
        change = changes.filter(pl.col("number") == place)
        shares = grown.share_down.copy()
        shares[change["link"].to_numpy()] = change["after"].to_numpy()
        after, _ = run_scenarios(build_arrays(replace(grown, share_down=shares), weights), every, EPS)
        saved = before[:, 0] - after[:, 0]
        assert np.abs(saved[~touched[place]]).max(initial=0) < 1e-7
        assert row["scenarios"] == touched[place].sum()
        assert row["saved"] == pytest.approx(saved.sum(), abs=1e-6)


@settings(deadline=None, max_examples=25)
@given(st.integers(5, 40), st.integers(10, 150), st.integers(0, 10_000))
def test_a_second_source_and_a_removed_link_leave_what_is_bought_of_an_item_as_it_was(
    firms: int, links: int, seed: int
) -> None:
    network = made_network(firms, links, seed)
    table = made_interventions(network, 12, seed)
    grown, changes = prepare_changes(network, clean_interventions(table))
    sums = changes.group_by("number", "slot").agg(pl.col("before", "after").sum()).sort("number")
    kinds = table["kind"].gather(sums["number"])
    after, before = sums["after"].to_numpy(), sums["before"].to_numpy()
    second = (kinds == "second_source").to_numpy()
    np.testing.assert_allclose(after[second], before[second], atol=1e-12)
    assert (after <= before + 1e-12).all()
    assert len(grown.supplier) >= len(network.supplier)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"kind": "hope"}, "interventions, row 1 .*kind other than second_source"),
        ({"share": "2"}, "no share from 0 to 1"),
        ({"new_supplier_id": None}, "names no new_supplier_id"),
        ({"new_supplier_id": "f9999"}, "the new supplier 'f9999' is not among the firms"),
        ({"buyer_id": "idle"}, "row 1 .*there is no such link"),
        ({"intervention": None}, "has no name of its own"),
    ],
)
def test_a_wrong_intervention_is_refused_by_its_row(change: dict[str, str | None], said: str) -> None:
    firms = pl.DataFrame({"firm_id": ["a", "b", "idle"], "sector": ["1", "1", "1"]})
    links = pl.DataFrame({"supplier_id": ["a"], "buyer_id": ["b"], "value": [1.0]})
    network = build_network(firms, links, pl.DataFrame({"sector": ["1"], "1": [2]}))
    named = {"intervention": "x", "kind": "second_source", "supplier_id": "a", "buyer_id": "b", "share": "0.5"}
    with pytest.raises(UserError, match=said):
        find_effects(network, pl.DataFrame([named | {"new_supplier_id": "idle"} | change]), each_firm(network))
