"""What is written is safe to open, ready to print, and read back as it was."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import python_calamine as calamine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from stdnum.cn import uscc
from tests.liankit.dirty_tables import COUNTRY, INPUTS, NAME, NOTE, OUTPUT, SHARE, SMALL, codes, table_of

from liankit.tables import (
    Cover,
    Page,
    Sheet,
    UnwritableTable,
    describe,
    read_table,
    write_csv,
    write_template,
    write_workbook,
)
from liankit.tables.cells import ERRORS
from liankit.texts import LANGUAGES, Language

DANGEROUS = ["=1+1", "+1", "-1", "@SUM(A1)", "＝1", "'=1", "''@x", '=HYPERLINK("http://x")']
NOT_A_VALUE = {"不清楚", "未知", "不详", "不明", "不知道", "不了解", "null", "NULL", "N/A", "n/a"} | ERRORS


def is_text(text: str) -> bool:
    """Say whether a text survives reading: no more than a dash is empty, and a word for unknown is unknown."""
    return bool(text) and text not in NOT_A_VALUE and not re.fullmatch(r"[-—–/\\N]+|\d(\.\d+)?[eE]\+?\d\d", text)


texts = (
    st.text(st.sampled_from("甲乙ab09=+-@'\"<>&,;|\n（）·_x°"), min_size=1, max_size=12).map(str.strip).filter(is_text)
)
stems = st.text("0123456789", min_size=17, max_size=17)
decimals = st.decimals(0, 10**9, places=2).map(float)
records = st.fixed_dictionaries(
    {
        "name": texts,
        "item": texts,
        "country": st.sampled_from(["US", "DE", None]),
        "another": st.sampled_from([True, False, None]),
        "days": st.none() | st.integers(0, 3650),
        "share": st.none() | st.integers(0, 1000).map(lambda n: n / 1000),
        "output": st.none() | decimals,
        "since": st.none() | st.dates(dt.date(1955, 1, 1), dt.date(2118, 12, 31)),
        "code": st.none() | stems.map(lambda stem: stem + uscc.calc_check_digit(stem)),
        "note": st.none() | texts,
    }
)
frames = st.lists(records, max_size=6, unique_by=lambda record: (record["name"], record["item"])).map(
    lambda rows: pl.DataFrame(rows, schema={c.name: c.dtype for c in INPUTS.columns}, orient="row")
)
Write = Callable[[pl.DataFrame, Path, Language], Path]


def as_csv(frame: pl.DataFrame, folder: Path, language: Language) -> Path:
    write_csv(frame, folder / "a.csv", table=INPUTS, language=language)
    return folder / "a.csv"


def as_workbook(frame: pl.DataFrame, folder: Path, language: Language) -> Path:
    write_workbook(folder / "a.xlsx", [Sheet("关键投入", frame, INPUTS)], language=language)
    return folder / "a.xlsx"


@pytest.mark.parametrize("write", [as_csv, as_workbook])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(frame=frames, language=st.sampled_from(LANGUAGES))
def test_what_is_written_reads_back_as_it_was(
    tmp_path: Path, write: Write, frame: pl.DataFrame, language: Language
) -> None:
    read = read_table(write(frame, tmp_path, language), INPUTS)
    assert codes(read) == []
    assert read.rows.drop("sheet", "row").equals(frame)


def filled_template(path: Path, frame: pl.DataFrame, language: Language) -> Path:
    """Put rows under the head of a template as a person would: with the words of its lists."""
    write_template(path, [SMALL, INPUTS], language=language)
    written = path.with_name("values.xlsx")
    write_workbook(written, [Sheet("v", frame, INPUTS)], language=language)
    with zipfile.ZipFile(written) as values:
        rows = re.findall(rb"<row .*?</row>", values.read("xl/worksheets/sheet1.xml"), re.DOTALL)[1:]
    moved = b"".join(_moved(row, 4 + place) for place, row in enumerate(rows))
    target = path.with_name("filled.xlsx")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as copy:
        for name in source.namelist():
            content = source.read(name)
            is_inputs = name == "xl/worksheets/sheet2.xml"
            copy.writestr(name, content.replace(b"</sheetData>", moved + b"</sheetData>") if is_inputs else content)
    return target


def _moved(row: bytes, number: int) -> bytes:
    row = re.sub(rb'(<c r="[A-Z]+)\d+"', rb"\g<1>%d" % number + b'"', row)
    return re.sub(rb' s="\d+"', b"", re.sub(rb'<row r="\d+"', b'<row r="%d"' % number, row))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=20)
@given(frame=frames, language=st.sampled_from(LANGUAGES))
def test_a_template_that_was_filled_in_reads_as_what_was_filled_in(
    tmp_path: Path, frame: pl.DataFrame, language: Language
) -> None:
    read = read_table(filled_template(tmp_path / "a.xlsx", frame, language), INPUTS)
    assert codes(read) == []
    assert read.rows.drop("sheet", "row").equals(frame)


def parts(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith((".xml", ".rels"))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_helps_where_people_write(tmp_path: Path, language: Language) -> None:
    path = tmp_path / "t.xlsx"
    noted = replace(INPUTS, columns=(*INPUTS.columns[:-1], replace(NOTE, note={"zh": "随便写", "en": "Anything"})))
    write_template(path, [noted], language=language, notes=["请于月底前提交"])
    book = calamine.load_workbook(path)
    seen = [sheet.visible == calamine.SheetVisibleEnum.Visible for sheet in book.sheets_metadata]
    assert seen == [True, True, False]
    head = book.get_sheet_by_index(0).to_python(skip_empty_area=False)[2]
    assert head[0] == {"zh": "企业名称*", "en": "Enterprise*"}[language]
    assert head[6] == {"zh": "年产值（万元）", "en": "Output (10,000 CNY)"}[language]
    guide = [cell for row in book.get_sheet_by_index(1).to_python() for cell in row]
    assert "请于月底前提交" in guide
    assert all(describe(column, language) in guide for column in noted.columns)
    lists = book.get_sheet_by_name("_lists").to_python()
    words = {"zh": ["美国", "德国", "不清楚"], "en": ["United States", "Germany", "unknown"]}
    assert [row[0] for row in lists] == words[language]
    sheet = parts(path)["xl/worksheets/sheet1.xml"]
    assert sheet.count("<dataValidation ") == len(noted.columns)
    assert "_lists!$A$1:$A$3" in sheet
    assert "AND(ISNUMBER(E4),E4&gt;=0,E4&lt;=3650,E4=INT(E4))" in sheet
    assert {"zh": "随便写", "en": "Anything"}[language] in sheet
    assert "topLeftCell" in sheet  # frozen


def test_an_empty_template_reads_as_no_rows(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", [SMALL, INPUTS])
    for table in (SMALL, INPUTS):
        read = read_table(tmp_path / "t.xlsx", table)
        assert (codes(read), read.rows.height) == ([], 0)


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_in_csv_is_never_a_formula_and_comes_back_as_it_was(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a.csv"
    table = table_of(NAME, SHARE)
    write_csv(pl.DataFrame({"name": [text], "share": [-0.5]}), path, table=table)
    line = path.read_text("utf-8-sig").splitlines()[1]
    assert re.match("\"?'", line)
    assert line.endswith(",-0.5")  # a number stays a number
    assert read_table(path, replace(table, columns=(NAME,))).rows["name"].to_list() == [text]


def test_titles_in_csv_are_never_formulas(tmp_path: Path) -> None:
    write_csv(pl.DataFrame({"=cmd": ["x"]}), tmp_path / "a.csv")
    assert (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[0] == "'=cmd"


def test_two_columns_cannot_have_one_title(tmp_path: Path) -> None:
    with pytest.raises(UnwritableTable, match="same title"):
        write_csv(pl.DataFrame({"a": [1], "b": [2]}), tmp_path / "a.csv", titles={"b": "a"})


def test_no_text_in_a_workbook_is_a_formula_or_a_link(tmp_path: Path) -> None:
    texts = [*DANGEROUS, "http://x", "internal:A1", "12", "<r>x</r>", "a&b", " x ", "_x0041_"]
    path = tmp_path / "a.xlsx"
    write_workbook(path, [Sheet("s", pl.DataFrame({"=t": texts}))], cover=Cover("=c", "=d", (("=e", "=f"),)))
    for name, xml in parts(path).items():
        assert "<f>" not in xml
        assert "<hyperlink" not in xml, name
    cells = calamine.load_workbook(path).get_sheet_by_name("s").to_python()
    assert [row[0] for row in cells] == ["=t", *texts]


@given(st.text(max_size=20))
@example("a\x0bb\r\nc\ufffe]]>")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
def test_any_text_makes_a_workbook_that_opens(tmp_path: Path, text: str) -> None:
    write_workbook(tmp_path / "a.xlsx", [Sheet("s", pl.DataFrame({"t": ["x", text]}))])
    assert calamine.load_workbook(tmp_path / "a.xlsx").get_sheet_by_name("s").to_python()[1] == ["x"]


def test_rejected_rows_are_written_as_they_came(tmp_path: Path) -> None:
    frame = pl.DataFrame({"name": ["甲"], "output": ["约300万"], "days": [None]}, schema_overrides={"days": pl.String})
    write_workbook(tmp_path / "a.xlsx", [Sheet("s", frame, INPUTS, {"output": "产值（亿元）"})])
    cells = calamine.load_workbook(tmp_path / "a.xlsx").get_sheet_by_name("s").to_python()
    assert cells == [["企业名称", "产值（亿元）", "库存可用天数（天）"], ["甲", "约300万", ""]]


def test_unknown_is_said_in_words_where_the_contract_asks_for_them(tmp_path: Path) -> None:
    frame = pl.DataFrame({"country": ["US", None], "output": [1.2e7, None]})
    write_csv(frame, tmp_path / "a.csv", table=table_of(COUNTRY, OUTPUT))
    assert (tmp_path / "a.csv").read_text("utf-8-sig").splitlines()[1:] == ["美国,1200.0", "不清楚,"]


def test_a_workbook_is_ready_to_print_and_to_filter(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    frame = pl.DataFrame({"name": ["杭州某某生物医药科技股份有限公司"] * 3, "share": [0.1, 0.2, None]})
    page = Page("A3", header="内部 & 不外传", footer="水印：张三")
    cover = Cover("说明", "风险清单", (("来源", "填报"), ("快照", "2024-09-30")))
    write_workbook(path, [Sheet("清单:1/2", frame, INPUTS)], cover=cover, page=page)
    files = parts(path)
    sheet = files["xl/worksheets/sheet2.xml"]
    assert 'paperSize="8"' in sheet
    assert 'orientation="landscape"' in sheet
    assert "&amp;C内部 &amp;&amp; 不外传" in sheet
    assert "&amp;L水印：张三" in sheet
    assert '<autoFilter ref="A1:B4"/>' in sheet
    assert '<dimension ref="A1:B4"/>' in sheet
    assert 'state="frozen"' in sheet
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([\d.]+)"', sheet)]
    assert widths[0] > 30 > widths[1]
    assert "0.0%" in files["xl/styles.xml"]
    book = calamine.load_workbook(path)
    assert book.sheet_names == ["说明", "清单 1 2"]
    assert book.get_sheet_by_name("说明").to_python()[2:] == [["来源", "填报"], ["快照", "2024-09-30"]]


def test_equal_tables_give_equal_bytes(tmp_path: Path) -> None:
    frame = pl.DataFrame({"name": ["甲"], "days": [1]})
    for name in ("a", "b"):
        write_workbook(tmp_path / f"{name}.xlsx", [Sheet("s", frame, SMALL)])
        write_template(tmp_path / f"{name}t.xlsx", [SMALL])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    assert (tmp_path / "at.xlsx").read_bytes() == (tmp_path / "bt.xlsx").read_bytes()


def test_early_dates_and_large_numbers_are_kept(tmp_path: Path) -> None:
    frame = pl.DataFrame({"a": [dt.date(1850, 1, 2), dt.date(2024, 9, 30)], "b": [1e-7, 123456789.12345]})
    write_workbook(tmp_path / "a.xlsx", [Sheet("s", frame)])
    cells: Any = calamine.load_workbook(tmp_path / "a.xlsx").get_sheet_by_name("s").to_python()
    assert cells[1:] == [["1850-01-02", 1e-7], [dt.date(2024, 9, 30), 123456789.12345]]


def test_a_sheet_without_rows_or_columns_opens(tmp_path: Path) -> None:
    empty = pl.DataFrame({"name": []}, schema={"name": pl.String})
    write_workbook(tmp_path / "a.xlsx", [Sheet("s", empty), Sheet("t", pl.DataFrame())])
    assert calamine.load_workbook(tmp_path / "a.xlsx").get_sheet_by_name("s").to_python() == [["name"]]


@pytest.mark.parametrize(
    ("sheets", "page", "why"),
    [
        ([Sheet("s", pl.DataFrame({"a": ["x" * 32_768]}))], Page(), "32,767"),
        ([Sheet("s", pl.DataFrame({"a": pl.repeat(1, 1_048_576, eager=True)}))], Page(), "1,048,575 fit"),
        ([Sheet("s" * 40, pl.DataFrame()), Sheet("s" * 35, pl.DataFrame())], Page(), "same name"),
        ([Sheet("s", pl.DataFrame())], Page(header="x" * 300), "header"),
    ],
)
def test_what_does_not_fit_a_workbook_is_refused(tmp_path: Path, sheets: list[Sheet], page: Page, why: str) -> None:
    with pytest.raises(UnwritableTable, match=why):
        write_workbook(tmp_path / "a.xlsx", sheets, page=page)
    assert not (tmp_path / "a.xlsx").exists()
