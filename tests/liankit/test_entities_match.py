"""Who is who: names are parsed, found, compared and decided on."""

from __future__ import annotations

import json
import time
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from liankit.cli import main
from liankit.entities import CANDIDATE_SCHEMA, NameIndex, candidates, parse_name
from liankit.errors import UserError
from liankit.texts import render, texts

FULL = {
    "a": "浙江澄禾生物医药股份有限公司",
    "b": "杭州溪石(集团)精密仪器有限公司",
    "c": "杭州云岫新材料科技有限公司",
    "d": "上海硅川产业集团股份有限公司",
    "e": "宁波云岫贸易有限公司",
    "f": "Acme Pharmaceuticals, Inc.",
    "g": "Globex Chemical Company Limited",
    "h": "Hangzhou Chenghe Pharmaceutical Co.,Ltd",
}


def records(names: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame({"record": list(names), "name": list(names.values())})


def decision(one: str, other: str) -> str | None:
    found = candidates(records({"1": one, "2": other}))
    return found["decision"].item() if found.height else None


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("*ST浙江澄禾生物醫藥股份有限公司", ("浙江", "澄禾", "生物医药", "股份公司")),
        ("杭州市溪石（集团）精密仪器有限责任公司", ("浙江", "溪石", "精密仪器", "有限公司")),
        ("云岫科技", ("", "云岫", "科技", "")),
        ("Zhejiang Chenghe Pharmaceutical Co., Ltd.", ("浙江", "chenghe", "pharmaceutical", "ltd")),
        ("ACME Pharmaceuticals USA LLC, a Globex company", ("us", "acme", "pharmaceutical", "llc")),
    ],
)
def test_a_name_is_split_into_its_parts(name: str, parts: tuple[str, ...]) -> None:
    parsed = parse_name(name)
    assert (parsed.region.province, parsed.stem, parsed.trade, parsed.legal_form) == parts


@pytest.mark.parametrize(
    ("short", "record"),
    [
        ("澄禾医药", "a"),
        ("ST澄禾", "a"),
        ("溪石仪器", "b"),
        ("溪石集團", "b"),
        ("沪硅川产业", "d"),
        ("ACME Pharma", "f"),
    ],
)
def test_a_short_name_finds_its_full_name(short: str, record: str) -> None:
    best = NameIndex(records(FULL)).search(short)[0]
    assert (best.record, best.decision) == (record, "same")


def test_a_short_name_that_two_full_names_explain_goes_to_review_and_names_the_rival() -> None:
    first, second = NameIndex(records(FULL)).search("云岫")[:2]
    assert {first.record, second.record} == {"c", "e"}
    assert {first.decision, second.decision} == {"review"}
    assert {reason.code: reason.params for reason in first.reasons}["name_rival"]["rival"] == second.name


@pytest.mark.parametrize(
    ("one", "other", "decided"),
    [
        ("浙江澄禾生物医药有限公司", "浙江澄禾生物医药股份有限公司", "same"),
        ("浙江澄禾生物医药有限公司", "浙江澄禾生物醫藥有限責任公司", "same"),
        ("浙江澄禾医药有限公司", "浙江澄禾医药集团有限公司", "review"),
        ("浙江澄禾医药有限公司", "浙江澄禾医药有限公司杭州分公司", "review"),
        ("浙江澄禾医药有限公司", "杭州澄禾医药有限公司", "review"),
        ("浙江澄禾医药有限公司", "江苏澄禾医药有限公司", None),
        ("浙江澄禾医药有限公司", "浙江澄禾建设有限公司", None),
        ("杭州市第一人民医院", "杭州市第二人民医院", None),
        ("Acme Pharmaceuticals Inc", "ACME Pharamceuticals, Incorporated", "same"),
        ("Thermo Fisher Scientific", "ThermoFisher Scientific Inc.", "same"),
        ("Acme, Inc.", "Acme, Inc., a Globex Company", "same"),
        ("Globex", "Acme, Inc., a Globex Company", None),
        ("Globex Pharma Ltd", "Acme LLC (mfd. by Globex Pharma Ltd)", None),
        ("Acme Pharma Inc.", "Acme Pharma Ltd.", "review"),
        ("Acme India Ltd", "Acme Ireland Ltd", None),
        ("Acme Pharma Plant 1", "Acme Pharma Plant 2", None),
        ("Research Site 324", "Research Site 325", None),
        ("Research Site", "Research Site 325", None),
        ("Acme Lab Site 1001", "Acme Lab Site 1002", None),
        ("Acme Lab Site 1001", "Acme Lab", None),
        ("Linping Tumor Hospital", "Linping Tumor Hospital ( Site 1653)", "same"),
        ("The First Hospital of Linping", "The Second Hospital of Linping", None),
        ("研究中心012", "研究中心013", None),
    ],
)
def test_two_names_are_one_organisation_s_or_reviewed_or_not_a_pair(one: str, other: str, decided: str | None) -> None:
    assert decision(one, other) == decided
    assert decision(other, one) == decided


def test_a_former_name_joins_what_a_rename_parted() -> None:
    table = pl.DataFrame(
        {
            "record": ["1", "2"],
            "name": ["浙江新禾医药有限公司", "浙江澄禾医药有限公司"],
            "former_names": [["浙江澄禾医药股份有限公司"], []],
        }
    )
    assert candidates(table)["decision"].to_list() == ["same"]


def test_a_former_name_may_be_found_by_its_short_form_in_any_country() -> None:
    records = pl.DataFrame(
        {
            "record": ["renamed", "short"],
            "name": ["临平新名医药科技有限公司", "恒瑞医药"],
            "former_names": [["江苏恒瑞医药股份有限公司"], []],
            "country": ["CN", "SE"],
        }
    )
    pairs = candidates(records)
    assert "same" not in pairs["decision"].to_list()


def test_two_records_of_different_countries_are_not_joined_by_their_names() -> None:
    table = pl.DataFrame({"record": ["1", "2"], "name": ["Acme Inc.", "Acme Incorporated Co"], "country": ["US", "CA"]})
    assert candidates(table)["decision"].to_list() == ["review"]


def test_pairs_are_ordered_and_say_why_in_both_languages() -> None:
    found = candidates(records(FULL | {"z": "澄禾医药", "y": "云岫"}))
    assert dict(found.schema) == CANDIDATE_SCHEMA
    assert (found["left"] < found["right"]).all()
    assert found["score"].is_between(0, 1).all()
    for text in found["reasons"]:
        for reason in json.loads(text):
            assert all(render(reason["code"], reason["params"], language) for language in ("zh", "en"))


def test_every_sign_of_the_weights_has_a_text() -> None:
    from liankit.entities.compare import _weights

    signs = {f"name_{sign}" for weights in _weights().values() for sign in weights if sign != "base"}
    assert signs <= set(texts())


def test_a_name_added_is_found_at_once_and_the_answer_is_that_of_a_fresh_index() -> None:
    grown = NameIndex(records({"a": FULL["a"]}))
    grown.add(records({key: name for key, name in FULL.items() if key != "a"}))
    assert grown.search("溪石仪器") == NameIndex(records(FULL)).search("溪石仪器")


def test_a_missing_column_is_named() -> None:
    with pytest.raises(UserError, match="'name'"):
        candidates(pl.DataFrame({"record": ["a"]}))


def test_what_is_no_name_takes_no_time() -> None:
    start = time.perf_counter()
    for sign in ("a ", ", a ", "(a", "公司", "第一", "。"):
        NameIndex(records({"1": sign * 20_000})).search(sign * 20_000)
    assert time.perf_counter() - start < 10


def test_the_command_writes_the_pairs(tmp_path: Path) -> None:
    records(FULL | {"z": "澄禾医药"}).write_csv(tmp_path / "records.csv")
    pairs = tmp_path / "pairs.csv"
    result = CliRunner().invoke(main, ["entities", "match", str(tmp_path / "records.csv"), "--out", str(pairs)])
    assert result.exit_code == 0, result.output
    assert "1 pairs taken for one" in result.output
    assert pl.read_csv(pairs, infer_schema=False).row(0)[:2] == ("a", "z")


names = st.text("澄禾云岫浙江杭州医药科技集团有限公司股份AcmePharma Inc.,()（）*ST12", max_size=18)


@settings(max_examples=150, deadline=None)
@given(st.lists(names, max_size=6))
def test_no_name_breaks_matching_and_the_order_of_records_changes_nothing(found: list[str]) -> None:
    table = pl.DataFrame(
        {"record": [str(at) for at in range(len(found))], "name": found},
        schema={"record": pl.String, "name": pl.String},
    )
    assert candidates(table).equals(candidates(table.reverse()))
