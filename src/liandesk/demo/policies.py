"""What the demo's chain office has begun to fulfil: the clause under which the fewest are surely owed something.

One enterprise let it lapse and appeals; another was not matched and claims.
"""

from __future__ import annotations

from collections.abc import Mapping

from liandesk.assess.policies import actions, pleas, queries
from liandesk.assess.policies.models import Fulfilment
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Grant, Role, ScopeKind, Viewer, viewer_of
from liandesk.base.clock import today
from liandesk.base.work.actions import Step, act


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
    made = actions.match(*fewest, by=office) if fewest else []
    if made:
        _appeal(made[0], office)
    _claim(office, list(owed))
    return len(made)


def _appeal(one: Fulfilment, office: Viewer) -> None:
    one.case.refresh_from_db()  # it was notified since
    act(one.case_id, Step("do", one.case.events_count, "decline", reason="no_answer"), by=office)
    pleas.appeal(one.pk, "通知发送至已停用的联系人，企业未收到。", by=_enterprise(one.organisation))


def _claim(office: Viewer, claimed: list[tuple[str, str]]) -> None:
    """The first enterprise that is not entitled to a clause, and has no case, says that it is."""
    for organisation in queries.entitled_today().panel.enterprises:
        for line in queries.owed_to(office, organisation):
            if line.holds is not True and line.case is None and line.term.key in claimed:
                pleas.claim(
                    organisation, line.term.key, "分公司研发费用未计入，附专项审计报告。", by=_enterprise(organisation)
                )
                return


def _enterprise(organisation: str) -> Viewer:
    """Return whoever acts for an enterprise of the made-up district, who has no account."""
    return Viewer("system:demo", "demo", frozenset({Grant(Role.ENTERPRISE, ScopeKind.ORGANISATION, organisation)}))
