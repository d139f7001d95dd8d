"""Who freezes a formula, gives values, publishes, and who reads whose result.

The formula is for every official: nobody is judged by a rule they cannot read. Values, order and the intervals of the
ranks are for those who appraise and for the auditor. A unit reads its own result; no enterprise reads any of it.
"""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_ASSESSORS: dict[str, Rows] = {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL}

FORMULA = declare(
    Resource(
        "appraisal_formula",
        {
            "read": {**_ASSESSORS, Role.OFFICER: ALL, Role.TOWN_OFFICER: ALL},
            "freeze": {Role.CHAIN_OFFICE: ALL},
        },
    )
)
APPRAISAL = declare(
    Resource(
        "appraisal",
        {
            "read": _ASSESSORS,
            "give": {Role.CHAIN_OFFICE: ALL},
            "publish": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL},
        },
    )
)
UNIT = declare(
    Resource(
        "appraised_unit",
        {
            "read": {
                **_ASSESSORS,
                Role.OFFICER: Rows("unit", ScopeKind.OFFICE),
                Role.TOWN_OFFICER: Rows("unit", ScopeKind.TOWN),
            },
        },
    )
)
