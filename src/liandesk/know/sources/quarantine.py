"""Rows that could not be read: keep them with their landing, settle them when they come back.

What is slow is done before the transaction of the landing; what is written, in it: a load and its waiting rows appear
together or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import polars as pl

from liandesk.base.facts.models import Landing
from liandesk.base.snapshots import store
from liandesk.know.sources.identity import identities
from liandesk.know.sources.models import QuarantinedRow
from liandesk.know.sources.reading import Part, Reading, Source
from liankit.tables.contract import title_key

KEPT = 20_000
"""Rejected rows of one load that wait one by one; the rest is kept as one CSV: nobody mends so many by hand."""
_BATCH = 2_000
_IDS = 500  # in one statement
_SHOWN = ("code", "column", "value", "params", "severity")


@dataclass(frozen=True)
class Beyond:
    """Rejected rows beyond ``KEPT``: how many, and the blob that holds them as CSV."""

    rows: int = 0
    blob: str = ""


def keep_beyond(reading: Reading) -> Beyond:
    """Store the rejected rows that do not fit into quarantine; done before the transaction, as every blob is."""
    room, rows, texts = KEPT, 0, []
    for part in reading.parts:
        left_out = part.waiting.slice(room)
        room -= part.waiting.height - left_out.height
        rows += left_out.height
        texts += [_as_csv(part, left_out)] if left_out.height else []
    return Beyond(rows, store.put_bytes("\n".join(texts).encode("utf-8-sig"))) if rows else Beyond()


def _as_csv(part: Part, rows: pl.DataFrame) -> str:
    """Write rows as they came, under the heads they had, so that the file can be mended and sent again."""
    return rows.rename(dict(part.heads)).select(*part.heads.values()).write_csv()


def rows_to_wait(reading: Reading, source: Source) -> list[QuarantinedRow]:
    """Return the rejected rows as rows that wait, without their landing; made before the transaction."""
    return list(islice((row for part in reading.parts for row in _waiting(part, source)), KEPT))


def _waiting(part: Part, source: Source) -> Iterator[QuarantinedRow]:
    rejected = part.waiting.head(KEPT)
    if rejected.is_empty():
        return
    told = _problems_by_place(part, rejected)
    heads = _heads_with_units(part)
    known_as = identities(rejected, part.table, source.identity[part.table.name])
    for cells, identity in zip(rejected.iter_rows(named=True), known_as, strict=True):
        place = cells.pop("sheet"), cells.pop("row")
        yield QuarantinedRow(
            table=part.table.name,
            file=part.file[:200],
            sheet=place[0][:100],
            row=place[1],
            cells={name: text for name, text in cells.items() if text is not None},
            heads=heads,
            problems=told.get(place, []),
            identity=identity,
        )


def keep_waiting(rows: Sequence[QuarantinedRow], landing: Landing) -> None:
    """Write rows that wait, in the transaction of their landing."""
    for row in rows:
        row.landing = landing
    QuarantinedRow.objects.bulk_create(rows, batch_size=_BATCH)


def _problems_by_place(part: Part, rejected: pl.DataFrame) -> dict[tuple[str, int], list[dict[str, object]]]:
    found = part.problems.join(rejected.select("sheet", "row"), on=["sheet", "row"], how="semi", maintain_order="left")
    told: dict[tuple[str, int], list[dict[str, object]]] = {}
    for sheet, row, *said in found.select("sheet", "row", *_SHOWN).iter_rows():
        told.setdefault((sheet, row), []).append(_said(said))
    return told


def _said(values: list[object] | tuple[object, ...]) -> dict[str, object]:
    said = dict(zip(_SHOWN, values, strict=True))
    return {**said, "params": json.loads(str(said["params"]))}


def _heads_with_units(part: Part) -> dict[str, str]:
    """Return the heads of numbers that say more than the contract's titles: in which unit the file gives them."""
    plain = {column.name: set(map(title_key, column.spellings())) for column in part.table.columns if column.is_number}
    return {name: head for name, head in part.heads.items() if name in plain and title_key(head) not in plain[name]}


@dataclass(frozen=True)
class CameBack:
    """Under which numbers and identities the rows of one table came back, good now or still wrong."""

    table: str
    good: frozenset[int | str]
    wrong: frozenset[int | str]


def who_came_back(reading: Reading, source: Source) -> list[CameBack]:
    """Look for waiting rows of earlier loads; slow for a large file, so done before the transaction.

    A row is known by the number that an export of waiting rows gave it and by nothing else, else by its identity.
    """
    waiting = QuarantinedRow.objects.waiting().filter(landing__source=source.key)
    tables = set(waiting.values_list("table", flat=True))
    parts = [part for part in reading.parts if part.table.name in tables]
    return [
        CameBack(part.table.name, _known_as(part.rows, part, source), _known_as(part.rejected, part, source))
        for part in parts
    ]


def _known_as(rows: pl.DataFrame, part: Part, source: Source) -> frozenset[int | str]:
    """Return the numbers that rows carry, and the identities of those that carry none."""
    numbers = pl.Series(dtype=pl.Int64)
    if "quarantine_id" in rows.columns:
        numbered = pl.col("quarantine_id").cast(pl.Int64, strict=False)
        numbers = rows.select(numbered).to_series().drop_nulls()
        rows = rows.filter(numbered.is_null())
    names = identities(rows, part.table, source.identity[part.table.name])
    return frozenset(names) - {""} | frozenset(numbers)


def settle(came_back: Sequence[CameBack], source: Source, landing: Landing) -> int:
    """Settle waiting rows of earlier loads that came back: mended, or waiting anew under this load; return how many."""
    waiting = QuarantinedRow.objects.waiting().filter(landing__source=source.key)
    count = 0
    for back in came_back:
        rows = waiting.filter(table=back.table).exclude(landing=landing).values_list("pk", "identity")
        mended = [pk for pk, identity in rows if pk in back.good or identity in back.good]
        again = [pk for pk, identity in rows if pk in back.wrong or identity in back.wrong]
        _mark(mended, landing, is_mended=True)
        _mark(set(again) - set(mended), landing, is_mended=False)
        count += len({*mended, *again})
    return count


def _mark(rows: Collection[int], landing: Landing, *, is_mended: bool) -> None:
    left = iter(sorted(rows))
    while batch := list(islice(left, _IDS)):
        QuarantinedRow.objects.filter(pk__in=batch).update(settled_by_landing=landing, is_mended=is_mended)
