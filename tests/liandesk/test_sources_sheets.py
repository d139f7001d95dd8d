"""The sheets of the chain and of the bureaus' lists become facts of the kinds that chain and registry read."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from tests.liandesk.source_files import GOOD_CODE, write_csv, write_xlsx

from liandesk.base.facts.schema import records_from_facts
from liandesk.know.sources.contracts import sheets
from liandesk.know.sources.readers import source_of
from liandesk.know.sources.reading import Reading

SUPPLIER = "杭州甲试剂有限公司"
BUYER = "临平甲医药有限公司"


def _read(path: Path) -> Reading:
    return source_of("workbook").read([path])


def _records(reading: Reading, kind: str, **columns: Any) -> list[dict[str, Any]]:
    facts = reading.facts.collect()
    return records_from_facts(facts, kind, columns).to_dicts()


def _organisation(name: str) -> str:
    return f"workbook:organisation:{name}"


def test_a_supply_link_says_who_supplies_whom_and_leaves_open_what_nobody_gave(tmp_path: Path) -> None:
    heads = ("供应商", "采购方", "采购方统一社会信用代码", "物项名称", "年供应额（万元）", "是否唯一来源", "截至日期")
    rows = [
        [SUPPLIER, BUYER, GOOD_CODE, "培养基", "120", "是", "2024-06-30"],
        [SUPPLIER, BUYER, "", "滤芯", "", "", ""],
    ]
    reading = _read(write_csv(tmp_path / "a.csv", rows, heads=heads))
    text, number = pl.String, pl.Float64
    links = _records(
        reading, "supply", supplier=text, buyer=text, item=text, amount_cny=number, share=number, sole_source=pl.Boolean
    )
    by_item = {link.pop("item"): link for link in links}
    assert set(by_item) == {"workbook:item:培养基", "workbook:item:滤芯"}
    link = by_item["workbook:item:培养基"]
    assert (link["supplier"], link["buyer"]) == (_organisation(SUPPLIER), _organisation(GOOD_CODE))
    assert (link["amount_cny"], link["share"], link["sole_source"]) == (1_200_000.0, None, True)
    other = by_item["workbook:item:滤芯"]
    assert other["buyer"] == _organisation(GOOD_CODE) and other["sole_source"] is None and other["amount_cny"] is None
    facts = reading.facts.collect()
    assert set(facts.filter(kind="supply", attribute="amount_cny")["valid_from"]) == {date(2024, 6, 30)}
    names = dict(facts.filter(kind="organisation", attribute="name").select("record", "text").iter_rows())
    assert names == {_organisation(SUPPLIER): SUPPLIER, _organisation(GOOD_CODE): BUYER}


def test_a_relation_names_its_two_nodes_and_their_kinds(tmp_path: Path) -> None:
    rows = [["CHO细胞培养基", "物项", "投入", "单抗", ""], ["单抗", "", "属于", "生物药", "环节"]]
    reading = _read(write_csv(tmp_path / "a.csv", rows, heads=("起点", "起点类别", "关系", "终点", "终点类别")))
    relations = _records(reading, "relation", **{"from": pl.String, "relation": pl.String, "to": pl.String})
    assert {tuple(row.values())[1:] for row in relations} == {
        ("workbook:item:cho细胞培养基", "input_of", "workbook:item:单抗"),
        ("workbook:item:单抗", "subtype_of", "workbook:item:生物药"),
    }
    kinds = {row["name"]: row["node_kind"] for row in _records(reading, "item", name=pl.String, node_kind=pl.String)}
    assert kinds == {"CHO细胞培养基": "item", "单抗": None, "生物药": "segment"}


def test_a_product_says_who_makes_its_item_and_waits_under_its_own_name_where_none_is_named(tmp_path: Path) -> None:
    heads = ("企业名称", "产品名称", "对应物项", "占营业收入比重（%）")
    rows = [[BUYER, "甲单抗注射液", "单抗", "30"], [BUYER, "乙单抗注射液", "单抗", "25"], [BUYER, "丙试剂盒", "", ""]]
    reading = _read(write_csv(tmp_path / "a.csv", rows, heads=heads))
    makes = _records(reading, "makes", organisation=pl.String, item=pl.String, revenue_share=pl.Float64)
    assert {row["item"]: row["revenue_share"] for row in makes} == {
        "workbook:item:单抗": pytest.approx(0.55),
        "workbook:item:丙试剂盒": None,
    }
    assert {row["organisation"] for row in makes} == {_organisation(BUYER)}
    free = {
        row["name"]: row["free_text_node"]
        for row in _records(reading, "item", name=pl.String, free_text_node=pl.String)
    }
    assert free == {"单抗": None, "丙试剂盒": "yes"}
    products = _records(reading, "product", name=pl.String, item=pl.String)
    assert {row["name"]: row["item"] for row in products}["丙试剂盒"] is None


def test_a_technology_has_the_columns_of_the_backup_list(tmp_path: Path) -> None:
    heads = (
        *("技术名称", "所属环节", "对应风险物项", "现状", "国外主体/专利壁垒", "TRL（GB/T 22900）", "备份类型"),
        *("备份单位", "攻关项目", "里程碑", "验证单位/首用户", "预计可切换日期", "知识产权预警级别"),
    )
    cells = [
        "层析填料制备",
        "生物药",
        "蛋白A填料",
        "引进",
        "某公司",
        "6",
        "国产备份",
        BUYER,
        "尖兵",
        "中试",
        "乙厂",
        "2025-06-30",
    ]
    reading = _read(write_csv(tmp_path / "a.csv", [[*cells, "橙"]], heads=heads))
    found = _records(
        reading, "technology", name=pl.String, segment=pl.String, risk_item=pl.String, status=pl.String, trl=pl.Float64,
        backup_kind=pl.String, backup_organisation=pl.String, switchable_on=pl.Date, ip_alert=pl.String,
    )  # fmt: skip
    assert list(found[0].values())[1:] == [
        *("层析填料制备", "生物药", "workbook:item:蛋白a填料", "imported", 6.0),
        *("domestic", _organisation(BUYER), date(2025, 6, 30), "orange"),
    ]
    segment = {"name": "生物药", "node_kind": "segment", "free_text_node": "yes"}
    items = _records(reading, "item", name=pl.String, node_kind=pl.String, free_text_node=pl.String)
    assert {**segment, "record": "workbook:item:生物药"} in items


@pytest.mark.parametrize(
    ("name", "kind", "cells", "expected"),
    [
        ("leads", "lead", {"name": "某CGT项目", "amount_cny": "5000", "town": "塘栖镇", "organisation": "某外企"},
         {"amount_cny": 50_000_000.0, "town": "330113100", "organisation": "某外企"}),
        ("space", "space", {"name": "3号厂房", "space_kind": "标准厂房", "area_m2": "1,200", "free_from": "2024/7/1"},
         {"space_kind": "plant", "area_m2": 1_200.0, "free_from": date(2024, 7, 1)}),
        ("resources", "resource", {"name": "细胞库", "resource_kind": "细胞库", "organisation": SUPPLIER},
         {"resource_kind": "biobank", "organisation": _organisation(SUPPLIER)}),
        ("titles", "title", {"organisation": BUYER, "title": "小巨人", "level": "国家级", "awarded_on": "2023年7月1日"},
         {"organisation": _organisation(BUYER), "level": "national", "awarded_on": date(2023, 7, 1)}),
        ("trials", "trial", {"trial": "CTR20240001", "hospital": "甲医院", "sponsor": BUYER, "phase": "Ⅱ期"},
         {"hospital": _organisation("甲医院"), "sponsor": _organisation(BUYER), "phase": "phase_2"}),
        ("sites", "site", {"organisation": BUYER, "name": "二厂", "site_kind": "厂区", "address": "某路1号"},
         {"organisation": _organisation(BUYER), "site_kind": "plant", "address": "某路1号"}),
    ],
)  # fmt: skip
def test_a_row_of_a_bureaus_list_is_one_record_of_its_kind(
    tmp_path: Path, name: str, kind: str, cells: dict[str, str], expected: dict[str, Any]
) -> None:
    table = next(table for table in sheets() if table.name == name)
    heads = [column.head("zh") for column in table.columns]
    row = [cells.get(column.name) for column in table.columns]
    reading = _read(write_xlsx(tmp_path / "a.xlsx", {"Sheet1": [heads, row]}))
    assert reading.counts[name]["good"] == 1 and reading.lost == {}
    schema = {column: _dtype(value) for column, value in expected.items()}
    records = _records(reading, kind, **schema)
    assert len(records) == 1 and expected.items() <= records[0].items()


def _dtype(value: object) -> Any:
    return {str: pl.String, float: pl.Float64, date: pl.Date}[type(value)]


def test_the_segment_of_an_enterprise_is_free_text_that_waits(tmp_path: Path) -> None:
    rows = [[BUYER, "细胞与基因治疗"], [SUPPLIER, "细胞与基因治疗"]]
    reading = _read(write_csv(tmp_path / "a.csv", rows, heads=("企业名称", "细分领域")))
    items = _records(reading, "item", name=pl.String, free_text_node=pl.String)
    assert items == [{"record": "workbook:item:细胞与基因治疗", "name": "细胞与基因治疗", "free_text_node": "yes"}]
    works_in = _records(reading, "works_in", organisation=pl.String, item=pl.String)
    assert {row["organisation"] for row in works_in} == {_organisation(BUYER), _organisation(SUPPLIER)}
