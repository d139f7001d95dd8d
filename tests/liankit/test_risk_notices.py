from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from liankit.cli.app import main
from liankit.risk.notice_dates import find_periods
from liankit.risk.notices import extract

TOLD = date(2025, 3, 1)


def _found(text: str, licence: str | None = None) -> dict[str, object]:
    notices = pl.DataFrame(
        [("P", licence, TOLD, text)],
        schema={"product": pl.String, "licence": pl.String, "told_on": pl.Date, "text": pl.String},
        orient="row",
    )
    return extract(notices).row(0, named=True)


@pytest.mark.parametrize(
    ("sentence", "cause"),
    [
        ("甲公司表示，因原物料問題目前控貨中，無法預計恢復正常供應時程。", "raw_material"),
        ("因藥廠GMP相關問題導致短缺。", "quality"),
        ("因用量激增导致缺货。", "demand"),
        ("因海运延误导致断货。", "logistics"),
        ("因廠商停止供應，待庫存售罄。", "halt"),
        ("因生產問題目前控貨中，並將於114年7月停止供應。", "production"),
        ("因停止生产，不再供应。", "halt"),
        ("因供應問題導致短缺。", "other"),
        ("原料藥因素導致無法生產該品項，導致藥品短缺。", "raw_material"),
    ],
)
def test_the_cause_is_the_one_that_the_maker_gives(sentence: str, cause: str) -> None:
    assert (_found(sentence)["status"], _found(sentence)["cause"]) == ("disrupted", cause)


@pytest.mark.parametrize(
    ("sentence", "began", "expected"),
    [
        ("因生產問題導致短缺，預計115年第二季恢復正常供應。", TOLD, date(2026, 6, 30)),
        ("因原料問題目前控貨中，預計2026年1月下旬恢復供應。", TOLD, date(2026, 1, 31)),
        ("因廠商停止供應，預計115年9月起停止供應。", date(2026, 9, 1), None),
        ("本品項短缺，並預計2024年3月1日停止供應。", date(2024, 3, 1), None),
        ("因生產問題目前控貨中，並將於115年7月停止供應。", TOLD, None),  # the shortage is there already
        ("因原料问题短缺，库存预计2025年11月用罄，无法预计恢复时间。", TOLD, None),  # not a recovery
    ],
)
def test_a_stated_day_is_the_beginning_or_the_recovery_that_it_is_said_to_be(
    sentence: str, began: date, expected: date | None
) -> None:
    found = _found(sentence)
    assert (found["began_on"], found["expected_until"]) == (began, expected)


def test_a_recovery_is_no_disruption_and_ends_on_the_day_it_says() -> None:
    found = _found("已於114年2月21日恢復正常供應。")
    assert (found["status"], found["ended_on"], found["cause"]) == ("recovered", date(2025, 2, 21), None)


def test_what_says_nothing_of_supply_stays_unclear_and_unknown() -> None:
    found = _found("建議經醫師評估後使用其他藥品，詳見網站。")
    assert found["status"] == "unclear"
    assert {found[name] for name in ("cause", "began_on", "span_start", "maker")} == {None}


def test_alternatives_are_named_with_licence_and_holder_and_never_the_product_itself() -> None:
    text = (
        "1.甲公司表示，因原料問題導致缺藥。\n2.建議以同成分藥品替代，如：\n"
        '◎"強生" 活甲錠100微克 THYROID-S (衛署藥製字第048191號) (訂購請洽強生公司所在地區業務)\n'
        "◎本品 50 粒裝(衛署藥製字第000001號)\n"
        "3.另可选用注射用乙（国药准字H20203040），或丙片(國藥准字H20209999)。"
    )
    found = _found(text, "衛署藥製字第000001號")["alternatives"]
    assert found == [
        {"name": '"強生" 活甲錠100微克 THYROID-S', "licence": "衛署藥製字第048191號", "holder": "強生公司"},
        {"name": "注射用乙", "licence": "国药准字H20203040", "holder": None},
        {"name": "丙片", "licence": "國藥准字H20209999", "holder": None},
    ]


@given(st.text(alphabet="因原料問題導致短缺恢復供應已於114年2月1日。\n停止建議替代(衛署藥製字第1號)", max_size=80))
@settings(max_examples=100, deadline=None)
def test_whatever_a_notice_says_the_marked_characters_lie_in_it_and_only_a_finding_has_them(text: str) -> None:
    found = _found(text)
    start, end = found["span_start"], found["span_end"]
    assert (start is None) == (found["status"] == "unclear")
    if isinstance(start, int) and isinstance(end, int):
        assert 0 <= start < end <= len(text)
        assert "\n" not in text[start:end]


def test_a_day_that_no_calendar_has_is_no_day() -> None:
    assert find_periods("114年2月30日") == []
    assert [(one.first, one.last) for one in find_periods("113年12月底")] == [(date(2024, 12, 21), date(2024, 12, 31))]


def test_the_command_reads_a_file_with_chinese_titles_and_says_what_it_lacks(tmp_path: Path) -> None:
    notices, out = tmp_path / "notices.csv", tmp_path / "found.csv"
    notices.write_text("中文品名,公告更新時間,供應狀態\nA,2025/03/01,因原料問題導致缺藥。\n", encoding="utf-8")
    said = CliRunner().invoke(main, ["risk", "notices", str(notices), "--out", str(out)])
    assert said.exit_code == 0, said.output
    assert pl.read_csv(out).select("began_on", "alternatives").row(0) == ("2025-03-01", "[]")
    notices.write_text("名称\nA\n", encoding="utf-8")
    refused = CliRunner().invoke(main, ["risk", "notices", str(notices), "--out", str(out)])
    assert "there is no column 'product'" in refused.output


def test_the_notices_of_taiwan_are_all_read_and_most_name_alternatives(real_data: Path, tmp_path: Path) -> None:
    file, out = real_data / "tfda_shortages_tw" / "tfda_supply_notices.csv", tmp_path / "found.parquet"
    said = CliRunner().invoke(main, ["risk", "notices", str(file), "--out", str(out)])
    assert said.exit_code == 0, said.output
    found = pl.read_parquet(out)
    disrupted = found.filter(status="disrupted")
    assert (disrupted.height, found.filter(status="recovered").height, found.height) == (149, 225, 374)
    assert disrupted["began_on"].null_count() == 0
    assert (disrupted["alternatives"].list.len() > 0).mean() == pytest.approx(129 / 149)
