"""Backup and restore, the same for both databases: tables as JSON lines, blobs as they are, a manifest of hashes.

A backup is one moment: the tables are read in one transaction, blobs are immutable and copied after. Restoring writes
into an empty home, then reads every table back and compares its hash with the manifest. Secrets are not in a backup:
after a restore everybody signs in anew.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from django.apps import apps
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction

from liandesk.base.clock import now
from liandesk.base.errors import UserError
from liandesk.base.home import home
from liandesk.base.snapshots import store

FORMAT = 1
_BATCH = 2000
_MADE_BY_MIGRATE = {"contenttypes.ContentType", "auth.Permission"}
_NOT_KEPT = {"sessions.Session", *_MADE_BY_MIGRATE}


@dataclass(frozen=True)
class Manifest:
    """What a backup holds: rows and hash by table, and the hashes of the blobs."""

    created_at: str
    tables: dict[str, dict[str, Any]]
    blobs: list[str]
    pinned_today: str

    def to_json(self) -> bytes:
        return json.dumps({"format": FORMAT, **self.__dict__}, indent=1).encode()


def backup(path: Path) -> Manifest:
    """Write a backup to ``path`` (a tar file, beside first, renamed when complete)."""
    draft = path.with_name(path.name + ".part")
    try:
        with tarfile.open(draft, "w") as archive:
            manifest = _write(archive)
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return manifest


def _write(archive: tarfile.TarFile) -> Manifest:
    tables: dict[str, dict[str, Any]] = {}
    with _one_moment():
        for model in _kept_models():
            tables[model._meta.label] = _write_table(archive, model)
    blobs = sorted(path for path in (home() / "blobs").glob("??/*"))
    for blob in blobs:
        archive.add(blob, f"blobs/{blob.name}")
    pinned = home() / "today"
    manifest = Manifest(
        now().isoformat(), tables, [blob.name for blob in blobs], pinned.read_text() if pinned.exists() else ""
    )
    _add_bytes(archive, "manifest.json", manifest.to_json())
    return manifest


def _write_table(archive: tarfile.TarFile, model: type[models.Model]) -> dict[str, Any]:
    part = home() / "backup.part"
    digest, rows = hashlib.sha256(), 0
    try:
        with part.open("wb") as stream:
            for line in _lines(model):
                stream.write(line)
                digest.update(line)
                rows += 1
        archive.add(part, f"tables/{model._meta.label}.jsonl")
    finally:
        part.unlink(missing_ok=True)
    return {"rows": rows, "sha256": digest.hexdigest()}


def _lines(model: type[models.Model]) -> Iterator[bytes]:
    """Yield the rows of a table by primary key, one JSON array of its columns a line."""
    names = _columns(model)
    for row in model._default_manager.order_by("pk").values_list(*names).iterator(chunk_size=_BATCH):
        yield json.dumps(row, cls=_Encoder, ensure_ascii=False, sort_keys=True).encode() + b"\n"


class _Encoder(DjangoJSONEncoder):
    """Keeps microseconds, which Django's own encoder cuts to milliseconds."""

    def default(self, o: Any) -> Any:
        return o.isoformat() if hasattr(o, "isoformat") else super().default(o)


def _columns(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]


def _kept_models() -> list[type[models.Model]]:
    """Every table but sessions and what ``migrate`` makes itself, many-to-many tables to kept ones included."""
    found = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    return [model for model in found if model._meta.label not in _NOT_KEPT and not _points_at_made(model)]


def _points_at_made(model: type[models.Model]) -> bool:
    targets = {field.related_model._meta.label for field in model._meta.concrete_fields if field.related_model}
    return bool(model._meta.auto_created) and bool(targets & _MADE_BY_MIGRATE)


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read everything as of one moment without holding up writers."""
    if connection.vendor == "sqlite":
        usual, connection.transaction_mode = connection.transaction_mode, "DEFERRED"  # type: ignore[attr-defined]
        try:
            with transaction.atomic():
                yield
        finally:
            connection.transaction_mode = usual  # type: ignore[attr-defined]
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def restore(path: Path) -> Manifest:
    """Restore a backup into an empty home and prove it equal; raise UserError and leave nothing when it is not."""
    try:
        with tarfile.open(path) as archive:
            manifest = _read_manifest(archive)
            _check_empty()
            _restore_blobs(archive, manifest)
            with transaction.atomic():
                for model in _kept_models():
                    _restore_table(archive, model, manifest)
                _check_equal(manifest)
    except tarfile.TarError as error:
        raise UserError(f"{path} is not a backup or is damaged ({error}). Take another copy.") from error
    if manifest.pinned_today:
        (home() / "today").write_text(manifest.pinned_today)
    return manifest


def _read_manifest(archive: tarfile.TarFile) -> Manifest:
    body = json.load(_member(archive, "manifest.json"))
    if body.pop("format") != FORMAT:
        raise UserError("This backup was written by another version of Liandesk. Restore it with that version.")
    return Manifest(**body)


def _check_empty() -> None:
    filled = [model._meta.label for model in _kept_models() if model._default_manager.exists()]
    if filled:
        raise UserError(
            f"This home is not empty ({', '.join(filled[:3])} …). Restore into a fresh one: set LIANDESK_HOME to a "
            "new folder (and DATABASE_URL to an empty database)."
        )


def _restore_blobs(archive: tarfile.TarFile, manifest: Manifest) -> None:
    for digest in manifest.blobs:
        if store.put_bytes(_member(archive, f"blobs/{digest}").read()) != digest:
            raise UserError(f"Blob {digest[:12]} of the backup is damaged. Take another copy.")


def _restore_table(archive: tarfile.TarFile, model: type[models.Model], manifest: Manifest) -> None:
    if model._meta.label not in manifest.tables:
        return
    fields = model._meta.concrete_fields
    batch: list[models.Model] = []
    for line in _member(archive, f"tables/{model._meta.label}.jsonl"):
        values = zip(fields, json.loads(line), strict=True)
        batch.append(model(**{field.attname: _value(field, value) for field, value in values}))
        if len(batch) == _BATCH:
            _insert(model, batch)
            batch = []
    _insert(model, batch)
    _reset_sequence(model)


def _value(field: models.Field[Any, Any], value: Any) -> Any:
    if isinstance(field, models.JSONField) or field.is_relation:
        return value
    return field.to_python(value)


def _insert(model: type[models.Model], batch: list[models.Model]) -> None:
    model._default_manager.bulk_create(batch)


def _reset_sequence(model: type[models.Model]) -> None:
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


def _check_equal(manifest: Manifest) -> None:
    """Read every table back and compare with the manifest."""
    for model in _kept_models():
        digest = hashlib.sha256()
        for line in _lines(model):
            digest.update(line)
        said = manifest.tables.get(model._meta.label, {"sha256": hashlib.sha256().hexdigest()})
        if digest.hexdigest() != said["sha256"]:
            raise UserError(f"Table {model._meta.label} came back different from the backup; nothing was restored.")


def _member(archive: tarfile.TarFile, name: str) -> BinaryIO:
    try:
        stream = archive.extractfile(name)
    except KeyError:
        stream = None
    if stream is None:
        raise UserError(f"The backup lacks {name}: it is damaged or is no backup of Liandesk. Take another copy.")
    return stream  # type: ignore[return-value]


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    archive.addfile(info, io.BytesIO(content))
