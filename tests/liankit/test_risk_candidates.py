from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from typer.testing import CliRunner

from liankit.cli import main
from liankit.risk.candidates import CANDIDATE_SCHEMA, NAMED_SCHEMA, find_candidates, reasons_of_candidate
from liankit.risk.notice_truth import check_candidates

NODES = pl.DataFrame(
    [
        {"node": "api", "name": "阿司匹林原料", "item_kind": "active_ingredient", "is_synthetic": False},
        {"node": "tablet", "name": "阿司匹林片", "item_kind": None, "is_synthetic": False},
        {"node": "capsule", "name": "阿司匹林胶囊", "item_kind": None, "is_synthetic": False},
        {"node": "mixture", "name": "复方阿司匹林片", "item_kind": None, "is_synthetic": False},
        {"node": "caffeine", "name": "咖啡因", "item_kind": "active_ingredient", "is_synthetic": False},
        {"node": "resin", "name": "层析填料", "item_kind": "excipient", "is_synthetic": False},
        {"node": "affinity", "name": "亲和层析填料", "item_kind": "excipient", "is_synthetic": False},
    ]
)
RELATIONS = pl.DataFrame(
    [
        ("api", "tablet", "input_of"),
        ("api", "capsule", "input_of"),
        ("api", "mixture", "input_of"),
        ("caffeine", "mixture", "input_of"),
        ("affinity", "resin", "subtype_of"),
    ],
    schema=["source", "target", "relation"],
    orient="row",
)
MAKERS = pl.DataFrame(
    [
        ("api", "A", "makes", "r1", False),
        ("api", "B", "makes", "r2", False),
        ("api", "C", "uses", "r3", False),
        ("tablet", "C", "sells", "r4", False),
        ("capsule", "D", "sells", "r5", False),
        ("mixture", "E", "sells", "r6", False),
        ("affinity", "F", "makes", "r7", True),
    ],
    schema=["node", "organisation", "activity", "record", "is_synthetic"],
    orient="row",
)
ORGANISATIONS = pl.DataFrame(
    [(key, f"{key} Ltd.", "CN" if key in "AB" else None, None, key == "A") for key in "ABCDEF"],
    schema={"id": pl.String, "name": pl.String, "country": pl.String, "town": pl.String, "is_local": pl.Boolean},
    orient="row",
)
LINKS = pl.DataFrame(
    [("C", "api", "A"), ("C", "tablet", None)],
    schema={"buyer": pl.String, "item": pl.String, "supplier": pl.String},
    orient="row",
)


def _found(*items: str, **more: pl.DataFrame) -> dict[tuple[str, str | None], dict[str, Any]]:
    found = find_candidates(
        nodes=NODES,
        relations=RELATIONS,
        makers=MAKERS,
        links=LINKS,
        organisations=ORGANISATIONS,
        items=pl.Series(items),
        **more,
    )
    assert found.schema == CANDIDATE_SCHEMA
    return {(row["item"], row["candidate"]): row for row in found.iter_rows(named=True)}


def test_makers_of_the_same_item_are_candidates_and_its_users_are_not() -> None:
    found = _found("api")
    assert {key: row["basis"] for key, row in found.items()} == {("api", "A"): "same_item", ("api", "B"): "same_item"}


def test_the_source_that_is_to_be_stood_in_for_is_no_candidate() -> None:
    present = pl.DataFrame({"item": ["api"], "candidate": ["A"]})
    assert set(_found("api", present=present)) == {("api", "B")}


def test_products_with_exactly_the_same_active_ingredients_are_candidates_and_mixtures_are_not() -> None:
    found = _found("tablet")
    assert {key[1]: (row["basis"], row["via"]) for key, row in found.items()} == {
        "C": ("same_item", "tablet"),
        "D": ("same_ingredient", "capsule"),
    }


def test_a_narrower_or_broader_kind_is_a_candidate_and_marked_as_synthetic_where_it_is() -> None:
    row = _found("resin")["resin", "F"]
    assert (row["basis"], row["via_name"], row["is_synthetic"]) == ("subtype", "亲和层析填料", True)


def test_who_supplies_already_is_known_only_where_every_buyer_names_its_supplier() -> None:
    found = _found("api", "tablet", "resin")
    said = {key: row["supplies_already"] for key, row in found.items()}
    assert (said["api", "A"], said["api", "B"]) == (True, False)
    assert (said["tablet", "C"], said["resin", "F"]) == (None, None)


def test_what_a_notice_names_is_a_candidate_once_by_its_name_and_without_a_maker_too() -> None:
    named = pl.DataFrame(
        [
            ("层析填料", "Protein A 填料", "b ltd", "n1"),
            ("层析填料", "Protein L 填料", None, "n1"),
            ("api", "x", "A Ltd.", "n2"),
        ],
        schema=NAMED_SCHEMA,
        orient="row",
    )
    found = find_candidates(
        nodes=NODES,
        relations=RELATIONS,
        makers=MAKERS,
        links=LINKS,
        organisations=ORGANISATIONS,
        items=pl.Series(["resin", "api"]),
        named=named,
    )
    told = found.filter(basis="named_in_notice").select("item", "candidate", "via_name", "source").rows()
    assert sorted(told, key=str) == [("resin", "B", "Protein A 填料", "n1"), ("resin", None, "Protein L 填料", "n1")]


def test_each_candidate_says_what_is_not_known_of_it() -> None:
    reasons = {reason.code: reason.holds for reason in reasons_of_candidate(_found("api")["api", "B"], "CN")}
    assert reasons == {
        "candidate_same_item": True,
        "candidate_supplies_already": False,
        "candidate_at_home": True,
        "candidate_fit_unproven": None,
    }


def _notice(product: str, licence: str, *named: tuple[str, str]) -> dict[str, Any]:
    told = [{"name": name, "licence": number, "holder": None} for name, number in named]
    return {"product": product, "licence": licence, "alternatives": told}


def test_a_notice_is_held_against_the_others_with_its_own_alternatives_hidden() -> None:
    notices = pl.DataFrame(
        [
            _notice("Brand A MELPHALAN", "L1", ("Brand B melphalan", "L2"), ("Brand C", "L3")),
            _notice("Brand D Melphalan", "L4", ("Brand B melphalan", "L2")),
            _notice("Brand E", "L5", ("Brand F", "L6")),
        ]
    )
    found = check_candidates(notices, ["MELPHALAN; SODIUM"])
    assert (found.notices, found.named, found.reachable, found.found, found.notices_hit) == (3, 4, 2, 2, 2)
    blind = check_candidates(notices, [])
    assert (blind.found, blind.median_candidates) == (0, 0)


@pytest.mark.skipif("LIANDESK_REAL_DATA" not in os.environ, reason="set LIANDESK_REAL_DATA to the folder of real data")
def test_other_makers_of_the_same_ingredient_are_offered_for_real_drugs(tmp_path: Path) -> None:
    folder = Path(os.environ["LIANDESK_REAL_DATA"]) / "us_pharma_chain_2023"
    out = tmp_path / "found.parquet"
    files = ("edges_maker_makes_api", "edges_api_into_drug", "edges_sponsor_sells_drug")
    arguments = [str(folder / f"{name}.csv") for name in files]
    done = CliRunner().invoke(main, ["risk", "candidates", *arguments, "--out", str(out)])
    assert done.exit_code == 0, done.output
    found = pl.read_parquet(out)
    makers = found.filter(item="HEPARIN", basis="same_item")
    assert makers.height > 10
    assert found.filter(pl.col("basis") == "same_ingredient").height > 1000
