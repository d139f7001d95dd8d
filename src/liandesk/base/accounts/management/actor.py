"""Who a command acts as."""

from __future__ import annotations

from django.core.management.base import CommandError

from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import Viewer, system_viewer, viewer_of
from liankit.errors import nearest


def actor(name: str | None) -> Viewer:
    """Return the account called ``name``, with its rights; without a name the command itself."""
    if not name:
        return system_viewer("command")
    user = User.objects.filter(username=name).first()
    if user is None:
        near = nearest(name, User.objects.values_list("username", flat=True))
        raise CommandError(f"There is no account '{name}'.{near} `liandesk user list` shows all.", returncode=2)
    return viewer_of(user)
