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
    own: frozenset[Grant] = frozenset()  # of the grants those in the viewer's own right, where others lend some
    lenders: tuple[Viewer, ...] = ()  # the people the viewer stands in for today, each with what they lend

    @property
    def acts_for(self) -> frozenset[str]:
        """Return the persons the viewer stands in for, as actors; what names them names the viewer too."""
        return frozenset(lender.actor for lender in self.lenders)

    def alone(self) -> Viewer:
        """Return the same person in their own right only."""
        return replace(self, grants=self.own, own=frozenset(), lenders=()) if self.lenders else self

    @property
    def capacities(self) -> tuple[Viewer, ...]:
        """Return the viewer in their own right, then each person they stand in for."""
        return (self.alone(), *self.lenders)

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
    """Return the viewer for a signed-in user with what is in force today; nobody for an anonymous one.

    Beside the grants of their own they have what the people lend them for whom they stand in.
    """
    if not user.is_authenticated or not user.is_active:
        return NOBODY
    own = _grants_of(user)
    lenders = tuple(_lender(giver, own) for giver in user.stands_in_for())
    grants = own.union(*(lender.grants for lender in lenders))
    return Viewer(f"user:{user.pk}", user.get_username(), grants, user.pk, own if lenders else frozenset(), lenders)


def _grants_of(user: Any) -> frozenset[Grant]:
    grants = frozenset(Grant(m.role, m.scope_kind, m.scope_id) for m in user.memberships.in_force())
    return grants | _following(grants)


def _lender(giver: Any, deputy: frozenset[Grant]) -> Viewer:
    return Viewer(f"user:{giver.pk}", giver.get_username(), lent(_grants_of(giver), deputy), giver.pk)


OFFICIAL_ROLES = frozenset({Role.CHAIN_CHIEF, Role.CHAIN_OFFICE, Role.OFFICER, Role.TOWN_OFFICER})


def lent(giver: frozenset[Grant], deputy: frozenset[Grant]) -> frozenset[Grant]:
    """Return what a person lends to a deputy: an official's rights to an official, an organisation's to its own people.

    What is tied to the person is never lent: the rights of auditors, operators and review experts.
    """
    is_official = any(grant.role in OFFICIAL_ROLES for grant in deputy)
    organisations = {grant.scope_id for grant in deputy if grant.scope_kind == ScopeKind.ORGANISATION}
    return frozenset(
        grant
        for grant in giver
        if (grant.role in OFFICIAL_ROLES and is_official)
        or (grant.role in _OF_ORGANISATIONS and grant.scope_id and grant.scope_id in organisations)
    )


_OF_ORGANISATIONS = frozenset({Role.ENTERPRISE, Role.HOSPITAL, Role.BANK})


def _following(grants: frozenset[Grant]) -> frozenset[Grant]:
    """Return the same rights over what the scopes were merged into; they end with the merge."""
    found: set[Grant] = set()
    for kind, stands_for in STANDS_FOR.items():
        held = [grant for grant in grants if grant.scope_kind == kind]
        now = stands_for([grant.scope_id for grant in held]) if held else {}
        found |= {replace(grant, scope_id=now[grant.scope_id]) for grant in held if grant.scope_id in now}
    return frozenset(found)
