"""Small dirty files for the tests of sources."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import xlsxwriter

HEADS = (
    "企业名称",
    "统一社会信用代码",
    "物项名称",
    "用途与下游产品",
    "供应国别（地区）",
    "是否另有来源",
    "库存可用天数",
)
"""The head of critical inputs: who, and the five that everybody must answer."""
GOOD_CODE = "91330100799655058B"
WRONG_CODE = "91330100799655058A"


def input_row(enterprise: str = "临平甲医药有限公司", item: str = "蛋白A填料", **other: Any) -> list[Any]:
    """Return one good row under ``HEADS``; keywords replace cells: code, used_for, country, another, stock."""
    given = {"code": "", "used_for": "单抗", "country": "美国", "another": "否", "stock": "30", **other}
    cells = [given[name] for name in ("code", "used_for", "country", "another", "stock")]
    return [enterprise, cells[0], item, *cells[1:]]


def write_csv(
    path: Path, rows: list[list[Any]], *, heads: tuple[str, ...] = HEADS, delimiter: str = ",", encoding: str = "utf-8"
) -> Path:
    """Write delimited text without quoting."""
    lines = [delimiter.join(str(cell) for cell in row) for row in [list(heads), *rows]]
    path.write_bytes(("\n".join(lines) + "\n").encode(encoding))
    return path


def write_xlsx(path: Path, sheets: dict[str, list[list[Any]]]) -> Path:
    """Write sheets of rows, the head among them; a cell that begins with "=" is a formula."""
    with xlsxwriter.Workbook(path) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, row)
    return path
