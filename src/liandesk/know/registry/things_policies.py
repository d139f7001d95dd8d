"""Who sees which listed thing: one resource a kind, because an offer to all and a lead in confidence differ."""

from __future__ import annotations

from collections.abc import Mapping

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_TOWN = Rows("town", ScopeKind.TOWN)
_OFFICE = Rows("office", ScopeKind.OFFICE)
_OWN = Rows("organisation", ScopeKind.ORGANISATION)
_PARTNER = Rows("partner", ScopeKind.ORGANISATION)
_LEADERS: dict[str, Rows] = {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL}


def _readable(name: str, more: Mapping[str, Rows]) -> Resource:
    return declare(Resource(name, {"read": {**_LEADERS, **more}}))


RESOURCES_OF = {
    "space": _readable("space", {Role.OFFICER: ALL, Role.TOWN_OFFICER: _TOWN}),
    "site": _readable("site", {Role.TOWN_OFFICER: _TOWN, Role.ENTERPRISE: _OWN, Role.HOSPITAL: _OWN}),
    "resource": _readable(  # an offer to everybody who could use it
        "shared_resource",
        {Role.OFFICER: ALL, Role.TOWN_OFFICER: ALL, Role.ENTERPRISE: ALL, Role.HOSPITAL: ALL, Role.EXPERT: ALL},
    ),
    "technology": _readable("technology", {Role.ENTERPRISE: _OWN, Role.HOSPITAL: _OWN}),
    "product": _readable("product", {Role.TOWN_OFFICER: _TOWN, Role.ENTERPRISE: _OWN, Role.HOSPITAL: _OWN}),
    "title": _readable(
        "title", {Role.OFFICER: ALL, Role.TOWN_OFFICER: _TOWN, Role.ENTERPRISE: _OWN, Role.HOSPITAL: _OWN}
    ),
    "trial": _readable("trial", {Role.HOSPITAL: _OWN, Role.ENTERPRISE: _PARTNER}),  # the partner is the sponsor
    "lead": _readable("lead", {Role.OFFICER: _OFFICE, Role.TOWN_OFFICER: _TOWN}),
}
"""Kind of thing -> what is protected."""
