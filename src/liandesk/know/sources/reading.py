"""What a source is, and what reading its files gives: facts, and where every row went.

A source is one module in ``readers/`` with a ``SOURCE``; nothing lists them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

import polars as pl

from liandesk.base.facts.schema import empty_facts
from liandesk.base.pack import Text
from liandesk.base.snapshots.store import file_digest
from liankit.tables import PROBLEM_SCHEMA, Counts, Limits, Problem, Table, read_table
from liankit.tables.find import NOTHING_MAPPED
from liankit.tables.guess import Mappings
from liankit.tables.heads import unit_in
from liankit.tables.problems import frame_of
from liankit.tables.sources import detect_format

REPORT_SCHEMA = {"table": pl.String, **PROBLEM_SCHEMA}
"""Columns of a landing's report: one line a problem; ``table`` is empty where the file as a whole is meant."""


@dataclass(frozen=True)
class SourceFile:
    """One file as it was sent."""

    name: str
    bytes: int
    digest: str


@dataclass(frozen=True)
class Part:
    """One table of one file after reading: good rows as values, rejected rows as the text that was there."""

    table: Table
    file: str
    rows: pl.DataFrame
    rejected: pl.DataFrame
    counts: Counts
    problems: pl.DataFrame  # PROBLEM_SCHEMA
    heads: Mapping[str, str] = field(default_factory=dict)  # column -> its title in the file, with its unit

    @property
    def lost(self) -> Counter[str]:
        """Count the rejected rows by the code of their first error; one of the file as a whole keeps all rows out."""
        errors = self.problems.filter(pl.col("severity") == "error")
        whole = errors.filter(pl.col("row").is_null())
        if whole.height:
            return Counter({whole["code"][0]: self.rejected.height} if self.rejected.height else {})
        first = errors.unique(["sheet", "row"], keep="first", maintain_order=True)
        return Counter(dict(first["code"].value_counts().iter_rows()))

    @property
    def waiting(self) -> pl.DataFrame:
        """Return the rejected rows that can be mended one by one: none where the head of the table is wrong."""
        is_headless = self.problems.filter(pl.col("row").is_null() & (pl.col("severity") == "error")).height > 0
        return self.rejected.clear() if is_headless else self.rejected

    def with_problems(self, problems: Iterable[Problem]) -> Part:
        """Add what was found in the file beside the rows."""
        return replace(self, problems=pl.concat([frame_of(problems), self.problems]))

    def reject(self, places: pl.DataFrame, problems: Iterable[Problem]) -> Part:
        """Move good rows (``sheet``, ``row``) to the rejected ones, with the reasons."""
        if places.is_empty():
            return self
        keys = ["sheet", "row"]
        found = [replace(problem, file=self.file) for problem in problems]
        text = self.rows.join(places, on=keys, how="semi").with_columns(
            pl.col(name).cast(pl.String) for name in self.table.names()
        )
        moved = text.height
        return replace(
            self,
            rows=self.rows.join(places, on=keys, how="anti", maintain_order="left"),
            rejected=pl.concat([self.rejected, text.select(self.rejected.columns)]).sort(keys),
            counts=replace(self.counts, good=self.counts.good - moved, bad=self.counts.bad + moved),
            problems=pl.concat([self.problems, frame_of(found)]),
        )


@dataclass(frozen=True)
class Reading:
    """What the files hold: facts (lazy ``FACT_SCHEMA``), the parts they came from, the files."""

    facts: pl.LazyFrame
    parts: tuple[Part, ...]
    files: tuple[SourceFile, ...] = ()

    @cached_property
    def counts(self) -> dict[str, dict[str, int]]:
        """Return seen, good, bad … rows by table."""
        totals: dict[str, Counter[str]] = {}
        for part in self.parts:
            totals.setdefault(part.table.name, Counter()).update(vars(part.counts))
        return {name: dict(total) for name, total in totals.items()}

    @cached_property
    def problems(self) -> pl.DataFrame:
        """Return everything found, ``REPORT_SCHEMA``, in the order of the files."""
        named = [part.problems.select(pl.lit(part.table.name).alias("table"), pl.all()) for part in self.parts]
        return pl.concat([pl.DataFrame(schema=REPORT_SCHEMA), *named])

    @property
    def good(self) -> int:
        return sum(part.counts.good for part in self.parts)

    @property
    def bad(self) -> int:
        return sum(part.counts.bad for part in self.parts)

    @cached_property
    def lost(self) -> dict[str, int]:
        """Return how many rows were rejected by the code of their first error; they add up to ``bad``."""
        total = sum((part.lost for part in self.parts), Counter[str]())
        return dict(sorted(total.items()))


@dataclass(frozen=True)
class Source:
    """Where facts come from: its contracts, and the function that reads its files.

    ``identity`` names by table the columns under which a row that was wrong is known again when it comes back.
    ``parse_mapped`` reads sheets whose columns a person has said the meaning of; None where heads are agreed.
    ``version`` rises whenever the same file would give other facts. ``make`` writes the files of a source that
    brings none. ``origin`` says whose data it is, for the reference.
    """

    key: str
    title: Text
    origin: Text
    tables: tuple[Table, ...]
    identity: Mapping[str, tuple[str, ...]]
    parse: Callable[[Sequence[Path]], tuple[tuple[Part, ...], pl.LazyFrame]]
    parse_mapped: Callable[[Sequence[Path], Mappings], tuple[tuple[Part, ...], pl.LazyFrame]] | None = None
    version: int = 1
    is_folder: bool = False
    is_synthetic: bool = False
    make: Callable[[Path, Mapping[str, int]], list[Path]] | None = None

    def table(self, name: str) -> Table:
        """Return one of the contracts by its name."""
        return next(table for table in self.tables if table.name == name)

    def read(self, paths: Sequence[Path], mapped: Mappings = NOTHING_MAPPED) -> Reading:
        """Read files without keeping anything; raises ``UnreadableFile`` where nothing can be read from one."""
        files = files_of(paths)
        parts, facts = self.parse_mapped(paths, mapped) if mapped and self.parse_mapped else self.parse(paths)
        return Reading(facts, parts, files)


def files_of(paths: Sequence[Path]) -> tuple[SourceFile, ...]:
    """Return name, size and digest of each file; raises ``UnreadableFile`` for one that is no table at all."""
    for path in paths:
        detect_format(path, Limits())
    return tuple(SourceFile(path.name, path.stat().st_size, file_digest(path)) for path in paths)


def read_part(path: Path, table: Table) -> Part:
    """Read one table of one file."""
    read = read_table(path, table)
    heads = _agreed_heads(read.heads, table) if table.heads else read.heads
    plain = replace(table, heads={})
    return Part(plain, path.name, read.rows, read.rejected, read.counts, read.problems_frame(), heads)


def _agreed_heads(heads: Mapping[str, str], table: Table) -> dict[str, str]:
    """Return the heads of a sheet in our words with its units, so that its waiting rows are read again without it."""
    titles = {name: (table.column(name).titled("zh"), unit_in(title)) for name, title in heads.items()}
    return {name: f"{title}（{unit}）" if unit else title for name, (title, unit) in titles.items()}


def nothing() -> pl.LazyFrame:
    """Return facts without a line."""
    return empty_facts().lazy()
