"""What the ladder puts on pages of base and of the registry: menu, inbox, publish, and an organisation's rungs.

Other apps add to the page of one enterprise under ``PANELS["rungs"]``.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.assess.ladder import queries
from liandesk.assess.ladder.projection import project_rungs
from liandesk.assess.rules.policies import GRADE
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.snapshots.actions import register_projection
from liandesk.base.ui import panels
from liandesk.base.ui.display import language

_MOST_LINES = 3


def register() -> None:
    register_projection("risks", project_rungs)
    panels.MENU.append(_menu)
    panels.INBOX.append(_expiring)
    panels.PANELS.setdefault("organisation", []).append(_of_organisation)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if not can(viewer, GRADE, "read"):
        return
    if queries.own_organisations(viewer):
        yield panels.MenuItem("assess", _("My rungs and my money"), "my_rungs", 69)
    else:
        yield panels.MenuItem("assess", _("Ladder of enterprises"), "ladder", 70)


def _expiring(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """Titles that end soon, or have ended without a re-check; many are summed up in one line."""
    if not can(viewer, GRADE, "read"):
        return
    rows = queries.expiring(viewer)
    count = rows.count()
    if not count:
        return
    if count > _MOST_LINES:
        said = ngettext("%(count)s title ends soon", "%(count)s titles end soon", count) % {"count": count}
        first = rows.values_list("held_until", flat=True).first()
        yield panels.InboxLine("due", said, f"{reverse('rungs')}?ends=soon", due=first, count=count)
        return
    names = queries.title_names()
    for row in rows:
        title = getattr(names[row.held], language()) if row.held in names else row.held
        said = _("%(title)s of %(name)s ends: apply for the re-check") % {"title": title, "name": row.name}
        yield panels.InboxLine("due", said, reverse("rung", args=[row.pk]), due=row.held_until)


def _of_organisation(viewer: Viewer, organisation_id: str) -> panels.Panel | None:
    row = queries.rungs(viewer).filter(pk=organisation_id).first() if can(viewer, GRADE, "read") else None
    if row is None:
        return None
    return panels.Panel(
        _("On the ladder"), "ladder/_of_organisation.html", {"row": row, "names": queries.title_names()}
    )
