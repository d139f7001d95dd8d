"""The contract of a table that crosses a boundary: its columns, what they may hold, and how people write them.

Invariant: a contract that exists is sound. Names, titles, synonyms and choices of one table never collide.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

import polars as pl

from liankit.errors import LiankitError, nearest
from liankit.tables.units import unit_label

Texts = Mapping[str, str]
Dtype = type[pl.DataType]
Identifier = Literal["uscc", "lei"]
DTYPES: tuple[Dtype, ...] = (pl.String, pl.Float64, pl.Int64, pl.Boolean, pl.Date)
PLACE = ("sheet", "row")
"""Columns that reading adds to every table: the sheet's name and the 1-based row in it."""


class ContractError(LiankitError):
    """A contract of a table contradicts itself: a fault of the program or the pack, not of a user's file."""


@dataclass(frozen=True)
class Choice:
    """One allowed value of a column: the code that is stored and how people write it."""

    code: str
    zh: str
    en: str
    synonyms: tuple[str, ...] = ()

    def spellings(self) -> tuple[str, ...]:
        """Return everything that means this choice in a file."""
        return (self.code, self.zh, self.en, *self.synonyms)

    def title(self, language: str) -> str:
        """Return what people read."""
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Column:
    """What one column holds.

    ``dtype`` is String, Float64, Int64, Boolean or Date of Polars. ``unit`` is the unit of the stored value and
    ``scale`` what one of the sheet's is worth in it: 万元 stored as CNY has scale 10,000. A unit named in the head of
    a file goes before ``scale``. ``minimum`` and ``maximum`` are in the stored unit and allowed themselves. A required
    cell may not be empty; where ``nullable_unknown`` holds, it may say 不清楚 (unknown), which is stored as null.
    ``check`` names a check of identifiers: "uscc", the unified social credit code, or "lei", ISO 17442. ``looks`` is a
    regular expression that most cells match, by which a column without a telling head is guessed; it refuses nothing.
    """

    name: str
    dtype: Dtype = pl.String
    title: Texts = field(default_factory=dict)
    required: bool = False
    unit: str = ""
    scale: float = 1.0
    choices: tuple[Choice, ...] = ()
    minimum: float | date | None = None
    maximum: float | date | None = None
    check: Identifier | None = None
    note: Texts = field(default_factory=dict)
    synonyms: tuple[str, ...] = ()
    nullable_unknown: bool = False
    looks: str = ""

    def __post_init__(self) -> None:
        if self.dtype not in DTYPES:
            raise ContractError(f"Column {self.name!r}: dtype {self.dtype} is none of {[str(d) for d in DTYPES]}.")
        if self.name in PLACE:
            raise ContractError(f"Column {self.name!r}: the name is taken by the place of a row.")
        if (self.choices or self.check) and self.dtype is not pl.String:
            raise ContractError(f"Column {self.name!r}: choices and checks are of text.")
        if self.scale <= 0 or (self.scale != 1 and not self.is_number):
            raise ContractError(f"Column {self.name!r}: scale is a positive factor of a number.")
        _each_once(f"choices of {self.name!r}", ((c.code, c.spellings()) for c in self.choices), choice_key)

    @property
    def is_number(self) -> bool:
        """Say whether the column holds numbers."""
        return self.dtype in (pl.Float64, pl.Int64)

    def titled(self, language: str) -> str:
        """Return the title in ``language``, else the name."""
        return self.title.get(language, "") or self.name

    def head(self, language: str) -> str:
        """Return what the head row of a file says: the title with the unit of the sheet."""
        label = unit_label(self.unit, self.scale, language)
        if not label:
            return self.titled(language)
        return f"{self.titled(language)}（{label}）" if language == "zh" else f"{self.titled(language)} ({label})"

    def spellings(self) -> tuple[str, ...]:
        """Return every title under which a file may hold this column."""
        return (self.name, *self.title.values(), *self.synonyms)


@dataclass(frozen=True)
class Table:
    """The columns of a table, the columns that identify a row (none: rows may repeat), and its sheet in a workbook.

    ``heads`` says what the titles of one sender's sheet mean, before any spelling of the columns: ``head_key`` of a
    title -> the column's name, "" for one that is not read.
    """

    name: str
    columns: tuple[Column, ...]
    title: Texts = field(default_factory=dict)
    key: tuple[str, ...] = ()
    sheet: str = ""
    note: Texts = field(default_factory=dict)
    heads: Texts = field(default_factory=dict)

    def __post_init__(self) -> None:
        _each_once(f"columns of {self.name!r}", ((c.name, c.spellings()) for c in self.columns), title_key)
        for name in self.key:
            self.column(name)

    def column(self, name: str) -> Column:
        """Return the column of that name; raises ``ContractError`` with the nearest one."""
        for column in self.columns:
            if column.name == name:
                return column
        raise ContractError(f"Table {self.name!r} has no column {name!r}.{nearest(name, self.names())}")

    def names(self) -> tuple[str, ...]:
        """Return the names of the columns in order."""
        return tuple(column.name for column in self.columns)

    def titled(self, language: str) -> str:
        """Return the title in ``language``, else the name."""
        return self.title.get(language, "") or self.name

    def sheet_name(self, language: str) -> str:
        """Return the sheet that holds this table in a workbook we write."""
        return self.sheet or self.titled(language)

    def schema(self) -> dict[str, Dtype]:
        """Return the Polars schema of good rows: the columns, then ``sheet`` and ``row``."""
        return {**{column.name: column.dtype for column in self.columns}, "sheet": pl.String, "row": pl.Int32}


@dataclass(frozen=True)
class Limits:
    """What a file may ask of the machine before it is refused.

    ``ratio`` is how many times its size a zipped file may unpack to; ``cells`` bounds the rectangle of a sheet and
    ``text_bytes`` its texts, which a workbook may store once and repeat without end.
    """

    file_bytes: int = 500_000_000
    unpacked_bytes: int = 200_000_000
    ratio: float = 200
    members: int = 10_000
    rows: int = 1_500_000
    columns: int = 200
    cells: int = 30_000_000
    text_bytes: int = 1_000_000_000


@dataclass(frozen=True)
class Counts:
    """Where every row of a file went: ``seen = good + bad + blank + notes + repeated``."""

    seen: int = 0
    good: int = 0
    bad: int = 0
    blank: int = 0
    notes: int = 0
    repeated: int = 0

    @classmethod
    def sum(cls, parts: Iterable[Counts]) -> Counts:
        """Return the counts of several parts together."""
        return cls(*(sum(column) for column in zip(*(vars(part).values() for part in parts), strict=True)))


@lru_cache(maxsize=20_000)  # the head of a sheet is held against every contract, line by line
def title_key(text: str) -> str:
    """Return the form in which titles are compared: NFKC, lower case, letters and digits only.

    >>> title_key(" 企业名称（全称）＊ ") == title_key("企业名称(全称)")
    True
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter.isalnum() or letter in "%‰$€")


def head_key(title: str, place: int) -> str:
    """Return under what a title of a sheet is remembered: its key, or its place (from 0) where there is none.

    >>> head_key("金额（万元）", 4), head_key("", 2)
    ('金额万元', '@3')
    """
    return title_key(title) or f"@{place + 1}"


def choice_key(text: str) -> str:
    """Return the form in which choices are compared: NFKC, lower case, without spaces."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def _each_once(what: str, named: Iterable[tuple[str, Iterable[str]]], key: Callable[[str], str]) -> None:
    owners: dict[str, str] = {}
    names: set[str] = set()
    for name, spellings in named:
        if name in names:
            raise ContractError(f"The {what} have {name!r} twice.")
        names.add(name)
        for spelling in filter(None, spellings):
            if owners.setdefault(key(spelling), name) != name:
                raise ContractError(f"The {what} {owners[key(spelling)]!r} and {name!r} are both written {spelling!r}.")
