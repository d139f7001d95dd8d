"""What the registry puts on pages of base, and its part in the reading of facts and in publish."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.queries import SCOPE_NAMES
from liandesk.base.accounts.roles import ScopeKind, Viewer
from liandesk.base.facts.queries import RECORD_SCOPES
from liandesk.base.snapshots.actions import register_projection
from liandesk.base.ui import panels
from liandesk.know.registry.policies import ORGANISATION
from liandesk.know.registry.projection import project
from liandesk.know.registry.queries import organisation_name, organisations, records_in_scope

_HITS = 20


def register() -> None:
    register_projection("risks", project)
    RECORD_SCOPES.append(records_in_scope)
    SCOPE_NAMES[ScopeKind.ORGANISATION] = organisation_name
    panels.MENU.append(_menu)
    panels.SEARCH.append(_search)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, ORGANISATION, "read"):
        yield panels.MenuItem("know", _("Organisations"), "organisations", 10)


def _search(viewer: Viewer, text: str) -> Iterator[panels.SearchItem]:
    for found in organisations(viewer, text=text)[:_HITS]:
        yield panels.SearchItem(_("Organisation"), found.name, reverse("organisation", args=[found.id]), found.name_en)
