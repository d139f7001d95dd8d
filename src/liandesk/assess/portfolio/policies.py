"""Who weighs what to do with a budget.

Interventions and what they save tell of many enterprises at once, and of what the district is ready to pay: the chain
chief and the chain office alone work on them, the auditor reads. No enterprise, town or bureau sees any of it; what
comes of it reaches them as a published challenge or as a case of their own.
"""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, declare
from liandesk.base.accounts.roles import Role

PORTFOLIO = declare(
    Resource(
        "portfolio",
        {
            "read": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL},
            "ask": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL},  # enter interventions, compute, cancel
            "propose": {Role.CHAIN_OFFICE: ALL},  # open a challenge, keep a deal for later
        },
    )
)
