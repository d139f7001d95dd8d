"""Definitions as files of a pack. A pack that extends another changes only the parts of a definition that it names.

``packs/<pack>/<folder of the kind>/<key>.yaml``; the pack in use and those it extends, the farthest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import product
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from liandesk.base.definitions.kinds import KINDS, Kind, kind_of
from liandesk.base.definitions.models import Definition
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liankit.definitions import extend, parse_body
from liankit.process import build_process, check_opens


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
    return list(_installed(pack().lineage))


@cache
def _installed(lineage: tuple[str, ...]) -> tuple[Shipped, ...]:
    """Return what installed packs together say; their files do not change while the program runs."""
    folders = files("liandesk.packs")
    found = tuple(joined((name, folders.joinpath(name)) for name in lineage))
    of_processes = {one.key: one for one in found if one.kind.code == "process"}
    processes = {key: build_process(one.body, one.file) for key, one in of_processes.items()}
    for key, process in processes.items():
        check_opens(process, processes, of_processes[key].file)
    return found


def of_folder(folder: Path) -> list[Shipped]:
    """Return every definition of a folder that is laid out as a pack, checked; ``export`` writes one."""
    if not folder.is_dir():
        raise UserError(_("There is no folder %(folder)s. Check the path.") % {"folder": folder})
    return joined([(folder.name, folder)])


def export(found: Iterable[Definition], folder: Path) -> int:
    """Write definitions into a folder laid out as a pack; return how many files were written."""
    files_of = {folder / kind_of(one.kind).folder / f"{one.key}.yaml": as_text(one) for one in found}
    for file, text in files_of.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return len(files_of)


def as_text(found: Definition) -> str:
    """Return the body as the YAML it is exported in and proposed from."""
    return body_as_text(found.body)


def body_as_text(body: Any) -> str:
    """Return any body as that YAML."""
    return yaml.safe_dump(body, allow_unicode=True, sort_keys=False, width=120)


def joined(folders: Iterable[tuple[str, Traversable]]) -> list[Shipped]:
    """Return what packs together say, the most general first; each later one extends what is there."""
    found: dict[tuple[str, str], Shipped] = {}
    for (name, folder), kind in product(folders, KINDS.values()):
        for one in _of_kind(name, folder.joinpath(kind.folder), kind):
            before = found.get((kind.code, one.key))
            found[kind.code, one.key] = replace(one, body=extend(before.body, one.body)) if before else one
    for one in found.values():
        check_body(one.kind, one.key, one.body, one.file)
    return list(found.values())


def _of_kind(name: str, folder: Traversable, kind: Kind) -> Iterator[Shipped]:
    if folder.is_dir():
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".yaml"):
                key, place = file.name.removesuffix(".yaml"), f"{name}/{kind.folder}/{file.name}"
                yield Shipped(kind, key, parse(file.read_text(encoding="utf-8"), place), name, place)


def check_body(kind: Kind, key: str, body: Any, file: str) -> None:
    """Check a body by its kind, and that its key is the one it is filed under; a user's error names the file."""
    kind.check(body, file)
    if body["key"] != key:
        said = _("%(file)s: its key is '%(said)s', it stands under '%(key)s'. Make them the same.")
        raise UserError(said % {"file": file, "said": body["key"], "key": key})


def parse(text: str, file: str) -> Any:
    """Return the data of a YAML text; UserError says where it is none."""
    try:
        return parse_body(text)
    except yaml.YAMLError as error:
        raise UserError(f"{file}: this is no YAML: {error}. Mend the line and send it again.") from None
