"""Who sees, judges and signs what of a list."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

ONWARD = (
    "impact_low",
    "impact_high",
    "impact_share_low",
    "impact_share_high",
    "hit_enterprises",
    "hit_products",
    "computed_level",
    "computed_level_most",
)
"""Columns that tell of others than the enterprise of the entry."""

_OWN_OFFICE = Rows("owner_office", ScopeKind.OFFICE)
_WITH_OFFICE = Rows("owner_office", ScopeKind.OFFICE, among="with_offices")

ENTRY = declare(
    Resource(
        "list_entry",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.AUDITOR: ALL,
                Role.OFFICER: _WITH_OFFICE,
                Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
                Role.ENTERPRISE: Rows("organisation", ScopeKind.ORGANISATION),
            },
            "compare": {  # what changed between two dates
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.AUDITOR: ALL,
                Role.OFFICER: _WITH_OFFICE,
                Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
            },
            "judge": {Role.CHAIN_OFFICE: ALL},  # admit, decline, assign an office and a due date, close, reopen
            "report": {Role.CHAIN_OFFICE: ALL, Role.OFFICER: _OWN_OFFICE},  # measure, note, level
        },
        # "history": who judged what and why; "market": suppliers and users that others told of; ONWARD: the output of
        # those who buy what stops; an enterprise sees what it loses itself, ``direct_low`` and ``direct_high``
        hidden={
            Role.ENTERPRISE: frozenset({"note", "level_reason", "history", "market", *ONWARD}),
            Role.TOWN_OFFICER: frozenset({"note"}),
        },
    )
)

EDITION = declare(
    Resource(
        "edition",
        {
            "read": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL},
            "prepare": {Role.CHAIN_OFFICE: ALL},
            "sign": {Role.CHAIN_CHIEF: ALL},
        },
    )
)
