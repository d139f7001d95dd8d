"""The numbers that stand in a Word document and in a workbook, found by their ids.

In Word a number stands between the ends of a bookmark, in Excel in a named cell. Both are read by pattern, not as
XML: a file with one wrong byte is still read as far as can be.
"""

from __future__ import annotations

import re
from html import unescape

from liankit.plan.report.archive import read_zip

_BOOKMARK = re.compile(
    r'<w:bookmarkStart\b[^>]*?w:id="(?P<id>\d+)"[^>]*?w:name="(?P<name>num_\d+)(?:_\d+)?"[^>]*/>'
    r'(?P<body>.*?)<w:bookmarkEnd\b[^>]*?w:id="(?P=id)"',
    re.DOTALL,
)
_TEXT = re.compile(r"<w:t\b[^>]*>([^<]*)</w:t>")
_NAMED = re.compile(r"<definedName\b[^>]*?name=\"(num_\d+)\"[^>]*>'?([^'!<]+)'?!\$([A-Z]+)\$(\d+)</definedName>")
_SHEET = re.compile(r'<sheet\b[^>]*?name="([^"]*)"[^>]*?r:id="([^"]*)"')
_RELATION = re.compile(r"<Relationship\b[^>]*>")
_CELL = re.compile(r'<c r="([A-Z]+\d+)"(?P<attributes>[^>]*)>(?:<f>[^<]*</f>)?<v>([^<]*)</v></c>')
_SHARED = re.compile(r"<si>.*?</si>", re.DOTALL)
_PLAIN = re.compile(r"<t\b[^>]*>([^<]*)</t>")


def numbers_in_word(content: bytes) -> list[tuple[str, str]]:
    """Return (id, text as printed) of every bookmark of a number in a Word document, in order."""
    xml = _part(read_zip(content, "report.docx"), "word/document.xml")
    return [(found["name"], unescape("".join(_TEXT.findall(found["body"])))) for found in _BOOKMARK.finditer(xml)]


def numbers_in_excel(content: bytes) -> list[tuple[str, str]]:
    """Return (id, text of the cell) of every named cell of a number in a workbook; an empty cell gives ""."""
    members = read_zip(content, "report.xlsx")
    workbook = _part(members, "xl/workbook.xml")
    places = _sheet_places(workbook, _part(members, "xl/_rels/workbook.xml.rels"))
    shared = ["".join(_PLAIN.findall(item)) for item in _SHARED.findall(_part(members, "xl/sharedStrings.xml"))]
    named = [(name, unescape(sheet), column + row) for name, sheet, column, row in _NAMED.findall(workbook)]
    cells = {sheet: _cells(_part(members, places.get(sheet, "")), shared) for _, sheet, _ in named}
    return [(name, cells[sheet].get(place, "")) for name, sheet, place in named]


def _sheet_places(workbook: str, relations: str) -> dict[str, str]:
    """Return the member that holds each sheet."""
    targets = {}
    for tag in _RELATION.findall(relations):
        said = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        targets[said.get("Id", "")] = f"xl/{said.get('Target', '').removeprefix('/xl/')}"
    return {unescape(name): targets.get(relation, "") for name, relation in _SHEET.findall(workbook)}


def _cells(sheet: str, shared: list[str]) -> dict[str, str]:
    found = {}
    for cell in _CELL.finditer(sheet):
        place, value = cell[1], cell[3]
        is_shared = 't="s"' in cell["attributes"] and value.isdecimal() and int(value) < len(shared)
        found[place] = unescape(shared[int(value)] if is_shared else value)
    return found


def _part(members: dict[str, bytes], name: str) -> str:
    return members.get(name, b"").decode("utf-8", errors="replace")
