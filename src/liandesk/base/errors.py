"""The one root exception of liandesk, with the branch that faces show without a traceback."""

from __future__ import annotations


class LiandeskError(Exception):
    """Root of everything liandesk raises on purpose."""


class UserError(LiandeskError):
    """Something the user can mend; the message says what, where, why and what to do next."""

    exit_code = 2
    status = 400


class NotAllowed(UserError):
    """The viewer may not do this; the message names the action, never the hidden object."""

    exit_code = 3
    status = 403


class NotThere(UserError):
    """There is no such thing, or not for this viewer: the answer is the same for both."""

    status = 404


class Conflict(UserError):
    """Somebody else changed the same thing first; nothing was overwritten."""

    exit_code = 4
    status = 409


class NoSpace(UserError):
    """The disk is full; what was being written was taken back."""

    exit_code = 5
    status = 507


class LogChanged(UserError):
    """The audit log is not what was sealed."""

    exit_code = 6
    status = 500
