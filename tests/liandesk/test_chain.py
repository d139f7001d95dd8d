from __future__ import annotations

import polars as pl

from liandesk.base.facts.schema import FACT_SCHEMA
from liandesk.base.pack import pack
from liandesk.refresh.chain import Chain, build_chain
from liankit.risk import INPUT_COLUMNS, exposure

ORGANISATIONS = pl.DataFrame(
    {
        "id": ["O1", "O2", "O3"],
        "name": ["甲公司", "Maker A", "Maker B"],
        "country": ["CN", "IN", "CN"],
        "country_basis": ["declared", "guessed from name", None],
        "town": [pack().towns[0].code, None, None],
    }
)
MEMBERS = pl.DataFrame(
    {"record": ["w:organisation:1", "u:organisation:2", "u:organisation:3"], "organisation": ["O1", "O2", "O3"]}
)


def _facts(*records: tuple[str, str, dict[str, str | float]]) -> pl.DataFrame:
    lines = [
        {
            "record": record,
            "kind": kind,
            "attribute": name,
            "text": value if isinstance(value, str) else None,
            "number": None if isinstance(value, str) else float(value),
        }
        for record, kind, said in records
        for name, value in said.items()
    ]
    return pl.DataFrame(lines, schema=FACT_SCHEMA)


ITEM = ("w:item:x", "item", {"name": "层析填料", "item_kind": "excipient"})


def _input(record: str = "w:critical_input:1", **said: str | float) -> tuple[str, str, dict[str, str | float]]:
    body: dict[str, str | float] = {"organisation": "w:organisation:1", "item": "w:item:x", "used_for": "注射液"}
    return (record, "critical_input", body | said)


def _chain(*records: tuple[str, str, dict[str, str | float]]) -> Chain:
    return build_chain(_facts(*records), MEMBERS, ORGANISATIONS, pack())


def test_the_tables_are_what_the_engine_reads() -> None:
    chain = _chain(ITEM, _input(another_source="no", supplier_country="US", stock_days=30))
    for name, columns in INPUT_COLUMNS.items():
        assert set(columns) <= set(chain.tables[name].columns), name
    found = exposure(*(chain.tables[name] for name in INPUT_COLUMNS), home_country="CN")
    entry = found.entries.filter(scope="input").row(0, named=True)
    assert entry["sole_source"] is True and entry["import_share_low"] == 1.0


def test_a_supplier_nobody_named_stays_unnamed() -> None:
    supplies = _chain(ITEM, _input(supplier_country="DE")).tables["supplies"]
    assert supplies.select("supplier", "country", "buyer").rows() == [(None, "DE", "O1")]


def test_an_input_without_supplier_and_country_names_no_supply() -> None:
    assert _chain(ITEM, _input()).tables["supplies"].is_empty()


def test_a_country_guessed_from_a_name_is_unknown_to_the_engine() -> None:
    makes = [(f"u:makes:{n}", "makes", {"organisation": f"u:organisation:{n}", "item": "w:item:x"}) for n in (2, 3)]
    supplies = _chain(ITEM, *makes).tables["supplies"]
    assert dict(supplies.select("supplier", "country").rows()) == {"O2": None, "O3": "CN"}


def test_a_declared_time_to_switch_beats_the_assumed_one() -> None:
    uses = _chain(ITEM, _input("1", switch_months=4), _input("2", used_for="片剂")).tables["uses"]
    by_product = {row["product"]: row for row in uses.to_dicts()}
    assert (by_product["注射液"]["switch_months_low"], by_product["注射液"]["switch_basis"]) == (4.0, "declared")
    assumed = next(kind.switch_months for kind in pack().item_kinds if kind.code == "excipient")
    row = by_product["片剂"]
    assert (row["switch_months_low"], row["switch_months_high"], row["switch_basis"]) == (*assumed, "assumed")


def test_items_of_two_sources_with_one_normalised_name_are_one_item() -> None:
    other = ("u:item:x", "item", {"name": "层析 填料"})
    assert _chain(ITEM, other, _input()).tables["items"].height == 1


def test_rows_that_point_nowhere_are_counted_and_not_silently_joined_away() -> None:
    chain = _chain(ITEM, _input("1", organisation="w:organisation:9"), _input("2", item="w:item:none"))
    assert chain.lost == {"unknown_organisation": 1, "unknown_item": 1}
    assert chain.tables["uses"].is_empty()


def test_who_sells_a_product_needs_every_item_that_goes_into_it() -> None:
    sells = ("u:sells:1", "sells", {"organisation": "u:organisation:2", "product": "P [oral]"})
    contains = ("u:input_of:1", "input_of", {"item": "w:item:x", "product": "P [oral]"})
    stranger = ("u:sells:2", "sells", {"organisation": "u:organisation:3", "product": "Q [oral]"})
    chain = _chain(ITEM, sells, contains, stranger)
    assert chain.tables["uses"].select("buyer", "product").rows() == [("O2", "P [oral]")]
    assert chain.lost == {"product_without_known_input": 1}
