"""The exposure engine on cases worked by hand, at its edges, and what it says to the reader."""

from __future__ import annotations

import doctest
import importlib
import json

import polars as pl
import pytest
from tests.liankit.risk_reference import Row
from tests.liankit.risk_tables import HOME, entry_of, frames, item, run

from liankit.errors import UserError
from liankit.reasons import REASON_SCHEMA, reasons_of
from liankit.risk import ENTRY_SCHEMA, QUESTION_SCHEMA, exposure
from liankit.risk.questions import QUESTIONS
from liankit.texts import LANGUAGES, render

MILLION = 1e6

# docs/explanation/risk-list.md works this example by hand
RESIN: dict[str, list[Row]] = {
    "items": [item("resin")],
    "supplies": [
        {"item": "resin", "supplier": "A", "buyer": "one", "country": "SE", "share": 0.7},
        {"item": "resin", "supplier": "A", "country": "SE"},
        {"item": "resin", "supplier": "B", "country": "US"},
        {"item": "resin", "supplier": "C", "country": "CN"},
    ],
    "uses": [
        {
            "buyer": "one", "item": "resin", "product": "antibody", "output_cny": 50 * MILLION, "another_source": True,
            "stock_days": 60, "switch_months_low": 9, "switch_months_high": 15, "switch_basis": "declared",
        },
        {"buyer": "two", "item": "resin", "product": "cells", "output_cny": 20 * MILLION},
    ],
    "listing": [{"item": "resin", "complete": True}],
}  # fmt: skip


def test_the_worked_example_gives_the_numbers_of_its_page() -> None:
    found = run(RESIN)
    table = found.entries.select("entry", "sole_source", "share_low", "share_high", "impact_low", "impact_high")
    assert table.rows() == [
        ("item:resin", False, 1 / 3, 1.0, 35 * MILLION, 55 * MILLION),
        ("input:one:resin", False, 0.7, 0.7, 35 * MILLION, 35 * MILLION),
        ("input:two:resin", False, 1 / 3, 1.0, 6_666_666.66667, 20 * MILLION),
    ]
    order = found.entries.select("rank", "rank_low", "rank_high", "question_code", "question_to")
    assert order.rows() == [
        (1, 1, 2, "ask_shares", "office"),
        (2, 1, 2, None, None),
        (3, 3, 3, "ask_another_source", "buyer:two"),
    ]
    assert (
        found.entries["largest_supplier"].to_list() == found.entries["critical_supplier"].to_list() == ["A", "A", None]
    )
    assert found.entries["impact_basis"].to_list() == ["mixed", "declared", "market"]


def test_the_gap_of_an_item_is_open_upwards_while_one_buyer_has_told_nothing() -> None:
    row = entry_of(run(RESIN), "item:resin")
    assert (row["gap_days_low"], row["gap_days_high"]) == (pytest.approx(213.6), None)


def test_of_entries_proven_alike_those_that_may_have_one_source_come_first() -> None:
    uses = [{"buyer": "b", "item": key, "product": p} for key, products in (("x", "p"), ("y", "pqr")) for p in products]
    supplies = [{"item": key, "supplier": s} for key, suppliers in (("x", "A"), ("y", "AB")) for s in suppliers]
    found = run({"items": [item("x"), item("y")], "supplies": supplies, "uses": uses})
    order = found.entries.filter(scope="item").select("entry", "sole_source", "impact_low", "impact_high")
    assert order.rows() == [("item:x", None, 0.0, 1.0), ("item:y", False, 0.0, 3.0)]


def test_the_worked_example_gives_the_reasons_of_its_page() -> None:
    told = {reason.code: reason for reason in reasons_of(run(RESIN).reasons, "input:one:resin")}
    ends = {code: (reason.holds, reason.value_low, reason.value_high) for code, reason in told.items()}
    assert ends == {
        "sole_source": (False, 2, None),
        "largest_share": (True, 0.7, 0.7),
        "supplier_concentration": (True, pytest.approx(0.49), pytest.approx(0.58)),
        "country_concentration": (True, pytest.approx(0.49), 1.0),
        "import_dependence": (True, 0.7, 1.0),
        "reach": (True, 1, 1),
        "reach_output": (True, 50 * MILLION, 50 * MILLION),
        "critical_supplier": (True, 35 * MILLION, 35 * MILLION),
        "stock_gap": (True, pytest.approx(213.6), pytest.approx(396)),
        "likelihood_no_events": (None, None, None),
    }


def test_reasons_stand_in_one_order_and_each_has_a_text_in_both_languages() -> None:
    found = run(RESIN)
    first = found.reasons.filter(entry=found.entries["entry"][0])
    assert first["code"].to_list() == [
        "sole_source", "largest_share", "supplier_concentration", "country_concentration", "import_dependence",
        "reach", "reach_output", "critical_supplier", "stock_gap", "likelihood_no_events",
    ]  # fmt: skip
    for row in found.reasons.to_dicts() + found.questions.to_dicts():
        for language in LANGUAGES:
            assert render(row["code"], json.loads(row["params"]), language)


def test_every_question_and_every_warning_has_a_text() -> None:
    warnings = [f"contradicts_{name}" for name in ("share", "country", "amount", "output", "another_source", "list")]
    params = {"item": "X", "suppliers": None, "buyer": "b"}
    for code in (*QUESTIONS, *warnings, "market_suppliers", "switch_assumed", "shares_exceed_one"):
        for language in LANGUAGES:
            assert render(code, params, language)


def test_tables_have_their_schemas_even_when_all_inputs_are_empty() -> None:
    found = run({})
    assert found.entries.schema == pl.Schema(ENTRY_SCHEMA)
    assert found.reasons.schema == pl.Schema(REASON_SCHEMA)
    assert found.questions.schema == pl.Schema(QUESTION_SCHEMA)
    assert found.entries.is_empty()


def test_an_item_without_supplier_has_no_impact_and_asks_who_supplies_it() -> None:
    found = run({"items": [item("x")], "uses": [{"buyer": "b", "item": "x", "product": "p", "output_cny": 1.0}]})
    for row in found.entries.to_dicts():
        assert (row["impact_low"], row["share_low"], row["sole_source"], row["rank"]) == (None, None, None, None)
        assert row["question_code"] == "ask_suppliers"
    assert set(found.entries["question_to"]) == {"buyer:b", "office"}


def test_an_item_nobody_is_known_to_use_has_unknown_reach_not_none() -> None:
    row = entry_of(run({"items": [item("x")], "supplies": [{"item": "x", "supplier": "s"}]}), "item:x")
    assert (row["reach_products"], row["impact_low"], row["question_code"]) == (None, None, "ask_uses")


def test_without_dated_events_no_likelihood_is_given() -> None:
    found = run(RESIN)
    assert found.entries["likelihood_low"].null_count() == found.entries["likelihood_high"].null_count() == 3
    assert found.reasons.filter(code="likelihood_no_events")["holds"].null_count() == 3


def test_one_supplier_of_an_open_list_is_not_yet_a_sole_source() -> None:
    rows = {**RESIN, "supplies": RESIN["supplies"][1:2], "listing": []}
    row = entry_of(run(rows), "item:resin")
    assert (row["suppliers"], row["complete"], row["sole_source"]) == (1, False, False)  # buyer one has another
    row = entry_of(run({**rows, "uses": RESIN["uses"][1:]}), "item:resin")
    assert (row["complete"], row["sole_source"], row["share_low"], row["share_high"]) == (False, None, 0.0, 1.0)


def test_a_buyer_without_another_source_is_sole_sourced_even_where_the_market_has_several() -> None:
    uses = [{**RESIN["uses"][1], "another_source": False}]
    found = run({**RESIN, "supplies": RESIN["supplies"][1:], "uses": uses})
    row = entry_of(found, "input:two:resin")
    assert (row["sole_source"], row["share_low"], row["country_hhi_low"]) == (True, 1.0, 1.0)
    assert (row["import_share_low"], row["import_share_high"]) == (
        0.0,
        1.0,
    )  # one of three, and one of those is at home
    assert row["largest_supplier"] is None
    assert entry_of(found, "item:resin")["sole_source"] is False


def test_shares_above_the_whole_are_told_and_count_as_unknown() -> None:
    supplies = [{"item": "resin", "supplier": s, "country": "SE", "share": 0.6} for s in ("A", "B")]
    found = run({**RESIN, "supplies": supplies})
    row = entry_of(found, "item:resin")
    assert (row["share_low"], row["share_high"]) == (0.5, 1.0)
    reason = found.reasons.filter(entry="item:resin", code="shares_exceed_one").row(0, named=True)
    assert (reason["holds"], reason["value_low"]) == (True, 1.2)


def test_shares_rounded_to_percent_still_make_a_whole() -> None:
    supplies = [{"item": "resin", "supplier": s, "country": "SE", "share": 0.333} for s in ("A", "B", "C")]
    row = entry_of(run({**RESIN, "supplies": supplies}), "item:resin")
    assert (row["complete"], row["share_low"], row["share_high"]) == (True, 0.333, 0.333)


def test_a_complete_list_whose_shares_miss_the_whole_is_not_complete_and_says_so() -> None:
    found = run({**RESIN, "supplies": [{"item": "resin", "supplier": "A", "country": "SE", "share": 0.6}]})
    row = entry_of(found, "item:resin")
    assert (row["complete"], row["sole_source"]) == (False, False)
    assert not found.reasons.filter(entry="item:resin", code="contradicts_list").is_empty()


def test_two_countries_told_of_one_supplier_leave_its_country_unknown() -> None:
    supplies = [*RESIN["supplies"], {"item": "resin", "supplier": "C", "country": "JP"}]
    found = run({**RESIN, "supplies": supplies})
    row = entry_of(found, "item:resin")
    assert (row["import_share_low"], row["import_share_high"]) == (0.0, 1.0)
    assert not found.reasons.filter(entry="item:resin", code="contradicts_country").is_empty()


def test_a_supplier_nobody_named_counts_only_where_nobody_is_named() -> None:
    nameless = {"item": "resin", "buyer": "two", "country": "DE"}
    use = {**RESIN["uses"][1], "another_source": False}
    found = run({"items": RESIN["items"], "supplies": [nameless], "uses": [use], "listing": RESIN["listing"]})
    row = entry_of(found, "input:two:resin")
    assert (row["sole_source"], row["import_share_low"], row["largest_supplier"]) == (True, 1.0, None)
    assert entry_of(found, "item:resin")["sole_source"] is None
    beside = run({**RESIN, "supplies": [*RESIN["supplies"], {**nameless, "buyer": "one"}]})
    assert entry_of(beside, "input:one:resin")["suppliers"] == 1


def test_amounts_give_shares_where_every_purchase_is_told() -> None:
    supplies = [
        {"item": "resin", "supplier": "A", "buyer": "one", "country": "SE", "amount_cny": 3 * MILLION},
        {"item": "resin", "supplier": "B", "buyer": "one", "country": "US", "amount_cny": 1 * MILLION},
    ]
    found = run({**RESIN, "supplies": supplies, "uses": RESIN["uses"][:1]})
    for key in ("input:one:resin", "item:resin"):
        row = entry_of(found, key)
        assert (row["share_low"], row["share_high"], row["largest_supplier"]) == (0.75, 0.75, "A")
    half = [{**supplies[0]}, {**supplies[1], "amount_cny": None}]
    row = entry_of(run({**RESIN, "supplies": half, "uses": RESIN["uses"][:1]}), "item:resin")
    assert (row["share_low"], row["share_high"]) == (0.5, 1.0)


def test_an_output_one_product_lacks_leaves_the_sum_and_the_impact_open_upwards() -> None:
    uses = [RESIN["uses"][0], {**RESIN["uses"][1], "output_cny": None}]
    row = entry_of(run({**RESIN, "uses": uses}), "item:resin")
    assert (row["output_low_cny"], row["output_high_cny"]) == (50 * MILLION, None)
    assert (row["impact_measure"], row["impact_low"], row["impact_high"]) == ("output_cny", 35 * MILLION, None)
    uses = [{**use, "output_cny": None} for use in RESIN["uses"]]
    row = entry_of(run({**RESIN, "uses": uses}), "item:resin")
    assert (row["impact_measure"], row["impact_low"], row["impact_high"]) == ("products", 0.7, 1.7)


def test_what_a_buyer_declared_of_switching_goes_before_what_was_assumed() -> None:
    assumed = {**RESIN["uses"][0], "product": "other", "switch_months_low": 1, "switch_months_high": 40}
    uses = [RESIN["uses"][0], {**assumed, "switch_basis": "assumed"}]
    row = entry_of(run({**RESIN, "uses": uses}), "input:one:resin")
    assert (row["switch_basis"], row["gap_days_low"]) == ("declared", pytest.approx(213.6))


def test_nan_counts_as_unknown() -> None:
    tables = frames(RESIN)
    tables["supplies"] = tables["supplies"].with_columns(share=pl.lit(float("nan")))
    row = entry_of(exposure(**tables, home_country=HOME), "input:one:resin")
    assert (row["share_low"], row["share_high"]) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("table", "change", "says"),
    [
        ("supplies", {"share": 35.0}, "supplies, row 1, column 'share': 35.0 is not a share from 0 to 1"),
        ("supplies", {"share": -0.1}, "supplies, row 1, column 'share'"),
        ("supplies", {"amount_cny": -5.0}, "column 'amount_cny': -5.0 is below zero"),
        ("supplies", {"amount_cny": float("inf")}, "column 'amount_cny': inf is not finite"),
        ("supplies", {"country": "Sweden"}, "column 'country': 'Sweden' is not a country code"),
        ("supplies", {"item": "resni"}, "not in the table items, first 'resni'. Did you mean 'resin'?"),
        ("uses", {"output_cny": -1.0}, "uses, row 1, column 'output_cny': -1.0 is below zero"),
        ("uses", {"buyer": ""}, "uses, row 1, column 'buyer'"),
        ("uses", {"switch_months_low": 20.0}, "is above switch_months_high"),
        ("uses", {"switch_months_high": None}, "stands alone"),
        ("uses", {"switch_basis": "guessed"}, "'guessed' is not one of declared, assumed"),
        ("uses", {"switch_basis": None}, "does not say whether switch_months is declared or assumed"),
        ("items", {"name": "another name", "item": "resin"}, "stands there twice"),
        ("listing", {"complete": None}, "listing, row 1, column 'complete'"),
    ],
)
def test_a_table_that_breaks_its_contract_is_refused_with_table_row_and_column(
    table: str, change: Row, says: str
) -> None:
    rows = {**RESIN, table: [{**RESIN[table][0], **change}, *RESIN[table]]}
    with pytest.raises(UserError) as error:
        run(rows)
    assert says in str(error.value)


def test_a_missing_column_is_refused_with_the_nearest_name() -> None:
    tables = frames(RESIN)
    tables["supplies"] = tables["supplies"].rename({"share": "shares"})
    with pytest.raises(UserError, match=r"supplies: the column 'share' is missing.*Did you mean 'shares'"):
        exposure(**tables, home_country=HOME)


def test_two_inputs_whose_ids_run_together_are_refused() -> None:
    uses = [{"buyer": "a:b", "item": "c", "product": "p"}, {"buyer": "a", "item": "b:c", "product": "p"}]
    with pytest.raises(UserError, match="same key 'input:a:b:c'"):
        run({"items": [item("c"), item("b:c")], "uses": uses})


def test_a_home_country_that_is_no_code_is_refused() -> None:
    with pytest.raises(UserError, match="'China' is not a country code"):
        exposure(**frames(RESIN), home_country="China")


def test_the_example_of_the_docstring_runs() -> None:
    assert doctest.testmod(importlib.import_module("liankit.risk.exposure")).failed == 0


def test_amounts_give_no_shares_of_an_item_while_one_of_its_buyers_has_told_none() -> None:
    supplies = [
        {"item": "resin", "supplier": s, "buyer": "one", "country": "SE", "amount_cny": MILLION} for s in ("A", "B")
    ]
    row = entry_of(run({**RESIN, "supplies": supplies, "listing": []}), "item:resin")
    assert (row["supplier_hhi_low"], row["supplier_hhi_high"]) == (0.0, 1.0)


def test_a_list_whose_known_shares_miss_the_whole_is_not_asked_whether_it_is_complete() -> None:
    supplies = [{"item": "resin", "supplier": s, "country": "SE", "share": 0.3} for s in ("A", "B")]
    found = run({**RESIN, "supplies": supplies, "uses": RESIN["uses"][:1], "listing": []})
    assert found.questions.filter(entry="item:resin")["code"].to_list() == ["ask_shares"]


def test_of_two_suppliers_with_equal_shares_none_is_the_largest() -> None:
    supplies = [{"item": "resin", "supplier": s, "buyer": "one", "country": "SE", "share": 0.5} for s in ("A", "B")]
    row = entry_of(run({**RESIN, "supplies": supplies}), "input:one:resin")
    assert (row["share_low"], row["largest_supplier"]) == (0.5, None)
