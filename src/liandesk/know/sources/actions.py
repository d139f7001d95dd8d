"""Load files, or only look; send a mended row; set one aside. What is loaded is withdrawn by ``base.facts``."""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Literal

from django.db import transaction

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.errors import Conflict, UserError
from liandesk.base.facts.actions import NewLanding, find_landing, land
from liandesk.base.facts.models import Landing
from liandesk.base.facts.policies import LANDING
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.know.sources import quarantine
from liandesk.know.sources.models import QuarantinedRow, Receipt
from liandesk.know.sources.readers import source_of
from liandesk.know.sources.reading import Reading, Source, SourceFile, files_of
from liankit.tables.find import NOTHING_MAPPED
from liankit.tables.guess import Mappings

Status = Literal["loaded", "already_loaded", "nothing_good"]


@dataclass(frozen=True)
class Loaded:
    """What loading did. ``reading`` is None where the same content is loaded already and nothing was read."""

    status: Status
    landing: Landing | None
    reading: Reading | None


def preview(*, source: Source, paths: Sequence[Path], by: Viewer, mapped: Mappings = NOTHING_MAPPED) -> Reading:
    """Read files and keep nothing."""
    check(by, LANDING, "load")
    return source.read(paths, mapped)


def load(
    *, source: Source, paths: Sequence[Path], by: Viewer, title: str = "", mapped: Mappings = NOTHING_MAPPED
) -> Loaded:
    """Load files: good rows become facts, wrong ones wait; the same content a second time changes nothing.

    ``mapped`` says what the columns of sheets mean whose heads are not ours.

    Raises ``UnreadableFile`` where a file cannot be read at all; then nothing is kept.
    """
    check(by, LANDING, "load")
    content = content_hash(source, files_of(paths), mapped)
    known = find_landing(source.key, content)
    if known:
        return Loaded("already_loaded", known, None)
    reading = source.read(paths, mapped)
    if not reading.good:
        return Loaded("nothing_good", None, reading)
    try:
        landing = _keep(source, reading, content, title or _title(reading.files), by)
    except Conflict:
        return Loaded("already_loaded", _the_other(source, content), None)
    return Loaded("loaded", landing, reading)


def load_made(*, source: Source, options: Mapping[str, int], by: Viewer) -> Loaded:
    """Load a source that makes its own files; the same options give the same files, which load once."""
    if source.make is None:
        raise UserError(f"The source {source.key} reads files; give their paths.")
    with TemporaryDirectory(prefix="liandesk-") as folder:
        title = ", ".join(f"{name} {value}" for name, value in options.items())
        return load(source=source, paths=source.make(Path(folder), options), by=by, title=title)


def content_hash(source: Source, files: Sequence[SourceFile], mapped: Mappings = NOTHING_MAPPED) -> str:
    """Return the hash of what is loaded: the contents in any order, the reader's version, the pack's, the mapping."""
    said = sorted([signature, one.table, sorted(one.heads.items())] for signature, one in mapped.items())
    reader = [source.key, source.version, pack().key, pack().version, *([said] if said else [])]
    return hashlib.sha256(json.dumps([reader, sorted(file.digest for file in files)]).encode()).hexdigest()


def _title(files: Sequence[SourceFile]) -> str:
    return ", ".join(file.name for file in files)


def _keep(source: Source, reading: Reading, content: str, title: str, by: Viewer) -> Landing:
    new = NewLanding(
        source=source.key,
        title=title,
        content_hash=content,
        facts=reading.facts,
        report=reading.problems,
        counts=reading.counts,
        is_synthetic=source.is_synthetic,
    )
    beside = _Beside(
        reading,
        quarantine.keep_beyond(reading),
        quarantine.rows_to_wait(reading, source),
        quarantine.who_came_back(reading, source),
    )
    return land(new, by=by, also=lambda landing: _write_beside(landing, source, beside, by))


@dataclass(frozen=True)
class _Beside:
    """What is written with a landing in its transaction."""

    reading: Reading
    beyond: quarantine.Beyond
    waiting: list[QuarantinedRow]
    came_back: list[quarantine.CameBack]


def _write_beside(landing: Landing, source: Source, beside: _Beside, by: Viewer) -> None:
    quarantine.keep_waiting(beside.waiting, landing)
    settled = quarantine.settle(beside.came_back, source, landing)
    Receipt.objects.create(
        landing=landing,
        files=[vars(file) for file in beside.reading.files],
        facts=store.count_rows(landing.facts),
        lost=beside.reading.lost,
        rows_beyond=beside.beyond.rows,
        beyond=beside.beyond.blob,
        settled=settled,
    )
    if beside.waiting or settled:
        record("quarantine.keep", "landing", landing.key, by=by, waiting=len(beside.waiting), settled=settled)


def _the_other(source: Source, content: str) -> Landing:
    other = find_landing(source.key, content)
    if other is None:
        raise Conflict("The same file was loaded and withdrawn at the same moment; send it again.")
    return other


def resend(*, row: int, cells: Mapping[str, str], by: Viewer) -> Loaded:
    """Send one waiting row again with mended cells: where it is good now, a load of its own that settles it."""
    check(by, LANDING, "load")
    waiting = _waiting_row(row)
    source = source_of(waiting.landing.source)
    if source.is_folder:
        raise UserError("Rows of this source point to each other: mend the file and load the whole set again.")
    with TemporaryDirectory(prefix="liandesk-") as folder:
        path = Path(folder) / f"{Path(waiting.file).stem[:60]}-{waiting.pk}.csv"
        _write_row(path, waiting, cells)
        return load(source=source, paths=[path], by=by, title=f"{waiting.file} {waiting.row}")


@transaction.atomic
def set_aside(*, row: int, why: str, by: Viewer) -> QuarantinedRow:
    """Say that a waiting row needs no mending, and why: it is then no longer waiting."""
    check(by, LANDING, "load")
    if not why.strip():
        raise UserError("Say in a few words why this row is not needed.")
    waiting = _waiting_row(row)
    waiting.set_aside_by, waiting.set_aside_why = by.actor, why.strip()[:400]
    waiting.save(update_fields=["set_aside_by", "set_aside_why"])
    record("quarantine.set_aside", "quarantined_row", waiting.pk, by=by)
    return waiting


def _waiting_row(pk: int) -> QuarantinedRow:
    rows = QuarantinedRow.objects.waiting().select_related("landing")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Conflict("This row no longer waits: it was mended, set aside, or its load was withdrawn.")
    return row


def _write_row(path: Path, waiting: QuarantinedRow, cells: Mapping[str, str]) -> None:
    """Write one row under the heads it had, with its number."""
    table = source_of(waiting.landing.source).table(waiting.table)
    given = {**waiting.cells, **cells, "quarantine_id": str(waiting.pk)}
    heads = [waiting.heads.get(name, name) for name in table.names()]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heads, [given.get(name, "") for name in table.names()]])
