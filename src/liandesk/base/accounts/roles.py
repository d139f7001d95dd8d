"""Roles, scopes and the viewer: who looks, in which capacity, over what."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    CHAIN_CHIEF = "chain_chief", _("Chain chief")
    CHAIN_OFFICE = "chain_office", _("Chain office")
    OFFICER = "officer", _("Bureau officer")
    TOWN_OFFICER = "town_officer", _("Town or zone officer")
    ENTERPRISE = "enterprise", _("Enterprise")
    HOSPITAL = "hospital", _("Hospital or institute")
    BANK = "bank", _("Bank or fund")
    EXPERT = "expert", _("Review expert")
    AUDITOR = "auditor", _("Auditor")
    OPERATOR = "operator", _("Operator")
    SYSTEM = "system", _("System")


class ScopeKind(models.TextChoices):
    DISTRICT = "district", _("District")
    OFFICE = "office", _("Office")
    TOWN = "town", _("Town")
    ORGANISATION = "organisation", _("Organisation")


@dataclass(frozen=True)
class Grant:
    """A role over one scope; a scope is a kind and a permanent id, never a foreign key."""

    role: str
    scope_kind: str
    scope_id: str = ""


@dataclass(frozen=True)
class Viewer:
    """Whoever reads or writes; made once a request, passed to every query and action."""

    actor: str
    name: str
    grants: frozenset[Grant] = frozenset()
    user_id: int | None = None

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    def scope_ids(self, role: str, scope_kind: str) -> frozenset[str]:
        """Return the ids of the scopes of one kind that the viewer holds in one role; never an empty id."""
        held = (g for g in self.grants if g.role == role and g.scope_kind == scope_kind)
        return frozenset(grant.scope_id for grant in held if grant.scope_id)


NOBODY = Viewer("anonymous", "")


def system_viewer(name: str) -> Viewer:
    """Return the viewer for work that no person asked for in person: the worker, the command line."""
    return Viewer(f"system:{name}", name, frozenset({Grant(Role.SYSTEM, ScopeKind.DISTRICT)}))


STANDS_FOR: dict[str, Callable[[Collection[str]], Mapping[str, str]]] = {}
"""By kind of scope: which id now stands for one that was merged; the registry above registers organisations."""


def viewer_of(user: Any) -> Viewer:
    """Return the viewer for a signed-in user with the grants in force today; nobody for an anonymous one."""
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    grants = frozenset(Grant(m.role, m.scope_kind, m.scope_id) for m in user.memberships.in_force())
    return Viewer(f"user:{user.pk}", user.get_username(), grants | _following(grants), user.pk)


def _following(grants: frozenset[Grant]) -> frozenset[Grant]:
    """Return the same rights over what the scopes were merged into; they end with the merge."""
    found: set[Grant] = set()
    for kind, stands_for in STANDS_FOR.items():
        held = [grant for grant in grants if grant.scope_kind == kind]
        now = stands_for([grant.scope_id for grant in held]) if held else {}
        found |= {replace(grant, scope_id=now[grant.scope_id]) for grant in held if grant.scope_id in now}
    return frozenset(found)
