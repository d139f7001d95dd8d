"""What listed things put on pages of base: the menu, the search, and an organisation's things on its page."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.snapshots.actions import register_projection
from liandesk.base.ui import panels, search
from liandesk.know.registry.policies import ORGANISATION
from liandesk.know.registry.things_kinds import KINDS
from liandesk.know.registry.things_policies import RESOURCES_OF
from liandesk.know.registry.things_projection import project_things
from liandesk.know.registry.things_queries import things_of

_FIRST_PLACE = 40  # in the menu, after organisations and the chain


def register() -> None:
    register_projection("risks", project_things)
    panels.MENU.append(_menu)
    panels.PANELS.setdefault("organisation", []).append(_of_organisation)
    seen = search.by_matrix(ORGANISATION)
    search.register(search.Searchable("organisation", gettext_lazy("Organisation"), "organisation", seen))
    for kind in KINDS.values():
        seen = search.by_matrix(RESOURCES_OF[kind.code])
        search.register(search.Searchable(kind.code, kind.one, kind.route, seen))


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, ORGANISATION, "read"):
        yield panels.MenuItem("know", _("Sketch of the district"), "cartogram", _FIRST_PLACE - 1)
    for place, kind in enumerate(KINDS.values(), start=_FIRST_PLACE):
        if can(viewer, RESOURCES_OF[kind.code], "read"):
            yield panels.MenuItem("know", str(kind.listing.title), kind.slug, place)


def _of_organisation(viewer: Viewer, organisation_id: str) -> panels.Panel | None:
    found = things_of(viewer, organisation_id)
    if not found:
        return None
    return panels.Panel(_("What it has"), "registry/_things_of.html", {"things": found})
