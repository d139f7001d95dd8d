"""The blob store: immutable files under the hash of their content, shared by landings, snapshots and editions.

A blob is written beside its place, flushed to disk and renamed, so a killed process or a full disk leaves at most a
draft, never half a blob. Whoever refers to a blob writes its hash in a transaction after the blob is in place; a blob
nobody refers to is harmless.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl

from liandesk.base.errors import NoSpace
from liandesk.base.home import home


def blob_path(digest: str) -> Path:
    """Return where the blob with a hash lies."""
    return home() / "blobs" / digest[:2] / digest


def put_bytes(content: bytes) -> str:
    """Store bytes; return their SHA-256."""
    return _put(lambda path: path.write_bytes(content))


def put_frame(frame: pl.DataFrame | pl.LazyFrame) -> str:
    """Store a table as Parquet; return the SHA-256 of the file. A lazy table is streamed, never whole in memory."""
    if isinstance(frame, pl.LazyFrame):
        return _put(lambda path: frame.sink_parquet(path, compression="zstd", statistics=True))
    return _put(lambda path: frame.write_parquet(path, compression="zstd", statistics=True))


def get_bytes(digest: str) -> bytes:
    return blob_path(digest).read_bytes()


def get_frame(digest: str) -> pl.DataFrame:
    """Read a stored table whole."""
    return pl.read_parquet(blob_path(digest))


def scan_frame(digest: str) -> pl.LazyFrame:
    """Scan a stored table lazily."""
    return pl.scan_parquet(blob_path(digest))


def count_rows(digest: str) -> int:
    """Return the number of rows of a stored table, from its footer."""
    return scan_frame(digest).select(pl.len()).collect().item()


def is_intact(digest: str) -> bool:
    """Answer whether the blob is there and its content still has its hash."""
    path = blob_path(digest)
    return path.is_file() and file_digest(path) == digest


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _put(write: Callable[[Path], object]) -> str:
    root = home() / "blobs"
    root.mkdir(exist_ok=True)
    handle, name = tempfile.mkstemp(prefix="draft-", dir=root)
    os.close(handle)
    draft = Path(name)
    try:
        write(draft)
        return _settle(draft)
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise NoSpace(
                f"The disk of {home()} is full. Nothing was changed. Free some space and try again."
            ) from error
        raise
    finally:
        draft.unlink(missing_ok=True)


def _settle(draft: Path) -> str:
    with draft.open("rb") as stream:
        os.fsync(stream.fileno())
    digest = file_digest(draft)
    place = blob_path(digest)
    place.parent.mkdir(exist_ok=True)
    if not is_intact(digest):  # absent, or damaged since: the same content mends it
        draft.replace(place)
        _sync_folder(place.parent)
    return digest


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
