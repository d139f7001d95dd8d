"""Who sees and opens cases, and for what scopes an account acts.

What somebody may do in a case follows from the roles that their scopes hold in it; which processes they may open from
the roles that the process gives whoever opens (``opens_as``).
"""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_OF_OFFICE = Rows("parties__scope_id", ScopeKind.OFFICE)
_OF_TOWN = Rows("parties__scope_id", ScopeKind.TOWN)
_OF_ORGANISATION = Rows("parties__scope_id", ScopeKind.ORGANISATION)

OFFICIALS = frozenset({Role.CHAIN_CHIEF, Role.CHAIN_OFFICE, Role.OFFICER, Role.TOWN_OFFICER})
"""Who may hold a role of a case in person, and open one that way."""

_SCOPED: dict[str, Rows] = {
    Role.OFFICER: _OF_OFFICE,
    Role.TOWN_OFFICER: _OF_TOWN,
    Role.ENTERPRISE: _OF_ORGANISATION,
    Role.HOSPITAL: _OF_ORGANISATION,
}

CASE = declare(
    Resource(
        "case",
        {
            "read": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, **_SCOPED},
            "open": dict.fromkeys((*OFFICIALS, Role.ENTERPRISE, Role.HOSPITAL), ALL),
            "act": {Role.CHAIN_OFFICE: _OF_OFFICE, **_SCOPED},
            "chase": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL},  # remind whoever is late
        },
    )
)
