"""Who sees how land is judged by its yield: the district all, a town its own enterprises, an enterprise itself."""

from __future__ import annotations

from datetime import date

from liandesk.assess.per_mu.models import Result
from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

PER_MU = declare(
    Resource(
        "per_mu",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
                Role.ENTERPRISE: Rows("id", ScopeKind.ORGANISATION),
            },
            "weigh": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL},  # other weights, who moves, who is at an edge
            "land": {Role.CHAIN_OFFICE: ALL},  # take over what the per-mu office published, and make it final
        },
    )
)

PROCESS = "per_mu_objection"
SUBJECT = "per_mu_result"


def is_open(found: Result, on: date) -> bool:
    """Say whether a result may be objected to on a day: it is preliminary, and its days are not over."""
    return found.final_on is None and (found.objections_until is None or on <= found.objections_until)
