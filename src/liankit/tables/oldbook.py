"""Look into an .xls before it is opened: how large its sheets are and which cells are in error.

As for zipped workbooks (``archive``): the reader lays a sheet out as a full rectangle up to its last cell, so that a
file of five kilobytes could ask for all memory, and gives nothing for a cell in error. The format is [MS-XLS] inside
[MS-CFB]: a stream of records, each with its kind, its length and its body.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

from liankit.tables.archive import Faulty, SheetScan
from liankit.tables.problems import unreadable

_HEADER_FAT = struct.Struct("<109I")
_LAST_SECTOR = 0xFFFFFFFA  # above it stand marks: free, end of chain
_SMALL_STREAM = 4096  # shorter streams live elsewhere; no program writes a workbook that short
_STREAMS = {"Workbook", "Book"}
_BOUND_SHEET = 0x85
_BEGIN, _END = {0x009, 0x209, 0x409, 0x809}, 0x0A
_CELLS = {0x03, 0x203, 0x04, 0x204, 0x205, 0x27E, 0x7E, 0xFD, 0xD6, 0x06, 0x206, 0x406}
_MANY_NUMBERS = 0xBD
_FORMULAS = {0x06, 0x206, 0x406}
_BOOLEAN_OR_ERROR = 0x205
_ERRORS = {0x00: "#NULL!", 0x07: "#DIV/0!", 0x0F: "#VALUE!", 0x17: "#REF!", 0x1D: "#NAME?", 0x24: "#NUM!", 0x2A: "#N/A"}


def scan_old_sheets(path: Path) -> list[SheetScan]:
    """Return what each sheet of an .xls holds, in the order of the sheets; raises ``UnreadableFile`` where damaged."""
    try:
        stream = _workbook_stream(path.read_bytes())
        starts = [struct.unpack_from("<I", body)[0] for kind, body in _records(stream, 0) if kind == _BOUND_SHEET]
        return [_scan(stream, start) for start in starts]
    except (struct.error, IndexError, ValueError) as error:
        raise unreadable("corrupt_workbook", path.name, reason=str(error)) from error


def _workbook_stream(data: bytes) -> bytes:
    """Return the stream of the workbook; raises ``ValueError`` where there is none."""
    sector = 1 << struct.unpack_from("<H", data, 30)[0]
    fat = _allocation(data, sector)
    directory = _chain(data, sector, fat, struct.unpack_from("<I", data, 48)[0])
    for place in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, place + 64)[0]
        name = directory[place : place + max(length - 2, 0)].decode("utf-16-le", "replace")
        start, size = struct.unpack_from("<II", directory, place + 116)
        if name in _STREAMS and size >= _SMALL_STREAM:
            return _chain(data, sector, fat, start)[:size]
    raise ValueError("no workbook inside")


def _allocation(data: bytes, sector: int) -> list[int]:
    """Return the table that names the next sector of each."""
    holders = list(_HEADER_FAT.unpack_from(data, 76))
    following, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, len(data) // sector)):
        *more, following = struct.unpack_from(f"<{sector // 4}I", data, (following + 1) * sector)
        holders += more
    tables = (data[(holder + 1) * sector : (holder + 2) * sector] for holder in holders if holder < _LAST_SECTOR)
    return [entry for table in tables for entry in struct.unpack(f"<{len(table) // 4}I", table[: len(table) // 4 * 4])]


def _chain(data: bytes, sector: int, fat: list[int], start: int) -> bytes:
    pieces = []
    while start < _LAST_SECTOR:
        pieces.append(data[(start + 1) * sector : (start + 2) * sector])
        if len(pieces) > len(fat):
            raise ValueError("a chain of sectors never ends")
        start = fat[start]
    return b"".join(pieces)


def _records(stream: bytes, start: int) -> Iterator[tuple[int, bytes]]:
    """Yield kind and body of the records of one part of the stream, with the parts nested in it."""
    depth = 0
    while start + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, start)
        depth += (kind in _BEGIN) - (kind == _END)
        yield kind, stream[start + 4 : start + 4 + length]
        if depth <= 0:
            return
        start += 4 + length


def _scan(stream: bytes, start: int) -> SheetScan:
    rows = columns = 0
    faulty: Faulty = {}
    for kind, body in _records(stream, start):
        if kind in _CELLS or kind == _MANY_NUMBERS:
            row, column = struct.unpack_from("<HH", body)
            last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MANY_NUMBERS else column
            rows, columns = max(rows, row + 1), max(columns, last + 1)
            if (error := _error(kind, body)) is not None:
                faulty.setdefault(row, {})[column] = error
    return SheetScan(rows, columns, faulty)


def _error(kind: int, body: bytes) -> str | None:
    """Return the error that a cell shows: one stored as such, or the last result of a formula."""
    if kind == _BOOLEAN_OR_ERROR and body[7]:
        return _ERRORS.get(body[6], "#N/A")
    if kind in _FORMULAS and len(body) >= 14 and body[12:14] == b"\xff\xff" and body[6] == 2:
        return _ERRORS.get(body[8], "#N/A")
    return None
