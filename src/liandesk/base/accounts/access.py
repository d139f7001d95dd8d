"""The access matrix: resource x action x role -> rows, columns. Written first, read by everything.

Each app declares its resources in ``policies.py``; ``docs/reference/access.md`` is generated from them. A
:class:`Visibility` is what one viewer may do to the rows of one resource, with two renderers, for the ORM and
for Polars, that Hypothesis keeps equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, reduce
from operator import or_
from types import MappingProxyType

import polars as pl
from django.db.models import Q
from django.utils.translation import gettext as _

from liandesk.base.accounts.roles import Grant, Role, Viewer
from liandesk.base.errors import NotAllowed


@dataclass(frozen=True)
class Rows:
    """Rows a role may act on: all, or those whose ``field`` is among the viewer's scopes of one kind.

    ``among``: or those of whom a further column, ids between bars as "|a|b|", names one of these scopes.
    """

    field: str = ""
    scope_kind: str = ""
    among: str = ""


ALL = Rows()


@dataclass(frozen=True, eq=False)  # compared and hashed as the one object it is: a name is declared once
class Resource:
    """What is protected: each action's roles and the rows they may do it to; columns hidden from a role."""

    name: str
    actions: Mapping[str, Mapping[str, Rows]]
    hidden: Mapping[str, frozenset[str]] = field(default_factory=lambda: MappingProxyType({}))


RESOURCES: dict[str, Resource] = {}


def declare(resource: Resource) -> Resource:
    """Add a resource to the matrix; a name is declared once."""
    if RESOURCES.setdefault(resource.name, resource) is not resource:
        raise ValueError(f"resource '{resource.name}' is declared twice")
    return resource


@dataclass(frozen=True)
class Visibility:
    """The rows one viewer may act on: everything, or a union of ``field in values``, less ``hidden`` columns.

    ``among`` adds the rows of which a column of ids between bars names one of some values.
    """

    everything: bool = False
    any_of: frozenset[tuple[str, frozenset[str]]] = frozenset()
    among: frozenset[tuple[str, frozenset[str]]] = frozenset()
    hidden: frozenset[str] = frozenset()

    @property
    def is_nothing(self) -> bool:
        return not self.everything and not any(values for _, values in self.any_of)

    def as_q(self) -> Q:
        """Render for the ORM: fields are model fields that hold permanent ids."""
        if self.everything:
            return Q()
        parts = [Q(**{f"{name}__in": values}) for name, values in self.any_of]
        parts += [
            Q(**{f"{name}__contains": barred([value])}) for name, values in self.among for value in sorted(values)
        ]
        return reduce(or_, parts, Q(pk__in=[]))

    def as_expr(self) -> pl.Expr:
        """Render for Polars: fields are columns; a null is never visible by scope."""
        if self.everything:
            return pl.lit(True)
        held = [(name, sorted(values)) for name, values in self.any_of if values]
        parts = [pl.col(name).is_in(values).fill_null(False) for name, values in held]
        named = [(name, barred([value])) for name, values in self.among for value in sorted(values)]
        parts += [pl.col(name).str.contains(value, literal=True).fill_null(False) for name, value in named]
        return reduce(or_, parts, pl.lit(False))

    def allows(self, row: Mapping[str, object]) -> bool:
        """Answer for one row given as a mapping of fields."""
        held = any(row.get(name) in values for name, values in self.any_of)
        named = ((str(row.get(name) or ""), values) for name, values in self.among)
        return self.everything or held or any(barred([value]) in text for text, values in named for value in values)


def barred(ids: Sequence[str]) -> str:
    """Return ids as a column of several holds them, "|a|b|"; "" for none."""
    return f"|{'|'.join(ids)}|" if ids else ""


def unbarred(text: str) -> tuple[str, ...]:
    """Return the ids of a column of several."""
    return tuple(filter(None, text.split("|")))


def visibility(viewer: Viewer, resource: Resource, action: str = "read") -> Visibility:
    """Return the rows of a resource on which the viewer may do the action; the system may do everything."""
    return _visible(viewer.grants, resource, action)


@lru_cache(maxsize=4096)
def _visible(grants: frozenset[Grant], resource: Resource, action: str) -> Visibility:
    """Follow from the grants alone; kept, as the frame of every page asks some thirty times what its reader may do."""
    viewer = Viewer("", "", grants)
    if Role.SYSTEM in viewer.roles:
        return Visibility(everything=True)
    rules = resource.actions[action]
    held = [(role, rules[role]) for role in sorted(viewer.roles) if role in rules]
    unbounded = [role for role, rows in held if rows == ALL]
    if unbounded:
        return Visibility(everything=True, hidden=_hidden_from_all(resource, unbounded))
    scoped = [(role, rows.field, viewer.scope_ids(role, rows.scope_kind)) for role, rows in held]
    within = frozenset((name, ids) for _, name, ids in scoped if ids)
    named = {(rows.among, viewer.scope_ids(role, rows.scope_kind)) for role, rows in held if rows.among}
    among = frozenset((name, ids) for name, ids in named if ids)
    return Visibility(
        any_of=within, among=among, hidden=_hidden_from_any(resource, [role for role, _, ids in scoped if ids])
    )


def _hidden_from_all(resource: Resource, roles: Iterable[str]) -> frozenset[str]:
    """Columns hidden from each of several roles over the same rows: what one role shows, the person sees."""
    return frozenset.intersection(*(resource.hidden.get(role, frozenset()) for role in roles))


def _hidden_from_any(resource: Resource, roles: Iterable[str]) -> frozenset[str]:
    """Columns hidden from one of several roles over different rows: a column is not lent to the other's rows."""
    return frozenset[str]().union(*(resource.hidden.get(role, frozenset()) for role in roles))


def can(viewer: Viewer, resource: Resource, action: str, row: Mapping[str, object] | None = None) -> bool:
    """Answer whether the viewer may do the action: to this row, or, without a row, to any row at all."""
    seen = visibility(viewer, resource, action)
    return seen.allows(row) if row is not None else not seen.is_nothing


def check(viewer: Viewer, resource: Resource, action: str, row: Mapping[str, object] | None = None) -> None:
    """Raise NotAllowed unless the viewer may do the action."""
    if not can(viewer, resource, action, row):
        said = _("%(who)s may not %(action)s %(resource)s. Ask the chain office for the role.")
        raise NotAllowed(said % {"who": viewer.name or "anonymous", "action": action, "resource": resource.name})
