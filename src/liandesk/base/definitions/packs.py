"""Definitions as files of a pack. A pack that extends another changes only the parts of a definition that it names.

``packs/<pack>/<folder of the kind>/<key>.yaml``; the pack in use and those it extends, the farthest first.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from liandesk.base.definitions.kinds import KINDS, Kind
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liankit.definitions import extend


@dataclass(frozen=True)
class Shipped:
    """A definition as the packs together say it; ``file`` names the last file that had a part in it."""

    kind: Kind
    key: str
    body: Any
    pack: str
    file: str


def shipped() -> list[Shipped]:
    """Return every definition of the pack in use, checked; raise the error of the first that is wrong."""
    found: dict[tuple[str, str], Shipped] = {}
    for name in pack().lineage:
        for kind in KINDS.values():
            for one in _of_folder(name, kind):
                before = found.get((kind.code, one.key))
                body = extend(before.body, one.body) if before else one.body
                found[kind.code, one.key] = Shipped(kind, one.key, body, name, one.file)
    for one in found.values():
        one.kind.check(one.body, one.file)
    return list(found.values())


def _of_folder(name: str, kind: Kind) -> Iterator[Shipped]:
    folder = files("liandesk.packs").joinpath(name, kind.folder)
    if folder.is_dir():
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".yaml"):
                yield Shipped(
                    kind, file.name.removesuffix(".yaml"), _read(file), name, f"{name}/{kind.folder}/{file.name}"
                )


def _read(file: Traversable) -> Any:
    return parse(file.read_text(encoding="utf-8"), file.name)


def parse(text: str, file: str) -> Any:
    """Return the data of a YAML text; UserError says where it is none."""
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise UserError(f"{file}: this is no YAML: {error}. Mend the line and send it again.") from None
