"""Who may make accounts, hand out links, keep tokens, and read the log."""

from __future__ import annotations

from liandesk.base.accounts.access import ALL, Resource, can, declare
from liandesk.base.accounts.roles import Role, Viewer

ACCOUNT = declare(
    Resource(
        "account",
        {
            "read": {Role.OPERATOR: ALL, Role.AUDITOR: ALL},
            "manage": {Role.OPERATOR: ALL},  # add, grant, disable, set a password, hand out a sign-in link
        },
    )
)

LOG = declare(Resource("log", {"read": {Role.AUDITOR: ALL, Role.OPERATOR: ALL}}))

PUBLIC_ROUTES = frozenset(
    {"sign_in", "set_language", "display", "healthz", "about", "calendar_feed", "survey_link", "survey_link_sheet"}
)
"""Names of our routes that need no account; allauth marks its own. Everything else asks for one.

The calendar feed is read by programs at a secret address of its owner's; a survey form is filled in by whoever holds
its link.
"""


def may_keep_for(viewer: Viewer, user_id: int) -> bool:
    """Answer whether the viewer may keep tokens and end sessions of a user: their own, or any as the operator."""
    return viewer.user_id == user_id or can(viewer, ACCOUNT, "manage")
