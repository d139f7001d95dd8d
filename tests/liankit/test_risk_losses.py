"""What stops when one supplier of an item is lost: cases by hand, and true worlds of which only a part is told."""

from __future__ import annotations

from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.risk_reference import Row, most
from tests.liankit.risk_tables import entry_of, item, run

MILLION = 1e6
batches = settings(max_examples=15, deadline=None)


def needs(buyer: str, output: float | None = MILLION, *, another: bool | None = None, product: str = "p") -> Row:
    return {"buyer": buyer, "item": "x", "product": product, "output_cny": output, "another_source": another}


def buys(buyer: str | None, supplier: str | None, share: float | None = None) -> Row:
    return {"item": "x", "supplier": supplier, "buyer": buyer, "share": share}


def item_of(supplies: list[Row], uses: list[Row], *, complete: bool = False) -> Row:
    listing = [{"item": "x", "complete": complete}]
    return entry_of(run({"items": [item("x")], "supplies": supplies, "uses": uses, "listing": listing}), "item:x")


def ends(row: Row) -> tuple[float | None, float | None]:
    return row["impact_low"], row["impact_high"]


def test_the_loss_of_a_supplier_adds_up_over_the_buyers_it_delivers_to() -> None:
    supplies = [buys("b", "A"), buys("c", "A"), buys("d", "B", 1.0)]
    uses = [needs("b", another=False), needs("c", 2 * MILLION, another=False), needs("d", 2 * MILLION)]
    row = item_of(supplies, uses)
    assert ends(row) == (3 * MILLION, 3 * MILLION)
    assert (row["largest_supplier"], row["critical_supplier"], row["impact_basis"]) == ("A", "A", "declared")


def test_one_drug_made_by_two_enterprises_is_two_products() -> None:
    row = item_of([buys(None, "A")], [needs("b", None), needs("c", None)], complete=True)
    assert (row["reach_products"], row["impact_measure"], ends(row)) == (2, "products", (2.0, 2.0))


def test_an_enterprise_that_did_not_tell_its_output_leaves_what_the_others_prove() -> None:
    supplies = [buys("b", "A"), buys("c", "A")]
    tables = {"items": [item("x")], "supplies": supplies}
    found = run({**tables, "uses": [needs("b", another=False), needs("c", None, another=False)]})
    row = entry_of(found, "item:x")
    assert (row["impact_measure"], ends(row)) == ("output_cny", (MILLION, None))
    assert (row["rank_low"], row["question_code"], row["question_narrows"]) == (1, "ask_output", None)
    assert (row["largest_supplier"], entry_of(found, "input:c:x")["impact_measure"]) == ("A", "products")


def test_an_unbounded_impact_may_rank_first_of_its_measure_and_lowers_nobody_it_proves_less_than() -> None:
    uses = [needs("b", 5 * MILLION, another=False), {**needs("c", another=False), "item": "y"}]
    uses.append({**needs("c", None, another=False, product="q"), "item": "y"})
    supplies = [buys("b", "A"), {**buys("c", "B"), "item": "y"}]
    found = run({"items": [item("x"), item("y")], "supplies": supplies, "uses": uses}).entries
    order = found.select("entry", "rank", "rank_low", "rank_high").rows()
    assert order[:2] == [("input:b:x", 1, 1, 4), ("item:x", 1, 1, 4)]
    assert order[2:] == [("input:c:y", 3, 1, 4), ("item:y", 3, 1, 4)]


def test_the_largest_of_n_losses_is_at_least_an_nth_of_the_whole_where_nobody_else_supplies() -> None:
    supplies, uses = [buys(None, s) for s in "ABC"], [needs("b"), needs("c", 2 * MILLION)]
    assert ends(item_of(supplies, uses, complete=True)) == (MILLION, 3 * MILLION)
    assert ends(item_of(supplies, uses)) == (0.0, 3 * MILLION)


def test_the_worst_of_one_buyer_is_proven_for_the_item_though_nobody_knows_who_it_is() -> None:
    row = item_of([buys("b", None, 0.75)], [needs("b"), needs("c")])
    assert ends(row) == (0.75 * MILLION, 1.75 * MILLION)
    assert (row["largest_supplier"], row["critical_supplier"], row["impact_basis"]) == (None, None, "mixed")


def test_a_supplier_nobody_named_may_be_a_named_one() -> None:
    supplies = [buys("b", "A", 0.75), buys("c", None, 0.5)]
    row = item_of(supplies, [needs("b"), needs("c")])
    assert (ends(row), row["largest_supplier"]) == ((0.75 * MILLION, 1.25 * MILLION), "A")


def test_the_rest_of_an_open_list_may_come_from_a_supplier_named_by_another_buyer() -> None:
    supplies = [buys("b", "A", 0.25), buys("c", "B", 0.5)]
    row = item_of(supplies, [needs("b"), needs("c")])
    assert ends(row) == (0.5 * MILLION, 1.25 * MILLION)  # B: 0.75 of b and 0.5 of c; whoever is not named as much
    assert (row["largest_supplier"], row["critical_supplier"]) == (None, "B")


def test_the_largest_supplier_is_unproven_while_another_may_deliver_to_a_buyer_of_unknown_output() -> None:
    supplies, uses = [buys("b", "A", 1.0), buys("c", "B", 1.0)], [needs("b"), needs("c", None)]
    row = item_of(supplies, uses)
    assert (row["largest_supplier"], row["critical_supplier"], ends(row)) == (None, "A", (MILLION, None))


def test_two_suppliers_of_equal_loss_leave_the_largest_unnamed() -> None:
    supplies = [buys("b", "A", 0.5), buys("b", "B", 0.5)]
    row = item_of(supplies, [needs("b")])
    assert (row["largest_supplier"], row["critical_supplier"]) == (None, "A")


def test_a_list_is_not_complete_where_a_buyer_names_all_of_it_and_still_buys_elsewhere() -> None:
    supplies, uses = [buys("b", "A", 0.25)], [needs("b")]
    listing = [{"item": "x", "complete": True}]
    found = run({"items": [item("x")], "supplies": supplies, "uses": uses, "listing": listing})
    row = entry_of(found, "item:x")
    assert (row["complete"], ends(row)) == (False, (0.25 * MILLION, 0.75 * MILLION))
    assert not found.reasons.filter(entry="item:x", code="contradicts_list").is_empty()


def test_the_critical_supplier_is_told_with_the_loss_it_is_proven_to_cause() -> None:
    supplies, uses = [buys("b", "A"), buys("c", "A", 0.5)], [needs("b", another=False), needs("c")]
    found = run({"items": [item("x")], "supplies": supplies, "uses": uses})
    told = found.reasons.filter(code="critical_supplier", entry="item:x").row(0, named=True)
    assert (told["value_low"], told["value_high"], told["unit"]) == (1.5 * MILLION, 1.5 * MILLION, "CNY")
    assert '"supplier":"A"' in told["params"]


class Buyer(NamedTuple):
    """What a buyer truly buys (a weight a supplier), and what of it is told."""

    weights: list[int]
    output: int  # million
    names: list[bool]  # of each supplier: whether it is named; nobody: the buyer is judged by the market
    tells: list[bool]  # of each supplier: whether its share is told
    tells_output: bool
    tells_source: bool
    is_nameless: bool  # the first supplier it would name stands without a name


class World(NamedTuple):
    """The buyers of an item and what the market's list is told to be."""

    buyers: list[Buyer]
    complete: bool
    offered: list[bool]  # suppliers on the market's list where it is not complete


_flags = st.lists(st.booleans(), min_size=4, max_size=4)
_weights = st.lists(st.integers(0, 4), min_size=4, max_size=4).filter(any)
_one_source = st.integers(0, 3).map(lambda at: [int(at == i) for i in range(4)])
_buyer = st.builds(
    Buyer, st.one_of(_weights, _one_source), st.integers(0, 9), _flags, _flags, st.booleans(), st.booleans(),
    st.sampled_from([False, False, True]),
)  # fmt: skip
_worlds = st.builds(World, st.lists(_buyer, min_size=1, max_size=3), st.booleans(), _flags)
worlds = st.lists(_worlds, min_size=10, max_size=20)  # many to a run: a run costs more than a row


def tell(worlds: list[World]) -> dict[str, list[Row]]:
    """The input tables that tell of each world, item ``m0`` being the first, what it tells."""
    keys = [f"m{i}" for i in range(len(worlds))]
    pairs = list(zip(keys, worlds, strict=True))
    return {
        "items": [item(key) for key in keys],
        "supplies": [{**row, "item": key} for key, world in pairs for row in _supplies(world)],
        "uses": [{**row, "item": key} for key, world in pairs for row in _uses(world)],
        "listing": [{"item": key, "complete": world.complete} for key, world in pairs],
    }


def _supplies(world: World) -> list[Row]:
    rows = [buys(None, f"s{i}") for i in range(4) if world.complete or world.offered[i]]
    for number, buyer in enumerate(world.buyers):
        named = [i for i, weight in enumerate(buyer.weights) if weight and buyer.names[i]]
        shares = [buyer.weights[i] / sum(buyer.weights) if buyer.tells[i] else None for i in named]
        told = list(zip([f"s{i}" for i in named], shares, strict=True))
        told = [(None, share) for _, share in told[:1]] if buyer.is_nameless else told
        rows += [buys(f"b{number}", supplier, share) for supplier, share in told]
    return rows


def _uses(world: World) -> list[Row]:
    return [
        needs(
            f"b{number}",
            buyer.output * MILLION if buyer.tells_output else None,
            another=_has_another(world, buyer) if buyer.tells_source else None,
        )
        for number, buyer in enumerate(world.buyers)
    ]


def _has_another(world: World, buyer: Buyer) -> bool:
    """Whether it buys from more than one; "no other" is said of the suppliers listed, so its one must be listed."""
    bought = [i for i, weight in enumerate(buyer.weights) if weight]
    listed = buyer.names if any(buyer.names[i] for i in bought) else [world.complete or told for told in world.offered]
    return len(bought) > 1 or not listed[bought[0]]


def true_impact(world: World, measure: str) -> float:
    def loss(at: int) -> float:
        reach = [1 if measure == "products" else buyer.output * MILLION for buyer in world.buyers]
        return sum(b.weights[at] / sum(b.weights) * r for b, r in zip(world.buyers, reach, strict=True))

    return max(map(loss, range(4)))


@given(worlds)
@batches
def test_the_impact_of_an_item_contains_the_true_loss_of_its_worst_supplier(worlds: list[World]) -> None:
    found = run(tell(worlds))
    for number, world in enumerate(worlds):
        row = entry_of(found, f"item:m{number}")
        if row["impact_measure"] is not None:
            true = true_impact(world, row["impact_measure"])
            assert row["impact_low"] <= true + 1e-3, world
            assert true <= most(row) + 1e-3, world


@given(worlds)
@batches
def test_the_largest_supplier_of_an_item_truly_is(worlds: list[World]) -> None:
    found = run(tell(worlds))
    for number, world in enumerate(worlds):
        row = entry_of(found, f"item:m{number}")
        if row["largest_supplier"] is not None:
            at, in_yuan = int(row["largest_supplier"][1:]), row["impact_measure"] == "output_cny"
            reach = [buyer.output * MILLION if in_yuan else 1 for buyer in world.buyers]
            pairs = zip(world.buyers, reach, strict=True)
            mine = sum(buyer.weights[at] / sum(buyer.weights) * r for buyer, r in pairs)
            assert mine == pytest.approx(true_impact(world, row["impact_measure"])), world


@given(worlds, st.integers(0, 2), st.integers(0, 3), st.booleans())
@batches
def test_learning_one_share_or_output_never_widens_the_impact_of_an_item(
    worlds: list[World], who: int, which: int, learns_share: bool
) -> None:
    def learn(buyer: Buyer) -> Buyer:
        tells = [told or i == which for i, told in enumerate(buyer.tells)]
        return buyer._replace(tells=tells) if learns_share else buyer._replace(tells_output=True)

    learnt = [w._replace(buyers=[learn(b) if i == who else b for i, b in enumerate(w.buyers)]) for w in worlds]
    before, after = run(tell(worlds)), run(tell(learnt))
    for number, world in enumerate(worlds):
        was, now = entry_of(before, f"item:m{number}"), entry_of(after, f"item:m{number}")
        if was["impact_measure"] is not None and was["impact_measure"] == now["impact_measure"]:
            assert now["impact_low"] >= was["impact_low"] - 1e-3, world
            assert most(now) <= most(was) + 1e-3, world
