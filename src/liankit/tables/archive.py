"""Look into a workbook's zip before it is opened: what it unpacks to, how large its sheets are, which cells are faulty.

The reader of workbooks trusts the file: it unpacks all there is, lays a sheet out as a full rectangle up to its last
cell, and gives nothing for a cell in error. So this module measures first, by unpacking piecewise and keeping nothing.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import numpy.typing as npt

from liankit.tables.contract import Limits
from liankit.tables.problems import unreadable
from liankit.tables.sources import FORMULA_WITHOUT_VALUE, megabytes

IntArray = npt.NDArray[np.int64]
Faulty = dict[int, dict[int, str]]
"""Cells without a value: row -> column -> text that stands for the fault; both 0-based."""

_CHUNK = 1 << 20
_LOCAL_HEADER = 30
_HARMLESS = 10_000_000  # bytes that any small file may unpack to
_WORKBOOK = "xl/workbook.xml"
_KINDS = (("word/", "Word"), ("ppt/", "PowerPoint"), ("content.xml", "OpenDocument"), ("xl/workbook.bin", "XLSB"))
_COLUMNS = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["']([A-Za-z]{1,3})\d""")
_ROWS = re.compile(rb"""<(?:\w+:)?c\s[^>]*?\br\s*=\s*["'][A-Za-z]{1,3}(\d+)["']""")
_IN_ERROR = re.compile(
    rb"""<(?:\w+:)?c\s[^>]*?\br="([A-Z]{1,3})(\d+)"[^>]*?\bt="e"[^>]*>.*?<(?:\w+:)?v>([^<]*)<""", re.DOTALL
)
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c\s(?P<attributes>[^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_SHARED = re.compile(rb"""\bt\s*=\s*["']s["'][^>]*>\s*<(?:\w+:)?v>\s*(\d+)""")
_LONG_TEXT = 128  # bytes; shorter ones fit into memory in any sheet that may be unpacked
_PLACE = re.compile(rb"""\br="([A-Z]{1,3})(\d+)\"""")


@dataclass(frozen=True)
class SheetScan:
    """What the reader of workbooks will not tell of a sheet: its rectangle and the cells without a value."""

    rows: int = 0
    columns: int = 0
    faulty: Faulty = field(default_factory=dict)
    text_bytes: int = 0
    """What its shared texts come to once each cell has its own copy, as the reader gives them."""


def check_archive(path: Path, limits: Limits) -> None:
    """Raise ``UnreadableFile`` where a zip is damaged, no workbook, or unpacks to more than ``limits`` allow.

    Sizes are counted while unpacking: those that the zip declares may lie.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            names = [member.filename for member in members]
            _check_kind(path, names)
            if len(members) > limits.members:
                raise unreadable("too_many_members", path.name, members=len(members), limit=limits.members)
            if any(member.flag_bits & 1 for member in members):
                raise unreadable("encrypted_workbook", path.name)
            _check_sizes(path, members, limits)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
        raise unreadable("corrupt_workbook", path.name, reason=str(error)) from error


def scan_sheets(path: Path) -> Mapping[str, SheetScan]:
    """Return what each worksheet holds, by the name of the sheet."""
    with zipfile.ZipFile(path) as archive:
        relations = list(_xml(path, archive, "xl/_rels/workbook.xml.rels"))
        lengths = _text_lengths(archive, relations)
        parts = _parts(_xml(path, archive, _WORKBOOK), relations, set(archive.namelist()))
        return {name: _scan(archive, part, lengths) for name, part in parts.items()}


def _check_kind(path: Path, names: list[str]) -> None:
    if _WORKBOOK in names:
        return
    kind = next((kind for start, kind in _KINDS if any(name.startswith(start) for name in names)), "ZIP")
    raise unreadable("unsupported_format", path.name, kind=kind)


def _check_sizes(path: Path, members: list[zipfile.ZipInfo], limits: Limits) -> None:
    packed = path.stat().st_size
    allowed = min(limits.unpacked_bytes, max(_HARMLESS, int(packed * limits.ratio)))
    unpacked = 0
    with path.open("rb") as file:
        for member in members:
            for size in _unpacked_sizes(file, member):
                unpacked += size
                if unpacked > allowed:
                    sizes = {"packed": megabytes(packed), "limit": megabytes(allowed)}
                    raise unreadable("unpacks_too_large", path.name, **sizes)


def _unpacked_sizes(file: io.BufferedReader, member: zipfile.ZipInfo) -> Iterator[int]:
    """Yield the sizes of the pieces that a member unpacks to, however much its header declares."""
    file.seek(member.header_offset)
    header = file.read(_LOCAL_HEADER)
    file.seek(int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little"), io.SEEK_CUR)
    if member.compress_type == zipfile.ZIP_STORED:
        yield member.compress_size
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError(f"compression method {member.compress_type}")
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    left = member.compress_size
    while left > 0 and not inflater.eof:
        packed = file.read(min(_CHUNK, left))
        if not packed:
            raise EOFError("the file ends early")
        left -= len(packed)
        while packed:
            yield len(inflater.decompress(packed, _CHUNK))
            packed = inflater.unconsumed_tail


def _parts(
    workbook: ElementTree.Element, relations: Sequence[ElementTree.Element], members: set[str]
) -> dict[str, str]:
    """Return the member that holds each sheet, by the name of the sheet."""
    targets = {relation.get("Id"): _target(relation) for relation in relations}
    sheets = [node for node in workbook.iter() if node.tag.endswith("}sheet")]
    named = {sheet.get("name", ""): targets.get(_relation(sheet), "") for sheet in sheets}
    return {name: part for name, part in named.items() if part in members}


def _target(relation: ElementTree.Element) -> str:
    """Return the member that a relation of the workbook names, relatively or absolutely."""
    return posixpath.normpath(posixpath.join("xl", relation.get("Target", ""))).lstrip("/")


def _text_lengths(archive: zipfile.ZipFile, relations: Sequence[ElementTree.Element]) -> IntArray:
    """Return the bytes of each shared text."""
    shared = [_target(relation) for relation in relations if relation.get("Type", "").endswith("/sharedStrings")]
    texts = [text for part in shared if part in archive.namelist() for text in archive.read(part).split(b"</si>")]
    return np.array([len(text) for text in texts], dtype=np.int64)


def _relation(sheet: ElementTree.Element) -> str | None:
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)


def _xml(path: Path, archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """Parse a small part; a document type, which could multiply text, has no place in a workbook."""
    try:
        text = archive.read(name)
        if b"<!DOCTYPE" in text:
            raise unreadable("corrupt_workbook", path.name, reason="document type")
        return ElementTree.fromstring(text)  # noqa: S314
    except (KeyError, ElementTree.ParseError) as error:
        raise unreadable("corrupt_workbook", path.name, reason=str(error)) from error


def _scan(archive: zipfile.ZipFile, part: str, lengths: IntArray) -> SheetScan:
    rows = columns = text_bytes = 0
    faulty: Faulty = {}
    for chunk in _whole_cells(archive, part):
        columns = max([columns, *(_column(letters) + 1 for letters in set(_COLUMNS.findall(chunk)))])
        rows = max([rows, *map(int, set(_ROWS.findall(chunk)))])
        for letters, row, text in (*_cells_in_error(chunk), *_formulas_without_value(chunk)):
            faulty.setdefault(int(row) - 1, {})[_column(letters)] = text
        text_bytes += _copied(chunk, lengths)
    return SheetScan(rows, columns, faulty, text_bytes)


def _copied(chunk: bytes, lengths: IntArray) -> int:
    """Return the bytes of the shared texts of the cells; exact only where it may be much."""
    longest = int(lengths.max(initial=0))
    if longest < _LONG_TEXT:
        return longest * chunk.count(b"</c>")
    texts = np.array(_SHARED.findall(chunk), dtype=np.int64)
    return int(lengths[texts[texts < len(lengths)]].sum())


def _whole_cells(archive: zipfile.ZipFile, part: str) -> Iterator[bytes]:
    """Yield a part in pieces that end between two cells."""
    rest = b""
    with archive.open(part) as file:
        while chunk := file.read(_CHUNK):
            chunk = rest + chunk
            cut = max(chunk.rfind(b"<c "), chunk.rfind(b":c "), 0) or len(chunk)
            yield chunk[:cut]
            rest = chunk[cut:]
    yield rest


def _cells_in_error(chunk: bytes) -> Iterator[tuple[bytes, bytes, str]]:
    if b't="e"' in chunk:
        for letters, row, text in _IN_ERROR.findall(chunk):
            yield letters, row, text.decode()


def _formulas_without_value(chunk: bytes) -> Iterator[tuple[bytes, bytes, str]]:
    if b"<f" not in chunk and b":f" not in chunk:
        return
    for formula in _FORMULA.finditer(chunk):
        place = _PLACE.search(formula["attributes"])
        if place and b't="str"' not in formula["attributes"]:
            yield place[1], place[2], FORMULA_WITHOUT_VALUE


def _column(letters: bytes) -> int:
    column = 0
    for letter in letters.upper():
        column = column * 26 + letter - 64
    return column - 1
