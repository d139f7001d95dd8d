"""Rows that could not be read: keep them with their landing, settle them when they come back.

Called inside the transaction of a landing, so a load and its waiting rows appear together or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice

import polars as pl

from liandesk.base.facts.models import Landing
from liandesk.base.snapshots import store
from liandesk.know.sources.identity import identities
from liandesk.know.sources.models import QuarantinedRow
from liandesk.know.sources.reading import Part, Reading, Source

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


def keep_waiting(reading: Reading, source: Source, landing: Landing) -> int:
    """Write the rejected rows as rows that wait; return how many."""
    rows = islice(_waiting(reading, source, landing), KEPT)
    count = 0
    while batch := list(islice(rows, _BATCH)):
        QuarantinedRow.objects.bulk_create(batch)
        count += len(batch)
    return count


def _waiting(reading: Reading, source: Source, landing: Landing) -> Iterator[QuarantinedRow]:
    for part in reading.parts:
        rejected = part.waiting.head(KEPT)
        if rejected.is_empty():
            continue
        told = _problems_by_place(part, rejected)
        heads = _heads_with_units(part)
        known_as = identities(rejected, part.table, source.identity[part.table.name])
        for cells, identity in zip(rejected.iter_rows(named=True), known_as, strict=True):
            place = cells.pop("sheet"), cells.pop("row")
            yield QuarantinedRow(
                landing=landing,
                table=part.table.name,
                file=part.file[:200],
                sheet=place[0][:100],
                row=place[1],
                cells={name: text for name, text in cells.items() if text is not None},
                heads=heads,
                problems=told.get(place, []),
                identity=identity,
            )


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
    numbers = {column.name for column in part.table.columns if column.is_number}
    return {name: title for name, title in part.heads.items() if name in numbers}


def settle(reading: Reading, source: Source, landing: Landing) -> int:
    """Settle the waiting rows of earlier loads that came back: mended where they are good now, else waiting anew.

    A row is known by the number that an export of waiting rows carries, else by its identity. Returns how many.
    """
    count = 0
    for part in reading.parts:
        waiting = QuarantinedRow.objects.waiting().filter(landing__source=source.key, table=part.table.name)
        earlier = waiting.exclude(landing=landing)
        if not earlier.exists():
            continue
        columns = source.identity[part.table.name]
        good = set(identities(part.rows, part.table, columns)) - {""}
        wrong = set(identities(part.rejected, part.table, columns)) - {""}
        count += _settled(earlier, _numbers(part.rows), good, {"settled_by_landing": landing, "is_mended": True})
        again = {"settled_by_landing": landing, "is_mended": False}
        count += _settled(earlier, _numbers(part.rejected), wrong - good, again)
    return count


def _numbers(rows: pl.DataFrame) -> set[int]:
    if "quarantine_id" not in rows.columns:
        return set()
    return set(rows["quarantine_id"].cast(pl.Int64, strict=False).drop_nulls())


def _settled(earlier: object, numbers: set[int], known_as: set[str], change: Mapping[str, object]) -> int:
    rows = earlier.values_list("pk", "identity")  # type: ignore[attr-defined]
    found = iter([pk for pk, identity in rows if pk in numbers or identity in known_as])
    count = 0
    while batch := list(islice(found, _IDS)):
        count += QuarantinedRow.objects.filter(pk__in=batch).update(**change)
    return count
