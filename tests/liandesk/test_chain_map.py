from __future__ import annotations

import polars as pl
from tests.liandesk.chain_world import CHAIN, Record, facts_of, item, makes, needs, organisation, relation, supply

from liandesk.base.pack import pack
from liandesk.refresh.chain import Chain, build_chain
from liankit.network import BASES
from liankit.risk import INPUT_COLUMNS, exposure


def _chain(*records: Record) -> Chain:
    told = [said for said in records if said[1] == "organisation"]
    columns = ("name", "country", "country_basis", "town")
    rows = [(record.split(":")[-1], *(said.get(name) for name in columns)) for record, _kind, said in told]
    organisations = pl.DataFrame(rows, schema=dict.fromkeys(("id", *columns), pl.String), orient="row")
    pairs = [(record, record.split(":")[-1]) for record, _kind, _said in told]
    members = pl.DataFrame(pairs, schema={"record": pl.String, "organisation": pl.String}, orient="row")
    return build_chain(facts_of(*records), members, organisations, pack())


def _names(chain: Chain) -> dict[str, str]:
    return dict(chain.tables["nodes"].select("node", "name").iter_rows())


def _relations(chain: Chain) -> set[tuple[str, str, str, str]]:
    names = _names(chain)
    rows = chain.tables["relations"].select("source", "relation", "target", "basis").iter_rows()
    return {(names[source], relation, names[target], basis) for source, relation, target, basis in rows}


def test_relations_point_the_way_things_flow_and_say_their_basis() -> None:
    told = _chain(item("a", "甲"), item("b", "乙"), relation("a", "input_of", "b"))
    assert _relations(told) == {("甲", "input_of", "乙", "asserted")}
    public = _chain(
        item("a", "甲", "chain_kg"), item("b", "乙", "chain_kg"), relation("a", "subtype_of", "b", "chain_kg")
    )
    assert _relations(public) == {("甲", "subtype_of", "乙", "imported")}


def test_what_two_sources_say_of_one_relation_is_one_asserted_relation() -> None:
    chain = _chain(
        item("a", "甲", "chain_kg"), item("b", "乙", "chain_kg"), relation("a", "input_of", "b", "chain_kg"),
        item("a", " 甲"), item("b", "乙"), relation("a", "input_of", "b"),
    )  # fmt: skip
    assert [(relation, basis) for _source, relation, _target, basis in _relations(chain)] == [("input_of", "asserted")]
    assert chain.lost == {"record_of_an_item_already_counted": 2, "relation_said_again": 1}


def test_a_relation_to_itself_and_one_that_points_nowhere_are_counted() -> None:
    chain = _chain(item("a", "甲"), relation("a", "input_of", "a"), relation("a", "used_in", "none"))
    assert chain.tables["relations"].is_empty()
    assert chain.lost == {"relation_to_itself": 1, "relation_without_end": 1}


def test_an_item_is_the_node_that_the_chain_office_names() -> None:
    text = item("b", "填料", free_text_node="yes")
    chain = _chain(item("a", "层析介质"), ("workbook:item:b", "item", text[2] | {"name": "层析介质"}))
    assert list(_names(chain).values()) == ["层析介质"]


def test_who_makes_what_something_goes_into_is_inferred_to_use_it_unless_it_says_so_itself() -> None:
    base = (
        organisation("one", "一号", 0), organisation("two", "二号", 0), item("a", "甲"), item("b", "乙"),
        relation("a", "input_of", "b"), makes("one", "b"), makes("two", "b"), needs("two", "a"),
    )  # fmt: skip
    makers = _chain(*base).tables["makers"].filter(pl.col("activity") == "uses")
    assert set(makers.select("organisation", "basis").iter_rows()) == {("one", "inferred"), ("two", "asserted")}


def test_an_unknown_quantity_of_a_link_stays_unknown() -> None:
    base = (organisation("one", "一号", 0), organisation("two", "二号", 0), item("a", "甲"))
    chain = _chain(*base, supply("one", "two", "a"))
    quantities = ("amount_cny", "share", "sole_source", "lead_time_days", "stock_days", "country", "as_of")
    assert chain.tables["links"].select(quantities).row(0) == (None,) * len(quantities)


def test_a_link_is_inferred_only_where_a_complete_list_of_makers_has_one_name() -> None:
    base = (
        organisation("maker", "甲厂", source="us_pharma"), organisation("one", "一号", 0),
        item("a", "甲"), needs("one", "a"), makes("maker", "a", "us_pharma"),
    )  # fmt: skip
    public = item("a", "甲", "us_pharma")
    assert _chain(*base, public).tables["links"].is_empty()
    listed = _chain(*base, item("a", "甲", "us_pharma", listing_complete="yes")).tables["links"]
    assert listed.select("supplier", "buyer", "basis").rows() == [("maker", "one", "inferred")]


def test_a_supply_link_is_a_need_of_its_buyer_and_feeds_the_risk_engine_once() -> None:
    link = supply("one", "two", "a", sole_source="yes", stock_days=10, share=1.0)
    base = (organisation("one", "一号", 0), organisation("two", "二号", 0), item("a", "甲"), link)
    chain = _chain(*base)
    assert chain.tables["uses"].select("buyer", "another_source", "stock_days").rows() == [("two", False, 10.0)]
    found = exposure(*(chain.tables[name] for name in INPUT_COLUMNS), home_country="CN")
    assert found.entries.filter(scope="input")["sole_source"].to_list() == [True]
    said = _chain(*base, needs("two", "a", used_for="注射液")).tables["uses"]
    assert said["product"].to_list() == ["注射液"], "the buyer's own word goes before its supplier's"


def test_only_what_is_said_as_such_is_open_and_a_single_declaration_is_not() -> None:
    chain = _chain(*CHAIN)
    is_open = dict(chain.tables["nodes"].select("name", "is_open").iter_rows())
    assert is_open["层析填料"] and is_open["无菌灌装服务"]
    private = _chain(organisation("one", "一号", 0), item("a", "甲"), needs("one", "a")).tables["nodes"]
    assert private["is_open"].to_list() == [False]


def test_a_missing_node_is_one_that_the_district_needs_and_does_not_make() -> None:
    nodes = _chain(*CHAIN).tables["nodes"]
    missing = set(nodes.filter("is_missing")["name"])
    assert missing == {"层析填料", "琼脂糖微球", "无血清培养基", "一次性储液袋"}
    assert dict(nodes.select("name", "need").iter_rows())["一次性储液袋"] == "said"


def test_every_table_of_the_map_says_on_what_basis_it_is_known() -> None:
    tables = _chain(*CHAIN).tables
    for name in ("nodes", "relations", "makers", "links"):
        assert set(tables[name]["basis"]) <= set(BASES), name
