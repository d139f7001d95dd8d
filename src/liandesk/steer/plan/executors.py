"""What a clause of the plan can be bound to: definitions in force, and the lists, registers and reports that are here.

A higher app registers its own in ``ready()``; definitions are found by their kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import get_args

from django.urls import reverse
from django.utils.functional import Promise

from liandesk.base.accounts.access import Resource, can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.queries import hashes_in_force, with_hash
from liankit.plan.lint import Here
from liankit.plan.model import Binding, BindingKind

KINDS: Mapping[str, BindingKind] = {
    "process": "process",
    "indicator": "indicator",
    "thresholds": "rule",
    "backups": "rule",
    "playbook": "rule",
    "lights": "rule",
    "appraisal": "rule",
}
"""What definitions of a kind are to a clause; of other kinds they execute nothing."""


@dataclass(frozen=True)
class Executor:
    """A list, register or report: its title, its page, and what one has to be allowed to read to open it."""

    title: Promise
    url_name: str
    resource: Resource


EXECUTORS: dict[tuple[BindingKind, str], Executor] = {}


def register(kind: BindingKind, key: str, executor: Executor) -> None:
    """Let clauses be bound to something."""
    EXECUTORS[kind, key] = executor


@dataclass(frozen=True)
class Bound:
    """A binding as a page shows it; without ``url`` the viewer has no page to open."""

    kind: BindingKind
    title: str
    url: str = ""


@dataclass(frozen=True)
class Executing:
    """Everything that executes, as it is in force: looked up once for a page."""

    definitions: Mapping[tuple[BindingKind, str], Definition]

    @property
    def here(self) -> Here:
        """What there is to bind to, in the library's form."""
        things: dict[str, list[str]] = {kind: [] for kind in get_args(BindingKind)}
        for kind, key in (*self.definitions, *EXECUTORS):
            things[kind].append(key)
        indicators = (one for (kind, _), one in self.definitions.items() if kind == "indicator")
        return Here(things, {one.key: tuple(one.body.get("contributors", ())) for one in indicators})

    def bound(self, viewer: Viewer, binding: Binding, language: str) -> Bound:
        """Return a binding with its title and page; one that is dead by its key."""
        place = (binding.kind, binding.key)
        if place in EXECUTORS:
            executor = EXECUTORS[place]
            may_open = can(viewer, executor.resource, "read")
            return Bound(binding.kind, str(executor.title), reverse(executor.url_name) if may_open else "")
        found = self.definitions.get(place)
        if found is None:
            return Bound(binding.kind, binding.key)
        title = found.body.get("title", {}).get(language, found.key)
        return Bound(binding.kind, title, reverse("definition", args=[found.kind, found.key]))


def executing() -> Executing:
    """Return what is in force today."""
    return Executing(
        {
            (bound, key): _definition(kind, digest)
            for kind, bound in KINDS.items()
            for key, digest in hashes_in_force(kind).items()
        }
    )


_definition = lru_cache(maxsize=4096)(with_hash)
