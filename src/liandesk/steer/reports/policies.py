"""Who orders and reads reports.

A report shows each reader what its addressee may see: reports on the whole plan are for the chain chief, the chain
office and the auditor; a letter for the office it goes to as well. No enterprise, town or other office reads any.
"""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

REPORT = declare(
    Resource(
        "report",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.AUDITOR: ALL,
                Role.OFFICER: Rows("office", ScopeKind.OFFICE),
            },
            "order": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL},
        },
    )
)
"""A report and its files; checking a bundle of one asks for "read", too."""
