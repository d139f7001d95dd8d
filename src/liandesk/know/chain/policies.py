"""Who sees what of the chain.

The open part of the map (relations that somebody put down as such, public data, the nodes at their ends) is everybody's
who works with it. What only one enterprise's declaration tells is seen as that enterprise is. A supply link has two
ends; whoever sees an end sees the link, but a supplier's end does not tell the buyer's stock, share and amount.
"""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_ALL_SEEN: dict[str, Rows] = {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL}
_OWN: dict[str, Rows] = {
    Role.TOWN_OFFICER: Rows("town", ScopeKind.TOWN),
    Role.ENTERPRISE: Rows("organisation", ScopeKind.ORGANISATION),
    Role.HOSPITAL: Rows("organisation", ScopeKind.ORGANISATION),
}
_MAP = (*_ALL_SEEN, Role.OFFICER, *_OWN)

CHAIN = declare(
    Resource(
        "chain",
        {
            "map": dict.fromkeys(_MAP, ALL),  # nodes and relations that are open
            "read": {**_ALL_SEEN, **_OWN},  # who makes, sells and uses what, and nodes known from that alone
        },
    )
)

SUPPLY_LINK = declare(Resource("supply_link", {"read": {**_ALL_SEEN, **_OWN}}))

FINDING = declare(Resource("chain_finding", {"read": dict(_ALL_SEEN)}))
"""Weak, missing and single links, pairs of local buyers and suppliers, and what is wrong with the map."""
