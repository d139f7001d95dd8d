"""Ways of a loss: who brought it to whom, step by step, never in a circle."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.cascade_tables import made_network, made_shocks

from liankit.risk.cascade.network import SupplyNetwork, build_network
from liankit.risk.cascade.paths import LEAST, find_paths, path_to, trace
from liankit.risk.cascade.reference import cascade
from liankit.risk.cascade.scenarios import each_firm, from_table


def stopped_network(sectors: dict[str, str], *links: tuple[str, str, float]) -> SupplyNetwork:
    """Return a network of firms with their sectors in which all inputs are essential and nobody stands in."""
    firms = pl.DataFrame({"firm_id": list(sectors), "sector": list(sectors.values())})
    codes = sorted(set(sectors.values()))
    levels = pl.DataFrame({"sector": codes, **dict.fromkeys(codes, 2)})
    table = pl.DataFrame(links, ["supplier_id", "buyer_id", "value"], orient="row")
    return build_network(firms, table, levels, market=None)


def ways(network: SupplyNetwork, failed: str) -> list[tuple[str, str, float]]:
    found = trace(network, each_firm(network, pl.Series([failed])))
    paths = find_paths(network, found, network.size)
    return [("".join(network.ids[firm] for firm in path.firms), path.way, path.loss) for path in paths]


def test_by_hand_a_loss_runs_down_a_chain_and_up_another() -> None:
    own = {firm: firm for firm in "abcdef"}
    links = [("a", "b", 4.0), ("b", "c", 3.0), ("c", "d", 2.0), ("e", "a", 1.0), ("f", "e", 1.0)]
    found = ways(stopped_network(own, *links), "a")
    assert found == [("ab", "down", 1), ("abc", "down", 1), ("ae", "up", 1), ("aef", "up", 1)]


def test_the_supplier_that_counts_most_in_the_worst_input_brings_the_loss() -> None:
    """b and c are hit in step 1, b by a quarter, c wholly; d needs both, and buys five times as much of b."""
    sectors = {"a": "1", "x": "1", "b": "2", "c": "3", "d": "4"}
    links = [("a", "b", 1.0), ("x", "b", 3.0), ("a", "c", 9.0), ("b", "d", 5.0), ("c", "d", 1.0)]
    network = stopped_network(sectors, *links)
    found = trace(network, each_firm(network, pl.Series(["a"])))
    assert [network.ids[firm] for firm in path_to(found, 4).firms] == ["a", "c", "d"]
    assert found.step_down.tolist() == [0, -1, 1, 1, 2]


def test_firms_in_a_circle_are_hit_once_and_no_way_comes_round() -> None:
    network = stopped_network({firm: firm for firm in "abc"}, ("a", "b", 1.0), ("b", "c", 1.0), ("c", "a", 1.0))
    assert ways(network, "a") == [("ab", "down", 1), ("abc", "down", 1)]


@settings(deadline=None, max_examples=25)
@given(st.integers(2, 40), st.integers(0, 120), st.integers(0, 10_000), st.sampled_from([1e-2, 1e-5]))
def test_a_trace_is_the_cascade_of_the_reference_and_each_leg_leads_to_one_that_was_hit_before(
    firms: int, links: int, seed: int, eps: float
) -> None:
    network = made_network(firms, links, seed)
    scenarios = from_table(network, made_shocks(firms, 1, seed))
    shock = np.zeros(firms)
    shock[scenarios.firms] = scenarios.down
    expected, found = cascade(network, shock, shock, eps), trace(network, scenarios, eps)
    assert found.steps == expected.steps
    np.testing.assert_allclose(found.down, 1 - expected.down, atol=1e-12)
    np.testing.assert_allclose(found.up, 1 - expected.up, atol=1e-12)
    for loss, step, before in (
        (found.down, found.step_down, found.supplier),
        (found.up, found.step_up, found.customer),
    ):
        assert ((step >= 0) == (loss >= LEAST)).all()
        hit = np.flatnonzero(step > 0)
        assert (before[hit] >= 0).all(), "shares sum to at most 1: somebody hit before carries the loss"
        assert (step[before[hit]] < step[hit]).all()
        assert (before[step <= 0] == -1).all()
