"""Keep in the log who signed in and out, and which account was locked; never names, addresses or passwords."""

from __future__ import annotations

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import system_viewer, viewer_of
from liandesk.base.audit.actions import record


def connect() -> None:
    """Listen; called once when the app is ready."""
    user_logged_in.connect(_on_sign_in, dispatch_uid="liandesk.session.start")
    user_logged_out.connect(_on_sign_out, dispatch_uid="liandesk.session.end")
    user_locked_out.connect(_on_lock, dispatch_uid="liandesk.session.lock")


def _on_sign_in(sender: Any, user: User, **kwargs: Any) -> None:
    record("session.start", "user", user.pk, by=viewer_of(user))


def _on_sign_out(sender: Any, user: User | None, **kwargs: Any) -> None:
    if user is not None:
        record("session.end", "user", user.pk, by=viewer_of(user))


def _on_lock(sender: Any, username: str, **kwargs: Any) -> None:
    known = User.objects.filter(username=username).first()
    record("session.lock", "user", known.pk if known else "unknown", by=system_viewer("sign-in"))
