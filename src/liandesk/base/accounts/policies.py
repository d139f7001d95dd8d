"""Who may make accounts, hand out links, and read the log."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, declare
from liandesk.base.accounts.roles import Role

ACCOUNT = declare(
    Resource(
        "account",
        {
            "read": {Role.OPERATOR: ALL, Role.AUDITOR: ALL},
            "manage": {Role.OPERATOR: ALL},  # add, disable, set a password, hand out a sign-in link
        },
    )
)

LOG = declare(Resource("log", {"read": {Role.AUDITOR: ALL, Role.OPERATOR: ALL}}))
