"""Who sees and writes the backup list.

It names the ways out of many enterprises at once, so an enterprise sees none of it: not of its own items either, for
a backup of its own input names its competitor. A candidate tells who makes what: the offices see it.
"""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_OWN_OFFICE = Rows("owner_office", ScopeKind.OFFICE)

BACKUP = declare(
    Resource(
        "backup",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.AUDITOR: ALL,
                Role.OFFICER: _OWN_OFFICE,
                Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
            },
            "keep": {Role.CHAIN_OFFICE: ALL, Role.OFFICER: _OWN_OFFICE},  # backups, steps and drills of a row
            "list": {Role.CHAIN_OFFICE: ALL},  # add, load and retire rows; accept candidates
        },
        hidden={Role.TOWN_OFFICER: frozenset({"note"})},
    )
)

CANDIDATE = declare(
    Resource("backup_candidate", {"read": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL}})
)
