"""Find which of several tables a file holds, before any of them is read whole."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from liankit.tables.contract import Limits, Table
from liankit.tables.csvfile import open_csv
from liankit.tables.guess import Mappings, signature_of
from liankit.tables.heads import Row, find_head
from liankit.tables.problems import Problem
from liankit.tables.sources import Format, detect_format
from liankit.tables.workbook import is_sheet_of, open_book
from liankit.texts import LANGUAGES, render

NOTHING_MAPPED: Mappings = {}
Fit = tuple[int, bool]
"""How many columns of a table a head names, and whether it names all that are required."""


def find_tables(
    path: Path, tables: Sequence[Table], *, limits: Limits, mapped: Mappings = NOTHING_MAPPED
) -> tuple[tuple[Table, ...], tuple[Problem, ...]]:
    """Return the tables that a file holds, each bound to its sheet, and a warning for each sheet that is none of them.

    Delimited text holds one. In a workbook a sheet of a table's name or title holds that table; any other visible
    sheet holds the table whose columns its head names most, unless a sheet of that table's name is there. A file in
    which nothing fits is taken for the first table, so that reading it says what is wrong. A sheet of which ``mapped``
    says what it is, is that, and its heads mean what it says; one that is said to be none is left out.

    Raises ``UnreadableFile`` as ``read_table`` does.
    """
    found = detect_format(path, limits)
    if found == "csv":
        return (_in_text(path, tables, limits, mapped),), ()
    return _in_workbook(path, found, tables, limits, mapped)


def _as_mapped(sample: Sequence[Row], tables: Sequence[Table], mapped: Mappings) -> Table | Literal[""] | None:
    """Return the table that a sheet is said to be, "" where it is said to be none, None where nothing is said."""
    said = mapped.get(signature_of(sample, tables)) if mapped else None
    if said is None:
        return None
    return next((replace(table, heads=said.heads) for table in tables if table.name == said.table), "")


def _in_text(path: Path, tables: Sequence[Table], limits: Limits, mapped: Mappings) -> Table:
    with TemporaryDirectory(prefix="liankit-") as workdir:
        sample = open_csv(path, tables[0], limits, Path(workdir)).sheets[0].sample
        if said := _as_mapped(sample, tables, mapped):
            return said
        (_, is_complete), best = _best(sample, tables)
        if best and is_complete:
            return best
        # the delimiter may have been guessed wrong for want of a matching head
        samples = {t.name: open_csv(path, t, limits, Path(workdir)).sheets[0].sample for t in tables}
    return max(tables, key=lambda table: _fit(samples[table.name], table))


def _in_workbook(
    path: Path, form: Format, tables: Sequence[Table], limits: Limits, mapped: Mappings
) -> tuple[tuple[Table, ...], tuple[Problem, ...]]:
    book = open_book(path, form, limits)
    visible = [name for name in book.visible() if name not in _guides()]
    said = {name: _as_mapped(book.sheet(name).sample, tables, mapped) for name in visible} if mapped else {}
    named = {name: table for name in visible for table in tables if said.get(name) is None and is_sheet_of(name, table)}
    named |= {name: table for name, table in said.items() if table}
    others = {name: book.sheet(name).sample for name in visible if name not in named}
    taken = {table.name for name, table in named.items() if not said.get(name)}
    free = [table for table in tables if table.name not in taken]
    asked = {name: sample for name, sample in others.items() if said.get(name) != ""}
    fitting = _fitting(asked, free, must_be_complete=bool(named))
    bound = [(name, table) for name in visible if (table := named.get(name) or fitting.get(name))]
    unread = [name for name, sample in others.items() if name not in fitting and any(map(any, sample))]
    if not bound:
        return (tables[0],), ()
    warnings = tuple(Problem("sheet_not_read", {}, path.name, name, severity="warning") for name in unread)
    return tuple(replace(table, sheet=name) for name, table in bound), warnings


def _guides() -> set[str]:
    """Return the names of the sheet that ``write_template`` puts at the end to explain the others."""
    return {render("workbook.guide", {}, language) for language in LANGUAGES}


def _fitting(
    samples: Mapping[str, Sequence[Row]], tables: Sequence[Table], *, must_be_complete: bool
) -> dict[str, Table]:
    """Return the table of each sheet whose head is complete; where there is none, that of the sheet nearest to one."""
    best = {name: _best(sample, tables) for name, sample in samples.items()}
    complete = {name: table for name, ((_, is_complete), table) in best.items() if is_complete and table}
    nearest = max(best, key=lambda name: best[name][0], default=None)
    table = best[nearest][1] if nearest else None
    if complete or must_be_complete or nearest is None or table is None:
        return complete
    return {nearest: table}


def _best(sample: Sequence[Row], tables: Sequence[Table]) -> tuple[Fit, Table | None]:
    fits = [(_fit(sample, table), table) for table in tables]
    fit, table = max(fits, key=lambda pair: pair[0], default=((0, False), None))
    return fit, table if fit[0] else None


def _fit(sample: Sequence[Row], table: Table) -> Fit:
    head = find_head(sample, table)
    return (len(head.places), head.is_complete) if head else (0, False)
