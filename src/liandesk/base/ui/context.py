"""What the frame of every page shows: menu, reader, district, business date, snapshot, synthetic or not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from liandesk.base.accounts.roles import NOBODY, Role, Viewer
from liandesk.base.clock import now, pinned_today, today
from liandesk.base.pack import pack
from liandesk.base.snapshots.queries import published
from liandesk.base.ui import panels
from liandesk.base.ui.display import display_of
from liandesk.base.ui.navigation import area_menus, links_of

_KEPT = "_liandesk_frame"


@dataclass(frozen=True)
class Me:
    """The reader as the frame names them, in their language."""

    name: str
    roles: tuple[str, ...]


def frame(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the frame, made once a request: a request reads one snapshot."""
    kept: dict[str, Any] | None = getattr(request, _KEPT, None)
    if kept is None:
        kept = _place(request) | _reader(request)
        setattr(request, _KEPT, kept)
    return kept


def _place(request: HttpRequest) -> dict[str, Any]:
    snapshot = published()
    return {
        "pack": pack(),
        "today": today(),
        "is_pinned": pinned_today() is not None,
        "snapshot": snapshot,
        "is_synthetic": snapshot is not None and snapshot.is_synthetic,
        "printed_at": now(),
        "here": request.get_full_path() if request.method in ("GET", "HEAD") else "/",
        "display": display_of(request.COOKIES),
    }


def _reader(request: HttpRequest) -> dict[str, Any]:
    viewer: Viewer = getattr(request, "viewer", NOBODY)
    items = panels.menu(viewer) if viewer.user_id else []
    return {
        "me": Me(_name_of(request), tuple(_role_titles(viewer.roles))),
        "areas": area_menus(items, request.path),
        "system_menu": links_of(items, "system", request.path),
    }


def _name_of(request: HttpRequest) -> str:
    user = getattr(request, "user", None)
    return user.display_name if user is not None and user.is_authenticated else ""


def _role_titles(roles: Iterable[str]) -> list[str]:
    return [str(Role(role).label) for role in sorted(roles)]
