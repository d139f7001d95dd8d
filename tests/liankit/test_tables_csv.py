"""Delimited text is read however an office saved it, and every row is accounted for."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.liankit.dirty_tables import DAYS, INPUTS, NAME, OUTPUT, SMALL, codes, only, optional, table_of, text_file

from liankit.tables import Limits, TableRead, UnreadableFile, read_table
from liankit.tables.csvfile import _fast_batches, plain_batches

HEAD = "企业名称,断供物项,供应国别,是否有其他来源,库存可用天数,采购占比,年产值（万元）,起始日期,统一社会信用代码,备注"
ROW = '甲公司,乳糖,美国,是,45,35%,"1,200",2024/9/30,91330100799655058B,好'


def in_balance(read: TableRead) -> bool:
    counts = read.counts
    parts = counts.good + counts.bad + counts.blank + counts.notes + counts.repeated
    return counts.seen == parts and counts.good == read.rows.height and counts.bad == read.rejected.height


def test_a_clean_row_is_read_with_its_place(tmp_path: Path) -> None:
    read = read_table(text_file(tmp_path / "a.csv", f"{HEAD}\n{ROW}\n"), INPUTS)
    assert codes(read) == []
    assert read.rows.schema == pl.Schema(INPUTS.schema())
    assert read.rows.row(0)[:8] == ("甲公司", "乳糖", "US", True, 45, 0.35, 12_000_000.0, read.rows["since"][0])
    assert (read.rows["sheet"][0], read.rows["row"][0]) == ("", 2)
    assert in_balance(read)


@pytest.mark.parametrize(
    ("encoding", "told"),
    [
        ("utf-8", "UTF-8"),
        ("utf-8-sig", "UTF-8-SIG"),
        ("utf-16", "UTF-16"),
        ("utf-16-le", "UTF-16-LE"),
        ("utf-16-be", "UTF-16-BE"),
        ("gbk", "GB18030"),
        ("gb18030", "GB18030"),
    ],
)
def test_any_usual_encoding_is_read_and_told(tmp_path: Path, encoding: str, told: str) -> None:
    text = f"{HEAD}\n{ROW}\n" + ("䶮,𠮷,DE,否,,,,,,\n" if encoding != "gbk" else "")
    read = read_table(text_file(tmp_path / "a.csv", text, encoding), INPUTS)
    assert codes(read) == []
    assert read.rows["name"][0] == "甲公司"
    assert read.problems[0].params["encoding"] == told
    assert encoding == "gbk" or read.rows["item"][1] == "𠮷"


def test_a_file_in_no_known_encoding_says_where_it_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("企业名称,库存可用天数\n甲,1\n".encode() + b"\xff\xff,2\n")
    with pytest.raises(UnreadableFile, match="not known") as caught:
        read_table(path, SMALL)
    assert caught.value.problem.code == "unknown_encoding"


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_the_one_under_which_the_head_is_known(tmp_path: Path, delimiter: str) -> None:
    rows = [["企业名称", "库存可用天数", "备注,；|说明"], ["甲", "1", "a,b,c,d"], ["乙", "2", "a;b;c|d"]]
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    read = read_table(text_file(tmp_path / "a.csv", buffer.getvalue()), SMALL)
    assert read.rows["days"].to_list() == [1, 2]
    assert codes(read) == ["unknown_column"]


def test_the_hint_of_a_delimiter_in_the_first_line_is_no_data(tmp_path: Path) -> None:
    read = read_table(text_file(tmp_path / "a.csv", "sep=;\n企业名称;库存可用天数\n甲;1\n"), SMALL)
    assert (codes(read), read.rows["row"].to_list()) == ([], [3])


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_lines_end_in_any_way_and_quoted_newlines_are_text(tmp_path: Path, newline: str) -> None:
    text = newline.join(["企业名称,库存可用天数", '"甲', '乙",1', "丙,2", ""])
    read = read_table(text_file(tmp_path / "a.csv", text), SMALL)
    assert codes(read) == []
    assert [name.splitlines() for name in read.rows["name"]] == [["甲", "乙"], ["丙"]]
    assert read.rows["row"].to_list() == [2, 3]


def test_titles_above_and_notes_beneath_are_no_data(tmp_path: Path) -> None:
    text = f"""临平区关键投入调查表
填报单位：甲公司,,日期：2024年9月
,,
{HEAD}
{ROW}
,,,,,,,,,

乙公司,乳糖,德国,否,,,,,,
合计,,,,45,,1200,,,
注：本表由企业填写。
填表人：张三,,审核人：李四
以上数据截至九月底；如有变化另报
"""
    read = read_table(text_file(tmp_path / "a.csv", text), INPUTS)
    assert read.rows["name"].to_list() == ["甲公司", "乙公司"]
    assert read.rows["row"].to_list() == [5, 8]
    assert codes(read) == ["total_row", "note_row", "note_row", "note_row"]
    assert [problem.row for problem in read.problems[1:]] == [9, 10, 11, 12]
    assert (read.counts.seen, read.counts.good, read.counts.blank, read.counts.notes) == (8, 2, 2, 4)
    assert in_balance(read)


def test_a_list_of_bare_names_is_bad_rows_and_not_notes(tmp_path: Path) -> None:
    read = read_table(text_file(tmp_path / "a.csv", f"{HEAD}\n甲公司\n乙公司\n"), INPUTS)
    assert (read.counts.bad, read.counts.notes) == (2, 0)
    assert set(codes(read)) == {"empty_cell"}


def test_an_enterprise_called_total_is_data(tmp_path: Path) -> None:
    read = read_table(text_file(tmp_path / "a.csv", f"{HEAD}\nTotal,乳糖,US,yes,,,,,,\n"), INPUTS)
    assert read.rows["name"].to_list() == ["Total"]


def test_numbered_but_empty_rows_are_blank(tmp_path: Path) -> None:
    read = read_table(text_file(tmp_path / "a.csv", "序号,企业名称,库存可用天数\n1,甲,1\n2,,\n3,,\n"), SMALL)
    assert (codes(read), read.counts.blank, read.counts.good) == ([], 2, 1)


def test_a_repeated_head_is_no_data(tmp_path: Path) -> None:
    read = read_table(
        text_file(tmp_path / "a.csv", "企业名称,库存可用天数\n甲,1\n企业名称,库存可用天数\n乙,2\n"), SMALL
    )
    assert (codes(read), read.rows.height) == (["repeated_head"], 2)


@pytest.mark.parametrize(
    "head",
    [
        "企业名称,库存可用天数",
        "ENTERPRISE,Stock Days",
        "name,days",
        "公司名称*,库存可用天数（天）",
        "企 业 名 称,库存可用天数（必填）",
    ],
)
def test_a_head_is_known_by_title_name_synonym_and_language(tmp_path: Path, head: str) -> None:
    read = read_table(text_file(tmp_path / "a.csv", f"{head}\n甲,1\n"), SMALL)
    assert (codes(read), read.rows["days"].to_list()) == ([], [1])


def test_a_head_of_two_lines_is_read_as_one(tmp_path: Path) -> None:
    text = "供应商,,库存\n名称,地址,可用天数（天）\n甲,杭州,1\n"
    read = read_table(text_file(tmp_path / "a.csv", text), SMALL)
    assert read.rows.select("name", "days", "row").rows() == [("甲", 1, 3)]
    assert codes(read) == ["unknown_column"]
    assert read.heads["name"] == "供应商 名称"


def test_an_unknown_column_names_the_nearest_that_is_free(tmp_path: Path) -> None:
    read = read_table(text_file(tmp_path / "a.csv", "企业名称,库存可用天教,电话\n甲,1,2\n"), SMALL)
    assert codes(read) == ["misspelt_column", "unknown_column"]
    assert read.problems[1].params["nearest"] == "库存可用天数"
    assert read.rows["days"].to_list() == [None]


def test_a_missing_required_column_is_one_problem_and_no_good_rows(tmp_path: Path) -> None:
    lines = "".join(f"{days}\n" for days in range(1000))
    problem_file = read_table(text_file(tmp_path / "a.csv", f"库存可用天数\n{lines}"), SMALL)
    problem = only(problem_file)
    assert (problem.code, problem.row, problem.column) == ("missing_column", None, "name")
    assert (problem_file.counts.good, problem_file.counts.bad) == (0, 1000)
    assert problem_file.rejected["days"][999] == "999"
    assert in_balance(problem_file)


def test_a_column_twice_is_a_problem_of_the_file(tmp_path: Path) -> None:
    read = read_table(text_file(tmp_path / "a.csv", "企业名称,公司名称,库存可用天数\n甲,乙,1\n"), SMALL)
    assert (only(read).code, read.counts.bad) == ("column_twice", 1)


@pytest.mark.parametrize(
    ("head", "code", "good"),
    [
        ("年产值", "unit_assumed", 1),
        ("年产值（2023年）", "unit_not_understood", 1),
        ("年产值（万美元）", "unit_mismatch", 0),
        ("年产值（10 000 元）", "unit_mismatch", 0),
    ],
)
def test_a_unit_that_is_not_clear_is_told_and_a_wrong_one_refused(
    tmp_path: Path, head: str, code: str, good: int
) -> None:
    read = read_table(text_file(tmp_path / "a.csv", f"企业名称,{head}\n甲,1\n"), table_of(NAME, OUTPUT))
    assert (only(read).code, read.counts.good) == (code, good)
    assert "万元" in only(read).text("zh").what + only(read).text("zh").why


def test_a_unit_above_the_table_counts_for_all_of_it(tmp_path: Path) -> None:
    above = "填报单位：甲公司,金额单位：亿元"
    read = read_table(text_file(tmp_path / "a.csv", f"{above}\n企业名称,年产值\n甲,1\n"), table_of(NAME, OUTPUT))
    assert (codes(read), read.rows["output"].to_list()) == ([], [1e8])


def test_a_row_longer_than_the_head_is_not_trusted(tmp_path: Path) -> None:
    read = read_table(text_file(tmp_path / "a.csv", "企业名称,库存可用天数\n杭州,临平,甲,1\n乙,2\n"), SMALL)
    assert (only(read).code, only(read).row, read.rows["name"].to_list()) == ("shifted_row", 2, ["乙"])


def test_a_column_without_a_title_is_told(tmp_path: Path) -> None:
    read = read_table(text_file(tmp_path / "a.csv", "企业名称,,库存可用天数\n甲,x,1\n"), SMALL)
    assert (only(read).code, only(read).params["place"], read.counts.good) == ("column_without_title", 2, 1)


def test_a_quote_that_does_not_close_costs_its_row_only(tmp_path: Path) -> None:
    text = '企业名称,库存可用天数\n甲,1\n"乙,2\n丙,3\n5" 管材厂,4\n"丁"厂,5\n戊,"6\n己,7\n'
    read = read_table(text_file(tmp_path / "a.csv", text), SMALL)
    assert read.rows.select("name", "row").rows() == [("甲", 2), ("丙", 4), ('5" 管材厂', 5), ("己", 8)]
    assert [(problem.code, problem.row) for problem in read.problems[1:]] == [
        ("broken_quotes", 3),
        ("broken_quotes", 6),
        ("broken_quotes", 7),
    ]
    assert read.problems[1].value == read.rejected["name"][0] == '"乙,2'
    assert in_balance(read)


def test_an_open_quote_before_a_long_text_costs_its_row_only(tmp_path: Path) -> None:
    text = '企业名称,库存可用天数\n"甲,1\n' + "乙,2\n" * 40_000
    read = read_table(text_file(tmp_path / "a.csv", text), table_of(NAME, DAYS))
    assert (only(read).code, read.counts.good) == ("broken_quotes", 40_000)


def test_the_same_row_again_counts_once_and_a_contradiction_counts_for_nothing(tmp_path: Path) -> None:
    text = "企业名称,库存可用天数\n甲,1\n乙,2\n甲,1\n丙,3\n丙,4\n丙,３\n"
    read = read_table(text_file(tmp_path / "a.csv", text), SMALL)
    assert read.rows.select("name", "row").rows() == [("甲", 2), ("乙", 3)]
    told = [(problem.code, problem.row, problem.params["rows"]) for problem in read.problems[1:]]
    assert told == [
        ("duplicate_row", 4, ["2", "4"]),
        ("duplicate_key", 5, ["5", "6"]),
        ("duplicate_key", 6, ["5", "6"]),
        ("duplicate_row", 7, ["5", "6", "7"]),
    ]
    assert read.rejected.select("name", "days", "row").rows() == [("丙", "3", 5), ("丙", "4", 6)]
    assert (read.counts.repeated, read.counts.bad) == (2, 2)
    assert in_balance(read)


def test_rows_without_a_key_may_repeat(tmp_path: Path) -> None:
    read = read_table(text_file(tmp_path / "a.csv", "企业名称\n甲\n甲\n"), table_of(NAME))
    assert read.rows.height == 2
    no_key = table_of(optional(NAME), DAYS, key=("name",))
    text = "企业名称,库存可用天数\n,1\n,2\n"
    assert read_table(text_file(tmp_path / "b.csv", text), no_key).rows.height == 2


def test_rejected_rows_are_mended_and_sent_again_under_the_titles_of_the_file(tmp_path: Path) -> None:
    text = "公司名称,产值（亿元）\n甲,一\n"
    table = table_of(NAME, OUTPUT.__class__("output", pl.Float64, {"zh": "产值"}, unit="CNY", scale=10_000))
    read = read_table(text_file(tmp_path / "a.csv", text), table)
    assert read.heads == {"name": "公司名称", "output": "产值（亿元）"}
    mended = f"{read.heads['name']},{read.heads['output']}\n{read.rejected['name'][0]},1\n"
    assert read_table(text_file(tmp_path / "b.csv", mended), table).rows["output"].to_list() == [1e8]


def test_problems_are_a_table_too(tmp_path: Path) -> None:
    read = read_table(text_file(tmp_path / "a.csv", "企业名称,库存可用天数\n,x\n"), SMALL)
    frame = read.problems_frame()
    assert frame.filter(pl.col("severity") == "error").select("file", "row", "column", "code").rows() == [
        ("a.csv", 2, "name", "empty_cell"),
        ("a.csv", 2, "days", "invalid_number"),
    ]
    assert len(read.problems) == frame.height


def test_a_million_wrong_rows_are_a_table_of_problems_and_not_a_crash(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", "企业名称,库存可用天数\n" + ",约3\n" * 200_000)
    read = read_table(path, SMALL)
    assert (read.counts.bad, read.problems_frame().height) == (200_000, 400_001)


def test_reading_twice_gives_the_same(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", f"{HEAD}\n{ROW}\n{ROW}\n,,,\n甲,乙\n")
    first, second = read_table(path, INPUTS), read_table(path, INPUTS)
    assert first.rows.equals(second.rows)
    assert first.problems == second.problems


def test_more_rows_or_columns_than_allowed_are_refused(tmp_path: Path) -> None:
    path = text_file(tmp_path / "a.csv", "企业名称,库存可用天数\n甲,1\n乙,2\n丙,3\n")
    assert read_table(path, SMALL, limits=Limits(rows=3)).rows.height == 3
    for limits, code in ((Limits(rows=2), "too_many_rows"), (Limits(columns=1), "too_many_columns")):
        with pytest.raises(UnreadableFile) as caught:
            read_table(path, SMALL, limits=limits)
        assert caught.value.problem.code == code


CELLS = st.text(st.sampled_from('a中"\n,;= \t'), max_size=4)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=8))
def test_the_fast_reader_equals_the_plain_one(tmp_path: Path, rows: list[list[str]]) -> None:
    path = tmp_path / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    fast, plain = (pl.concat(read(path, ",", 3)) for read in (_fast_batches, plain_batches))
    filled = pl.all().exclude("row").fill_null("")
    assert fast.with_columns(filled).equals(plain.with_columns(filled))
