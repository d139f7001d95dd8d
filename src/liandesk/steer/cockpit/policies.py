"""Who sees all exceptions of the district beside each other: those who answer for the whole plan, and the auditor.

Each line is read with the reader's own rights; a bureau or a town has its own lines on its home page.
"""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, declare
from liandesk.base.accounts.roles import Role

COCKPIT = declare(
    Resource("cockpit", {"read": {Role.CHAIN_CHIEF: ALL, Role.CHAIN_OFFICE: ALL, Role.AUDITOR: ALL}}),
)
