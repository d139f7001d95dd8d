"""Bodies of definitions (processes, schemes, plans) as plain data: what differs between two, and one extending another.

A list of mappings that each have a ``key`` is a list of named parts: parts are matched by key, wherever they stand.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import yaml

from liankit.yaml_text import SafeLoader

REMOVE = "remove"


class _Loader(SafeLoader):
    """YAML as JSON has it: a date stays text, and only true and false are truths, so that ``on`` can be a key."""


_TIMESTAMP, _BOOL = "tag:yaml.org,2002:timestamp", "tag:yaml.org,2002:bool"
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag not in (_TIMESTAMP, _BOOL)]
    for first, resolvers in SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(_BOOL, re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF"))


def parse_body(text: str) -> Any:
    """Return the body that a YAML text says, as it is kept in JSON; raise ``yaml.YAMLError`` where it is none.

    >>> parse_body("{on: 2024-09-30, required: true}")
    {'on': '2024-09-30', 'required': True}
    """
    return yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader


class Difference(NamedTuple):
    """One change: where (keys joined by dots), what, and the values before and after (None: was not there)."""

    where: str
    kind: Literal["added", "removed", "changed"]
    before: Any
    after: Any


def digest(body: Any) -> str:
    """Return the SHA-256 of a body in canonical JSON: the same for the same content, in whatever order of keys."""
    text = json.dumps(body, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def differences(before: Any, after: Any) -> list[Difference]:
    """Return what changed from one body to another, in the order of the later body, what is gone last.

    >>> differences({"clocks": [{"key": "a", "days": 2}]}, {"clocks": [{"key": "a", "days": 3}]})
    [Difference(where='clocks.a.days', kind='changed', before=2, after=3)]
    """
    return list(_differ("", before, after))


def _differ(where: str, before: Any, after: Any) -> Iterator[Difference]:
    old, new = parts_of(before), parts_of(after)
    if old is None or new is None:
        if digest(before) != digest(after):  # 1 is not true
            yield Difference(where, "changed", before, after)
        return
    for key, value in new.items():
        place = f"{where}.{key}" if where else key
        if key in old:
            yield from _differ(place, old[key], value)
        else:
            yield Difference(place, "added", None, value)
    for key in old.keys() - new.keys():
        yield Difference(f"{where}.{key}" if where else key, "removed", old[key], None)


def parts_of(value: Any) -> dict[str, Any] | None:
    """Return the named parts of a mapping or of a list of keyed mappings; None for everything else."""
    if isinstance(value, Mapping):
        return {str(key): part for key, part in value.items()}
    if _is_keyed(value):
        return {str(part["key"]): part for part in value}
    return None


def _is_keyed(value: Any) -> bool:
    is_list = isinstance(value, Sequence) and not isinstance(value, str) and len(value) > 0
    return is_list and all(isinstance(part, Mapping) and "key" in part for part in value)


def extend(base: Any, extension: Any) -> Any:
    """Return a body with what an extension says in place of, or beside, what the base says.

    Mappings and lists of keyed parts are extended part by part; a part with ``remove: true`` is left out; every other
    value is replaced. Neither argument is changed.

    >>> extend({"clocks": [{"key": "a", "days": 2}, {"key": "b"}]}, {"clocks": [{"key": "a", "days": 3}]})
    {'clocks': [{'key': 'a', 'days': 3}, {'key': 'b'}]}
    """
    if isinstance(base, Mapping) and isinstance(extension, Mapping):
        joined = {key: extend(base[key], value) if key in base else value for key, value in extension.items()}
        return {**base, **joined}
    if _is_keyed(base) and _is_keyed(extension):
        return list(_extended(parts_of(base) or {}, parts_of(extension) or {}))
    return extension


def _extended(base: Mapping[str, Any], extension: Mapping[str, Any]) -> Iterator[Any]:
    for key, part in base.items():
        if key not in extension:
            yield part
        elif not extension[key].get(REMOVE):
            yield extend(part, extension[key])
    yield from (part for key, part in extension.items() if key not in base)
