"""Find the head of a table in the first rows of a sheet, and which of its columns are those of the contract.

Above the head there may be titles, beneath it a second line; a head may name a unit that is not the contract's.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from liankit.tables.contract import Column, Table, head_key, title_key
from liankit.tables.problems import Problem, severity_of
from liankit.tables.units import is_unit, unit_factor, unit_label

Row = Sequence[str | None]

_BRACKETED = re.compile(r"^(.*)[(\[【]([^()\[\]【】]*)[)\]】][\s*]*$", re.DOTALL)
_OBLIGATION = re.compile(r"(必填|选填|可选|required|optional)$")
_UNIT_OF_SHEET = re.compile(r"(?:金额)?单位\s*[::]\s*([^\s,;,;)]+)")
_SERIAL = frozenset({"序号", "行号", "编号", "no", "number", "sheet", "row"})


@dataclass(frozen=True)
class Head:
    """The head of a sheet: its last line (0-based), the text over each column, and the contract's columns."""

    last: int
    titles: tuple[str, ...]
    places: Mapping[str, int]
    """Contract column -> index of the column in the sheet."""
    factors: Mapping[str, float]
    """Contract column of numbers -> what one of the sheet's is worth in the stored unit."""
    problems: tuple[Problem, ...]

    @property
    def is_complete(self) -> bool:
        """Say whether rows under this head can be good."""
        return all(problem.severity != "error" for problem in self.problems)


@dataclass(frozen=True)
class _Match:
    column: Column
    unit: str  # as written in the head; "" none


def find_head(rows: Sequence[Row], table: Table) -> Head | None:
    """Return the head that names most columns of ``table``; of equals one line before two, then the first."""
    titles = _Titles(table)
    best: tuple[int, int, tuple[str, ...], list[_Match | None]] | None = None
    for last, names, matches in _candidates(rows, titles):
        score = len({match.column.name for match in matches if match})
        if score > (best[0] if best else 0):
            best = score, last, names, matches
    if best is None:
        return None
    _, last, names, matches = best
    return _head(table, last, names, matches, _unit_above(rows[:last]))


def is_serial(title: str) -> bool:
    """Say whether a title only numbers the rows."""
    return title_key(title) in _SERIAL


def matched(head: Head | None) -> int:
    """Return how many columns of the contract a head names."""
    return len(head.places) if head else 0


class _Titles:
    """Finds the column that a title means: as its sender said, else by the spellings of the contract."""

    def __init__(self, table: Table) -> None:
        self._said = {key: table.column(name) if name else None for key, name in table.heads.items()}
        self.is_headless = bool(self._said) and all(key.startswith("@") for key in self._said)
        self._columns = {
            title_key(spelling): column for column in table.columns for spelling in column.spellings() if spelling
        }
        self._longest_first = sorted(filter(None, self._columns), key=len, reverse=True)
        self._starts = tuple(self._longest_first)

    def at(self, place: int, title: str) -> _Match | None:
        """Match what stands over a column, or the place of one without a title."""
        key = head_key(title, place)
        if key not in self._said:
            return self.match(title) if title else None
        column = self._said[key]
        return _Match(column, unit_in(title)) if column else None

    def match(self, title: str) -> _Match | None:
        """Match a title as it is, without its bracket, or without a unit at its end."""
        key = _OBLIGATION.sub("", title_key(title))
        if key in self._columns:
            return _Match(self._columns[key], "")
        bracketed = _BRACKETED.match(unicodedata.normalize("NFKC", title).strip())
        if bracketed:
            inner = self.match(bracketed[1])
            obliges = _OBLIGATION.fullmatch(title_key(bracketed[2]))
            return inner and _Match(inner.column, inner.unit if obliges else inner.unit or bracketed[2].strip())
        return self._with_unit_at_end(key)

    def _with_unit_at_end(self, key: str) -> _Match | None:
        if not key.startswith(self._starts):
            return None
        for known in self._longest_first:
            if key.startswith(known) and is_unit(key[len(known) :]):
                return _Match(self._columns[known], key[len(known) :])
        return None


def _candidates(rows: Sequence[Row], titles: _Titles) -> Iterator[tuple[int, tuple[str, ...], list[_Match | None]]]:
    width = max(map(len, rows), default=0)
    singles = [tuple(_text(cell) for cell in row) + ("",) * (width - len(row)) for row in rows]
    if titles.is_headless:
        yield -1, ("",) * width, [titles.at(place, "") for place in range(width)]
        return
    for last, row in enumerate(singles):
        yield last, row, [titles.at(place, title) for place, title in enumerate(row)]
    for last in range(1, len(singles)):
        pairs = two_lines(singles[last - 1], singles[last])
        names = tuple(name_of_two(*pair) for pair in pairs)
        both = zip(names, pairs, strict=True)
        yield last, names, [_match_of_two(titles, place, name, *pair) for place, (name, pair) in enumerate(both)]


def two_lines(above: Sequence[str], row: Sequence[str]) -> list[tuple[str, str, str]]:
    """Return for each column its group (the line above, filled to the right), its own text above, and its title."""
    return list(zip(_filled_forward(above), above, row, strict=True))


def name_of_two(group: str, own: str, title: str) -> str:
    """Return the title of a column under two lines: the group's (filled to the right), its own above, and below."""
    return f"{group} {title}".strip() if title else own


def _match_of_two(titles: _Titles, place: int, name: str, group: str, own: str, title: str) -> _Match | None:
    """Match the two lines over a column: both together, else the lower, else the upper where the lower is empty."""
    if found := titles.at(place, name):
        return found
    if not title:
        return titles.match(own) if own else None
    return (titles.match(group + title) if group else None) or titles.match(title)


def unit_in(title: str) -> str:
    """Return the unit that a title names in its bracket, "" where it names none.

    >>> unit_in("合同额（含税，万元）"), unit_in("备注（选填）")
    ('含税,万元', '')
    """
    found = _BRACKETED.match(unicodedata.normalize("NFKC", title).strip())
    inner = found[2].strip() if found else ""
    return inner if any(map(is_unit, re.split(r"[\s/,;:、]+", inner))) or is_unit(inner) else ""


def _text(cell: str | None) -> str:
    return (cell or "").strip(" \t\r\n\u3000\u00a0\ufeff\u200b")


def _filled_forward(row: Sequence[str]) -> list[str]:
    filled: list[str] = []
    for cell in row:
        filled.append(cell or (filled[-1] if filled else ""))
    return filled


def _unit_above(rows: Sequence[Row]) -> str:
    """Return the unit that a line over the table states for all of it (单位：万元); who fills it in is no unit."""
    cells = (unicodedata.normalize("NFKC", cell) for row in rows for cell in row if cell)
    stated = (found[1] for cell in cells for found in _UNIT_OF_SHEET.finditer(cell))
    return next((unit for unit in stated if is_unit(unit)), "")


def _head(table: Table, last: int, names: tuple[str, ...], matches: Sequence[_Match | None], unit_above: str) -> Head:
    places: dict[str, int] = {}
    factors: dict[str, float] = {}
    problems: list[Problem] = []
    for place, match in enumerate(matches):
        if match is None:
            continue
        name = match.column.name
        if name in places:
            problems.append(_twice(match.column, names[places[name]], names[place]))
            continue
        places[name] = place
        if match.column.is_number:
            factors[name], code = _factor(match, unit_above)
            problems += [_of_unit(code, match.column, match.unit)] if code else []
    strange = [name for name, match in zip(names, matches, strict=True) if name and not match]
    strange = [name for name in strange if table.heads.get(title_key(name)) != ""]
    problems += _missing(table, places) + _unknown(table, places, strange)
    return Head(last, names, places, factors, tuple(problems))


def _factor(match: _Match, unit_above: str) -> tuple[float, str | None]:
    """Return the factor of a column of numbers, and the code of what is not clear about its unit.

    A bracket may say more than the unit (2023年，万元); with a bare number in it (10 000 元) it may be another unit.
    """
    column = match.column
    parts = [part for part in re.split(r"[\s/,;:、]+", match.unit) if part and part != "单位"]
    factors = [unit_factor(unit, column.unit) for unit in (match.unit, *parts)]
    known = next((factor for factor in factors if factor is not None), None)
    if known is not None and (factors[0] is not None or not any(part.isdigit() for part in parts)):
        return known, None
    if parts:
        is_other = known is not None or any(map(is_unit, parts))
        return column.scale, "unit_mismatch" if is_other else "unit_not_understood"
    if (above := unit_factor(unit_above, column.unit)) is not None:
        return above, None
    return column.scale, None if column.scale == 1 else "unit_assumed"


def _of_unit(code: str, column: Column, unit: str) -> Problem:
    expected = {language: unit_label(column.unit, column.scale, language) or column.unit for language in ("zh", "en")}
    return _problem(code, column, {"unit": unit, "expected": expected})


def _twice(column: Column, first: str, second: str) -> Problem:
    return _problem("column_twice", column, {"first": first, "second": second})


def _missing(table: Table, places: Mapping[str, int]) -> list[Problem]:
    lacking = [column for column in table.columns if column.required and column.name not in places]
    heads = [{language: column.head(language) for language in ("zh", "en")} for column in lacking]
    return [_problem("missing_column", column, {"head": head}) for column, head in zip(lacking, heads, strict=True)]


def _unknown(table: Table, places: Mapping[str, int], strange: Sequence[str]) -> list[Problem]:
    lacking = [column for column in table.columns if column.name not in places]
    free = {title_key(spelling): spelling for c in lacking for spelling in c.spellings() if spelling}
    return [_stranger(name, free) for name in strange if title_key(name) not in _SERIAL]


def _stranger(name: str, free: Mapping[str, str]) -> Problem:
    close = difflib.get_close_matches(title_key(name), free, n=1)
    code = "misspelt_column" if close else "unknown_column"
    params = {"head": name, "nearest": free[close[0]]} if close else {"head": name}
    return Problem(code, params, column=name, severity="warning")


def _problem(code: str, column: Column, params: Mapping[str, object]) -> Problem:
    title = {language: column.titled(language) for language in ("zh", "en")}
    severity = severity_of(code)
    return Problem(code, {"title": title, **params}, column=column.name, severity=severity)
