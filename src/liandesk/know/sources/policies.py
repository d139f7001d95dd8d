"""Who says which node of the chain a free text means."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, declare
from liandesk.base.accounts.roles import Role

FREE_TEXT = declare(
    Resource(
        "free_text",
        {
            "read": {Role.CHAIN_OFFICE: ALL, Role.CHAIN_CHIEF: ALL},  # segments and products as sheets wrote them
            "map": {Role.CHAIN_OFFICE: ALL},  # say which node is meant
        },
    )
)
