"""What policies put on pages of base and of the registry: the menu, and an enterprise's money on its portrait."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from liandesk.assess.policies import queries
from liandesk.assess.policies.policies import POLICY
from liandesk.assess.rules.policies import GRADE
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import NotThere
from liandesk.base.ui import panels


def register() -> None:
    panels.MENU.append(_menu)
    panels.PANELS.setdefault("organisation", []).append(_of_organisation)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, POLICY, "read"):
        yield panels.MenuItem("assess", _("Policies"), "policies", 70)


def _of_organisation(viewer: Viewer, organisation: str) -> panels.Panel | None:
    """What an enterprise is owed in all, with the way to its clauses."""
    if not can(viewer, GRADE, "read"):
        return None
    try:
        total, lines = queries.total_of(viewer, organisation), queries.owed_to(viewer, organisation)
    except NotThere:
        return None
    count = sum(line.holds is True for line in lines)
    context = {"organisation": organisation, "total": total, "count": count}
    return panels.Panel(_("Policy money"), "policies/_of_organisation.html", context)
