"""Who draws samples of evidence, checks and reads them. What is said around a case is for whoever sees the case."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, declare
from liandesk.base.accounts.roles import Role

SAMPLE = declare(
    Resource(
        "sample",
        {
            "read": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL},
            "draw": {Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL},
        },
    )
)
