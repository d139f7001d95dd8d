"""Keep a filtered list under a name: for oneself, or for everybody of one's office or town.

What a view shows follows from the reader's own rights: it is an address and nothing more.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.roles import ScopeKind, Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now
from liandesk.base.errors import NotThere, UserError
from liandesk.base.ui.models import SavedView

_NOT_KEPT = ("page",)  # where in the list somebody was


def shared_scope(viewer: Viewer) -> str:
    """Return the office or town with whose people a viewer shares a view, empty where they have none."""
    held = sorted(g for g in _scopes(viewer))
    return held[0] if held else ""


def _scopes(viewer: Viewer) -> set[str]:
    kinds = (ScopeKind.OFFICE, ScopeKind.TOWN)
    return {f"{g.scope_kind}:{g.scope_id}" for g in viewer.grants if g.scope_kind in kinds and g.scope_id}


def saved_views(viewer: Viewer, page: str) -> QuerySet[SavedView]:
    """Return the views of a list that the viewer saved or that their office or town shares."""
    return SavedView.objects.filter(Q(owner=viewer.actor) | Q(scope__in=_scopes(viewer)), page=page)


@transaction.atomic
def save_view(*, page: str, name: str, query: str, is_shared: bool, by: Viewer) -> SavedView:
    """Save the filters of a list under a name; one's own view of the same name is replaced."""
    if not name.strip():
        raise UserError(_("Give the view a name."))
    _check_page(page)
    values = {"query": _kept(query), "scope": shared_scope(by) if is_shared else "", "saved_at": now()}
    made, _is_new = SavedView.objects.update_or_create(
        page=page, owner=by.actor, name=name.strip()[:60], defaults=values
    )
    record("view.save", "saved_view", made.pk, by=by, page=page)
    return made


def _check_page(page: str) -> None:
    try:
        reverse(page)
    except NoReverseMatch:
        raise UserError(_("There is no list '%(page)s'.") % {"page": page}) from None


def _kept(query: str) -> str:
    asked = QueryDict(query, mutable=True)
    for name in _NOT_KEPT:
        asked.pop(name, None)
    return asked.urlencode()[:2000]


@transaction.atomic
def delete_view(pk: int, *, by: Viewer) -> str:
    """Delete one's own view; return the list it was of."""
    found = SavedView.objects.filter(pk=pk, owner=by.actor).first()
    if found is None:
        raise NotThere(_("There is no such view of yours."))
    record("view.delete", "saved_view", pk, by=by, page=found.page)
    found.delete()
    return found.page
