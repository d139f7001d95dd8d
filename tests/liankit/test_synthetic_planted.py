"""What is planted in a district is there, matters, and is told by ``District.planted`` alone."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import polars as pl
import pytest
from tests.liankit.ladder_cases import grades_of

from liankit.entities import name_key
from liankit.synthetic import District, generate, load_vocabulary

VOCABULARY = load_vocabulary("linping_biomed")
SOURCE = Path(__file__).parents[2] / "src"
CASES = [(30, 1), (30, 2), (30, 3), (300, 1), (300, 2), (300, 5), (10_000, 1)]


@cache
def district(size: int, seed: int) -> District:
    return generate(VOCABULARY, enterprises=size, seed=seed)


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_the_critical_supplier_is_the_declared_sole_source_abroad_of_its_item(size: int, seed: int) -> None:
    made = district(size, seed)
    rows = made.critical_inputs.filter(item=made.planted.critical_item)
    assert set(rows["supplier"]) == {made.planted.critical_supplier}
    assert (rows["another_source"] == "no").all() and (rows["share_percent"] == 100).all()
    assert (rows["supplier_country"] != "CN").all()
    assert set(made.planted.critical_buyers) <= set(rows["enterprise"])
    assert not made.critical_inputs.filter(
        pl.col("supplier") == made.planted.critical_supplier, pl.col("item") != made.planted.critical_item
    ).height


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_the_critical_buyers_are_large_and_several(size: int, seed: int) -> None:
    made = district(size, seed)
    buyers = made.enterprises.filter(pl.col("name").is_in(made.planted.critical_buyers))
    assert 3 <= buyers.height <= 6
    assert buyers["output_cny"].median() >= made.enterprises["output_cny"].quantile(0.75)
    assert buyers["output_cny"].sum() > 0.02 * made.enterprises["output_cny"].sum()


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_a_plain_count_of_dependent_output_puts_the_critical_supplier_at_the_top(size: int, seed: int) -> None:
    made = district(size, seed)
    sole = made.critical_inputs.filter(pl.col("another_source") == "no", pl.col("supplier_country") != "CN")
    output = sole.group_by("item", "supplier").agg(
        pl.col("output_cny").sum(), pl.col("enterprise").n_unique().alias("buyers")
    )
    ranked = output.sort("output_cny", descending=True)
    planted = (made.planted.critical_item, made.planted.critical_supplier)
    assert planted in ranked.select("item", "supplier").head(3).rows()
    assert ranked.filter(pl.col("buyers") >= 3).select("item", "supplier").row(0) == planted


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_the_duplicate_is_one_enterprise_in_two_spellings_one_without_code(size: int, seed: int) -> None:
    made = district(size, seed)
    full, other = (
        made.enterprises.row(by_predicate=pl.col("name") == name, named=True) for name in made.planted.duplicate
    )
    assert full["uscc"] and other["uscc"] is None
    assert "（" in full["name"] and "(" in other["name"] and name_key(full["name"]) == name_key(other["name"])
    same = ("town", "zone", "industry_code", "segment", "main_products")
    assert [full[column] for column in same] == [other[column] for column in same]
    assert set(made.planted.duplicate) <= set(made.critical_inputs["enterprise"])


@pytest.mark.parametrize("scheme", ["specialised_sme_2022", "specialised_sme_2026"])
@pytest.mark.parametrize(("size", "seed"), CASES)
def test_the_near_miss_fails_exactly_one_clause_by_the_rules_of_2022_and_of_2026(
    size: int, seed: int, scheme: str
) -> None:
    made = district(size, seed)
    [grades] = grades_of(made, [scheme], [made.planted.near_miss])
    assert grades.outcome[0] == 0
    parts = {one.key for one in grades.scheme.clause.parts}
    [failed] = [one for one in grades.clauses if one.depth == 1 and one.node.key in parts and one.holds[0] != 1]
    assert failed.node.key == made.planted.near_miss_clause and failed.holds[0] == 0
    assert 2.8 < failed.low[0] < 3.0


@pytest.mark.parametrize(("size", "seed"), CASES)
def test_the_near_miss_holds_the_title_below_and_no_other(size: int, seed: int) -> None:
    made = district(size, seed)
    stated = made.facts.filter(enterprise=made.planted.near_miss, attribute="title")
    listed = made.listed["titles"].filter(organisation=made.planted.near_miss)
    assert stated["value"].to_list() == listed["title"].to_list() == ["创新型中小企业"]
    years = made.facts.filter(enterprise=made.planted.near_miss, attribute="market_years")["value"].item()
    founded = made.enterprises.filter(name=made.planted.near_miss)["founded"].item()
    assert founded is None or float(years) <= 2024 - founded.year


def test_what_is_planted_changes_with_the_seed() -> None:
    planted = [district(300, seed).planted for seed in (1, 2, 5)]
    assert len({one.critical_supplier for one in planted}) == 3
    assert len({one.near_miss for one in planted}) == 3
    assert len({one.critical_item for one in planted}) > 1


def test_no_column_and_no_other_row_tells_what_is_planted() -> None:
    made = district(300, 1)
    names = [*made.enterprises.columns, *made.critical_inputs.columns, *made.facts.columns]
    assert not [name for name in names if re.search("plant|duplicate|near", name)]
    twin = made.enterprises.filter(name=made.planted.duplicate[1]).row(0, named=True)
    for column, value in twin.items():
        alike = made.enterprises.filter(pl.col(column).eq_missing(pl.lit(value)))
        assert column == "name" or alike.height > 1, f"{column} is alone with {value}"


def test_no_other_module_asks_what_is_planted() -> None:
    others = [path for path in SOURCE.rglob("*.py") if "liankit/synthetic" not in path.as_posix()]
    assert len(others) > 10
    asking = re.compile(r"\.planted\b|synthetic\.planting|\bPlanted\b")
    assert not [path for path in others if asking.search(path.read_text(encoding="utf-8"))]
