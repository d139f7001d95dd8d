"""The cascade: equal to its reference on random networks, right by hand, and of the published properties."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liankit.errors import UserError
from liankit.risk.cascade import kernels, lanes, rooms
from liankit.risk.cascade.arrays import build_arrays
from liankit.risk.cascade.network import SupplyNetwork, build_network
from liankit.risk.cascade.reference import cascade
from liankit.risk.cascade.run import _shocks, run_scenarios
from liankit.risk.cascade.scenarios import Scenarios, each_firm, from_table

SECTORS = ("0111", "0112", "2110", "2120")


def network_of(
    sectors: str,
    links: list[tuple[int, int, float]],
    levels: object = 2,
    items: list[str] | None = None,
    **options: object,
) -> SupplyNetwork:
    """Firms "0", "1", … of the sectors "a", "b", …; ``levels``: one for all, or {(supplier's, buyer's): level}."""
    names = sorted(set(sectors))
    given = levels if isinstance(levels, dict) else dict.fromkeys([(k, m) for k in names for m in names], levels)
    table = {"sector": names, **{buyer: [given.get((k, buyer), 0) for k in names] for buyer in names}}
    rows = {"supplier_id": [str(s) for s, _, _ in links], "buyer_id": [str(b) for _, b, _ in links]}
    rows["value"] = [float(value) for _, _, value in links]
    firms = pl.DataFrame({"firm_id": [str(i) for i in range(len(sectors))], "sector": list(sectors)})
    frame = pl.DataFrame(rows, schema={"supplier_id": pl.String, "buyer_id": pl.String, "value": pl.Float64})
    frame = frame if items is None else frame.with_columns(item=pl.Series(items))
    return build_network(firms, frame, pl.DataFrame(table), **options)  # type: ignore[arg-type]


def losses(network: SupplyNetwork, firm: int, share: float = 1.0, eps: float = 1e-9) -> np.ndarray:
    """Return the downstream losses of all firms when one loses a share."""
    shock = np.zeros(network.size)
    shock[firm] = share
    return 1 - cascade(network, shock, shock, eps).down


@st.composite
def networks(draw: st.DrawFn) -> SupplyNetwork:
    n = draw(st.integers(2, 10))
    sectors = "".join(draw(st.sampled_from("abcd")) for _ in range(n))
    firm = st.integers(0, n - 1)
    links = draw(st.lists(st.tuples(firm, firm, st.sampled_from([0.0, 1.0, 2.5, 40.0])), max_size=30))
    names = sorted(set(sectors))
    levels = {(k, m): draw(st.sampled_from([0, 1, 2])) for k in names for m in names}
    return network_of(sectors, links, levels, market=draw(st.sampled_from(["sector", None])))


@st.composite
def shocked(draw: st.DrawFn) -> tuple[SupplyNetwork, Scenarios, float]:
    """A network, five scenarios of any number of firms, and an eps."""
    network = draw(networks())
    share = st.sampled_from([0.0, 0.3, 0.5, 1.0])
    rows = []
    for scenario in range(5):
        for firm in draw(st.sets(st.integers(0, network.size - 1), min_size=1)):
            rows.append((f"s{scenario}", str(firm), draw(share), draw(share)))
    names = ["scenario_id", "firm_id", "loss_down", "loss_up"]
    return (
        network,
        from_table(network, pl.DataFrame(rows, schema=names, orient="row")),
        draw(st.sampled_from([1e-2, 1e-5])),
    )


@settings(deadline=None, max_examples=60)
@given(shocked(), st.sampled_from([-1, 500]))
def test_pushed_or_swept_the_kernels_equal_the_reference_with_as_many_steps(
    case: tuple[SupplyNetwork, Scenarios, float], wide: int
) -> None:
    network, scenarios, eps = case
    arrays = build_arrays(network)
    scores, steps = np.zeros((len(scenarios), 3)), np.zeros(len(scenarios), np.int32)
    shocks, room = _shocks(arrays, scenarios), rooms.room_alone(arrays)
    kernels.run(arrays, shocks, eps, wide, room, rooms.room_side(arrays), scores, steps)
    for place, (first, last) in enumerate(pairwise(scenarios.starts)):
        down, up = np.zeros(network.size), np.zeros(network.size)
        down[scenarios.firms[first:last]], up[scenarios.firms[first:last]] = (
            scenarios.down[first:last],
            scenarios.up[first:last],
        )
        left = cascade(network, down, up, eps)
        weight = network.out_strength / (network.out_strength.sum() or 1)
        expected = [weight @ (1 - np.minimum(left.down, left.up)), weight @ (1 - left.down), weight @ (1 - left.up)]
        np.testing.assert_allclose(scores[place], expected, atol=1e-12)
        assert steps[place] == left.steps
        own, own_steps = np.zeros_like(scores), np.zeros_like(steps)
        lost_down, _ = kernels.run_one(arrays, shocks, place, eps, wide, room, own, own_steps)
        np.testing.assert_allclose(lost_down, 1 - left.down[arrays.order], atol=1e-12)
        assert (own[place] == scores[place]).all() and own_steps[place] == steps[place]


def test_without_vector_registers_scenarios_are_swept_one_by_one_to_the_same_bits(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ends = [(i, (i * step + 1) % 40) for i in range(40) for step in (1, 3, 7)]
    network = network_of("abcd" * 10, [(s, b, 1.0 + s) for s, b in ends], 2)
    arrays, every = build_arrays(network), each_firm(network)
    side_by_side = run_scenarios(arrays, every)
    monkeypatch.setattr(lanes, "are_available", lambda: False)
    one_by_one = run_scenarios(arrays, every)
    assert all((one == other).all() for one, other in zip(side_by_side, one_by_one, strict=True))


def test_the_published_fixture() -> None:
    """The scores that ESRIcascade.jl publishes for a made network over the survey's matrix."""
    folder = os.environ.get("LIANDESK_REAL_DATA")
    if not folder:
        pytest.skip("needs LIANDESK_REAL_DATA")
    levels = pl.read_csv(Path(folder) / "essential_inputs" / "ess_mat_nace4_ihs.csv.gz", infer_schema=False)
    n, codes = 1232, levels.columns[1:]
    ends = [(i, (i + offset - 1) % n + 1) for i in range(1, n + 1) for offset in (1, 37, 91, 173, 311, 509, 701, 997)]
    links = pl.DataFrame(
        [(str(i), str(j), 1 + (13 * i + 7 * j) % 17) for i, j in ends],
        ["supplier_id", "buyer_id", "value"],
        orient="row",
    )
    firms = pl.DataFrame({"firm_id": [str(i + 1) for i in range(n)], "sector": [codes[i // 2] for i in range(n)]})
    network = build_network(firms, links, levels)
    scores, steps = run_scenarios(build_arrays(network), each_firm(network, pl.Series(["1", "2", "3", "4"])))
    published = [0.87837245554794330, 0.87825862250992404, 0.87664923655232285, 0.87566688889824862]
    np.testing.assert_allclose(scores[:, 0], published, atol=1e-12)
    assert steps.tolist() == [73, 82, 81, 79]


def test_by_hand_an_essential_input_stops_a_buyer_and_another_one_costs_its_share() -> None:
    links = [(0, 2, 1.0), (1, 2, 3.0), (2, 3, 4.0)]
    stops = network_of("abcd", links, 2, market=None)
    assert losses(stops, 0).tolist() == [1, 0, 1, 1]
    costs = network_of("abcd", links, {("a", "c"): 1, ("b", "c"): 2, ("c", "d"): 1}, market=None)
    np.testing.assert_allclose(losses(costs, 0), [1, 0, 0.25, 0.25])
    nothing = network_of("abcd", links, 0, market=None)
    assert losses(nothing, 0).tolist() == [1, 0, 0, 0]


def test_by_hand_a_market_takes_over_what_it_can() -> None:
    """Two makers of 60 and 40; when the second fails the first has to make 40 of the 60 it still makes: 2/3 is lost."""
    network = network_of("aab", [(0, 2, 60.0), (1, 2, 40.0)], 2)
    np.testing.assert_allclose(losses(network, 1)[2], 0.4 * 40 / 60)


def test_a_buyer_of_ten_essential_ingredients_stops_when_one_sole_maker_fails() -> None:
    """Ten makers of one sector pass for substitutes until the links name the item that they carry."""
    links = [(maker, 10, 1.0) for maker in range(10)]
    by_sector = network_of("a" * 10 + "b", links, 2, market=None)
    by_item = network_of("a" * 10 + "b", links, 2, [f"ingredient {maker}" for maker in range(10)], market=None)
    np.testing.assert_allclose(losses(by_sector, 0)[10], 0.1)
    assert losses(by_item, 0)[10] == 1


@settings(deadline=None, max_examples=40)
@given(networks(), st.data())
def test_a_larger_shock_never_costs_less(network: SupplyNetwork, data: st.DataObject) -> None:
    firm = data.draw(st.integers(0, network.size - 1))
    small, large = (losses(network, firm, share, 1e-6) for share in (0.4, 0.9))
    assert (small <= large + 1e-9).all()


@settings(deadline=None, max_examples=40)
@given(networks(), st.randoms(use_true_random=False))
def test_names_do_not_matter(network: SupplyNetwork, random: object) -> None:
    order = np.arange(network.size)
    random.shuffle(order)  # type: ignore[attr-defined]
    firms = pl.DataFrame({"firm_id": network.ids, "sector": network.sectors.gather(pl.Series(network.sector))})
    names = network.sectors.to_list()
    value = network.share_up * network.out_strength[network.supplier]
    ids = network.ids.to_numpy()
    links = pl.DataFrame({"supplier_id": ids[network.supplier], "buyer_id": ids[network.buyer], "value": value})
    levels = pl.DataFrame({"sector": names, **{m: [2] * len(names) for m in names}})
    plain, mixed = (build_network(table, links, levels) for table in (firms, firms[order.tolist()]))
    one, other = (run_scenarios(build_arrays(net), each_firm(net, network.ids))[0] for net in (plain, mixed))
    np.testing.assert_allclose(one, other, atol=1e-12)


def test_links_of_one_pair_are_summed_and_an_unused_supplier_costs_nothing() -> None:
    once = network_of("ab", [(0, 1, 3.0)], 2)
    twice = network_of("ab", [(0, 1, 1.0), (0, 1, 2.0)], 2)
    assert losses(once, 0).tolist() == losses(twice, 0).tolist()
    with_idle = network_of("abc", [(0, 1, 3.0), (2, 1, 0.0)], 2)
    assert losses(with_idle, 2).tolist() == [0, 0, 1]


@settings(deadline=None, max_examples=40)
@given(networks(), st.data())
def test_items_that_are_sectors_change_nothing(network: SupplyNetwork, data: st.DataObject) -> None:
    ids = network.ids.to_numpy()
    firms = pl.DataFrame({"firm_id": ids, "sector": network.sectors.gather(pl.Series(network.sector))})
    value = network.share_up * network.out_strength[network.supplier]
    links = pl.DataFrame({"supplier_id": ids[network.supplier], "buyer_id": ids[network.buyer], "value": value})
    item = network.sectors.gather(pl.Series(network.sector[network.supplier]))
    names = network.sectors.to_list()
    levels = pl.DataFrame(
        {"sector": names, **{m: [data.draw(st.sampled_from([0, 1, 2])) for _ in names] for m in names}}
    )
    plain, by_item = (build_network(firms, table, levels) for table in (links, links.with_columns(item=item)))
    one, other = (run_scenarios(build_arrays(net), each_firm(net))[0] for net in (plain, by_item))
    assert (one == other).all()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"value": "-1"}, "links, row 1: has a value that is no amount"),
        ({"value": "much"}, "links, row 1 .*no number"),
        ({"value": "nan"}, "links, row 1: has a value that is no amount"),
        ({"supplier_id": "x"}, "the supplier 'x' is not among the firms"),
        ({"firm_id": "1"}, "firms, row 1 .*twice"),
        ({"sector": "zz"}, "no row for the sector 'zz'"),
        ({"level": "3"}, "not 0, 1 or 2"),
    ],
)
def test_bad_input_is_refused_by_table_and_row(change: dict[str, str], said: str) -> None:
    told = {"firm_id": "0", "sector": "a", "value": "1", "supplier_id": "0", "level": "2", **change}
    firms = pl.DataFrame({"firm_id": [told["firm_id"], "1"], "sector": [told["sector"], "a"]})
    links = pl.DataFrame({"supplier_id": [told["supplier_id"]], "buyer_id": ["1"], "value": [told["value"]]})
    with pytest.raises(UserError, match=said):
        build_network(firms, links, pl.DataFrame({"": ["a"], "a": [told["level"]]}))
