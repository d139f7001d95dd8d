"""What a cell says is read, or the reason is told; nothing is guessed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from tests.liankit.dirty_tables import (
    ANOTHER,
    CODE,
    COUNTRY,
    DAYS,
    ITEM,
    NAME,
    NOTE,
    OUTPUT,
    SHARE,
    SINCE,
    SMALL,
    cell,
    codes,
    only,
    table_of,
)

from liankit.tables import Choice, Column, ContractError, Table, read_table


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("45", 45),
        ("４５", 45),
        (" 45 ", 45),
        ("45.0", 45),
        ("1,234", 1234),
        ("1，234", 1234),
        ("1 234", 1234),
        ("1.2e3", 1200),
        ("+7", 7),
        ("\u3000７\u200b", 7),
        ("", None),
        ("-", None),
        ("——", None),
        ("/", None),
        ("不清楚", None),
        ("unknown", None),
    ],
)
def test_a_whole_number_is_read_as_people_write_it(tmp_path: Path, text: str, days: int | None) -> None:
    read = cell(tmp_path, DAYS, text)
    assert codes(read) == []
    assert read.rows["days"].to_list() == [days]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("3-6", "approximate_number"),
        (">30", "approximate_number"),
        ("30天以上", "approximate_number"),
        ("3个月", "number_with_unit"),
        ("约300万", "approximate_number"),
        ("很多", "invalid_number"),
        ("1,5", "invalid_number"),
        ("12,34,567", "invalid_number"),
        ("nan", "invalid_number"),
        ("inf", "invalid_number"),
        ("1e999", "invalid_number"),
        ("35%", "number_with_unit"),
        ("4.5", "not_whole"),
        ("9007199254740994", "not_whole"),
        ("-1", "below_minimum"),
        ("99999", "above_maximum"),
        ("#REF!", "error_cell"),
    ],
)
def test_what_is_no_whole_number_is_explained(tmp_path: Path, text: str, code: str) -> None:
    read = cell(tmp_path, DAYS, text)
    problem = only(read)
    assert (problem.code, problem.row, problem.column, problem.value) == (code, 2, "days", text)
    assert read.rows.is_empty()
    assert read.rejected["days"].to_list() == [text]


@pytest.mark.parametrize(
    ("text", "days", "code"),
    [
        ("约300", 300, "approximate_value"),
        ("300多", 300, "approximate_value"),
        ("大约３０天左右", 30, "approximate_value"),
        ("30天", 30, "unit_in_cell"),
        ("2周", 14, "unit_in_cell"),
        ("3-5", 4, "range_as_middle"),
        ("3—5天", 4, "range_as_middle"),
        ("3-6天", None, "approximate_number"),  # its middle is no whole day
        ("5-3天", None, "approximate_number"),
    ],
)
def test_a_number_as_offices_write_it_is_read_and_the_report_says_how(
    tmp_path: Path, text: str, days: int | None, code: str
) -> None:
    read = cell(tmp_path, DAYS, text)
    problem = only(read)
    assert (problem.code, problem.value) == (code, text)
    assert read.rows["days"].to_list() == ([] if days is None else [days])


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("约300万", 3e6),
        ("1.2亿元", 1.2e8),
        ("0.07万元", 700.0),
        ("5000元", 5e3),
        ("300-500万元", 4e6),
        ("近1,200", 1.2e3),
    ],
)
def test_a_unit_in_the_cell_goes_before_that_of_the_head(tmp_path: Path, text: str, amount: float) -> None:
    column = Column("amount_cny", pl.Float64, unit="CNY", scale=10_000)
    read = cell(tmp_path, column, text)
    assert only(read).severity == "warning"
    assert read.rows["amount_cny"].to_list() == [amount]


@pytest.mark.parametrize(
    ("text", "share"), [("35%", 0.35), ("３５％", 0.35), ("35 %", 0.35), ("0.35", 0.35), (".35", 0.35), ("100%", 1)]
)
def test_a_share_is_a_fraction_or_says_percent(tmp_path: Path, text: str, share: float) -> None:
    assert cell(tmp_path, SHARE, text).rows["share"].to_list() == [share]


def test_a_bare_35_is_no_share(tmp_path: Path) -> None:
    problem = only(cell(tmp_path, SHARE, "35"))
    assert problem.code == "above_maximum"
    assert "35%" in problem.text("zh").why


@pytest.mark.parametrize(
    ("text", "since"),
    [
        ("2024-09-30", dt.date(2024, 9, 30)),
        ("2024/9/30", dt.date(2024, 9, 30)),
        ("2024.9.3", dt.date(2024, 9, 3)),
        ("2024年9月30日", dt.date(2024, 9, 30)),
        ("２０２４年９月３０日", dt.date(2024, 9, 30)),
        ("2024 年 9 月 30 日", dt.date(2024, 9, 30)),
        ("20240930", dt.date(2024, 9, 30)),
        ("2024-09-30 08:15:00", dt.date(2024, 9, 30)),
        ("2024-09-30T08:15:00Z", dt.date(2024, 9, 30)),
        ("45565", dt.date(2024, 9, 30)),
        ("45565.5", dt.date(2024, 9, 30)),
    ],
)
def test_a_date_is_read_in_the_styles_of_offices(tmp_path: Path, text: str, since: dt.date) -> None:
    assert cell(tmp_path, SINCE, text).rows["since"].to_list() == [since]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("2024-02-30", "invalid_date"),
        ("2024-13-01", "invalid_date"),
        ("9/10/2024", "ambiguous_date"),
        ("30.9.24", "ambiguous_date"),
        ("2024年9月", "incomplete_date"),
        ("2024", "incomplete_date"),
        ("去年", "invalid_date"),
        ("20241399", "invalid_date"),
    ],
)
def test_what_is_no_date_is_explained(tmp_path: Path, text: str, code: str) -> None:
    assert only(cell(tmp_path, SINCE, text)).code == code


@pytest.mark.parametrize("text", ["是", "有", "Y", "yes", "TRUE", "1", "√", "ＹＥＳ"])
def test_yes_has_many_spellings(tmp_path: Path, text: str) -> None:
    assert cell(tmp_path, ANOTHER, text).rows["another"].to_list() == [True]


@pytest.mark.parametrize("text", ["否", "无", "没有", "N", "no", "False", "0", "×"])
def test_no_has_many_spellings(tmp_path: Path, text: str) -> None:
    assert cell(tmp_path, ANOTHER, text).rows["another"].to_list() == [False]


def test_neither_yes_nor_no_is_a_problem(tmp_path: Path) -> None:
    assert only(cell(tmp_path, ANOTHER, "可能")).code == "invalid_boolean"


@pytest.mark.parametrize("text", ["不清楚", "未知", "不详", "unknown", "Unknown"])
def test_a_stated_unknown_is_null_where_the_contract_allows_it(tmp_path: Path, text: str) -> None:
    read = cell(tmp_path, ANOTHER, text)
    assert codes(read) == []
    assert read.rows["another"].to_list() == [None]


def test_an_empty_cell_is_not_a_stated_unknown(tmp_path: Path) -> None:
    assert only(cell(tmp_path, ANOTHER, "")).code == "empty_cell"


def test_a_stated_unknown_does_not_name_an_item(tmp_path: Path) -> None:
    problem = only(cell(tmp_path, ITEM, "不详"))
    assert (problem.code, problem.value) == ("unknown_not_allowed", "不详")


def test_a_stated_unknown_in_an_optional_text_is_no_value(tmp_path: Path) -> None:
    assert cell(tmp_path, NOTE, "未知").rows["note"].to_list() == [None]


def test_a_choice_named_unknown_is_that_choice(tmp_path: Path) -> None:
    column = replace(COUNTRY, choices=(Choice("ZZ", "未知", "unknown"),))
    assert cell(tmp_path, column, "未知").rows["country"].to_list() == ["ZZ"]


@pytest.mark.parametrize("text", ["US", "us", "美国", " 美 国 ", "united states", "ＵＳＡ", "美利坚"])
def test_a_choice_is_known_by_code_title_and_synonyms(tmp_path: Path, text: str) -> None:
    assert cell(tmp_path, COUNTRY, text).rows["country"].to_list() == ["US"]


def test_a_misspelt_choice_names_the_nearest_and_is_not_mended(tmp_path: Path) -> None:
    problem = only(cell(tmp_path, COUNTRY, "Germani"))
    assert problem.code == "misspelt_choice"
    assert "Germany" in problem.text("en").todo
    assert "德国" in problem.text("zh").todo


def test_a_foreign_choice_lists_the_choices(tmp_path: Path) -> None:
    problem = only(cell(tmp_path, COUNTRY, "火星"))
    assert problem.code == "invalid_choice"
    assert "美国、德国" in problem.text("zh").todo


def test_text_keeps_its_signs_but_digits_and_letters_become_half_width(tmp_path: Path) -> None:
    assert cell(tmp_path, NOTE, "ＡＢＣ－１２３（℃，①）").rows["note"].to_list() == ["ABC－123（℃，①）"]


def test_text_that_looks_like_a_formula_is_text(tmp_path: Path) -> None:
    for text in ("=1+1", "+86 571", "@all", "=cmd|' /C calc'!A0"):
        assert cell(tmp_path, NOTE, text).rows["note"].to_list() == [text]


def test_control_characters_are_removed_with_a_warning(tmp_path: Path) -> None:
    read = cell(tmp_path, NOTE, "甲\x0b乙\u202e丙")
    assert (only(read).code, only(read).severity) == ("control_characters", "warning")
    assert read.rows["note"].to_list() == ["甲乙丙"]


def test_a_cell_longer_than_a_spreadsheet_holds_is_rejected(tmp_path: Path) -> None:
    assert codes(cell(tmp_path, NOTE, "长" * 32_767)) == []
    problem = only(cell(tmp_path, NOTE, "长" * 32_768))
    assert problem.code == "cell_too_long"
    assert problem.value == "长" * 200


def test_a_code_that_a_spreadsheet_took_for_a_number_is_lost(tmp_path: Path) -> None:
    assert only(cell(tmp_path, NOTE, "9.13301E+17")).code == "digits_lost"


@pytest.mark.parametrize("text", ["91330100799655058B", "９１３３０１００７９９６５５０５８ｂ", "91330100 79965505-8B"])
def test_a_credit_code_is_normalised(tmp_path: Path, text: str) -> None:
    assert cell(tmp_path, CODE, text).rows["code"].to_list() == ["91330100799655058B"]


def test_a_wrong_check_digit_costs_the_row(tmp_path: Path) -> None:
    read = cell(tmp_path, CODE, "913301007996550588")
    assert only(read).code == "uscc_check_digit"
    assert read.rows.is_empty()


def test_a_look_alike_letter_is_reported_and_not_mended(tmp_path: Path) -> None:
    read = cell(tmp_path, CODE, "9133O100799655058B")
    assert only(read).code == "uscc_look_alike"
    assert "91330100799655058B" in only(read).text("zh").todo
    assert read.rows.is_empty()


@pytest.mark.parametrize(
    ("text", "code"), [("330184000123456", "uscc_old_registration"), ("79965505-8", "uscc_old_organisation")]
)
def test_an_old_code_is_kept_out_and_costs_the_row_only_where_a_code_is_required(
    tmp_path: Path, text: str, code: str
) -> None:
    read = cell(tmp_path, CODE, text)
    assert (only(read).code, only(read).severity) == (code, "warning")
    assert read.rows["code"].to_list() == [None]
    strict = cell(tmp_path, replace(CODE, required=True), text)
    assert (only(strict).code, only(strict).severity) == (code, "error")
    assert strict.rows.is_empty()


@pytest.mark.parametrize(
    ("head", "cny"),
    [
        ("年产值（万元）", 700.0),
        ("年产值(元)", 0.07),
        ("年产值/万元", 700.0),
        ("年产值（单位：亿元）", 7_000_000.0),
        ("Output (CNY)", 0.07),
        ("Output (10,000 CNY)", 700.0),
        ("年产值（2023年，万元）", 700.0),
        ("output, 10,000 CNY", 700.0),
        ("年产值（万元）*", 700.0),
        ("*年产值（必填）（万元）", 700.0),
    ],
)
def test_the_unit_in_the_head_decides_and_decimals_multiply_exactly(tmp_path: Path, head: str, cny: float) -> None:
    path = tmp_path / "units.csv"
    path.write_text(f'企业名称,"{head}"\n甲,0.07\n', encoding="utf-8")
    read = read_table(path, table_of(NAME, OUTPUT))
    assert codes(read) == []
    assert read.rows["output"].to_list() == [cny]


def test_a_contract_that_contradicts_itself_is_refused() -> None:
    with pytest.raises(ContractError, match="twice"):
        Table("t", (Column("a"), Column("a")))
    with pytest.raises(ContractError, match="both written"):
        Table("t", (Column("a", synonyms=("名称",)), Column("b", title={"zh": "名 称", "en": "B"})))
    with pytest.raises(ContractError, match="both written"):
        Column("a", choices=(Choice("X", "是", "yes"), Choice("Y", "y", "YES")))
    with pytest.raises(ContractError, match="Did you mean 'days'"):
        SMALL.column("day")
    with pytest.raises(ContractError, match="place of a row"):
        Column("row")
    with pytest.raises(ContractError, match="dtype"):
        Column("a", pl.Datetime)
    with pytest.raises(ContractError, match="scale"):
        Column("a", pl.Float64, scale=0)
    with pytest.raises(ContractError, match="text"):
        Column("a", pl.Float64, check="uscc")
