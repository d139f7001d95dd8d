"""The engine equals its reference, contains the truth, and keeps what must not change or must not fall."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal
from tests.liankit.risk_reference import Reference, Row, most, ranks
from tests.liankit.risk_tables import HOME, entry_of, run, tables

from liankit.risk import Exposure

EXACT = ("scope", "buyer", "item", "basis", "suppliers", "complete", "sole_source", "reach_products", "reach_buyers")
SUPPLIERS = ("largest_supplier", "critical_supplier")
INTERVALS = ("share", "supplier_hhi", "country_hhi", "import_share", "impact", "gap_days")


def fine(value: float | None) -> Any:
    """Compare to nine digits; unknown equals unknown alone."""
    return None if value is None else pytest.approx(value, rel=1e-9, abs=1e-9)


slow = settings(max_examples=12, deadline=None)


@given(tables)
@slow
def test_every_figure_of_every_entry_equals_the_reference(rows: dict[str, list[Row]]) -> None:
    found, expected = run(rows), Reference(rows, HOME).entries
    assert sorted(found.entries["entry"]) == sorted(expected)
    for row in found.entries.to_dicts():
        entry = expected[row["entry"]]
        assert {name: row[name] for name in EXACT} == {name: entry[name] for name in EXACT}, row["entry"]
        for name in INTERVALS:
            ends = (row[f"{name}_low"], row[f"{name}_high"])
            assert ends == tuple(map(fine, entry[name])), (row["entry"], name)
        assert (row["output_low_cny"], row["output_high_cny"]) == entry["output"]
        assert row["impact_measure"] == entry["measure"]
        if row["scope"] == "item":
            assert {name: row[name] for name in SUPPLIERS} == {name: entry[name] for name in SUPPLIERS}, row["entry"]
            assert row["impact_low"] is None or row["impact_low"] <= entry["least_world"] + 1e-3, row["entry"]
        asked = found.questions.filter(entry=row["entry"])["code"].to_list()
        assert asked == entry["questions"], row["entry"]
        assert row["question_code"] == (asked[0] if asked else None)


@given(tables)
@slow
def test_ranks_equal_the_comparison_of_every_pair(rows: dict[str, list[Row]]) -> None:
    entries = run(rows).entries
    assert entries.select("rank", "rank_low", "rank_high").rows() == ranks(entries.to_dicts())
    ranked = entries["rank"].drop_nulls()
    assert ranked.is_sorted()
    assert entries["rank"][len(ranked) :].null_count() == len(entries) - len(ranked)


@given(tables, st.integers(0, 2**32))
@slow
def test_true_impacts_anywhere_in_their_intervals_rank_within_the_rank_interval(
    rows: dict[str, list[Row]], seed: int
) -> None:
    generator = np.random.default_rng(seed)
    entries = run(rows).entries.filter(pl.col("rank").is_not_null())
    for _, group in entries.group_by("impact_measure"):
        low = group["impact_low"].to_numpy()
        high = group["impact_high"].fill_null(2 * group["impact_low"].max() + 1e9).to_numpy()  # open upwards: any size
        first = group["rank"].min() - 1
        for _ in range(20):
            position = generator.choice([0.0, 0.5, 1.0, generator.random()], len(group))
            true = low + position * (high - low)
            rank = first + 1 + (true[None, :] > true[:, None]).sum(axis=1)
            assert (rank >= group["rank_low"].to_numpy()).all()
            assert (rank <= group["rank_high"].to_numpy()).all()


@given(tables, st.randoms(use_true_random=False))
@slow
def test_order_and_doubling_of_rows_change_nothing(rows: dict[str, list[Row]], shuffler: random.Random) -> None:
    again = {table: lines + lines[: len(lines) // 2] for table, lines in rows.items()}
    for lines in again.values():
        shuffler.shuffle(lines)
    _assert_same(run(rows), run(again))


@given(tables)
@slow
def test_renaming_ids_renames_entries_and_nothing_else(rows: dict[str, list[Row]]) -> None:
    def rename(value: Any) -> Any:
        return f"z{value}" if isinstance(value, str) else value

    keys = ("item", "supplier", "buyer")
    renamed = {
        table: [{name: rename(v) if name in keys else v for name, v in line.items()} for line in lines]
        for table, lines in rows.items()
    }
    dropped = ["entry", "item", "buyer", *SUPPLIERS, "question_params", "question_to"]
    assert_frame_equal(run(rows).entries.drop(dropped), run(renamed).entries.drop(dropped))


def _assert_same(first: Exposure, second: Exposure) -> None:
    for name in ("entries", "reasons", "questions"):
        assert_frame_equal(getattr(first, name), getattr(second, name))


@given(tables, st.sampled_from(["CN", "DE", None]), st.sampled_from([None, "b0", "b1"]))
@slow
def test_one_more_supplier_never_turns_several_sources_into_one(
    rows: dict[str, list[Row]], country: str | None, buyer: str | None
) -> None:
    before = run(rows)
    more = [{"item": line["item"], "supplier": "new", "buyer": buyer, "country": country} for line in rows["items"]]
    after = run({**rows, "supplies": rows["supplies"] + more})
    for row in before.entries.filter(sole_source=False).to_dicts():
        assert entry_of(after, row["entry"])["sole_source"] is not True


@given(tables)
@slow
def test_more_reach_never_lowers_an_impact_of_the_same_measure(rows: dict[str, list[Row]]) -> None:
    before = run(rows)
    known = {(line["buyer"], line["item"]) for line in rows["uses"]}  # a new buyer may bring suppliers nobody knows
    more = [{"buyer": buyer, "item": key, "product": "another product", "output_cny": 5e5} for buyer, key in known]
    after = run({**rows, "uses": rows["uses"] + more})
    for row in before.entries.filter(pl.col("impact_low").is_not_null()).to_dicts():
        now = entry_of(after, row["entry"])
        if now["impact_measure"] == row["impact_measure"]:
            assert now["impact_low"] >= row["impact_low"]
            assert most(now) >= most(row)
