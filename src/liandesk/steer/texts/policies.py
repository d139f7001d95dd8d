"""Who sees the texts of plans and says what they mean. A text may be a draft: whoever works on the plan sees it."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, declare
from liandesk.base.accounts.roles import Role

PLAN_TEXT = declare(
    Resource(
        "plan_text",
        {
            "read": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.OFFICER: ALL, Role.AUDITOR: ALL},
            "review": {Role.CHAIN_OFFICE: ALL},  # send texts, have them read, accept, correct, draft a plan
        },
    )
)
