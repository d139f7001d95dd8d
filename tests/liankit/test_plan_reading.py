"""Texts are read from the files that offices have: plain text of any age, web pages, Word and PDF."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pytest
from docx import Document as new_word_file
from typer.testing import CliRunner, Result

from liankit.cli import main
from liankit.plan.parsing import parse
from liankit.plan.reading import ReadingError, read_bytes, read_document

PLAN = (
    "二、主要任务\n工程7品牌提升工程\n1.实施目标:\n到2025年,培育品牌12个。\n"
    "3.责任单位:\n市场监管局(知识产权局)、商务局。\n"
)
TABLE = [["指标", "单位", "2020年", "2025年", "属性"], ["总产值", "亿元", "300", "800", "预期性"]]


def told(text: str) -> list[tuple[str, object]]:
    return [
        (one.kind, one.title or one.value or one.name)
        for one in parse(text)
        if one.kind in ("programme", "target", "unit")
    ]


WANTED = [("programme", "品牌提升工程"), ("target", 12.0), ("unit", "市场监管局"), ("unit", "商务局")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_plain_text_is_read_in_the_encodings_of_chinese_offices(encoding: str) -> None:
    document = read_bytes("plan.txt", PLAN.replace("\n", "\r\n").encode(encoding))
    assert document.text == PLAN
    assert told(document.text) == WANTED


def test_a_document_says_what_it_was_read_from(tmp_path: Path) -> None:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, "gb18030")
    document = read_document(path)
    assert (document.file, document.form, document.encoding) == (str(path), "txt", "gb18030")
    assert document.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_web_page_is_read_as_it_is_shown(encoding: str) -> None:
    lines = "".join(f"<p>　　{line.replace('品牌', '<b>品</b>牌')}</p>" for line in PLAN.splitlines())
    rows = "".join("<tr>" + "".join(f"<td><p>{cell}</p></td>" for cell in row) + "</tr>" for row in TABLE)
    head = "<head><title>到2025年建成9个</title><style>p{}</style></head>"
    page = f"<html>{head}<body>{lines}<table>{rows}</table></body></html>"
    document = read_bytes("plan.html", page.encode(encoding))
    assert "<" not in document.text
    assert told(document.text) == [*WANTED, ("target", 800.0)]


def test_a_word_file_is_read_with_its_tables_in_their_place() -> None:
    book, file = new_word_file(), io.BytesIO()
    for line in PLAN.splitlines():
        book.add_paragraph(line)
    table = book.add_table(rows=2, cols=5)
    for row, cells in zip(table.rows, TABLE, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text
    book.save(file)
    document = read_bytes("plan.docx", file.getvalue())
    assert document.text.splitlines()[-1] == "\t".join(TABLE[1])
    assert told(document.text) == [*WANTED, ("target", 800.0)]


def test_a_pdf_is_read_with_wrapped_lines_and_ruled_tables() -> None:
    typst = pytest.importorskip("typst")
    body = "到2025年,力争实施生物医药与健康产业领域科技成果转化项目100项,持续推动科技创新成果落地,不断提升产业能级。"
    cells = ", ".join(f"[{cell}]" for row in TABLE for cell in row)
    source = (
        '#set page(width: 300pt, height: 400pt, margin: 30pt)\n#set text(font: "Noto Serif CJK SC", size: 10pt)\n'
        f"{body}\n\n#table(columns: 5, {cells})\n"
    )
    document = read_bytes("plan.pdf", typst.compile(source.encode(), format="pdf"))
    if "到2025年" not in document.text.replace(" ", ""):
        pytest.skip("needs the font Noto Serif CJK SC")
    assert told(document.text) == [("target", 100.0), ("target", 800.0)]


def test_a_page_laid_out_by_a_table_keeps_its_lines() -> None:
    lines = "".join(f"<p>{line}</p>" for line in PLAN.splitlines())
    page = f"<table><tr><td>目录</td><td>{lines}</td></tr></table>"
    assert told(read_bytes("plan.htm", page.encode()).text) == WANTED


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("plan.doc", b"\xd0\xcf\x11\xe0", "is no txt, html, docx or pdf"),
        ("plan.docx", b"PK\x03\x04nothing", "is no Word file that can be read"),
        ("plan.pdf", b"%PDF-1.4 nothing", "is no PDF that can be read"),
        ("plan.txt", b" \n ", "holds no text"),
        ("plan.txt", b"\xff\x81\x30\x81", "is neither UTF-8 nor GB18030"),
    ],
)
def test_a_file_without_a_text_says_what_to_do(name: str, data: bytes, why: str) -> None:
    with pytest.raises(ReadingError, match=why):
        read_bytes(name, data)


# the command line


def run(*args: object) -> Result:
    return CliRunner().invoke(main, ["plan", *map(str, args)])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.txt"
    path.write_text(PLAN, "utf-8")
    return path


def test_the_command_writes_findings_with_their_place_in_the_text(file: Path) -> None:
    rows = json.loads(run("parse", file, "--format", "json").stdout)
    assert all(PLAN[row["start"] : row["end"]] == row["text"] for row in rows)
    (programme,) = [row for row in rows if row["kind"] == "programme"]
    assert [(unit["name"], unit["role"]) for unit in programme["units"]] == [
        ("市场监管局", "presumed_lead"),
        ("商务局", "with"),
    ]
    (target,) = [row for row in rows if row["kind"] == "target"]
    assert (target["file"], target["value"], target["unit"], target["deadline"]) == (str(file), 12, "个", "2025-12-31")


def test_the_table_has_a_line_for_each_finding(file: Path) -> None:
    lines = run("parse", file).stdout.splitlines()
    assert [line.split("\t")[0] for line in lines] == ["section", "programme", "target", "unit", "unit"]


def test_what_was_found_is_scored_against_a_hand_count(file: Path, tmp_path: Path) -> None:
    found, gold = tmp_path / "found.json", tmp_path / "gold.json"
    run("parse", file, "--format", "json", "--out", found)
    units = [
        {"name": "市场监管局", "role": "lead"},
        {"name": "商务局", "role": "with"},
        {"name": "科技局", "role": "with"},
    ]
    gold.write_text(
        json.dumps(
            [
                {"file": "plan", "kind": "programme", "title": "品牌提升工程", "units": units},
                {"file": "plan", "kind": "target", "value": 12, "unit": "个", "deadline": "2024-12-31"},
            ]
        ),
        "utf-8",
    )
    lines = [line.split("\t") for line in run("score", found, gold).stdout.splitlines()]
    assert lines[1] == ["programmes", "1", "1", "1", "1.000", "1.000", "1.000"]
    assert lines[2][:4] == ["numeric targets", "0", "1", "1"]
    assert lines[3] == ["units", "2", "2", "3", "1.000", "0.667", "0.800"]


def test_a_slip_in_the_call_names_what_there_is(file: Path) -> None:
    assert "there are table and json" in run("parse", file, "--format", "xml").output
    assert "is no JSON" in run("score", file, file).output
