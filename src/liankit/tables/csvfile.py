"""Delimited text as raw sheets: any encoding that Chinese offices use, any delimiter, quotes that do not close, gzip.

bytes -> encoding -> UTF-8 (a temporary copy where the file is not) -> delimiter -> batches by Polars, a million rows
a second; where quotes are broken, by Python's reader, which costs ten times more and loses only the broken rows.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import itertools
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path

import polars as pl

from liankit.tables.contract import Limits, Table
from liankit.tables.heads import find_head, matched
from liankit.tables.problems import Problem, unreadable
from liankit.tables.sources import BATCH_ROWS, BROKEN_QUOTES, GZIP, SAMPLE_ROWS, RawSheet, Source, megabytes

_DELIMITERS = (",", ";", "\t", "|")
_CHUNK = 1 << 22
_SAMPLE_BYTES = 1 << 18
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def open_csv(path: Path, table: Table, limits: Limits, workdir: Path) -> Source:
    """Open delimited text; ``workdir`` takes the UTF-8 copy of a file in another encoding.

    Raises ``UnreadableFile`` where the file is no text, in no known encoding, or too wide.
    """
    path = _unpacked(path, limits, workdir)
    encoding = _encoding(path)
    plain = path if encoding in ("utf-8", "utf-8-sig") else _transcoded(path, encoding, workdir / "utf8.csv")
    with plain.open("rb") as file:
        start = file.read(_SAMPLE_BYTES)
    if b"\n" not in start and b"\r" in start:
        plain = _transcoded(plain, "utf-8", workdir / "newlines.csv")
        start = start.replace(b"\r", b"\n")
    delimiter, sample = _sniffed(start, table)
    width = max(map(len, sample), default=0)
    if width > limits.columns:
        raise unreadable("too_many_columns", path.name, columns=width, limit=limits.columns)
    sheet = RawSheet("", sample, width, lambda: _batches(plain, delimiter, width))
    read_as = {"format": "CSV", "encoding": encoding.upper(), "delimiter": {"\t": "TAB"}.get(delimiter, delimiter)}
    return Source("csv", (sheet,), (Problem("read_as", read_as, path.name, severity="note"),))


def _unpacked(path: Path, limits: Limits, workdir: Path) -> Path:
    """Return the text of a compressed file, as long as it keeps to the limits of any packed file."""
    with path.open("rb") as file:
        if file.read(2) != GZIP:
            return path
    allowed = min(limits.unpacked_bytes, limits.ratio * path.stat().st_size)
    sizes = {"packed": megabytes(path.stat().st_size), "limit": megabytes(allowed)}
    target, done = workdir / path.name, 0
    try:
        with gzip.open(path) as packed, target.open("wb") as plain:
            while chunk := packed.read(_CHUNK):
                if (done := done + len(chunk)) > allowed:
                    raise unreadable("unpacks_too_large", path.name, **sizes)
                plain.write(chunk)
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise unreadable("damaged_gzip", path.name) from None
    return target


def _encoding(path: Path) -> str:
    with path.open("rb") as file:
        start = file.read(4096)
    for bom, encoding in _BOMS:
        if start.startswith(bom):
            return _checked(path, encoding)
    if b"\0" in start:
        return _utf16_without_mark(path, start)
    return "utf-8" if _undecodable(path, "utf-8") is None else _checked(path, "gb18030")


def _checked(path: Path, encoding: str) -> str:
    if (byte := _undecodable(path, encoding)) is not None:
        raise unreadable("unknown_encoding", path.name, encoding=encoding.upper(), byte=byte)
    return encoding


def _undecodable(path: Path, encoding: str) -> int | None:
    """Return the first byte that is not text in ``encoding``, counted from one, or None."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    done = 0
    with path.open("rb") as file:
        while True:
            chunk = file.read(_CHUNK)
            try:
                text = decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as error:
                return done + error.start + 1
            if "\0" in text:
                return done + text.index("\0") + 1
            if not chunk:
                return None
            done += len(chunk)


def _utf16_without_mark(path: Path, start: bytes) -> str:
    """Tell UTF-16 without a byte order mark from binary data by the share of usual signs."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = start[: len(start) // 2 * 2].decode(encoding, "replace")
        usual = sum(sign in "\t\r\n" or " " <= sign <= "~" or "\u3000" <= sign <= "\u9fff" for sign in text)
        if usual >= 0.9 * len(text):
            return _checked(path, encoding)
    raise unreadable("not_text", path.name)


def _transcoded(path: Path, encoding: str, target: Path) -> Path:
    with path.open(encoding=encoding) as source, target.open("w", encoding="utf-8", newline="") as copy:
        while text := source.read(_CHUNK):
            copy.write(text)
    return target


def _sniffed(start: bytes, table: Table) -> tuple[str, list[list[str]]]:
    """Return the delimiter under which the head names most columns of ``table``, and the first rows."""
    text = start.decode("utf-8-sig", "ignore")
    if len(start) == _SAMPLE_BYTES:
        text = text[: text.rfind("\n") + 1]
    samples = {delimiter: _first_rows(text, delimiter) for delimiter in _DELIMITERS}
    best = max(samples, key=lambda d: (matched(find_head(samples[d], table)), max(map(len, samples[d]), default=0)))
    return best, samples[best]


def _first_rows(text: str, delimiter: str) -> list[list[str]]:
    rows = _plain_rows(io.StringIO(text, newline=""), delimiter)
    return [cells for _, cells in itertools.islice(rows, SAMPLE_ROWS)]


def _batches(path: Path, delimiter: str, width: int) -> Iterator[pl.DataFrame]:
    """Yield the rows fast; from the first batch that Polars finds broken, plainly."""
    done = 0
    try:
        for batch in _fast_batches(path, delimiter, width):
            yield batch
            done += batch.height
    except pl.exceptions.ComputeError:
        for batch in plain_batches(path, delimiter, width):
            yield batch.filter(pl.col("row") > done)


def _fast_batches(path: Path, delimiter: str, width: int) -> Iterator[pl.DataFrame]:
    frame = pl.scan_csv(
        path,
        separator=delimiter,
        has_header=False,
        schema={f"c{place}": pl.String for place in range(width + 1)},
        missing_columns="insert",
        extra_columns="ignore",
        truncate_ragged_lines=True,
        row_index_name="row",
        row_index_offset=1,
    ).with_columns(pl.col("row").cast(pl.Int32))
    yield from frame.collect_batches(chunk_size=BATCH_ROWS, maintain_order=True)


def plain_batches(path: Path, delimiter: str, width: int) -> Iterator[pl.DataFrame]:
    """Yield the rows of a UTF-8 file through Python's reader; a row whose quotes are broken holds ``BROKEN_QUOTES``.

    ``width`` columns and one more for what stands beyond them.
    """
    schema = {"row": pl.Int32, **{f"c{place}": pl.String for place in range(width + 1)}}
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = _plain_rows(file, delimiter)
        while chunk := list(itertools.islice(rows, BATCH_ROWS)):
            fitted = [(row, *cells[: width + 1], *[None] * (width + 1 - len(cells))) for row, cells in chunk]
            yield pl.DataFrame(fitted, schema=schema, orient="row")


def _plain_rows(text: Iterable[str], delimiter: str) -> Iterator[tuple[int, list[str]]]:
    lines = _Lines(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    for row in itertools.count(1):
        lines.start_record()
        try:
            yield row, next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield row, [BROKEN_QUOTES + lines.give_back()]


class _Lines:
    """Lines of a file that can be given back, so that a quote that never closes costs one line and not the file."""

    def __init__(self, text: Iterable[str]) -> None:
        self._text = iter(text)
        self._returned: list[str] = []
        self._record: list[str] = []

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._returned.pop() if self._returned else next(self._text)
        self._record.append(line)
        return line

    def start_record(self) -> None:
        """Forget the lines of the record before."""
        self._record = []

    def give_back(self) -> str:
        """Return the first line of the record; the others will be read again."""
        first, *others = self._record
        self._returned.extend(reversed(others))
        return first.rstrip("\r\n")
