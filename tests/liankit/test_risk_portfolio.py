"""Choosing interventions equals trying every choice; what they save is what the engine says, never a sum."""

from __future__ import annotations

import ctypes
import itertools
import sys

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liankit.errors import UserError
from liankit.risk.effects import EFFECT_SCHEMA, Chain, apply, losses, measure, measure_together, needs_of
from liankit.risk.muted import muted
from liankit.risk.portfolio import Option, Problem, build_problem, choose, frontier, frontier_table
from liankit.risk.spread import LINE_SCHEMA, LINK_SCHEMA
from liankit.risk.supply_shares import SHARE_SCHEMA


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    """Up to six interventions, up to eight options of one to three of them on up to four entries."""
    size = draw(st.integers(1, 6))
    places = st.integers(0, size - 1)
    option = st.builds(
        Option,
        st.sampled_from("abcd"),
        st.frozensets(places, min_size=1, max_size=3),
        st.integers(1, 50).map(lambda whole: whole * 1e5),
    )
    costs = draw(st.lists(st.integers(0, 9).map(lambda whole: whole * 10_000), min_size=size, max_size=size))
    options = draw(st.lists(option, max_size=8, unique_by=lambda one: (one.entry, one.members)))
    locked = draw(st.frozensets(places, max_size=2))
    excluded = draw(st.frozensets(places, max_size=2)) - locked
    return Problem(tuple(f"v{at}" for at in range(size)), tuple(costs), tuple(options), locked, excluded)


def every_choice(problem: Problem) -> list[tuple[int, float]]:
    """Return cost and value of each choice that holds what is locked and nothing that is excluded."""
    free = sorted(frozenset(range(len(problem.names))) - problem.locked - problem.excluded)
    sets = (some for size in range(len(free) + 1) for some in itertools.combinations(free, size))
    chosen = [problem.locked | set(some) for some in sets]
    return [(problem.cost(one), problem.value(one)) for one in chosen]


@settings(max_examples=60, deadline=None)
@given(problems(), st.integers(0, 40).map(lambda whole: whole * 10_000))
def test_the_choice_for_a_budget_is_the_best_of_all_choices(problem: Problem, budget: int) -> None:
    affordable = [value for cost, value in every_choice(problem) if cost <= budget]
    if not affordable:
        with pytest.raises(UserError, match="locked"):
            choose(problem, budget)
        return
    found = choose(problem, budget)
    assert found.value == pytest.approx(max(affordable))
    assert found.cost <= budget
    assert problem.locked <= set(found.chosen)
    assert not problem.excluded & set(found.chosen)
    assert (found.cost, found.value) == (problem.cost(found.chosen), problem.value(found.chosen))
    assert found.gap <= 1e-6
    assert found.bound >= found.value


@settings(max_examples=40, deadline=None)
@given(problems())
def test_the_whole_frontier_is_that_of_all_choices(problem: Problem) -> None:
    best: list[tuple[int, float]] = []
    for cost, value in sorted(every_choice(problem), key=lambda one: (one[0], -one[1])):
        if not best or value > best[-1][1] * (1 + 1e-9):
            best.append((cost, value))
    found = [(one.cost, one.value) for one in frontier(problem, steps=None)]
    assert [cost for cost, _value in found] == [cost for cost, _value in best]
    assert [value for _cost, value in found] == pytest.approx([value for _cost, value in best])


def test_two_interventions_on_one_entry_count_by_what_was_computed_of_both() -> None:
    alone = [Option("e", frozenset({0}), 60.0), Option("e", frozenset({1}), 50.0)]
    costs = (10, 10)
    assert choose(Problem(("a", "b"), costs, tuple(alone)), 20).value == 60.0, "the better of the two, not the sum"
    together = Option("e", frozenset({0, 1}), 80.0)
    assert choose(Problem(("a", "b"), costs, (*alone, together)), 20).value == 80.0


def test_what_a_solver_prints_is_kept_out_of_the_output(capfd: pytest.CaptureFixture[str]) -> None:
    libc = ctypes.CDLL(None)
    sys.stdout.write("before\n")
    with muted():
        libc.puts(b"noise")
    libc.fflush(None)
    sys.stdout.write("after\n")
    assert capfd.readouterr().out == "before\nafter\n"


def test_a_coarse_frontier_never_saves_less_for_more() -> None:
    options = [Option(f"e{at}", frozenset({at}), 100.0 - at) for at in range(30)]
    found = frontier(Problem(tuple(f"v{at}" for at in range(30)), (7,) * 30, tuple(options)), steps=5)
    assert len(found) < 20, "not every one of 31"
    assert (found[0].cost, found[-1].cost) == (0, 210)
    assert sorted(one.value for one in found) == [one.value for one in found]


# two buyers of resin, one of whom sells on to a third; S sells resin to both and T to the second
LINES = [
    ("S", "S", "resin", None, False),
    ("T", "T", "resin", None, False),
    ("a", "A", "drug", 100.0, True),
    ("b", "B", "cells", 50.0, True),
    ("c", "C", "vials", 40.0, True),
]
LINKS = [("S", "a", "resin", 1.0, 1.0, 2), ("S", "b", "resin", 0.6, 0.6, 2), ("T", "b", "resin", 0.4, 0.4, 2)]
LINKS += [("a", "c", "drug", 0.5, 0.8, 2)]
SHARES = [
    ("resin", "A", "S", "declared", 1.0, 1.0),
    ("resin", "A", None, "declared", 0.0, 0.0),
    ("resin", "B", "S", "declared", 0.6, 0.6),
    ("resin", "B", "T", "declared", 0.4, 0.4),
    ("resin", "B", None, "declared", 0.0, 0.0),
    ("drug", "C", "A", "declared", 0.5, 0.8),
    ("drug", "C", None, "declared", 0.0, 0.5),
]


def chain(basis: str = "cascade") -> Chain:
    lines = pl.DataFrame(LINES, LINE_SCHEMA, orient="row")
    links = pl.DataFrame(LINKS, LINK_SCHEMA, orient="row")
    items = ["resin", "drug"]
    entries = pl.DataFrame({"entry": [f"item:{item}" for item in items], "item": items, "impact_high": [1.0, 1.0]})
    shares = pl.DataFrame(SHARES, SHARE_SCHEMA, orient="row")
    return Chain(entries.with_columns(impact_basis=pl.lit(basis)), shares, needs_of(lines, links), lines, links)


def changes(*rows: tuple[str, str, str, str | None, float, str | None]) -> pl.DataFrame:
    names = ["intervention", "item", "supplier", "buyer", "covers", "new_supplier"]
    return pl.DataFrame(rows, dict.fromkeys(names, pl.String) | {"covers": pl.Float64}, orient="row")


def lost(found: pl.DataFrame) -> dict[str, tuple[float, float | None]]:
    return {entry: (low, high) for entry, low, high in found.select("entry", "loss_low", "loss_high").rows()}


def test_the_loss_of_an_entry_is_that_of_its_worst_supplier_followed_where_the_list_follows_it() -> None:
    """S: 100 of A and 0.6 x 50 of B, and of C what A brings to it, 40 x (0.5 to 0.8)."""
    assert lost(losses(chain())) == {"item:resin": (150.0, 162.0), "item:drug": (20.0, 32.0)}
    assert lost(losses(chain("declared")))["item:resin"] == (130.0, 130.0)


def test_a_stock_at_one_buyer_saves_what_the_engine_says_down_the_chain_and_nothing_elsewhere() -> None:
    found = measure(chain(), changes(("stock", "resin", "S", "A", 0.5, None)))
    assert found.rows() == [("item:resin", ["stock"], 150.0, 162.0, pytest.approx(90.0), pytest.approx(96.0))]


def test_a_second_source_takes_over_so_the_new_one_may_become_the_worst() -> None:
    """All of S to T: A 100, B 0.6 x 50 + 0.4 x 50, C as before: T is what S was, and worse."""
    found = measure(chain(), changes(("switch", "resin", "S", None, 1.0, "T")))
    assert found.is_empty(), "one supplier of everything is no remedy for one supplier of nearly everything"
    found = measure(chain(), changes(("half", "resin", "S", None, 0.5, "T")))
    assert found.row(0, named=True)["after_low"] == pytest.approx(50 + 35 + 10)


def test_what_overlaps_is_computed_together_and_the_largest_share_of_one_delivery_counts() -> None:
    both = [("at A", "resin", "S", "A", 0.5, None), ("at B", "resin", "S", "B", 1.0, None)]
    found = measure(chain(), changes(*both))
    after = {tuple(row["interventions"]): row["after_low"] for row in found.to_dicts()}
    assert after == pytest.approx({("at A",): 90.0, ("at B",): 120.0, ("at A", "at B"): 60.0})
    twice = changes(("one", "resin", "S", "A", 0.5, None), ("other", "resin", "S", "A", 0.4, None))
    assert lost(measure_together(chain(), twice, ["one", "other"]))["item:resin"][0] == pytest.approx(90.0)


def test_an_intervention_further_up_is_felt_by_the_entries_that_depend_on_it() -> None:
    """A covers half of what C would lack, so resin, which A needs, brings down less of C."""
    found = measure(chain(), changes(("stock at C", "drug", "A", "C", 0.5, None)))
    after = {row["entry"]: row["after_low"] for row in found.to_dicts()}
    assert after == pytest.approx({"item:drug": 10.0, "item:resin": 140.0})


def test_a_delivery_that_nobody_makes_is_refused_with_its_names() -> None:
    with pytest.raises(UserError, match="'T' delivers no 'resin' to 'A'"):
        measure(chain(), changes(("x", "resin", "T", "A", 0.5, None)))


def test_what_is_unknown_saves_nothing_proven() -> None:
    open_shares = pl.DataFrame(SHARES, SHARE_SCHEMA, orient="row").with_columns(share_low=pl.lit(0.0))
    unsure = chain()
    unsure = Chain(unsure.entries, open_shares, unsure.needs, unsure.lines, unsure.links)
    found = measure(unsure, changes(("stock", "resin", "S", "A", 0.5, None)))
    assert found.select("before_low", "after_low").rows() == [(0.0, 0.0)]
    assert build_problem({"stock": 1.0}, found, {"item:resin": 0.5}).options == ()


def _best(network: Chain, plans: pl.DataFrame) -> list[tuple[int, tuple[str, ...]]]:
    problem = build_problem({"at A": 10.0, "at B": 10.0}, measure(network, plans), {"item:resin": 0.1})
    table = frontier_table(problem, frontier(problem, steps=None))
    return [(row["cost_cny"], tuple(row["interventions"])) for row in table.to_dicts()]


def test_when_the_network_changes_the_frontier_moves() -> None:
    plans = changes(("at A", "resin", "S", "A", 0.5, None), ("at B", "resin", "S", "B", 1.0, None))
    before = chain()
    assert _best(before, plans) == [(0, ()), (10, ("at A",)), (20, ("at A", "at B"))]
    bigger = before.lines.with_columns(output_cny=pl.when(line="b").then(150.0).otherwise("output_cny"))
    moved = Chain(before.entries, before.shares, before.needs, bigger, before.links)
    assert _best(moved, plans) == [(0, ()), (10, ("at B",)), (20, ("at A", "at B"))]


def test_an_entry_of_unknown_likelihood_does_not_count() -> None:
    effects = pl.DataFrame([("item:x", ["a"], 9.0, 9.0, 1.0, 1.0)], EFFECT_SCHEMA, orient="row")
    assert build_problem({"a": 1}, effects, {}).options == ()
    assert build_problem({"a": 1}, effects, {"item:x": 0.5}).value({0}) == 4.0


def test_no_change_changes_nothing() -> None:
    same = apply(chain(), changes())
    assert lost(losses(same)) == lost(losses(chain()))


@pytest.mark.parametrize(
    ("locked", "excluded", "said"),
    [(["b"], [], "no intervention of this"), (["a"], ["a"], "both locked and excluded")],
)
def test_what_cannot_be_locked_or_excluded_is_said(locked: list[str], excluded: list[str], said: str) -> None:
    effects = pl.DataFrame(schema=EFFECT_SCHEMA)
    with pytest.raises(UserError, match=said):
        build_problem({"a": 1}, effects, {}, locked=locked, excluded=excluded)
