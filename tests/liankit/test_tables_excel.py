"""Workbooks are read as their authors see them, and nothing a workbook may contain is run or trusted."""

from __future__ import annotations

import datetime as dt
import os
import re
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from tests.liankit.dirty_tables import (
    DAYS,
    INPUTS,
    NAME,
    NOTE,
    OUTPUT,
    SHARE,
    SINCE,
    SMALL,
    codes,
    only,
    table_of,
    text_file,
    workbook,
)
from tests.liankit.old_workbook import _cell, _record, compound, old_workbook

from liankit.tables import Limits, UnreadableFile, read_table

HEAD = ["企业名称", "库存可用天数"]
Edit = Callable[[bytes], bytes]


def edited(path: Path, part: str, edit: Edit) -> Path:
    """Change one part of a workbook as another program might have written it."""
    target = path.with_name("edited.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in source.namelist():
            copy.writestr(name, edit(source.read(name)) if name == part else source.read(name))
    return target


def refusal(path: Path, limits: Limits | None = None) -> str:
    """Return the code with which nothing is read; the message says what to do, in both languages."""
    with pytest.raises(UnreadableFile) as caught:
        read_table(path, SMALL, limits=limits or Limits())
    assert all(caught.value.problem.text("zh"))
    assert str(path.parent) not in str(caught.value)
    return caught.value.problem.code


def test_a_workbook_is_read_with_places_as_a_person_sees_them(tmp_path: Path) -> None:
    rows = [["临平区调查表"], [], HEAD, ["甲", 45], [], ["乙", "４５"], ["注：完"]]
    read = read_table(workbook(tmp_path / "a.xlsx", rows), SMALL)
    assert read.rows.rows() == [("甲", 45, "Sheet1", 4), ("乙", 45, "Sheet1", 6)]
    assert codes(read) == ["note_row"]
    assert (read.counts.seen, read.counts.blank, read.counts.notes) == (4, 1, 1)


def test_cells_keep_what_they_mean(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["企业名称", "起始日期", "采购占比", "年产值（元）", "备注"])
        day, percent = book.add_format({"num_format": "yyyy年m月d日"}), book.add_format({"num_format": "0%"})
        sheet.write_row(1, 0, ["甲", dt.datetime(2024, 9, 30)], day)
        sheet.write(1, 2, 0.35, percent)
        sheet.write_row(1, 3, [0.1 + 0.2, 330184000.0])
        sheet.write_row(2, 0, ["乙", 45565, "35%", 1_234_567.0, True])
        sheet.write(3, 0, "丙")
        sheet.write(3, 1, dt.datetime(2024, 9, 30, 8, 15), book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    read = read_table(path, table_of(NAME, SINCE, SHARE, OUTPUT, NOTE))
    assert codes(read) == []
    assert read.rows["since"].to_list() == [dt.date(2024, 9, 30)] * 3
    assert read.rows["share"].to_list() == [0.35, 0.35, None]
    assert read.rows["output"][1] == 1_234_567.0
    assert read.rows["note"].to_list() == ["330184000", "TRUE", None]


def test_a_long_code_that_became_a_number_is_lost(tmp_path: Path) -> None:
    read = read_table(
        workbook(tmp_path / "a.xlsx", [["企业名称", "备注"], ["甲", 913301007996550588]]), table_of(NAME, NOTE)
    )
    assert only(read).code == "digits_lost"


def test_a_fraction_under_a_head_in_percent_is_not_guessed(tmp_path: Path) -> None:
    rows = [["企业名称", "采购占比（%）"], ["甲", 0.35], ["乙", 35], ["丙", "0.35%"]]
    read = read_table(workbook(tmp_path / "a.xlsx", rows), table_of(NAME, SHARE))
    assert (only(read).code, only(read).row) == ("ambiguous_share", 2)
    assert read.rows["share"].to_list() == [0.35, 0.0035]


def test_a_merged_head_and_merged_cells_count_for_all_they_span(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.merge_range("A1:D1", "关键投入调查表")
        sheet.merge_range("A2:A3", "企业名称")
        sheet.merge_range("B2:C2", "库存")
        sheet.merge_range("D2:D3", "备注")
        sheet.write_row("B3", ["可用天数", "地点"])
        sheet.merge_range("A4:A6", "甲")
        sheet.write_column("B4", [1, 2, 3])
        sheet.merge_range("D4:D5", "同")
    read = read_table(path, table_of(NAME, DAYS, NOTE))
    assert read.rows.select("name", "days", "note", "row").rows() == [
        ("甲", 1, "同", 4),
        ("甲", 2, "同", 5),
        ("甲", 3, None, 6),
    ]
    assert codes(read) == ["unknown_column"]


def test_a_formula_counts_with_its_stored_value_and_without_one_not_at_all(tmp_path: Path) -> None:
    def as_excel(xml: bytes, empty: bytes) -> bytes:
        xml = xml.replace(b"<f>A2+1</f><v>7</v>", empty)
        return xml.replace(b'<c r="C5"><f>', b'<c r="C5" t="str"><f>')

    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, [*HEAD, "备注"])
        for row, (name, value) in enumerate([("甲", 45), ("乙", 7), ("丙", "#REF!"), ("丁", 8)], start=1):
            sheet.write(row, 0, name)
            sheet.write_formula(row, 1, f"=A{row}+1", None, value)
        sheet.write_formula(4, 2, '=""', None, "")
    for empty in (b"<f>A2+1</f>", b"<f>A2+1</f><v></v>", b"<f>A2+1</f><v/>"):
        bare = edited(path, "xl/worksheets/sheet1.xml", lambda xml, e=empty: as_excel(xml, e))
        read = read_table(bare, table_of(NAME, DAYS, NOTE))
        assert read.rows.select("name", "days", "note").rows() == [("甲", 45, None), ("丁", 8, None)]
        assert [(p.code, p.row, p.column) for p in read.problems] == [
            ("formula_without_value", 3, "days"),
            ("error_cell", 4, "days"),
        ]
        assert [problem.value for problem in read.problems] == read.rejected["days"].to_list() == ["=", "#REF!"]


def test_text_that_looks_like_a_formula_or_a_link_stays_text(tmp_path: Path) -> None:
    texts = ["=1+1", "+1", "@x", "http://example.org", "<b>&amp;</b>", "a\nb"]
    read = read_table(workbook(tmp_path / "a.xlsx", [["企业名称"], *([text] for text in texts)]), table_of(NAME))
    assert read.rows["name"].to_list() == texts


def test_the_sheet_is_found_by_name_then_by_head(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, rows in {
            "封面": [["说明"]],
            "甲镇": [HEAD, ["甲", 1]],
            "乙镇": [HEAD, ["乙", 2]],
            "Sheet3": [],
        }.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
        hidden = book.add_worksheet("隐藏")
        hidden.write_row(0, 0, HEAD)
        hidden.write_row(1, 0, ["丙", 3])
        hidden.hide()
    read = read_table(path, SMALL)
    assert read.rows.rows() == [("甲", 1, "甲镇", 2), ("乙", 2, "乙镇", 2)]
    assert (only(read).code, only(read).sheet) == ("sheet_not_read", "封面")
    named = read_table(path, table_of(NAME, DAYS).__class__("t", (NAME, DAYS), sheet="乙镇"))
    assert (named.rows["name"].to_list(), codes(named)) == (["乙"], [])


def test_one_key_in_two_sheets_names_both(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, days in (("甲镇", 1), ("乙镇", 2)):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, HEAD)
            sheet.write_row(1, 0, ["甲", days])
    read = read_table(path, SMALL)
    assert [problem.params["rows"] for problem in read.problems] == [["甲镇!2", "乙镇!2"]] * 2
    assert read.rejected.select("sheet", "days").rows() == [("甲镇", "1"), ("乙镇", "2")]


def test_a_workbook_without_the_table_lists_its_sheets(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["x", "y"], [1, 2]], "销售")
    assert refusal(path) == "sheet_not_found"
    with pytest.raises(UnreadableFile, match="销售"):
        read_table(path, SMALL)
    assert refusal(workbook(tmp_path / "b.xlsx", [["x"]], "small")) == "head_not_found"
    assert refusal(workbook(tmp_path / "c.xlsx", [])) == "empty_file"


def test_a_csv_file_called_xlsx_is_read_as_what_it_is(tmp_path: Path) -> None:
    read = read_table(text_file(tmp_path / "a.xlsx", "企业名称,库存可用天数\n甲,1\n", "gb18030"), SMALL)
    assert (only(read).code, only(read).params["format"]) == ("renamed_format", "CSV")
    assert read.rows["name"].to_list() == ["甲"]


def test_a_workbook_called_csv_is_read_as_what_it_is(tmp_path: Path) -> None:
    read = read_table(workbook(tmp_path / "a.xlsx", [HEAD, ["甲", 1]]).rename(tmp_path / "a.csv"), SMALL)
    assert (only(read).code, read.rows.height) == ("renamed_format", 1)


def test_an_old_workbook_is_read(tmp_path: Path) -> None:
    read = read_table(old_workbook(tmp_path / "a.xls", [["调查表"], HEAD, ["甲", 45.0], ["乙", ">3"]]), SMALL)
    assert read.rows.rows() == [("甲", 45, "Sheet1", 3)]
    assert (only(read).code, only(read).row) == ("approximate_number", 4)


def _old(*cells: bytes) -> bytes:
    start = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 6))
    bound = struct.pack("<HBB", 0, 1, 1) + "S".encode("utf-16-le")
    offset = struct.pack("<I", len(start) + len(bound) + 12)
    book = start + _record(0x85, offset + bound) + _record(0x0A, b"")
    sheet = _record(0x809, struct.pack("<HHHHII", 0x600, 16, 0, 1997, 0, 6)) + b"".join(cells) + _record(0x0A, b"")
    return compound("Workbook", book + sheet)


def test_an_old_workbook_tells_its_errors(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    error = _record(0x205, struct.pack("<HHHBB", 1, 1, 0, 0x17, 1))
    path.write_bytes(_old(_cell(0, 0, "企业名称"), _cell(0, 1, "库存可用天数"), _cell(1, 0, "甲"), error))
    read = read_table(path, SMALL)
    assert (only(read).code, only(read).value) == ("error_cell", "#REF!")


def test_an_old_workbook_cannot_ask_for_all_memory(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xls"
    far = _record(0x203, struct.pack("<HHHd", 60_000, 60_000, 0, 1.0))
    path.write_bytes(_old(_cell(0, 0, "企业名称"), far))
    assert path.stat().st_size < 6_000
    assert refusal(path) == "sheet_too_large"


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"%PDF-1.7 x", "unsupported_format"),
        ("a.xls", b"<html><table><tr><td>x</td></tr></table></html>", "unsupported_format"),
        ("a.xls", b"\xef\xbb\xbf\n<?xml version='1.0'?><Workbook/>", "unsupported_format"),
        ("a.csv", b"\x1f\x8b\x08\x00", "damaged_gzip"),
        ("a.xlsx", b"PK\x03\x04" + b"garbage" * 50, "corrupt_workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 2000, "corrupt_workbook"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "encrypted_workbook"),
        ("a.csv", bytes(range(256)) * 4, "not_text"),
        ("a.csv", b"", "empty_file"),
        ("a.csv", b"\xef\xbb\xbf\n \n,,,\n", "empty_file"),
        ("a.csv", b"hello\nworld\n", "head_not_found"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(tmp_path: Path, name: str, content: bytes, code: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert refusal(path) == code


def test_a_path_that_is_no_readable_file_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none.csv") == "file_not_found"
    assert refusal(tmp_path) == "not_a_file"
    locked = text_file(tmp_path / "locked.csv", "x")
    locked.chmod(0)
    if not os.access(locked, os.R_OK):
        assert refusal(locked) == "file_not_readable"
    assert refusal(tmp_path / ("x" * 300)) == "file_not_readable"
    assert refusal(text_file(tmp_path / "a.csv", "x" * 2000), Limits(file_bytes=1000)) == "file_too_large"


def test_other_archives_are_named(tmp_path: Path) -> None:
    for member, kind in (("word/document.xml", "Word"), ("content.xml", "OpenDocument"), ("x.txt", "ZIP")):
        path = tmp_path / "a.xlsx"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(member, "x")
        with pytest.raises(UnreadableFile, match=kind):
            read_table(path, SMALL)


@pytest.mark.parametrize("cut", [0.3, 0.9, 0.999])
def test_a_workbook_cut_off_in_transfer_is_damaged(tmp_path: Path, cut: float) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, *(["甲", day] for day in range(500))])
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * cut)])
    assert refusal(path) == "corrupt_workbook"


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/workbook.xml", b"<workbook", b"<!DOCTYPE x><workbook"),
        ("xl/workbook.xml", b"</workbook>", b""),
        ("xl/worksheets/sheet1.xml", b"</sheetData>", b"<row><c></row>"),
        ("xl/_rels/workbook.xml.rels", b"sheet1.xml", b"sheet9.xml"),
    ],
)
def test_a_workbook_whose_parts_are_broken_is_damaged(tmp_path: Path, part: str, old: bytes, new: bytes) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, ["甲", 1]])
    assert refusal(edited(path, part, lambda xml: xml.replace(old, new))) == "corrupt_workbook"


def test_an_encrypted_archive_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, ["甲", 1]])
    content = bytearray(path.read_bytes())
    for found in re.finditer(rb"PK\x01\x02", bytes(content)):
        content[found.start() + 8] |= 1
    path.write_bytes(content)
    assert refusal(path) == "encrypted_workbook"


def bomb(path: Path, size: int) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as file:
            for _ in range(size // 1_000_000):
                file.write(b"0" * 1_000_000)
    return path


def test_a_zip_bomb_is_refused_before_it_unpacks(tmp_path: Path) -> None:
    path = bomb(tmp_path / "a.xlsx", 300_000_000)
    assert path.stat().st_size < 400_000
    assert refusal(path) == "unpacks_too_large"


def test_a_zip_that_lies_about_its_size_is_refused(tmp_path: Path) -> None:
    path = bomb(tmp_path / "a.xlsx", 300_000_000)
    path.write_bytes(path.read_bytes().replace(struct.pack("<I", 300_000_000), struct.pack("<I", 1000)))
    assert refusal(path) == "unpacks_too_large"


def test_an_archive_of_many_parts_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, ["甲", 1]])
    assert refusal(path, Limits(members=5)) == "too_many_members"


def test_a_sheet_with_one_cell_far_away_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEAD)
        sheet.write(1_048_575, 16_383, "x")
    assert refusal(path) == "sheet_too_large"


def test_a_text_repeated_without_end_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, *(["长" * 30_000, 1] for _ in range(15_000))])
    assert path.stat().st_size < 1_000_000
    assert refusal(path) == "unpacks_too_large"
    short = workbook(tmp_path / "b.xlsx", [HEAD, ["长" * 30_000, 1], *([f"甲{n}", 1] for n in range(15_000))])
    assert read_table(short, SMALL).counts.good == 15_001


def test_a_sheet_with_too_many_columns_is_refused(tmp_path: Path) -> None:
    assert refusal(workbook(tmp_path / "a.xlsx", [[*HEAD, *range(300)], ["甲", 1]])) == "too_many_columns"


@pytest.mark.parametrize("prefix", ["xl/", "/xl/"])
def test_parts_are_found_by_relative_and_absolute_names(tmp_path: Path, prefix: str) -> None:
    path = workbook(tmp_path / "a.xlsx", [HEAD, ["甲", 1]])
    absolute: Any = lambda xml: xml.replace(b'Target="worksheets', b'Target="/xl/worksheets')  # noqa: E731
    source = edited(path, "xl/_rels/workbook.xml.rels", absolute) if prefix == "/xl/" else path
    assert read_table(source, SMALL).rows.height == 1


def test_styled_but_empty_cells_are_blank_rows(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        border = book.add_format({"border": 1})
        sheet.write_row(0, 0, HEAD)
        sheet.write_row(1, 0, ["甲", 1])
        for row in range(2, 500):
            sheet.write_blank(row, 0, None, border)
    read = read_table(path, SMALL)
    assert (codes(read), read.counts.good, read.counts.bad) == ([], 1, 0)


def test_a_contract_fits_a_sheet_with_other_tables_titles(tmp_path: Path) -> None:
    rows = [["企业名称", "断供物项", "供应国别", "是否有其他来源"], ["甲", "乳糖", "美国", "不清楚"]]
    read = read_table(workbook(tmp_path / "a.xlsx", rows, "关键投入"), INPUTS)
    assert (codes(read), read.rows["another"].to_list()) == ([], [None])
