"""Who sees which organisation."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_OWN = Rows("id", ScopeKind.ORGANISATION)

ORGANISATION = declare(
    Resource(
        "organisation",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
                Role.ENTERPRISE: _OWN,
                Role.HOSPITAL: _OWN,
            }
        },
    )
)

JUDGEMENT = declare(
    Resource(
        "judgement",
        {
            "read": {Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL},  # the review queue and what was decided
            "judge": {Role.CHAIN_OFFICE: ALL},  # accept, reject, merge, split, undo
        },
    )
)

CONSENT = declare(
    Resource(
        "consent",
        {
            "read": {
                Role.CHAIN_OFFICE: ALL,
                Role.ENTERPRISE: Rows("organisation", ScopeKind.ORGANISATION),
                Role.HOSPITAL: Rows("organisation", ScopeKind.ORGANISATION),
            },
            # the organisation itself; the chain office enters what it signed on paper
            "give": {
                Role.CHAIN_OFFICE: ALL,
                Role.ENTERPRISE: Rows("organisation", ScopeKind.ORGANISATION),
                Role.HOSPITAL: Rows("organisation", ScopeKind.ORGANISATION),
            },
        },
    )
)
