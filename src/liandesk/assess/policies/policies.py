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
        {"read": dict.fromkeys((role for role in Role if role != Role.SYSTEM), ALL)},
    )
)

SIMULATION = declare(
    Resource(
        "policy_simulation",
        {
            "read": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL},
            "ask": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL},  # and cancel
        },
    )
)
"""A draft on all enterprises at once: it names who gains and who loses, so nobody of them sees it."""

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
            "plead": {Role.ENTERPRISE: Rows("organisation", ScopeKind.ORGANISATION)},  # appeal, and claim
            "pay": {Role.CHAIN_OFFICE: ALL, Role.OFFICER: Rows("listed_to", ScopeKind.OFFICE)},  # tell what was paid
        },
    )
)

PAYMENT_LIST = declare(
    Resource(
        "payment_list",
        {
            "read": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL},
            "assemble": {Role.CHAIN_OFFICE: ALL},  # and take lines off
            "approve": {Role.CHAIN_OFFICE: ALL},  # never whoever assembled it
        },
    )
)
"""What goes to the office that pays together; that office sees its own lines once they are listed to it."""
