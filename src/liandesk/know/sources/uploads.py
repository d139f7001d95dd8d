"""Files sent by the browser or the API: keep them, look into them, load them, throw them away.

A small upload is read at once; a large one by the worker: first for its preview and, once the sender agreed, to load.
The files lie under the home's ``uploads`` in a folder with a random name and go when they are loaded or discarded.
"""

from __future__ import annotations

import errno
import json
import secrets
import shutil
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation
from django.db import transaction
from django.utils.text import get_valid_filename

from liandesk.base.accounts.access import check
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liandesk.base.audit.actions import record
from liandesk.base.clock import now
from liandesk.base.errors import Conflict, NoSpace, UserError
from liandesk.base.facts.policies import LANDING
from liandesk.base.home import home
from liandesk.base.jobs.actions import beat, enqueue
from liandesk.base.jobs.models import Job
from liandesk.base.snapshots import store
from liandesk.know.sources import actions
from liandesk.know.sources.mappings import as_json, from_json, looks_of, remember, remembered, to_ask
from liandesk.know.sources.models import Upload, UploadState
from liandesk.know.sources.readers import source_of
from liankit.errors import UserError as KitError
from liankit.tables import Problem, UnreadableFile
from liankit.tables.guess import Mapped
from liankit.tables.problems import params_json

JOB = "load"
AT_ONCE_BYTES = 3_000_000
"""Up to this size, about 30,000 rows, a request reads the files itself: well under two seconds."""
KEPT_FOR = timedelta(days=1)
_LONGEST_NAME = 120
_NO_LONGER = "This upload is no longer waiting: it was loaded, thrown away, or is being read."


class SentFile(Protocol):
    """A file of a form or of the API."""

    @property
    def name(self) -> str | None: ...

    @property
    def size(self) -> int | None: ...

    def chunks(self) -> Iterable[bytes]: ...


def receive(*, source: str, files: Sequence[SentFile], by: Viewer, is_sure: bool = False, sender: str = "") -> Upload:
    """Keep what was sent and look into it, or load it where the sender is sure; what cannot be read is not kept.

    ``sender`` is whose sheets they are; what their columns mean is remembered under that name, else for the account.
    """
    check(by, LANDING, "load")
    found = source_of(source)
    if found.make:
        raise UserError(f"The source {source} takes no files; `liandesk load {source}` makes them.")
    _check_size(files)
    _sweep()
    key = secrets.token_hex(8)
    named = _written(key, files)
    with transaction.atomic():
        upload = Upload.objects.create(
            key=key,
            source=source,
            sender=sender.strip()[:80],
            files=named,
            sent_by=by.actor,
            sent_at=now(),
            state=UploadState.LOADING if is_sure else UploadState.READING,
        )
        record("upload.receive", "upload", key, by=by, source=source, files=len(named))
    _go_on(upload, by)
    return upload


def say_columns(*, key: str, said: Mapping[str, Mapped], by: Viewer) -> Upload:
    """Say what the columns of the sheets mean, by signature; it is remembered, and the files are looked into anew."""
    check(by, LANDING, "load")
    found = Upload.objects.filter(pk=key, sent_by=by.actor).first()
    if found is None:
        raise Conflict(_NO_LONGER)
    source, sender = source_of(found.source), sender_name(found)
    looks = {look.signature: look for look in map(from_json, found.looks)}
    with transaction.atomic():
        for signature in sorted(said.keys() & looks):
            remember(looks[signature], said[signature], source=source, sender=sender, by=by)
        upload = _take(key, by, (UploadState.MAPPING, UploadState.READY), UploadState.READING)
    _go_on(upload, by)
    return upload


def confirm(*, key: str, by: Viewer) -> Upload:
    """Load what was looked into: at once, or by the worker where it is large."""
    upload = _take(key, by, (UploadState.READY,), UploadState.LOADING)
    _go_on(upload, by)
    return upload


def discard(*, key: str, by: Viewer) -> None:
    """Throw the files away; nothing was loaded."""
    _take(key, by, (UploadState.MAPPING, UploadState.READY), UploadState.DISCARDED)
    shutil.rmtree(_folder(key), ignore_errors=True)


def run(job: Job) -> Mapping[str, Any]:
    """Do a job: the next thing that waits for an upload. Done twice, it finds the same content loaded already."""
    upload = Upload.objects.get(pk=job.params["upload"])
    beat(job, phase=upload.state)
    _do_or_fail(upload, _sender(upload.sent_by))
    return {"upload": upload.pk, "state": upload.state, "landing": upload.landing_id}


def _go_on(upload: Upload, by: Viewer) -> None:
    if sum(file["bytes"] for file in upload.files) > AT_ONCE_BYTES:
        upload.job = enqueue(JOB, by=by, params={"upload": upload.pk, "step": upload.state}).pk
        upload.save(update_fields=["job"])
        return
    _do_or_fail(upload, by)


def _do_or_fail(upload: Upload, by: Viewer) -> None:
    """Do what the upload's state asks for; the files of one that cannot be read are not kept."""
    try:
        if upload.state == UploadState.READING:
            _look(upload, by)
        elif upload.state == UploadState.LOADING:
            _load(upload, by)
    except (UserError, KitError) as error:
        _fail(upload, error)
        raise


def _look(upload: Upload, by: Viewer) -> None:
    """Read the files for a preview, or ask first what the columns of sheets mean that nobody has said yet."""
    looks = looks_of(source_of(upload.source), _paths(upload))
    mapped = remembered(looks, sender=sender_name(upload), by=by)
    upload.looks = [as_json(look) for look in looks if not look.is_understood or look.signature in mapped]
    if to_ask(looks, mapped):
        upload.state = UploadState.MAPPING
        upload.save(update_fields=["looks", "state"])
        return
    reading = actions.preview(source=source_of(upload.source), paths=_paths(upload), by=by, mapped=mapped)
    upload.preview = {
        "counts": reading.counts,
        "lost": reading.lost,
        "good": reading.good,
        "bad": reading.bad,
        "report": store.put_frame(reading.problems),
    }
    upload.state = UploadState.READY
    upload.save(update_fields=["preview", "looks", "state"])


def _load(upload: Upload, by: Viewer) -> None:
    source, paths = source_of(upload.source), _paths(upload)
    mapped = remembered(looks_of(source, paths), sender=sender_name(upload), by=by)
    loaded = actions.load(source=source, paths=paths, by=by, mapped=mapped)
    upload.landing = loaded.landing
    upload.state = UploadState.LOADED if loaded.landing else UploadState.FAILED
    upload.error = "" if loaded.landing else "nothing_good"
    upload.save(update_fields=["landing", "state", "error"])
    shutil.rmtree(_folder(upload.pk), ignore_errors=True)


def _fail(upload: Upload, error: Exception) -> None:
    upload.state, upload.error = UploadState.FAILED, str(error)
    if isinstance(error, UnreadableFile):
        upload.preview = {"problem": {"code": error.problem.code, **_said(error.problem)}}
    upload.save(update_fields=["state", "error", "preview"])
    shutil.rmtree(_folder(upload.pk), ignore_errors=True)


def _said(problem: Problem) -> dict[str, object]:
    return {"file": problem.file, "sheet": problem.sheet, "params": json.loads(params_json(problem.params))}


@transaction.atomic
def _take(key: str, by: Viewer, states: Collection[UploadState], following: UploadState) -> Upload:
    """Move an upload of this sender to its next state; two clicks move it once."""
    check(by, LANDING, "load")
    upload = Upload.objects.select_for_update().filter(pk=key, sent_by=by.actor).first()
    if upload is None or upload.state not in states:
        raise Conflict(_NO_LONGER)
    upload.state = following
    upload.save(update_fields=["state"])
    record(f"upload.{following}", "upload", key, by=by)
    return upload


def sender_name(upload: Upload) -> str:
    """Return under which name the columns of these sheets are remembered."""
    return upload.sender or upload.sent_by


def _sender(actor: str) -> Viewer:
    """Return who sent it with the rights of now; a system actor is the command line's."""
    kind, name = actor.split(":", 1)
    if kind != "user":
        return system_viewer(name)
    return viewer_of(User.objects.get(pk=int(name)))


def _check_size(files: Sequence[SentFile]) -> None:
    if not files:
        raise UserError("No file was sent. Choose one and send it again.")
    total, limit = sum(file.size or 0 for file in files), settings.MAX_UPLOAD_BYTES
    if total > limit:
        raise UserError(
            f"The files have {total / 1e6:,.0f} MB; {limit / 1e6:,.0f} MB can be sent at once. "
            "Send a part, or let the operator load them: liandesk load."
        )


def _folder(key: str) -> Path:
    return home() / "uploads" / key


def _paths(upload: Upload) -> list[Path]:
    return [_folder(upload.pk) / file["name"] for file in upload.files]


def _written(key: str, files: Sequence[SentFile]) -> list[dict[str, object]]:
    try:
        return _write(_folder(key), files)
    except OSError as error:
        shutil.rmtree(_folder(key), ignore_errors=True)
        if error.errno != errno.ENOSPC:
            raise
        raise NoSpace("The disk is full. The files were not kept; send them again when there is space.") from error


def _write(folder: Path, files: Sequence[SentFile]) -> list[dict[str, object]]:
    folder.mkdir(mode=0o700, parents=True)
    named: list[dict[str, object]] = []
    for number, file in enumerate(files, start=1):
        name = _safe_name(file.name or "", number, {str(one["name"]) for one in named})
        with (folder / name).open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        named.append({"name": name, "bytes": (folder / name).stat().st_size})
    return named


def _safe_name(name: str, number: int, taken: set[str]) -> str:
    """Return the sender's name as one harmless component of a path, short enough and unlike the others."""
    try:
        safe = get_valid_filename(Path(name).name)
    except SuspiciousFileOperation:
        safe = f"file-{number}"
    path = Path(safe)
    stem = path.stem.encode()[: _LONGEST_NAME - len(path.suffix.encode())].decode(errors="ignore")
    safe = f"{stem}{path.suffix}"
    return f"{number}-{safe}" if safe in taken else safe


def _sweep() -> None:
    """Throw away files that nobody decided about for a day."""
    open_states = (UploadState.MAPPING, UploadState.READING, UploadState.READY, UploadState.LOADING)
    old = Upload.objects.filter(sent_at__lt=now() - KEPT_FOR, state__in=open_states)
    for upload in old:
        shutil.rmtree(_folder(upload.pk), ignore_errors=True)
    old.update(state=UploadState.DISCARDED)
