"""Guess what the columns of somebody's sheet mean: from their heads, and from their values where a head says nothing.

first rows -> the line that is the head -> for every table a column each, by its title, a near title, or its values
-> the table that fits best. A guess is shown to a person, who confirms it once; nothing is read by a guess alone.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

import polars as pl
from rapidfuzz import fuzz, process

from liankit.tables.cells import Sheetwise, clean, read_column
from liankit.tables.contract import Choice, Column, Dtype, Identifier, Limits, Table, choice_key, head_key, title_key
from liankit.tables.csvfile import open_csv
from liankit.tables.heads import Row, find_head, is_serial, name_of_two, two_lines
from liankit.tables.sources import detect_format
from liankit.tables.workbook import open_book

Basis = Literal["title", "near", "values"]

_HEAD_WITHIN = 12
"""Rows in which a head is looked for."""
_SHOWN = 50
"""Rows beneath the head that are looked at."""
_WORTH: dict[Basis, float] = {"title": 1.0, "near": 0.7, "values": 0.5}
_NEAR = 72.0
"""Likeness of a title to a spelling, of 100, from which it is near; measured by Levenshtein over the longer."""
_FIT = 0.7
"""Share of the filled cells that a column must be able to read to be guessed."""
_BRACKET = re.compile(r"[(（\[【].*?[)）\]】]")


@dataclass(frozen=True)
class Mapped:
    """What a person said a sheet is: the table ("" for none), and for each ``head_key`` its column ("" not read)."""

    table: str
    heads: Mapping[str, str]


Mappings = Mapping[str, Mapped]
"""What is known of sheets, by their signature."""


@dataclass(frozen=True)
class Guess:
    """What a column of a sheet may mean: the column of the table, and what spoke for it."""

    column: str
    basis: Basis


@dataclass(frozen=True)
class SheetLook:
    """What a sheet looks like before it is read.

    ``titles`` and ``samples`` (filled cells of the first rows) go by place; a title is "" where there is none.
    ``table`` is the table it seems to hold, "" for none; ``guesses`` the columns of that table by place.
    ``is_understood``: the head names every required column in the contract's own words and leaves no likely one out.
    """

    file: str
    sheet: str
    titles: tuple[str, ...]
    samples: tuple[tuple[str, ...], ...]
    table: str
    guesses: tuple[Guess | None, ...]
    is_understood: bool

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return under what each column is remembered."""
        return tuple(head_key(title, place) for place, title in enumerate(self.titles))

    @cached_property
    def signature(self) -> str:
        """Return by which a sheet of the same layout is known again: a digest of its heads in their order."""
        return _signature(self.keys)


def signature_of(sample: Sequence[Row], tables: Sequence[Table]) -> str:
    """Return the signature of a sheet from its first rows, as its ``SheetLook`` has it."""
    last, titles = _head_row(sample, tables)
    used = _used(titles, _cells(sample[last + 1 :], len(titles)))
    return _signature([head_key(title, place) for place, title in enumerate(titles[:used])])


def _signature(keys: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(keys).encode()).hexdigest()[:16]


def look_into(path: Path, tables: Sequence[Table], *, limits: Limits) -> tuple[SheetLook, ...]:
    """Return what each visible sheet that holds anything looks like; raises ``UnreadableFile`` as ``read_table``."""
    return tuple(
        look_at(path.name, name, sample, tables)
        for name, sample in _samples(path, tables, limits)
        if any(cell and cell.strip() for row in sample for cell in row)
    )


def look_at(file: str, sheet: str, sample: Sequence[Row], tables: Sequence[Table]) -> SheetLook:
    """Return what the first rows of a sheet look like."""
    last, titles = _head_row(sample, tables)
    cells = _cells(sample[last + 1 :], len(titles))
    used = _used(titles, cells)
    titles, cells = titles[:used], cells[:used]
    table, guesses = _best(titles, cells, tables)
    head = find_head(sample, table) if table else None
    is_plain = all(guess is None or guess.basis == "title" for guess in guesses)
    return SheetLook(
        file,
        sheet,
        titles,
        tuple(tuple(column.drop_nulls().head(5)) for column in cells),
        table.name if table else "",
        guesses,
        is_understood=bool(head and head.is_complete and is_plain),
    )


def _samples(path: Path, tables: Sequence[Table], limits: Limits) -> Iterator[tuple[str, Sequence[Row]]]:
    found = detect_format(path, limits)
    if found == "csv":
        with TemporaryDirectory(prefix="liankit-") as workdir:
            # the delimiter is told by a head that is known; without one, by the widest rows
            sheet = open_csv(path, tables[0], limits, Path(workdir)).sheets[0]
            yield "", sheet.sample
        return
    book = open_book(path, found, limits)
    yield from ((name, book.sheet(name).sample) for name in book.visible())


def _head_row(sample: Sequence[Row], tables: Sequence[Table]) -> tuple[int, tuple[str, ...]]:
    """Return the line (from 0) that ends the head, and the titles; -1 and none where the rows are data at once."""
    columns = [column for table in tables for column in table.columns]
    known = {title_key(spelling) for column in columns for spelling in column.spellings() if spelling}
    names = {column.looks for column in columns if column.looks}
    values = frozenset[str]().union(*(_spelled(column.choices) for column in columns))
    best, found = 0.0, (-1, ("",) * max(map(len, sample), default=0))
    for last, titles, lower in _lines(sample[:_HEAD_WITHIN]):
        if any(_is_value(text, values, names) for text in lower):
            continue
        score = _likeness_to_a_head(lower, known) + 0.1 * len({title for title in titles if title})
        if score > best and score >= 1:
            best, found = score, (last, titles)
    return found


def _is_value(text: str, values: frozenset[str], names: Collection[str]) -> bool:
    """Say whether a text is a value rather than a title: a long choice, a long name; short ones may be either."""
    is_choice = len(text) >= 4 and choice_key(text) in values
    return is_choice or (len(text) >= 6 and any(re.search(name, text) for name in names))


def _lines(sample: Sequence[Row]) -> Iterator[tuple[int, tuple[str, ...], Sequence[str]]]:
    """Yield each line as a head, then each with the line above it: the titles, and what stands lowest over a column."""
    rows = [[(cell or "").strip() for cell in row] for row in sample]
    width = max(map(len, rows), default=0)
    rows = [row + [""] * (width - len(row)) for row in rows]
    yield from ((last, tuple(row), row) for last, row in enumerate(rows))
    for last in range(1, len(rows)):
        if _is_group_line(rows[last - 1], rows[last]):
            pairs = two_lines(rows[last - 1], rows[last])
            yield last, tuple(name_of_two(*pair) for pair in pairs), [title or own for _, own, title in pairs]


def _is_group_line(above: Sequence[str], row: Sequence[str]) -> bool:
    """Say whether a line can be the groups over another: it has gaps, over which the line below has titles."""
    return sum(map(bool, above)) > 1 and any(title and not own for own, title in zip(above, row, strict=True))


def _likeness_to_a_head(titles: Sequence[str], known: set[str]) -> float:
    """Count the titles of a line that contain a known word; a line with a figure in it is no head."""
    filled = [title for title in titles if title]
    if len(filled) < 2 or any(map(_is_figure, filled)):
        return 0.0
    bare = [title_key(_BRACKET.sub("", title)) for title in filled]
    known_words = sum(any(word in title for word in known if len(word) > 1) for title in bare)
    if not known_words or len(set(filled)) < len(filled) / 2 or max(map(len, filled)) > 40:
        return 0.0
    return float(known_words)


def _is_figure(text: str) -> bool:
    return bool(re.fullmatch(r"[\d\s.,%/年月日:-]+|[0-9A-Z]{18}", text))


def _cells(rows: Sequence[Row], width: int) -> list[pl.Series]:
    padded = [[*row, *[None] * (width - len(row))] for row in rows[:_SHOWN]]
    columns = zip(*padded, strict=True) if padded else ((),) * width
    return [clean(pl.Series(column, dtype=pl.String)) for column in columns]


def _used(titles: Sequence[str], cells: Sequence[pl.Series]) -> int:
    """Return how many columns there are up to the last that has a title or a value."""
    filled = [place + 1 for place, title in enumerate(titles) if title or cells[place].count()]
    return max(filled, default=0)


def _best(
    titles: Sequence[str], cells: Sequence[pl.Series], tables: Sequence[Table]
) -> tuple[Table | None, tuple[Guess | None, ...]]:
    """Return the table that explains most columns, with what they mean; required ones that nothing gives cost."""
    best: tuple[float, Table | None, tuple[Guess | None, ...]] = (0.0, None, (None,) * len(titles))
    for table in tables:
        guesses = guess_columns(titles, cells, table)
        worth = sum(_WORTH[guess.basis] for guess in guesses if guess)
        given = {guess.column for guess in guesses if guess}
        missing = sum(column.required and column.name not in given for column in table.columns)
        if worth >= 1 and worth - missing > best[0]:
            best = worth - missing, table, guesses
    return best[1], best[2]


def guess_columns(titles: Sequence[str], cells: Sequence[pl.Series], table: Table) -> tuple[Guess | None, ...]:
    """Guess the column of ``table`` at each place; ``cells`` are String series, null where empty.

    First come titles in the contract's words, then near ones, then values; each column is given once.
    """
    found: dict[int, Guess] = {}
    _give(found, "title", _by_title(titles, table))
    _give(found, "near", _by_near_title(titles, cells, table))
    _give(found, "values", _without_ties(_open(found, _by_values(titles, cells, table))))
    return tuple(found.get(place) for place in range(len(titles)))


Scored = list[tuple[float, int, str]]
"""Score, place, column."""


def _give(found: dict[int, Guess], basis: Basis, scored: Scored) -> None:
    """Give each place its best column that is still free, the surest first."""
    for score, place, column in sorted(scored, key=lambda one: (-one[0], one[1])):
        if _open(found, [(score, place, column)]):
            found[place] = Guess(column, basis)


def _open(found: Mapping[int, Guess], scored: Scored) -> Scored:
    taken = {guess.column for guess in found.values()}
    return [(score, place, column) for score, place, column in scored if place not in found and column not in taken]


def _without_ties(scored: Scored) -> Scored:
    """Leave out places for which values speak as much for two columns: supplier or buyer is for a person to say."""
    best = {place: max(score for score, at, _ in scored if at == place) for place in {place for _, place, _ in scored}}
    first = [(score, place, column) for score, place, column in scored if score == best[place]]
    counted = Counter(place for _, place, _ in first)
    rivals = Counter(column for _, _, column in first)
    return [(score, place, column) for score, place, column in first if counted[place] == rivals[column] == 1]


def _by_title(titles: Sequence[str], table: Table) -> Scored:
    head = find_head([titles], table)
    return [(1.0, place, name) for name, place in head.places.items()] if head else []


def _by_near_title(titles: Sequence[str], cells: Sequence[pl.Series], table: Table) -> Scored:
    """Return titles that are like a spelling and whose cells the column can read."""
    spellings = [(title_key(s), column) for column in table.columns for s in column.spellings() if s]
    words = [word for word, _ in spellings]
    scored: Scored = []
    for place, title in enumerate(titles):
        for key in {title_key(_BRACKET.sub("", title)), title_key(title)} - {""}:
            for _word, score, index in process.extract(key, words, scorer=_likeness, limit=5, score_cutoff=_NEAR):
                if not is_serial(title) and _readable(cells[place], spellings[index][1]) >= _FIT:
                    scored.append((score / 100, place, spellings[index][1].name))
    return scored


def _likeness(title: str, word: str, *, score_cutoff: float | None = None) -> float:
    """Return how like a title is to a spelling, of 100; one that contains the other is near if it is long enough."""
    ratio = float(fuzz.ratio(title, word))
    shorter, longer = sorted((title, word), key=len)
    if len(shorter) >= 2 and shorter in longer:
        ratio = max(ratio, 75.0 + 20.0 * len(shorter) / len(longer))
    return ratio if score_cutoff is None or ratio >= score_cutoff else 0.0


def _by_values(titles: Sequence[str], cells: Sequence[pl.Series], table: Table) -> Scored:
    """Return columns that tell by their values alone what they are: codes, choices, dates, kinds of names."""
    telling = [column for column in table.columns if column.check or column.choices or column.looks or _is_date(column)]
    return [
        (share, place, column.name)
        for place, values in enumerate(cells)
        for column in telling
        if not is_serial(titles[place]) and (share := _share_of_values(values, column)) >= _FIT
    ]


def _is_date(column: Column) -> bool:
    return column.dtype is pl.Date


def _share_of_values(values: pl.Series, column: Column) -> float:
    """Return the share of cells that look like the column's; a bare figure looks like no date, for it may be any."""
    filled = values.drop_nulls()
    if filled.is_empty():
        return 0.0
    if column.choices:
        return sum(choice_key(text) in _spelled(column.choices) for text in filled) / len(filled)
    if column.looks:
        return int(filled.str.contains(column.looks).sum()) / len(filled)
    if _is_date(column):
        filled = filled.filter(filled.str.contains(r"[-/.年]"))
        return _readable(filled, column) * len(filled) / values.count() if len(filled) else 0.0
    return _readable(filled, column)


@cache
def _spelled(choices: tuple[Choice, ...]) -> frozenset[str]:
    return frozenset(choice_key(spelling) for choice in choices for spelling in choice.spellings() if spelling)


def _readable(values: pl.Series, column: Column) -> float:
    """Return the share of filled cells that the column can read; 1 where there are none."""
    filled = values.drop_nulls()
    if filled.is_empty() or (column.dtype is pl.String and not (column.choices or column.check)):
        return 1.0
    if column.choices:
        return _share_of_values(values, column)
    return _share_read(tuple(filled), column.dtype, column.unit, column.check)


@lru_cache(maxsize=4096)
def _share_read(texts: tuple[str, ...], dtype: Dtype, unit: str, check: Identifier | None) -> float:
    """Return the share of texts that any column of this kind can read: columns of many tables are of one kind."""
    column = Column("value", dtype, unit=unit, check=check)
    rows = pl.DataFrame({"row": range(len(texts)), "value": texts}, schema={"row": pl.Int32, "value": pl.String})
    _values, faults = read_column(rows, column, Sheetwise())
    wrong = faults.filter(pl.col("severity") == "error")["row"].n_unique()
    return 1 - wrong / len(texts)
