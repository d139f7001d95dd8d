"""Definitions as files of a pack. A pack that extends another changes only the parts of a definition that it names.

``packs/<pack>/<folder of the kind>/<key>.yaml``, of a kind with a stem ``<key>/<stem>.yaml`` and its parts; the pack in
use and those it extends, the farthest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import product
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from liandesk.base.definitions.kinds import KINDS, SHIPPED_CHECKS, Kind, kind_of
from liandesk.base.definitions.models import Definition
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liankit.definitions import digest, extend, parse_body
from liankit.process import build_process, check_opens


@dataclass(frozen=True)
class Shipped:
    """A definition as the packs together say it; ``file`` names the last file that had a part in it."""

    kind: Kind
    key: str
    body: Any
    pack: str
    file: str

    @cached_property
    def hash(self) -> str:
        return digest(self.body)


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
    _check_together(found)
    return found


def _check_together(found: Iterable[Shipped]) -> None:
    bodies: dict[str, dict[str, Any]] = {}
    for one in found:
        bodies.setdefault(one.kind.code, {})[one.key] = one.body
    for check in SHIPPED_CHECKS:
        check(bodies)


def of_folder(folder: Path) -> list[Shipped]:
    """Return every definition of a folder that is laid out as a pack, checked; ``export`` writes one."""
    if not folder.is_dir():
        raise UserError(_("There is no folder %(folder)s. Check the path.") % {"folder": folder})
    return joined([(folder.name, folder)])


def export(found: Iterable[Definition], folder: Path) -> int:
    """Write definitions into a folder laid out as a pack; return how many files were written."""
    files_of = {folder / name: text for one in found for name, text in _files(one)}
    for file, text in files_of.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return len(files_of)


def _files(found: Definition) -> Iterator[tuple[str, str]]:
    """Yield the files of a definition, each with its text."""
    kind = kind_of(found.kind)
    if not kind.stem:
        yield f"{kind.folder}/{found.key}.yaml", as_text(found)
        return
    place, apart = f"{kind.folder}/{found.key}", {name for name in kind.parts if name in found.body}
    yield f"{place}/{kind.stem}.yaml", body_as_text({key: said for key, said in found.body.items() if key not in apart})
    for name in sorted(apart):
        yield f"{place}/{name}.yaml", body_as_text(found.body[name])


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
            place = f"{name}/{kind.folder}/{file.name}"
            if kind.stem and file.is_dir():
                yield Shipped(kind, file.name, _of_parts(file, kind, place), name, f"{place}/{kind.stem}.yaml")
            elif not kind.stem and file.name.endswith(".yaml"):
                yield Shipped(kind, file.name.removesuffix(".yaml"), _read(file, place), name, place)


def _of_parts(folder: Traversable, kind: Kind, place: str) -> Any:
    """Return the body that the files of one key say together."""
    body = _read(folder.joinpath(f"{kind.stem}.yaml"), f"{place}/{kind.stem}.yaml")
    files_of = {part: folder.joinpath(f"{part}.yaml") for part in kind.parts}
    parts = {part: _read(file, f"{place}/{part}.yaml") for part, file in files_of.items() if file.is_file()}
    return {**body, **parts} if isinstance(body, dict) else body


def _read(file: Traversable, place: str) -> Any:
    if not file.is_file():
        raise UserError(_("%(file)s is missing. Write it, or remove its folder.") % {"file": place})
    return parse(file.read_text(encoding="utf-8"), place)


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
