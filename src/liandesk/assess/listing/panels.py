"""What the listing library puts on pages of base: the menu, the panel of an organisation, the handler of forecasts."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.assess.listing import queries
from liandesk.assess.listing.policies import LISTING, OUTLOOK
from liandesk.assess.listing.wording import board_titles
from liandesk.base.accounts.access import can, unbarred
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui import panels


def register() -> None:
    panels.MENU.append(_menu)
    panels.PANELS.setdefault("organisation", []).append(_of_organisation)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, LISTING, "read"):
        yield panels.MenuItem("assess", _("Listing library"), "listings", 36)
    if can(viewer, OUTLOOK, "read"):
        yield panels.MenuItem("assess", _("Number of listed enterprises"), "listing_outlook", 37)


def _of_organisation(viewer: Viewer, key: str) -> panels.Panel | None:
    found = queries.prospects(viewer).filter(pk=key).first() if can(viewer, LISTING, "read") else None
    if found is None:
        return None
    titles = board_titles()
    context = {
        "prospect": found,
        "met": [titles.get(one, one) for one in unbarred(found.met)],
        "board": titles.get(found.board, found.board),
        "url": reverse("listing", args=[key]),
    }
    return panels.Panel(_("Listing"), "listing/_of_organisation.html", context)
