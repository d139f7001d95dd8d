"""Who reads policies, who sees what an enterprise is owed, and who fulfils it.

What is owed follows from an organisation's grades: whoever may see those (``GRADE``) sees it. The office that pays sees
what was listed to it, and nothing before.
"""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

POLICY = declare(
    Resource(
        "policy",
        {
            "read": dict.fromkeys((role for role in Role if role != Role.SYSTEM), ALL),
            "simulate": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL},
        },
    )
)

FULFILMENT = declare(
    Resource(
        "fulfilment",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.AUDITOR: ALL,
                Role.OFFICER: Rows("listed_to", ScopeKind.OFFICE),
                Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
                Role.ENTERPRISE: Rows("organisation", ScopeKind.ORGANISATION),
            },
            "match": {Role.CHAIN_OFFICE: ALL},
            "pay": {Role.CHAIN_OFFICE: ALL, Role.OFFICER: Rows("listed_to", ScopeKind.OFFICE)},  # tell what was paid
        },
    )
)
