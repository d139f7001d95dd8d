"""A minimal .xls file (BIFF8 in a compound file), since nothing at hand writes one."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path

SECTOR = 512
FREE, END, FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def old_workbook(path: Path, rows: Sequence[Sequence[str | float]], sheet: str = "Sheet1") -> Path:
    path.write_bytes(compound("Workbook", _workbook(rows, sheet)))
    return path


def compound(name: str, stream: bytes) -> bytes:
    """Return a compound file with one stream."""
    stream = stream.ljust(max(4096, -(-len(stream) // SECTOR) * SECTOR), b"\0")  # smaller ones live elsewhere
    sectors = len(stream) // SECTOR
    chain = [*range(3, sectors + 2), END]
    fat = [FAT_SECTOR, END, *chain]
    table = struct.pack(f"<{len(fat)}I", *fat).ljust(SECTOR, b"\xff")
    header = (
        MAGIC + bytes(16) + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, 1, 0, 4096, END, 0, END, 0)
    )
    header += struct.pack("<I", 0) + b"\xff" * (SECTOR - len(header) - 4)
    root = _entry("Root Entry", 5, child=1, start=END, size=0)
    directory = root + _entry(name, 2, child=FREE, start=2, size=len(stream)) + _entry("", 0, FREE, 0, 0) * 2
    return header + table + directory + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = (name + "\0").encode("utf-16-le") if name else b""
    links = struct.pack("<III", FREE, FREE, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text), kind, 1)
        + links
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )


def _workbook(rows: Sequence[Sequence[str | float]], sheet: str) -> bytes:
    start = _record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 1997, 0, 6))
    name = sheet.encode("utf-16-le")
    bound = struct.pack("<HBB", 0, len(sheet), 1) + name
    offset = len(start) + 4 + 4 + len(bound) + 4
    book = start + _record(0x85, struct.pack("<I", offset) + bound) + _record(0x0A, b"")
    cells = b"".join(_cell(r, c, value) for r, row in enumerate(rows) for c, value in enumerate(row))
    return book + _record(0x809, struct.pack("<HHHHII", 0x600, 16, 0, 1997, 0, 6)) + cells + _record(0x0A, b"")


def _cell(row: int, column: int, value: str | float) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, str):
        return _record(0x204, place + struct.pack("<HB", len(value), 1) + value.encode("utf-16-le"))
    return _record(0x203, place + struct.pack("<d", value))


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body
