"""Schemes and quantities as files of packs, read without the site: for the command line and for tests.

``<pack>/quantities/<family>.yaml`` and ``<pack>/schemes/<key>/scheme.yaml`` with ``examples.yaml`` beside it. A pack
changes only the parts of a body that it names; packs are given from the most general on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from liankit.definitions import extend, parse_body
from liankit.errors import UserError, nearest
from liankit.process.check import DefinitionError, Fault
from liankit.rules.check import build_scheme, build_vocabulary
from liankit.rules.scheme import Scheme
from liankit.rules.vocabulary import Vocabulary

SHIPPED = ("cn", "zhejiang")
"""The packs that hold for every district of the province, the most general first."""


@dataclass(frozen=True)
class Body:
    """A body as packs together say it; ``file`` is the last one that had a part in it."""

    key: str
    body: Any
    file: str


@dataclass(frozen=True)
class Bodies:
    """What packs say, before it is checked."""

    quantities: tuple[Body, ...]
    schemes: tuple[Body, ...]

    def vocabulary(self) -> Vocabulary:
        """Return the joined vocabulary; raise DefinitionError with every mistake."""
        return build_vocabulary(*(one.body for one in self.quantities))


NOTHING = Bodies((), ())


@dataclass(frozen=True)
class Rules:
    """Every scheme of packs, and the vocabulary they speak."""

    vocabulary: Vocabulary
    schemes: tuple[Scheme, ...]


@cache
def read_lineage(packs: tuple[str, ...] = SHIPPED) -> Rules:
    """Return the rules of shipped packs, the most general named first; raise DefinitionError where one is wrong."""
    return build_rules(read_shipped(packs))


@cache
def read_shipped(packs: tuple[str, ...] = SHIPPED) -> Bodies:
    """Return what shipped packs say together, unchecked."""
    return read_bodies(shipped_folders(packs))


def build_rules(bodies: Bodies) -> Rules:
    """Return checked rules; raise the DefinitionError of the first body that is wrong."""
    vocabulary = bodies.vocabulary()
    return Rules(vocabulary, tuple(read_scheme(one, vocabulary) for one in bodies.schemes))


def read_scheme(found: Body, vocabulary: Vocabulary) -> Scheme:
    """Return the scheme of a body; raise DefinitionError with every mistake, or where its folder has another name."""
    scheme = build_scheme(found.body, found.file, vocabulary)
    if scheme.key != found.key:
        said = f"the key is '{scheme.key}', its folder '{found.key}'. Make them the same."
        raise DefinitionError(found.file, [Fault("key", said)])
    return scheme


def shipped_folders(packs: Iterable[str]) -> list[Traversable]:
    """Return the folders of shipped packs; UserError names the nearest one where there is none."""
    root = files("liandesk.packs")
    known = [one.name for one in root.iterdir() if one.is_dir() and not one.name.startswith("_")]
    for name in packs:
        if name not in known:
            raise UserError(f"There is no pack '{name}'.{nearest(name, known)} There are: {', '.join(sorted(known))}.")
    return [root.joinpath(name) for name in packs]


def read_bodies(folders: Sequence[Traversable], base: Bodies = NOTHING) -> Bodies:
    """Return what the packs in some folders say together, each extending ``base`` and those before it."""
    quantities = {one.key: one for one in base.quantities}
    schemes = {one.key: one for one in base.schemes}
    for folder in folders:
        for one in _quantities(folder):
            quantities[one.key] = _extended(quantities.get(one.key), one)
        for one in _schemes(folder):
            schemes[one.key] = _extended(schemes.get(one.key), one)
    return Bodies(tuple(quantities.values()), tuple(schemes.values()))


def _extended(base: Body | None, found: Body) -> Body:
    return replace(found, body=extend(base.body, found.body)) if base else found


def _quantities(pack: Traversable) -> Iterator[Body]:
    for file in _listed(pack.joinpath("quantities")):
        if file.name.endswith(".yaml"):
            place = f"{pack.name}/quantities/{file.name}"
            yield Body(file.name.removesuffix(".yaml"), _read(file, place), place)


def _schemes(pack: Traversable) -> Iterator[Body]:
    for folder in _listed(pack.joinpath("schemes")):
        if folder.is_dir():
            place = f"{pack.name}/schemes/{folder.name}"
            body = _read(folder.joinpath("scheme.yaml"), f"{place}/scheme.yaml")
            examples = folder.joinpath("examples.yaml")
            if examples.is_file() and isinstance(body, dict):
                body = {**body, "examples": _read(examples, f"{place}/examples.yaml")}
            yield Body(folder.name, body, f"{place}/scheme.yaml")


def _listed(folder: Traversable) -> list[Traversable]:
    return sorted(folder.iterdir(), key=lambda file: file.name) if folder.is_dir() else []


def _read(file: Traversable, place: str) -> Any:
    if not file.is_file():
        raise UserError(f"{place}: there is no such file. Write it, or remove its folder.")
    try:
        return parse_body(file.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise UserError(f"{place}: this is no YAML in UTF-8: {error}. Mend the line.") from None
