"""The set-up's own files: digests, stamps that are written last, and the lock that keeps two set-ups apart."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from installer.problems import AGAIN, SetupError

MEGABYTE = 1024 * 1024


def digest(*parts: bytes) -> str:
    """Return one hash of several byte strings; where one ends and the next begins counts."""
    hasher = hashlib.sha256()
    for part in parts:
        hasher.update(len(part).to_bytes(8, "big") + part)
    return hasher.hexdigest()


def read_stamp(path: Path) -> dict[str, Any] | None:
    """Return what a finished step wrote, or None when it did not finish."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def write_stamp(path: Path, stamp: dict[str, Any]) -> None:
    """Write a stamp so that it is there whole or not at all."""
    draft = path.with_name(path.name + ".draft")
    draft.write_text(json.dumps(stamp, indent=1, sort_keys=True) + "\n", "utf-8")
    draft.replace(path)


def work_folder(root: Path) -> Path:
    """Return the git-ignored folder for logs, the lock and what is downloaded for a while."""
    folder = root / "var" / "setup"
    (root / "var").mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(exist_ok=True)
    return folder


@contextmanager
def set_up_lock(root: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the checkout's set-up lock; wait, and say so, while another process holds it.

    The system releases it when its holder ends, however it ends, so a lock is never stale.
    """
    with (work_folder(root) / "lock").open("a+", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.seek(0)
            holder = lock.read().strip() or "unknown"
            say(f"Another set-up (process {holder}) is running in this folder: waiting for it.")
            fcntl.flock(lock, fcntl.LOCK_EX)
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def require_writable(root: Path) -> None:
    """Raise unless the checkout can be written.

    Asked of the system by writing: rights alone do not tell for root or on a read-only mount.
    """
    try:
        probe = work_folder(root) / f"probe.{os.getpid()}"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise SetupError(
            f"the folder {root} cannot be written.",
            f"{error.strerror or error}.",
            "copy the project to a folder of your own, or change this one's owner or rights, " + AGAIN,
        ) from error


def require_space(root: Path, needed_mb: int) -> None:
    """Raise when the disk of the checkout has less than ``needed_mb`` megabytes left."""
    free_mb = shutil.disk_usage(root).free // MEGABYTE
    if free_mb < needed_mb:
        raise SetupError(
            "there is not enough disk space.",
            f"about {needed_mb} MB are needed in {root} and {free_mb} MB are free.",
            f"free about {needed_mb - free_mb} MB or put the project on a larger disk, " + AGAIN,
        )
