"""Who reads the challenges that are published: whoever could bid, whoever reviews, and the offices."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, declare
from liandesk.base.accounts.roles import Role

_READERS = (
    Role.CHAIN_CHIEF,
    Role.CHAIN_OFFICE,
    Role.OFFICER,
    Role.TOWN_OFFICER,
    Role.ENTERPRISE,
    Role.HOSPITAL,
    Role.EXPERT,
)

CHALLENGE = declare(Resource("challenge", {"read": dict.fromkeys(_READERS, ALL)}))
