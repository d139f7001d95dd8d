"""Who reads and who writes the indicators of the plan.

What stands of an indicator (its definition, its computed and approved values, the light of a target) is for everybody
who works on the plan. A claim that is not approved yet is its own offices'. A light that differs from the reported
one is told to the office first: ``told`` is what the others see once it has replied or its time to reply is over.
Which towns and offices jump at quarters' ends is for those who appraise.

Ratings are by people who do not answer for a target: officers of other offices, auditors, experts from outside, who
read indicators and lights for it. Neither the chain chief, whose plan it is, nor the chain office, which verifies and
approves values and reports to the chief, nor towns, which are appraised by them; ``independence`` says who else. The
offices that answer for a target read its ratings without the names of their authors; everybody reads their own.
No enterprise, hospital or bank sees any of it.
"""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_OF_THE_PLAN = (Role.CHAIN_CHIEF, Role.CHAIN_OFFICE, Role.AUDITOR, Role.OFFICER, Role.TOWN_OFFICER)
_OWN_TOWN = Rows("town", ScopeKind.TOWN)
_OWN_OFFICE = Rows("owner", ScopeKind.OFFICE)
_LED = Rows("office", ScopeKind.OFFICE)
_THEIRS = Rows("owner", ScopeKind.OFFICE, among="offices")
_ANSWERED_FOR = Rows("lead", ScopeKind.OFFICE, among="offices")

INDICATOR = declare(
    Resource(
        "indicator",
        {
            "read": dict.fromkeys((*_OF_THE_PLAN, Role.EXPERT), ALL),
            "rate": dict.fromkeys((Role.OFFICER, Role.AUDITOR, Role.EXPERT), ALL),
        },
    )
)

CLAIM = declare(
    Resource(
        "indicator_claim",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.AUDITOR: ALL,
                Role.OFFICER: _THEIRS,
                Role.TOWN_OFFICER: _OWN_TOWN,
            },
            "claim": {Role.CHAIN_OFFICE: ALL, Role.OFFICER: _THEIRS, Role.TOWN_OFFICER: _OWN_TOWN},
            "verify": {Role.CHAIN_OFFICE: ALL, Role.OFFICER: _OWN_OFFICE},
            "approve": {Role.CHAIN_OFFICE: ALL, Role.CHAIN_CHIEF: ALL},
        },
    )
)

LIGHT = declare(
    Resource(
        "target_light",
        {
            "read": {Role.CHAIN_OFFICE: _LED, Role.OFFICER: _LED},
            "told": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL, Role.OFFICER: _LED},
            "report": {Role.CHAIN_OFFICE: _LED, Role.OFFICER: _LED},
        },
    )
)

RATING = declare(
    Resource(
        "target_rating",
        {
            "read": {
                **dict.fromkeys((Role.CHAIN_CHIEF, Role.CHAIN_OFFICE, Role.AUDITOR), ALL),
                Role.OFFICER: _ANSWERED_FOR,
            }
        },
        hidden={Role.OFFICER: frozenset({"rated_by"})},
    )
)

JUMP = declare(
    Resource(
        "quarter_end_jumps",
        {"read": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL}},
    )
)
