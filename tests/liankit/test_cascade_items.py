"""The cascade by item and line: figures known only as intervals contain the truth, and are exact where it is known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from liankit.cli import main
from liankit.errors import UserError
from liankit.risk.cascade.arrays import build_arrays
from liankit.risk.cascade.bounds import build_bounds
from liankit.risk.cascade.intervals import weigh
from liankit.risk.cascade.lines import fail_owners, owner_losses, read_lines
from liankit.risk.cascade.network import SupplyNetwork, build_network
from liankit.risk.cascade.reference import cascade
from liankit.risk.cascade.run import losses_of
from liankit.risk.cascade.scenarios import each_firm

EPS = 1e-9
SLACK = 1e-4  # what a cascade may still lack when it changes by less than EPS


def losses(network: SupplyNetwork, firm: int) -> np.ndarray:
    """Return what each firm loses down- and upstream (2, firms) when one fails."""
    shock = np.zeros(network.size)
    shock[firm] = 1
    left = cascade(network, shock, shock, EPS)
    return 1 - np.array([left.down, left.up])


def all_two(sectors: pl.Series) -> pl.DataFrame:
    names = sectors.unique().sort().to_list()
    return pl.DataFrame({"sector": names, **{name: [2] * len(names) for name in names}})


@st.composite
def truths(draw: st.DrawFn) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Firms with their sales, and links with amounts; all that is true of them, nothing unknown."""
    n = draw(st.integers(2, 6))
    firms = pl.DataFrame(
        {"firm_id": [str(i) for i in range(n)], "sector": draw(st.lists(letters("ab"), min_size=n, max_size=n))}
    )
    end, item = st.integers(0, n - 1).map(str), letters("pqr")
    links = draw(st.dictionaries(st.tuples(end, end, item), st.sampled_from([1.0, 2.0, 5.0]), min_size=1, max_size=14))
    rows = [(*key, value) for key, value in links.items()]
    table = pl.DataFrame(rows, ["supplier_id", "buyer_id", "item", "value"], orient="row")
    needs = {
        key: draw(st.sampled_from([0, 1, 2]))
        for key in table.select("buyer_id", "item").unique(maintain_order=True).iter_rows()
    }
    essential = [needs[key] for key in table.select("buyer_id", "item").iter_rows()]
    sold = table.group_by("supplier_id").agg(sales=pl.col("value").sum()).rename({"supplier_id": "firm_id"})
    firms = firms.join(sold, on="firm_id", how="left", maintain_order="left").with_columns(
        pl.col("sales").fill_null(0.0)
    )
    return firms, table.with_columns(essential=pl.Series(essential, dtype=pl.Int8))


def letters(names: str) -> st.SearchStrategy[str]:
    return st.sampled_from(list(names))


def known(links: pl.DataFrame) -> pl.DataFrame:
    """Return the links with each share that ``build_bounds`` reads, exact."""
    value = pl.col("value")
    share, bought = value / value.sum().over("buyer_id", "item"), value.sum().over("buyer_id")
    sold = value / value.sum().over("supplier_id")
    return links.select(
        "supplier_id", "buyer_id", "item", "essential",
        share_low=share, share_high=share, sold_low=sold, sold_high=sold,
        item_share=value.sum().over("buyer_id", "item") / bought, complete=pl.lit(True),
    )  # fmt: skip


@st.composite
def hidden(draw: st.DrawFn, links: pl.DataFrame) -> pl.DataFrame:
    """Forget some of what is known of the links: shares become wide or empty; needs and completeness unknown."""
    table = known(links)
    for low, high in (("share_low", "share_high"), ("sold_low", "sold_high")):
        how = draw(st.lists(st.sampled_from([0.0, 0.5, 1.0, None]), min_size=table.height, max_size=table.height))
        wide = pl.Series(how, dtype=pl.Float64)
        table = table.with_columns(
            pl.Series(table[low] * (1 - wide)), pl.Series(table[high] + (1 - table[high]) * wide).alias(high)
        )
    for name in ("essential", "item_share", "complete"):
        keep = {
            key: draw(st.booleans()) for key in table.select("buyer_id", "item").unique(maintain_order=True).iter_rows()
        }
        is_kept = pl.Series([keep[key] for key in table.select("buyer_id", "item").iter_rows()])
        table = table.with_columns(pl.when(is_kept).then(pl.col(name)).alias(name))
    return table


@settings(deadline=None, max_examples=30)
@given(truths(), st.sampled_from(["sector", None]), st.data())
def test_the_truth_lies_between_the_low_and_the_high_network(
    truth: tuple[pl.DataFrame, pl.DataFrame], market: str | None, data: st.DataObject
) -> None:
    firms, links = truth
    true = build_network(firms, links, all_two(firms["sector"]), market=market)
    told = pl.Series(data.draw(st.lists(st.booleans(), min_size=firms.height, max_size=firms.height)))
    firms = firms.with_columns(pl.when(told).then("sales").alias("sales"))
    bounds = build_bounds(firms, data.draw(hidden(links)), market=market, sales="sales")
    failing = data.draw(st.integers(0, true.size - 1))
    low, exact, high = (losses(network, failing) for network in (bounds.low, true, bounds.high))
    assert (low <= exact + SLACK).all() and (exact <= high + SLACK).all()


@settings(deadline=None, max_examples=20)
@given(truths(), st.data())
def test_amounts_that_are_known_in_part_bound_the_truth(
    truth: tuple[pl.DataFrame, pl.DataFrame], data: st.DataObject
) -> None:
    firms, links = truth
    is_told, is_complete = (
        pl.Series(data.draw(st.lists(st.booleans(), min_size=links.height, max_size=links.height))) for _ in range(2)
    )
    told = links.with_columns(pl.when(is_told).then("value").alias("value"), complete=is_complete)
    true = build_network(firms, links, all_two(firms["sector"]), market=None)
    bounds = build_bounds(firms, told)
    failing = data.draw(st.integers(0, true.size - 1))
    low, exact, high = (losses(network, failing) for network in (bounds.low, true, bounds.high))
    assert (low <= exact + SLACK).all() and (exact <= high + SLACK).all()


def test_amounts_that_are_all_known_of_a_whole_list_are_shares() -> None:
    firms = pl.DataFrame({"firm_id": list("abz"), "sector": "x"})
    links = pl.DataFrame({"supplier_id": list("ab"), "buyer_id": "z", "essential": 2, "value": ["3", "1"]})
    open_list, whole = (build_bounds(firms, links.with_columns(complete=pl.lit(said))) for said in ("no", "yes"))
    assert [network.share_down.tolist() for network in open_list] == [[0, 0], [0.75, 0.25]]
    assert [network.share_down.tolist() for network in whole] == [[0.75, 0.25]] * 2
    assert open_list.high.share_up.tolist() == [1, 1]  # who else buys is not told
    with pytest.raises(UserError, match="links, row 2: has a share_low that its value contradicts"):
        build_bounds(firms, links.with_columns(share_low=0.5))


@settings(deadline=None, max_examples=12)
@given(truths(), st.sampled_from(["sector", None]), st.integers(0, 1))
def test_where_all_is_known_both_networks_are_the_true_one(
    truth: tuple[pl.DataFrame, pl.DataFrame], market: str | None, failing: int
) -> None:
    firms, links = truth
    true = build_network(firms, links, all_two(firms["sector"]), market=market)
    bounds = build_bounds(firms, known(links), market=market, sales="sales")
    for network in bounds:
        np.testing.assert_allclose(network.share_down, true.share_down, atol=1e-15)
        np.testing.assert_allclose(network.share_up, true.share_up, atol=1e-15)
        np.testing.assert_allclose(losses(network, failing), losses(true, failing), atol=SLACK)


@settings(deadline=None, max_examples=20)
@given(truths(), st.sampled_from(["sector", None]), st.data())
def test_the_kernels_equal_the_reference_on_both_networks(
    truth: tuple[pl.DataFrame, pl.DataFrame], market: str | None, data: st.DataObject
) -> None:
    firms, links = truth[0].with_columns(pl.lit(None, dtype=pl.Float64).alias("sales")), data.draw(hidden(truth[1]))
    failing = data.draw(st.integers(0, firms.height - 1))
    for network in build_bounds(firms, links, market=market, sales="sales"):
        alone = each_firm(network).part(failing, failing + 1)
        found = losses_of(build_arrays(network, np.ones(network.size)), alone, EPS)
        np.testing.assert_allclose(found, losses(network, failing), atol=1e-12)


@settings(deadline=None, max_examples=12)
@given(truths(), st.data())
def test_an_input_that_is_essential_costs_no_less_than_one_that_is_not(
    truth: tuple[pl.DataFrame, pl.DataFrame], data: st.DataObject
) -> None:
    firms, links = truth
    failing, levels = data.draw(st.integers(0, firms.height - 1)), all_two(firms["sector"])
    networks = (build_network(firms, links.with_columns(essential=level), levels, market=None) for level in (1, 2))
    not_essential, essential = (losses(network, failing) for network in networks)
    assert (not_essential <= essential + SLACK).all()


@settings(deadline=None, max_examples=12)
@given(truths(), st.data())
def test_one_line_a_firm_and_items_that_are_sectors_give_the_bits_of_the_plain_network(
    truth: tuple[pl.DataFrame, pl.DataFrame], data: st.DataObject
) -> None:
    firms, links = truth[0], truth[1].select("supplier_id", "buyer_id", "value")
    levels = all_two(firms["sector"])
    of_sector = links.join(firms.select(supplier_id="firm_id", item="sector"), on="supplier_id", maintain_order="left")
    owned = firms.with_columns(owner=pl.concat_str(pl.lit("of "), "firm_id"))
    lines = read_lines(owned)
    failing = data.draw(st.integers(0, firms.height - 1))
    plain = losses(build_network(firms, links, levels), failing)
    by_item = losses(build_network(owned, of_sector, levels), failing)
    for way, same in zip(plain, by_item, strict=True):
        least, most = owner_losses(lines, same, same)
        assert (least == way).all() and (most == way).all()


@pytest.mark.parametrize("market", [None, "makes"])
def test_a_buyer_of_ten_ingredients_stops_for_sure_when_the_sole_maker_of_one_fails(market: str | None) -> None:
    """No share is told, but nobody else makes an ingredient: both networks say that the buyer stops."""
    makers = [f"maker {place}" for place in range(10)]
    firms = pl.DataFrame({"firm_id": [*makers, "buyer"], "sector": ["chemistry"] * 10 + ["medicine"]})
    links = {"supplier_id": makers, "buyer_id": "buyer", "item": makers, "essential": 2, "complete": "yes"}
    bounds = build_bounds(firms.with_columns(makes="firm_id"), pl.DataFrame(links), market=market)
    for network in bounds:
        assert losses(network, 3)[0].tolist() == [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1]
    said = pl.DataFrame(links).drop("complete")
    low, high = (losses(network, 3)[0, 10] for network in build_bounds(firms, said))
    assert (low, high) == (0, 1)  # somebody else may make it


def test_by_hand_an_unknown_share_is_what_the_others_leave() -> None:
    """One of three suppliers has 60 %: each other has at most 40 %, and of two that are all the other has just 40 %."""
    firms = pl.DataFrame({"firm_id": list("abcz"), "sector": "x"})
    links = pl.DataFrame({"supplier_id": list("abc"), "buyer_id": "z", "essential": 2, "share_low": [0.6, None, None]})
    links = links.with_columns(share_high="share_low", complete=pl.lit("yes"))
    low, high = build_bounds(firms, links)
    np.testing.assert_allclose(low.share_down, [0.6, 0, 0], atol=1e-15)
    np.testing.assert_allclose(high.share_down, [0.6, 0.4, 0.4])
    low, high = build_bounds(firms, links.head(2))
    np.testing.assert_allclose([low.share_down, high.share_down], [[0.6, 0.4]] * 2)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"share_low": "1.5"}, "links, row 1 .*no share from 0 to 1"),
        ({"share_low": "0.5", "share_high": "0.2"}, "share_low above its share_high"),
        ({"share_low": "0.9"}, "the buyer 'z': share_low sums to 1.50"),
        ({"complete": "perhaps"}, "neither yes nor no"),
        ({"essential": "5"}, "essential other than 0, 1, 2"),
        ({"item_share": "0.2"}, "links, row 1: has another item_share"),
        ({"sales": "0.4"}, "firms, row 1 .*smaller unit"),
    ],
)
def test_shares_that_cannot_be_are_refused_by_table_and_row(change: dict[str, str], said: str) -> None:
    told = {
        "share_low": "0.1",
        "share_high": "",
        "complete": "",
        "essential": "2",
        "item_share": "",
        "sales": "",
        **change,
    }
    firms = pl.DataFrame({"firm_id": list("abz"), "sector": "x", "sales": [told.pop("sales"), "", ""]})
    other = {"share_low": "0.6", "share_high": "", "complete": "", "essential": "2", "item_share": "0.5"}
    rows = [{"supplier_id": "a", "buyer_id": "z", **told}, {"supplier_id": "b", "buyer_id": "z", **other}]
    with pytest.raises(UserError, match=said):
        build_bounds(firms, pl.DataFrame(rows), market="sector", sales="sales")


def test_firms_of_unknown_markets_do_not_stand_in_for_each_other() -> None:
    firms = pl.DataFrame({"firm_id": list("ab"), "sector": "x", "makes": ["resin", None]})
    links = pl.DataFrame({"supplier_id": ["a"], "buyer_id": ["b"], "value": [1.0]})
    with pytest.raises(UserError, match=r"firms, row 2 \('b'\): has no makes"):
        build_network(firms, links, all_two(firms["sector"]), market="makes")


LINES = pl.DataFrame(
    {
        "firm_id": ["p1", "p2", "p3", "q1"],
        "sector": "x",
        "owner": ["p", "p", "p", "q"],
        "share_low": [0.5, None, None, None],
        "share_high": [0.5, 0.2, None, None],
    }
)


def test_by_hand_a_firm_loses_with_its_lines_by_shares_known_and_unknown() -> None:
    """p makes half of its output on p1, at most a fifth on p2, so at least 30 % on p3; q has one line, so all of it."""
    lines = read_lines(LINES)
    np.testing.assert_allclose([lines.share_low, lines.share_high], [[0.5, 0, 0.3, 1], [0.5, 0.2, 0.5, 1]])
    loss = np.array([0.0, 1.0, 0.0, 0.4])
    np.testing.assert_allclose(owner_losses(lines, loss, loss), [[0, 0.4], [0.2, 0.4]])


@settings(deadline=None, max_examples=40)
@given(st.data())
def test_what_a_firm_loses_lies_between_its_least_and_its_most(data: st.DataObject) -> None:
    part = st.integers(1, 5)
    owners = data.draw(st.lists(letters("pq"), min_size=1, max_size=8))
    weight, width = (np.array([data.draw(part) for _ in owners], float) for _ in range(2))
    true = weight / np.array([sum(weight[place] for place, o in enumerate(owners) if o == owner) for owner in owners])
    loss = np.array([data.draw(st.sampled_from([0.0, 0.2, 0.9, 1.0])) for _ in owners])
    table = {"firm_id": [f"{i}" for i in range(len(owners))], "sector": "x", "owner": owners}
    shares = {"share_low": true * (width - 1) / 5, "share_high": np.minimum(1, true * width)}
    lines = read_lines(pl.DataFrame(table | shares))
    least, most = owner_losses(lines, loss, loss)
    exact = np.bincount(lines.owner, true * loss)
    assert (least <= exact + 1e-12).all() and (exact <= most + 1e-12).all()


def test_a_firm_fails_with_all_its_lines_and_a_line_alone() -> None:
    shocks = pl.DataFrame({"scenario_id": ["one", "two"], "firm_id": ["p", "p2"], "loss_down": [1.0, 0.5]})
    found = fail_owners(read_lines(LINES), LINES["firm_id"], shocks)
    assert found.rows() == [("one", "p1", 1.0), ("one", "p2", 1.0), ("one", "p3", 1.0), ("two", "p2", 0.5)]


def test_a_firm_of_unknown_weight_widens_the_mean_to_its_own_loss() -> None:
    losses = np.array([0.0, 0.5, 1.0])
    assert weigh((losses, losses), np.array([1.0, 1.0, np.nan])) == (0.25, 1)
    assert weigh((losses, losses), np.array([1.0, 1.0, 0.0])) == (0.25, 0.25)
    assert weigh((losses, losses), np.array([0.0, np.nan, 0.0])) == (0.5, 0.5)
    assert weigh((losses, losses), np.zeros(3)) == (None, None)


def test_the_command_bounds_what_fails_by_owner(tmp_path: Path) -> None:
    LINES.with_columns(output=pl.Series([100, None, 100, None])).write_csv(tmp_path / "lines.csv")
    links = {"supplier_id": ["p1"], "buyer_id": ["q1"], "item": ["resin"], "essential": [2], "share_low": [0.25]}
    pl.DataFrame(links).write_csv(tmp_path / "links.csv")
    out, hit = tmp_path / "bounds.csv", tmp_path / "losses.csv"
    tables = ["--firms", str(tmp_path / "lines.csv"), "--links", str(tmp_path / "links.csv"), "--losses", str(hit)]
    result = CliRunner().invoke(main, ["cascade", "bounds", *tables, "--weights", "output", "--out", str(out)])
    assert result.exit_code == 0, result.output
    found = pl.read_csv(out, schema_overrides={"esri_high": pl.Float64}).rows(named=True)
    assert [row["firm_id"] for row in found] == ["p", "q"]
    assert (found[0]["esri_down_low"], found[0]["esri_down_high"]) == (0.25, 1)  # q loses 25 to 100 %, its size unknown
    assert found[0]["esri_high"] is None  # to whom they sell is not told: nothing bounds the way up
    assert (found[0]["hit_low"], found[0]["hit_high"]) == (2, 2)
    assert pl.read_csv(hit)["owner"].to_list() == ["p", "q", "q"]
    (tmp_path / "only.txt").write_text("p\nq2\n", encoding="utf-8")
    wrong = ["cascade", "bounds", *tables, "--only", str(tmp_path / "only.txt"), "--out", str(out)]
    assert "'q2' is neither an owner nor a line. Did you mean 'q'?" in CliRunner().invoke(main, wrong).output
