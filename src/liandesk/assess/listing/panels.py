"""What the listing library puts on pages of base: menu, inbox, panels of an organisation and of its rungs, publish."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.assess.listing import queries
from liandesk.assess.listing.models import Prospect
from liandesk.assess.listing.policies import LISTING, OUTLOOK
from liandesk.assess.listing.projection import project_listings
from liandesk.assess.listing.shown import board_context
from liandesk.assess.listing.wording import board_titles
from liandesk.base.accounts.access import can, unbarred
from liandesk.base.accounts.roles import Viewer
from liandesk.base.snapshots.actions import register_projection
from liandesk.base.snapshots.queries import RISKS
from liandesk.base.ui import panels


def register() -> None:
    register_projection(RISKS, project_listings)
    panels.MENU.append(_menu)
    panels.INBOX.append(_to_confirm)
    panels.PANELS.setdefault("organisation", []).append(_of_organisation)
    panels.PANELS.setdefault("rungs", []).append(_beside_rungs)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, LISTING, "read"):
        yield panels.MenuItem("assess", _("Listing library"), "listings", 36)
    if can(viewer, OUTLOOK, "read"):
        yield panels.MenuItem("assess", _("Number of listed enterprises"), "listing_outlook", 37)


def _to_confirm(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """Entries of the way to a board that wait for this viewer as the second person."""
    for step in queries.waiting(viewer):
        if queries.may_confirm(viewer, step.prospect, step):
            said = {"name": step.prospect.name, "stage": step.get_stage_display()}
            title = _("%(name)s: confirm that it is “%(stage)s”") % said
            url = reverse("listing", args=[step.prospect.pk])
            yield panels.InboxLine("waiting", title, url, step.evidence, at=step.entered_at)


def _prospect(viewer: Viewer, key: str) -> Prospect | None:
    return queries.prospects(viewer).filter(pk=key).first() if can(viewer, LISTING, "read") else None


def _of_organisation(viewer: Viewer, key: str) -> panels.Panel | None:
    found = _prospect(viewer, key)
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


def _beside_rungs(viewer: Viewer, key: str) -> panels.Panel | None:
    """Which board an enterprise is nearest to, and what is missing."""
    found = _prospect(viewer, key)
    boards = queries.boards_of(viewer, found) if found else []
    nearest = next((one for one in boards if one.counts), None)
    if nearest is None:
        return None
    context = {"prospect": found, "board": board_context(nearest), "url": reverse("listing", args=[key])}
    return panels.Panel(_("Nearest board"), "listing/_beside_rungs.html", context)
