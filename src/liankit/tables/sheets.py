"""Read one sheet batch by batch and sum up what was found in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from liankit.tables.contract import PLACE, Counts, Limits, Table
from liankit.tables.faults import FAULT_SCHEMA
from liankit.tables.heads import find_head
from liankit.tables.problems import Problem, UnreadableFile, unreadable
from liankit.tables.rows import BatchRead, Layout, as_faults, raw_text, read_batch
from liankit.tables.sources import RawSheet


@dataclass(frozen=True)
class SheetRead:
    """The sum of a sheet's batches; its frames have ``sheet`` and ``row``."""

    name: str
    layout: Layout
    rows: pl.DataFrame
    rejected: pl.DataFrame
    faults: pl.DataFrame
    counts: Counts
    problems: tuple[Problem, ...]

    def titles(self) -> Mapping[str, str]:
        """Return the titles that the sheet has for the contract's columns."""
        head = self.layout.head
        return {name: head.titles[place] for name, place in head.places.items()}

    def text_of(self, raw: RawSheet, places: pl.DataFrame) -> pl.DataFrame:
        """Return the text of the rows at ``places``, as in ``rejected``; reads the sheet again where there are any."""
        rows = places.filter(pl.col("sheet") == self.name)["row"]
        if rows.is_empty():
            return self.rejected.clear()
        found = pl.concat([raw_text(batch, self.layout, rows) for batch in raw.batches()])
        return _placed(found, self.name, self.layout.table)


def read_sheet(path: Path, raw: RawSheet, table: Table, is_workbook: bool, limits: Limits) -> SheetRead:
    """Read all rows beneath the head; raises ``UnreadableFile`` where there is no head or too many rows."""
    head = find_head(raw.sample, table)
    if head is None:
        raise _headless(path, raw, table)
    layout = Layout(table, head, raw.width, is_workbook)
    batches: list[BatchRead] = []
    for batch in raw.batches():
        if int(batch["row"].max() or 0) > limits.rows + head.last + 1:  # type: ignore[arg-type]
            raise unreadable("too_many_rows", path.name, limit=limits.rows)
        batches.append(read_batch(batch.filter(pl.col("row") > head.last + 1), layout))
    return _summed(raw.name, layout, _without_tail(batches, layout))


def _headless(path: Path, raw: RawSheet, table: Table) -> UnreadableFile:
    if not any(cell and cell.strip() for row in raw.sample for cell in row):
        return unreadable("empty_file", path.name)
    titles = [{language: column.titled(language) for language in ("zh", "en")} for column in table.columns]
    return unreadable("head_not_found", path.name, titles=titles)


def _without_tail(batches: Sequence[BatchRead], layout: Layout) -> list[BatchRead]:
    """Take bad rows that hold a single sentence, after the last row with more, for what they are: notes."""
    last = max((batch.last for batch in batches), default=0)
    return [_tail_as_notes(batch, last) if len(layout.obliged()) > 1 else batch for batch in batches]


def _tail_as_notes(batch: BatchRead, last: int) -> BatchRead:
    tail = batch.lone.filter(pl.col("row") > last).join(batch.rejected, on="row", how="semi")
    if tail.is_empty():
        return batch
    notes = as_faults(tail.with_columns(code=pl.lit("note_row")))
    return replace(
        batch,
        rejected=batch.rejected.join(tail, on="row", how="anti"),
        faults=pl.concat([batch.faults.join(tail, on="row", how="anti"), notes]),
        counts=replace(batch.counts, bad=batch.counts.bad - tail.height, notes=batch.counts.notes + tail.height),
    )


def _summed(name: str, layout: Layout, batches: Sequence[BatchRead]) -> SheetRead:
    table = layout.table
    text = pl.DataFrame(schema={**dict.fromkeys(table.names(), pl.String), "row": pl.Int32})
    faults = pl.concat([pl.DataFrame(schema=FAULT_SCHEMA), *(batch.faults for batch in batches)])
    return SheetRead(
        name,
        layout,
        _placed(
            pl.concat([pl.DataFrame(schema=table.schema()).drop("sheet"), *(b.rows for b in batches)]), name, table
        ),
        _placed(pl.concat([text, *(batch.rejected.select(text.columns) for batch in batches)]), name, table),
        faults.sort("row", maintain_order=True).with_columns(sheet=pl.lit(name)),
        Counts.sum(batch.counts for batch in batches),
        layout.head.problems + _untitled(batches),
    )


def _placed(rows: pl.DataFrame, sheet: str, table: Table) -> pl.DataFrame:
    return rows.with_columns(sheet=pl.lit(sheet)).select(*table.names(), *PLACE)


def _untitled(batches: Sequence[BatchRead]) -> tuple[Problem, ...]:
    places = sorted(frozenset().union(*(batch.untitled for batch in batches)))
    return tuple(Problem("column_without_title", {"place": place + 1}, severity="warning") for place in places)
