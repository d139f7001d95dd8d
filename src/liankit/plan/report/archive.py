"""Zip files that are the same byte for byte whenever their content is, and that can be read when damaged.

Members are stored, not deflated: a changed byte then changes one place that can be named, instead of making all that
follows unreadable.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path

from liankit.errors import UserError

_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can tell
_LOCAL_HEADER = 30


def write_zip(members: Mapping[str, bytes]) -> bytes:
    """Return a zip of members in their order, without times."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 3, 0o644 << 16
            archive.writestr(info, content)
    return target.getvalue()


def rewritten(path: Path) -> bytes:
    """Return the zip of a file, as Word and Excel documents are, without times and stored."""
    return write_zip(read_zip(path.read_bytes(), path.name))


def read_zip(content: bytes, name: str) -> dict[str, bytes]:
    """Return the members of a zip, those whose checksum is wrong too; raise UserError where it is no zip at all."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {member.filename: _member(content, member) for member in archive.infolist()}
    except (zipfile.BadZipFile, zlib.error, NotImplementedError) as error:
        raise UserError(f"{name} is no zip file, or its container is damaged: {error}.") from error


def _member(content: bytes, member: zipfile.ZipInfo) -> bytes:
    header = content[member.header_offset : member.header_offset + _LOCAL_HEADER]
    lengths = (int.from_bytes(header[place : place + 2], "little") for place in (26, 28))  # of the name, of extras
    start = member.header_offset + _LOCAL_HEADER + sum(lengths)
    packed = content[start : start + member.compress_size]
    return packed if member.compress_type == zipfile.ZIP_STORED else zlib.decompress(packed, -zlib.MAX_WBITS)
