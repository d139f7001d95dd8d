from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from liankit.network import COUNTER_REASONS, Findings, find_local_partners, find_weak_links
from liankit.reasons import reasons_of
from liankit.texts import render

MAKER: dict[str, Any] = {"node": pl.String, "organisation": pl.String, "activity": pl.String, "basis": pl.String}
LINK: dict[str, Any] = {
    "item": pl.String,
    "supplier": pl.String,
    "supplier_name": pl.String,
    "buyer": pl.String,
    "country": pl.String,
    "sole_source": pl.Boolean,
    "stock_days": pl.Float64,
    "lead_time_days": pl.Float64,
    "amount_cny": pl.Float64,
}
ORGANISATIONS = pl.DataFrame(
    [
        ("L1", "区内甲", "CN", "T1", True),
        ("L2", "区内乙", "CN", "T1", True),
        ("H1", "区外丙", "CN", None, False),
        ("F1", "Acme", "US", None, False),
        ("F2", "Beta", None, None, False),
    ],
    schema={"id": pl.String, "name": pl.String, "country": pl.String, "town": pl.String, "is_local": pl.Boolean},
    orient="row",
)
NODES = pl.DataFrame(
    {
        "node": ["X", "Y", "Z"],
        "name": ["填料", "琼脂糖填料", "注射液"],
        "node_kind": "item",
        "item_kind": "excipient",
        "is_synthetic": False,
    }
)
SUBTYPE = pl.DataFrame({"source": ["Y"], "target": ["X"], "relation": ["subtype_of"]})


def _makers(*rows: tuple[str, ...]) -> pl.DataFrame:
    return pl.DataFrame([(*row, "asserted")[:4] for row in rows], schema=MAKER, orient="row")


def _links(*rows: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame([{name: row.get(name) for name in LINK} for row in rows], schema=LINK)


def _tables(makers: pl.DataFrame, links: pl.DataFrame) -> dict[str, pl.DataFrame]:
    return {"nodes": NODES, "relations": SUBTYPE, "makers": makers, "links": links, "organisations": ORGANISATIONS}


def _weak(makers: pl.DataFrame, *links: dict[str, Any], complete: bool = False) -> Findings:
    listing = pl.DataFrame({"item": ["X"], "complete": [complete]})
    return find_weak_links(**_tables(makers, _links(*links)), listing=listing, home_country="CN")


def _kinds(found: Findings) -> set[str]:
    return set(found.findings["entry"])


def _holds(found: Findings, entry: str) -> dict[str, bool | None]:
    return {reason.code: reason.holds for reason in reasons_of(found.reasons, entry)}


USES = ("X", "L1", "uses")


def test_what_nobody_in_the_district_needs_is_no_link_of_it() -> None:
    assert _kinds(_weak(_makers(("X", "H1", "uses"), ("X", "F1", "makes")))) == set()


def test_a_needed_node_nobody_here_makes_is_missing_and_the_counter_reasons_say_what_speaks_against_it() -> None:
    found = _weak(_makers(USES, ("X", "H1", "makes"), ("X", "F1", "makes"), ("Y", "L2", "makes")))
    assert _kinds(found) == {"missing:X"}
    holds = _holds(found, "missing:X")
    assert holds["chain_made_at_home"] is True and holds["chain_kin_made_here"] is True
    assert holds["chain_other_source_said"] is None, "nobody was asked"
    assert holds["chain_makers_unasked"] is True, "what L1 makes is not known"


def test_a_node_made_here_is_not_missing() -> None:
    assert "missing:X" not in _kinds(_weak(_makers(USES, ("X", "L2", "makes"), ("X", "F1", "makes"))))


def test_the_only_known_source_is_single_but_proven_only_where_the_list_is_complete_or_a_buyer_says_so() -> None:
    makers = _makers(USES, ("X", "L2", "makes"))
    assert _holds(_weak(makers), "single:X")["chain_one_source"] is None
    assert _holds(_weak(makers, complete=True), "single:X")["chain_one_source"] is True
    said = _weak(makers, {"item": "X", "buyer": "L1", "supplier": "L2", "sole_source": True})
    assert _holds(said, "single:X")["chain_one_source"] is True


def test_a_supplier_nobody_named_may_be_another_one_so_there_is_no_single_source() -> None:
    found = _weak(_makers(USES, ("X", "L2", "makes")), {"item": "X", "buyer": "L1", "country": "US"})
    assert "single:X" not in _kinds(found)


def test_sources_of_unknown_country_are_not_taken_for_abroad() -> None:
    abroad = {"item": "X", "buyer": "L1", "supplier": "F1"}
    unknown = {"item": "X", "buyer": "L1", "supplier": "F2"}
    assert "weak:X" in _kinds(_weak(_makers(USES), abroad))
    assert "weak:X" not in _kinds(_weak(_makers(USES), abroad, unknown))


def test_stock_shorter_than_the_lead_time_makes_a_link_weak_and_longer_stock_does_not() -> None:
    link = {"item": "X", "buyer": "L1", "supplier": "H1", "lead_time_days": 90.0}
    assert "weak:X" in _kinds(_weak(_makers(USES), link | {"stock_days": 30.0}))
    assert "weak:X" not in _kinds(_weak(_makers(USES), link | {"stock_days": 120.0}))
    assert "weak:X" not in _kinds(_weak(_makers(USES), link)), "unknown stock is not short stock"


def test_an_inferred_need_is_a_finding_that_says_so() -> None:
    found = _weak(_makers(("X", "L1", "uses", "inferred"), ("X", "F1", "makes"), ("X", "F2", "makes")))
    assert found.findings.select("buyers", "inferred_buyers").rows() == [(0, 1)]
    holds = _holds(found, "missing:X")
    assert holds["chain_need_inferred"] is True and holds["chain_needed"] is None


ROWS = st.lists(
    st.tuples(
        st.sampled_from("XYZ"),
        st.sampled_from(ORGANISATIONS["id"].to_list()),
        st.sampled_from(["makes", "uses", "sells"]),
    ),
    max_size=12,
)


@settings(deadline=None, max_examples=20)
@given(ROWS, st.sampled_from(["H1", "F1", "F2"]), st.sampled_from("XYZ"))
def test_one_more_maker_elsewhere_makes_nothing_missing_that_was_not(
    rows: list[tuple[str, str, str]], organisation: str, node: str
) -> None:
    before = _weak(_makers(*set(rows)))
    after = _weak(_makers(*set(rows), (node, organisation, "makes")))
    missing = {kind for kind in _kinds(after) if kind.startswith("missing:")}
    assert missing == {kind for kind in _kinds(before) if kind.startswith("missing:")}


@settings(deadline=None, max_examples=20)
@given(ROWS)
def test_every_reason_has_a_text_in_both_languages(rows: list[tuple[str, str, str]]) -> None:
    found = _weak(_makers(*set(rows)))
    for entry in found.findings["entry"]:
        reasons = reasons_of(found.reasons, entry)
        assert any(reason.code in COUNTER_REASONS for reason in reasons)
        for reason in reasons:
            assert render(reason.code, reason.params, "zh") and render(reason.code, reason.params, "en")


def _partners(makers: pl.DataFrame, *links: dict[str, Any]) -> Findings:
    return find_local_partners(**_tables(makers, _links(*links)), home_country="CN")


def test_a_buyer_meets_who_makes_the_same_or_a_kind_of_it_in_the_district_and_never_itself() -> None:
    found = _partners(_makers(USES, ("X", "L1", "makes"), ("Y", "L2", "makes"), ("X", "H1", "makes")))
    assert found.findings.select("buyer", "supplier", "offered", "match").rows() == [("L1", "L2", "Y", "subtype")]


def test_who_buys_abroad_now_comes_first_and_who_supplies_already_is_said() -> None:
    makers = _makers(USES, ("Z", "L1", "uses"), ("X", "L2", "makes"), ("Z", "L2", "makes"))
    abroad = {"item": "Z", "buyer": "L1", "supplier": "F1", "country": "US", "amount_cny": 5.0}
    here = {"item": "X", "buyer": "L1", "supplier": "L2", "country": "CN"}
    found = _partners(makers, abroad, here).findings
    assert found.select("node", "bought_abroad", "supplies_already").rows() == [("Z", True, False), ("X", False, True)]


def test_a_buyer_that_named_nobody_leaves_open_who_supplies_it() -> None:
    found = _partners(_makers(USES, ("X", "L2", "makes")), {"item": "X", "buyer": "L1", "country": "US"})
    assert found.findings.select("supplies_already", "bought_abroad").rows() == [(None, True)]
    assert found.reasons.filter(pl.col("code") == "partner_fit_unproven")["holds"].to_list() == [None]
    assert all(render(code, {"offered": ""}, "zh") for code in found.reasons["code"])
