"""The chain graph of listed companies as a source: what becomes of its rows, and where each lost one went."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest

from liandesk.base.facts.schema import records_from_facts
from liandesk.know.sources.readers import source_of
from liandesk.know.sources.reading import Reading
from liankit.tables import UnreadableFile

COMPANIES = """code,short_name,full_name,exchange,list_date
000001.SZ,甲药,甲制药股份有限公司,深圳证券交易所,1993-05-07
000001.SZ,老甲,老甲药业股份有限公司,深圳证券交易所,1993-05-07
600001,乙械,乙医疗器械股份有限公司,上海证券交易所,上海证券交易所
"""
PRODUCTS = """company_code,product,revenue_weight
000001.SZ,中成药,0.6
000001.SZ,保健食品,0.001
000001.SZ,分部间抵销,-0.1
999999.SZ,导管,0.5
"""
RELATIONS = """from_product,to_product,rel
中成药,当归,上游材料
中成药,一清胶囊,产品小类
当归,当归精油,下游产品
导管,导管,上游材料
"""


def _folder(folder: Path) -> list[Path]:
    for name, text in (("company_product", PRODUCTS), ("product_product", RELATIONS)):
        (folder / f"{name}.csv.gz").write_bytes(gzip.compress(text.encode()))
    (folder / "companies.csv").write_text(COMPANIES, encoding="utf-8")
    return sorted(folder.iterdir())


def _read(paths: list[Path]) -> Reading:
    return source_of("chain_kg").read(paths)


@pytest.fixture
def reading(tmp_path: Path) -> Reading:
    return _read(_folder(tmp_path))


def _pairs(reading: Reading, kind: str, *columns: str) -> set[tuple[str | None, ...]]:
    found = records_from_facts(reading.facts.collect(), kind, dict.fromkeys(columns, pl.String))
    return set(found.select(columns).rows())


def test_an_input_points_at_what_is_made_of_it_and_a_subtype_at_its_kind(reading: Reading) -> None:
    item = "chain_kg:item:{}".format
    assert _pairs(reading, "relation", "from", "relation", "to") == {
        (item("当归"), "input_of", item("中成药")),
        (item("一清胶囊"), "subtype_of", item("中成药")),
        (item("当归"), "used_in", item("当归精油")),
    }


def test_a_product_without_a_figure_of_revenue_has_an_unknown_share(reading: Reading) -> None:
    assert _pairs(reading, "makes", "organisation", "item", "revenue_share") == {
        ("chain_kg:organisation:000001.SZ", "chain_kg:item:中成药", "0.6"),
        ("chain_kg:organisation:000001.SZ", "chain_kg:item:保健食品", None),
    }


def test_two_names_under_one_stock_code_are_two_records_with_that_code(reading: Reading) -> None:
    assert _pairs(reading, "organisation", "name", "stock_code", "listed_on") == {
        ("甲制药股份有限公司", "000001", "1993-05-07"),
        ("老甲药业股份有限公司", "000001", "1993-05-07"),
        ("乙医疗器械股份有限公司", "600001", None),
    }


def test_every_lost_row_is_counted_under_its_reason(reading: Reading) -> None:
    assert reading.lost == {"below_minimum": 1, "dangling_reference": 1, "relation_to_itself": 1}
    assert reading.bad == 3 and reading.good == sum(counts["seen"] for counts in reading.counts.values()) - 3
    warned = reading.problems.filter(pl.col("severity") == "warning")
    assert warned.select("code", "row").rows() == [("invalid_date", 4)]


def test_a_file_that_is_missing_from_the_set_is_named(tmp_path: Path) -> None:
    paths = [path for path in _folder(tmp_path) if path.name != "companies.csv"]
    with pytest.raises(UnreadableFile, match="companies"):
        _read(paths)


def test_the_real_set_loads_whole_and_its_lost_rows_are_accounted_for(real_data: Path) -> None:
    folder = real_data / "chain_kg_zh"
    if not folder.is_dir():
        pytest.skip(f"{folder} is absent")
    reading = _read(sorted(path for path in folder.iterdir() if path.suffix in (".csv", ".gz")))
    good = {name: counts["good"] for name, counts in reading.counts.items()}
    assert good == {"companies": 4_654, "company_product": 52_398, "product_product": 110_043}
    assert reading.lost == {
        "above_maximum": 46,
        "below_minimum": 757,
        "relation_to_itself": 108,
        "unknown_not_allowed": 1,
    }
    for counts in reading.counts.values():
        assert counts["seen"] == sum(count for name, count in counts.items() if name != "seen")
