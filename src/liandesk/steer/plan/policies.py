"""Who reads the plan, and who reads how far it is covered.

The text of a plan is public and anybody finds it among the definitions; its pages join it to offices and their cases,
so they are for the administration. What it leaves open (coverage) is for those who keep it.
"""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, declare
from liandesk.base.accounts.roles import Role

PLAN = declare(
    Resource(
        "plan",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.OFFICER: ALL,
                Role.TOWN_OFFICER: ALL,
                Role.AUDITOR: ALL,
            },
            "check": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL},
        },
    )
)
