"""Who holds rounds, who sees and fills in whose form. Whoever holds a link fills in that one form and sees no more."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

ROUND = declare(
    Resource(
        "survey_round",
        {
            "read": dict.fromkeys((Role.CHAIN_CHIEF, Role.CHAIN_OFFICE, Role.AUDITOR, Role.TOWN_OFFICER), ALL),
            "hold": {Role.CHAIN_OFFICE: ALL},  # open, close
        },
    )
)
"""Title, notice and days of a round; what it counts follows from the forms that one sees."""

_OWN = Rows("organisation", ScopeKind.ORGANISATION)
_TOWN = Rows("town", ScopeKind.TOWN)

FORM = declare(
    Resource(
        "survey_form",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.AUDITOR: ALL,
                Role.TOWN_OFFICER: _TOWN,
                Role.ENTERPRISE: _OWN,
            },
            "answer": {Role.CHAIN_OFFICE: ALL, Role.TOWN_OFFICER: _TOWN, Role.ENTERPRISE: _OWN},
            "invite": {Role.CHAIN_OFFICE: ALL, Role.TOWN_OFFICER: _TOWN},  # links, sheets of codes, reminders
        },
    )
)
"""One enterprise's form: what it is asked, what it said, and since when its inputs are confirmed."""
