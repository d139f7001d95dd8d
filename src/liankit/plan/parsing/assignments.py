"""Tables of tasks: rows of task, who leads, who joins, by when, parted by tabs as the readers give them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from liankit.plan.parsing.blocks import TITLE_MOST
from liankit.plan.parsing.offices import are_offices
from liankit.plan.parsing.words import pattern

_STACKED = re.compile(
    r"^(?:序号\n)?[^\n。]{0,8}(?:任务|工作|项目|措施|内容|事项|举措|实事)\n(?:责任|牵头|实施)[^\n。]{2,4}\n(?:完成[^\n]{2}\n)?",
    re.MULTILINE,
)
_ROW = re.compile(r"^[^\t\n]*\t[^\n]*", re.MULTILINE)
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

    def title(self, clean: str) -> str | None:
        """Return the task where it is short enough for a heading."""
        text = clean[slice(*self.task)].strip(" 。;")
        return text if len(text) <= TITLE_MOST and "。" not in text else None


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
    yield from _stacked(clean)


def _stacked(clean: str) -> Iterator[Assignment]:
    """Yield the rows of a table whose cells were copied one to a line: a task, its offices, and perhaps a date."""
    for header in _STACKED.finditer(clean):
        cells: list[Cell] = []
        for line in re.compile(r"[^\n]+").finditer(clean, header.end()):
            if re.match("[一二三四五六七八九十]+、|第.{1,3}章|附件", line[0]):
                break
            is_task = not are_offices(line[0].strip()) and not _is_due(line[0])
            if is_task and cells:
                yield from _stack(clean, cells)
                cells = []
            cells.append(line.span())
        yield from _stack(clean, cells)


def _stack(clean: str, cells: list[Cell]) -> Iterator[Assignment]:
    """Yield the row of a task's line and the lines below it; nothing where no office follows."""
    dues = [cell for cell in cells[1:] if _is_due(clean[slice(*cell)])]
    units = [cell for cell in cells[1:] if cell not in dues]
    if units:
        due = dues[-1] if dues else None
        yield Assignment(cells[0][0], cells[-1][1], cells[0], (((units[0][0], units[-1][1]), "units"),), due)


def _is_due(text: str) -> bool:
    return len(text) <= 12 and re.match(r"(?:20\d\d年)?\d{1,2}月|20\d\d年|全年|年底|长期|持续", text) is not None


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
