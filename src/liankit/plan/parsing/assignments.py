"""Tables of tasks: rows of task, who leads, who joins, by when, parted by tabs as the readers give them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from liankit.plan.parsing.words import pattern

_ROW = re.compile(r"[^\n]*\t[^\n]*")
_TASK = re.compile("任务|工作|项目|措施|内容|事项|举措")
_DUE = re.compile("时限|时间|期限|进度")
Cell = tuple[int, int]


@dataclass(frozen=True)
class Assignment:
    """A row: places in the clean text of the task, of the units with the label of their column, and of the date."""

    start: int
    end: int
    task: Cell
    units: tuple[tuple[Cell, str], ...]
    due: Cell | None


def assignments(clean: str) -> Iterator[Assignment]:
    """Yield the rows below each header that names a task and who is responsible for it."""
    columns: list[str] = []
    for found in _ROW.finditer(clean):
        cells = _cells(found)
        header = [_column(clean[start:end]) for start, end in cells]
        if "task" in header and {"units", "lead"} & set(header):
            columns = header
        elif columns and len(cells) == len(columns):
            yield _assignment(found, dict(_by_column(columns, cells)))
        else:
            columns = []


def _cells(row: re.Match[str]) -> list[Cell]:
    cells, start = [], row.start()
    for text in row[0].split("\t"):
        cells.append((start, start + len(text)))
        start += len(text) + 1
    return cells


def _column(head: str) -> str:
    for label in ("lead", "with", "units"):
        if pattern(f"labels.{label}").search(head):
            return label
    if _DUE.search(head):
        return "due"
    return "task" if _TASK.search(head) else ""


def _by_column(columns: list[str], cells: list[Cell]) -> Iterator[tuple[str, Cell]]:
    """Yield each column's cell; of several that tell the task the last, which says most."""
    for column, cell in zip(columns, cells, strict=True):
        if column and cell[0] < cell[1]:
            yield column, cell


def _assignment(row: re.Match[str], cells: dict[str, Cell]) -> Assignment:
    units = tuple((cells[label], label) for label in ("units", "lead", "with") if label in cells)
    return Assignment(row.start(), row.end(), cells.get("task", (row.start(), row.start())), units, cells.get("due"))
