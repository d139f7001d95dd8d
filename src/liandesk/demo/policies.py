"""What the demo's chain office has begun to fulfil: the clause under which the fewest are surely owed something."""

from __future__ import annotations

from collections.abc import Mapping

from liandesk.assess.policies import actions, queries
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import viewer_of
from liandesk.base.clock import today


def match_a_clause(people: Mapping[str, User]) -> int:
    """Match one clause once, as the chain office would; return how many enterprises were told."""
    office = viewer_of(people["ChainOffice"])
    if queries.fulfilments(office).exists():
        return 0
    owed: dict[tuple[str, str], int] = {}
    for one in queries.catalogue(office):
        policy, clause = one.term.policy.key, one.term.clause.key
        if one.term.clause.claims.holds(today()):
            owed[policy, clause] = sum(line.is_sure for line in queries.owed_under(office, policy, clause))
    fewest = min((key for key, many in owed.items() if many), key=lambda key: (owed[key], key), default=None)
    return len(actions.match(*fewest, by=office)) if fewest else 0
