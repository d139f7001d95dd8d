"""A table of who does what is the same plan in every kind of file, merged cells and all."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest
from docx import Document as new_word_file

from liankit.plan.parsing import parse
from liankit.plan.reading import read_bytes

HEAD = ["序号", "重点任务", "牵头单位", "配合单位", "完成时限"]
LINES = [
    ["1", "建成中试平台3个", "经信局", "科技局、各镇", "2024年6月"],
    ["2", "新增链上企业20家", "商务局", "科技局、各镇", "2025年12月"],
]
GROUP = "(一)产业培育"  # a row of its own over all columns; the units that join span both rows below it


def findings(text: str) -> list[tuple[object, ...]]:
    read = {one.id: one for one in parse(text)}
    told = [
        (one.kind, one.title, one.value, one.unit, one.deadline, one.name, one.role, parent and parent.title)
        for one in read.values()
        for parent in [read.get(one.parent or "")]
    ]
    return sorted((one for one in told if one[0] in ("measure", "target", "unit")), key=str)


def text_file() -> tuple[str, bytes]:
    rows = ["任务分工表", "\t".join(HEAD), GROUP, *("\t".join(line) for line in LINES)]
    return "table.txt", "\n".join(rows).encode("gb18030")


def word_file() -> tuple[str, bytes]:
    book, file = new_word_file(), io.BytesIO()
    book.add_paragraph("任务分工表")
    table = book.add_table(rows=4, cols=5)
    for row, cells in zip([0, 2, 3], [HEAD, *LINES], strict=True):
        for column, text in enumerate(cells):
            table.cell(row, column).text = text if (row, column) != (3, 3) else ""
    table.cell(1, 0).merge(table.cell(1, 4)).text = GROUP
    table.cell(2, 3).merge(table.cell(3, 3))
    book.save(file)
    return "table.docx", file.getvalue()


def web_page() -> tuple[str, bytes]:
    def row(cells: list[str]) -> str:
        return "<tr>" + "".join(cells) + "</tr>"

    first = [f"<td{' rowspan=2' if place == 3 else ''}>{cell}</td>" for place, cell in enumerate(LINES[0])]
    second = [f"<td>{cell}</td>" for place, cell in enumerate(LINES[1]) if place != 3]
    rows = [row([f"<th>{cell}</th>" for cell in HEAD]), row([f"<td colspan=5>{GROUP}</td>"]), row(first), row(second)]
    inner = f"<table><tbody>{''.join(rows)}</tbody></table>"
    page = f"<table><tr><td>导航</td><td><p>任务分工表</p><p></p><p></p><p></p>{inner}</td></tr></table>"
    return "table.html", page.encode("gb18030")


def print_file() -> tuple[str, bytes]:
    typst = pytest.importorskip("typst")
    cells = [f"[{cell}]" for cell in HEAD] + [f"table.cell(colspan: 5)[{GROUP}]"]
    cells += [f"table.cell(rowspan: 2)[{one}]" if place == 3 else f"[{one}]" for place, one in enumerate(LINES[0])]
    cells += [f"[{one}]" for place, one in enumerate(LINES[1]) if place != 3]
    source = f'#set text(font: "Noto Serif CJK SC")\n任务分工表\n\n#table(columns: 5, {", ".join(cells)})\n'
    data = typst.compile(source.encode(), format="pdf")
    if "经信局" not in read_bytes("table.pdf", data).text:
        pytest.skip("needs the font Noto Serif CJK SC")
    return "table.pdf", data


@pytest.mark.parametrize("written", [word_file, web_page, print_file])
def test_a_table_with_merged_cells_gives_what_its_plain_text_gives(written: Callable[[], tuple[str, bytes]]) -> None:
    plain = findings(read_bytes(*text_file()).text)
    assert [one[0] for one in plain] == ["measure"] * 2 + ["target"] * 2 + ["unit"] * 6
    assert findings(read_bytes(*written()).text) == plain
