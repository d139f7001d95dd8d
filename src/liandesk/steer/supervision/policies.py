"""Who drafts, comments, reports and judges.

An office sees the rows that it leads or co-operates in. No town, enterprise, hospital, bank or expert sees supervision.
What somebody may do in the case of a row follows from the roles that their office holds in it.
"""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, Rows, declare
from liandesk.base.accounts.roles import Role, ScopeKind

_TAKES_PART = Rows("lead", ScopeKind.OFFICE, among="partners")
_LEADS = Rows("lead", ScopeKind.OFFICE)

TASK_SHEET = declare(
    Resource(
        "task_sheet",
        {
            "read": {
                Role.CHAIN_CHIEF: ALL,
                Role.CHAIN_OFFICE: ALL,
                Role.AUDITOR: ALL,
                Role.OFFICER: _TAKES_PART,
            },
            "draft": {Role.CHAIN_OFFICE: ALL},  # draft, change rows, answer comments
            "comment": {Role.OFFICER: _TAKES_PART},
            "report": {Role.CHAIN_OFFICE: _LEADS, Role.OFFICER: _LEADS},
        },
    )
)

EVALUATION = declare(
    Resource(
        "evaluation",
        {
            "read": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL},
            "judge": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL},  # judge, seal, hand over
        },
    )
)
