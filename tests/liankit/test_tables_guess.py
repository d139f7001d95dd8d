"""What the columns of somebody's sheet mean is guessed from heads and values, and what a person said goes before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import polars as pl
from tests.liandesk.source_files import write_xlsx

from liankit.tables import Choice, Column, Limits, Table, read_table
from liankit.tables.contract import head_key
from liankit.tables.guess import SheetLook, look_into

TOWNS = (Choice("t1", "塘栖镇", "Tangqi"), Choice("t2", "东湖街道", "Donghu"))
FIRMS = Table(
    "firms",
    (
        Column("name", title={"zh": "企业名称"}, required=True, synonyms=("单位名称", "企业"), looks="公司$"),
        Column("uscc", title={"zh": "统一社会信用代码"}, check="uscc"),
        Column("town", title={"zh": "所属镇街"}, choices=TOWNS),
        Column("output_cny", pl.Float64, {"zh": "年产值"}, unit="CNY", scale=10_000, synonyms=("产值",)),
        Column("founded", pl.Date, {"zh": "成立日期"}),
    ),
)
SPACE = Table(
    "space", (Column("place", title={"zh": "空间名称"}, required=True), Column("area", pl.Float64, {"zh": "面积"}))
)
TABLES = (FIRMS, SPACE)
ROWS = [
    ["临平甲有限公司", "91330100799655058B", "塘栖镇", "约300万", "2010-05-06"],
    ["临平乙有限公司", "", "东湖街道", "1200", "2011年7月1日"],
]


def _look(tmp_path: Path, rows: list[list[str]]) -> SheetLook:
    (look,) = look_into(write_xlsx(tmp_path / "a.xlsx", {"Sheet1": rows}), TABLES, limits=Limits())
    return look


def _columns(look: SheetLook) -> list[tuple[str, str] | None]:
    return [guess and (guess.column, guess.basis) for guess in look.guesses]


def test_heads_in_the_contracts_words_are_understood_without_asking(tmp_path: Path) -> None:
    look = _look(tmp_path, [["企业名称", "统一社会信用代码", "镇街所属", "年产值（万元）", "成立日期"], *ROWS])
    assert not look.is_understood and _columns(look)[2] == ("town", "values")
    look = _look(tmp_path, [["企业名称", "统一社会信用代码", "所属镇街", "年产值（万元）", "成立日期"], *ROWS])
    assert look.is_understood and look.table == "firms"


def test_near_heads_and_values_say_what_odd_heads_do_not(tmp_path: Path) -> None:
    heads = ["填报企业名称", "代码", "", "去年产值情况（万元）", "时间"]
    look = _look(tmp_path, [["2024年企业情况表"], heads, *ROWS])
    assert look.table == "firms" and look.titles == tuple(heads)
    assert _columns(look) == [
        ("name", "near"), ("uscc", "near"), ("town", "values"), ("output_cny", "near"), ("founded", "values"),
    ]  # fmt: skip


def test_a_sheet_without_a_head_is_guessed_by_its_values(tmp_path: Path) -> None:
    look = _look(tmp_path, ROWS)
    assert look.titles == ("",) * 5 and look.keys == ("@1", "@2", "@3", "@4", "@5")
    assert _columns(look) == [("name", "values"), ("uscc", "values"), ("town", "values"), None, ("founded", "values")]


def test_a_figure_is_no_date_and_a_serial_number_means_nothing(tmp_path: Path) -> None:
    rows = [["序号", "单位名称", "面积数"], ["1", "临平甲有限公司", "45000"], ["2", "临平乙有限公司", "46000"]]
    look = _look(tmp_path, rows)
    assert _columns(look) == [None, ("name", "title"), None]


def test_the_same_heads_have_one_signature_whatever_stands_above_and_beneath(tmp_path: Path) -> None:
    heads = ["填报企业", "代码", "地方"]
    first = _look(tmp_path, [["九月"], heads, *[row[:3] for row in ROWS]])
    again = _look(tmp_path, [["十月份统计表"], [""], heads, ["临平丙有限公司", "", "塘栖镇"]])
    other = _look(tmp_path, [["填报企业", "代码", "地点"], *[row[:3] for row in ROWS]])
    assert first.signature == again.signature != other.signature


def test_what_a_person_said_goes_before_the_contracts_words(tmp_path: Path) -> None:
    rows = [["产值", "单位名称", "企业名称", "备考（万元）"], ["x", "y", "临平甲有限公司", "5"]]
    path = write_xlsx(tmp_path / "a.xlsx", {"Sheet1": rows})
    titles = {"产值": "", "单位名称": "", "企业名称": "name", "备考（万元）": "output_cny"}
    heads = {head_key(title, place): name for place, (title, name) in enumerate(titles.items())}
    read = read_table(path, replace(FIRMS, heads=heads))
    assert read.rows.select("name", "output_cny").rows() == [("临平甲有限公司", 50_000.0)]


def test_a_sheet_without_a_head_is_read_as_a_person_said(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", {"Sheet1": ROWS})
    heads = {"@1": "name", "@2": "uscc", "@3": "town", "@4": "output_cny", "@5": "founded"}
    read = read_table(path, replace(FIRMS, heads=heads))
    assert read.rows["row"].to_list() == [1, 2] and read.rows["output_cny"].to_list() == [3_000_000.0, 12_000_000.0]


def test_two_merged_lines_of_heads_are_one_head(tmp_path: Path) -> None:
    rows = [
        ["企业", "", "经营情况", ""],
        ["名字", "代码", "产值数", "成立时间"],
        *[[*row[:2], *row[3:]] for row in ROWS],
    ]
    look = _look(tmp_path, [["附件1"], *rows])
    assert look.table == "firms"
    assert {guess.column for guess in look.guesses if guess} == {"name", "uscc", "output_cny", "founded"}
