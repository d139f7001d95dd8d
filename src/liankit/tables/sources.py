"""What a file is, by its first bytes rather than by its name, and the sheets that reading gets from it."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import polars as pl

from liankit.tables.contract import Limits
from liankit.tables.problems import Problem, unreadable

Format = Literal["csv", "xlsx", "xls"]
SAMPLE_ROWS = 50
"""Rows at the top of a sheet in which the head is looked for."""
BATCH_ROWS = 100_000
"""Rows that are read and checked at once; bounds memory."""
FAULT_MARK = "\ufdd0"
"""Begins the text of a cell or row that has a fault and no text of its own; no sign of Unicode, so in no real cell."""
FORMULA_WITHOUT_VALUE = FAULT_MARK + "="
"""Stands for a formula that was saved without its value."""
BROKEN_QUOTES = FAULT_MARK + '"'
"""Begins the first cell of a row whose quotes do not close, before the line as it is."""

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"{\\rtf", "RTF"),
    (b"PAR1", "Parquet"),
    (b"SQLite", "SQLite"),
)
_MARKUP: tuple[tuple[bytes, str], ...] = (
    (b"<html", "HTML"),
    (b"<!doctype html", "HTML"),
    (b"<table", "HTML"),
    (b"<meta", "HTML"),
    (b"<?xml", "XML"),
)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
GZIP = b"\x1f\x8b"
_EXTENSIONS = {
    "csv": {".csv", ".txt", ".tsv", ".gz", ""},
    "xlsx": {".xlsx", ".xlsm", ".xltx"},
    "xls": {".xls", ".et", ".xlt"},
}


@dataclass(frozen=True)
class RawSheet:
    """The cells of one sheet as text, before any meaning.

    ``sample`` holds the first rows. ``batches`` starts anew at each call and yields frames with ``row`` (Int32,
    1-based as a spreadsheet counts) and ``c0`` … (String, null or "" where empty); those of CSV have one column
    beyond ``width``, for the cells of rows that are too long.
    """

    name: str
    sample: Sequence[Sequence[str | None]]
    width: int
    batches: Callable[[], Iterator[pl.DataFrame]]


@dataclass(frozen=True)
class Source:
    """An opened file: what it is, its sheets in order, and what was noticed on opening."""

    format: Format
    sheets: tuple[RawSheet, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def is_workbook(self) -> bool:
        """Say whether cells had types of their own."""
        return self.format != "csv"


def detect_format(path: Path, limits: Limits) -> Format:
    """Return what the file is; raises ``UnreadableFile`` where it is not there, empty, too large or no table."""
    _check_file(path, limits)
    with path.open("rb") as file:
        start = file.read(1024)
    if start.startswith(_OLE):
        return "xls"
    if start.startswith(_ZIP):
        return "xlsx"
    text = start.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    kinds = [kind for magic, kind in _MAGIC if start.startswith(magic)]
    kinds += [kind for magic, kind in _MARKUP if text.startswith(magic)]
    if kinds:
        raise unreadable("unsupported_format", path.name, kind=kinds[0])
    return "csv"


def name_problems(path: Path, found: Format) -> tuple[Problem, ...]:
    """Return a warning where the name promises another format than the file holds."""
    if path.suffix.lower() in _EXTENSIONS[found]:
        return ()
    params = {"suffix": path.suffix, "format": found.upper()}
    return (Problem("renamed_format", params, path.name, severity="warning"),)


def _check_file(path: Path, limits: Limits) -> None:
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise unreadable("not_a_file", path.name)
        with path.open("rb"):
            pass
    except FileNotFoundError:
        raise unreadable("file_not_found", path.name) from None
    except OSError as error:
        raise unreadable("file_not_readable", path.name, reason=os.strerror(error.errno or 0)) from error
    if status.st_size == 0:
        raise unreadable("empty_file", path.name)
    if status.st_size > limits.file_bytes:
        raise unreadable(
            "file_too_large", path.name, size=megabytes(status.st_size), limit=megabytes(limits.file_bytes)
        )


def megabytes(size: float) -> int:
    """Return a size in bytes as whole megabytes, at least one."""
    return max(1, round(size / 1e6))
