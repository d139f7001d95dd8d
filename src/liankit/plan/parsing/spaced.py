"""Tables of tasks that a copy gave without their tabs: cells parted by spaces, which other lines have for no reason."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from liankit.plan.parsing.offices import are_offices

_SPACES = re.compile("[ \u3000]+")
_UNITS = re.compile("(?:牵头|责任|主办|负责)(?:责任)?(?:单位|部门)")
_HEADER = re.compile(
    r"^(?=[^\n]*(?:任务|工作|项目|措施|内容|事项|举措)[ \u3000]+"
    rf"{_UNITS.pattern}(?:[ \u3000]|$))[^\n\t。;；]{{8,60}}$",
    re.MULTILINE,
)


def with_tabs(source: str) -> str:
    """Return a text of the same length with a tab for a space where cells of a table of tasks meet.

    A cell of the task may hold spaces of its own, those of offices do not: so the cells are counted from the end.
    """
    signs = list(source)
    for header in _HEADER.finditer(source):
        columns = [one for one in _SPACES.split(header[0].strip()) if one]
        units = next(place for place, name in enumerate(columns) if _UNITS.fullmatch(name))
        cells = len(columns) - units
        for gap in _gaps(source, header, min(cells + 1, len(columns) - 1), cells):
            signs[gap] = "\t"
    return "".join(signs)


def _gaps(source: str, header: re.Match[str], count: int, cells: int) -> Iterator[int]:
    """Yield the last ``count`` gaps of the header and of each row below it."""
    is_header_told = False
    for row in re.compile(r"[^\n]*\S[^\n]*").finditer(source, header.end()):
        words = unicodedata.normalize("NFKC", row[0]).split()
        if len(words) <= count or not are_offices(words[-cells]):
            return
        if not is_header_told:  # of a table that has rows
            yield from _last_gaps(source, *header.span(), count)
            is_header_told = True
        yield from _last_gaps(source, *row.span(), count)


def _last_gaps(source: str, start: int, end: int, count: int) -> list[int]:
    end = start + len(source[start:end].rstrip())
    return [gap.start() for gap in _SPACES.finditer(source, start, end) if gap.start() > start][-count:]
