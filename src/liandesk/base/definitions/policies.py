"""Who reads, proposes and publishes definitions. Everybody with an account may know by which rules work is done."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role

_EVERYBODY: dict[str, Rows] = {role: ALL for role in Role if role != Role.SYSTEM}

DEFINITION = declare(
    Resource(
        "definition",
        {
            "read": _EVERYBODY,
            "propose": {Role.CHAIN_OFFICE: ALL, Role.OFFICER: ALL},
            "publish": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL},
        },
    )
)
