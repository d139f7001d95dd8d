"""What the risk app puts on pages of base: what an organisation's failure would bring down, on its page."""

from __future__ import annotations

from django.utils.translation import gettext as _

from liandesk.assess.risk.queries import score
from liandesk.base.accounts.roles import Viewer
from liandesk.base.pack import pack
from liandesk.base.ui import panels


def register() -> None:
    panels.PANELS.setdefault("organisation", []).append(_if_it_failed)


def _if_it_failed(viewer: Viewer, organisation_id: str) -> panels.Panel | None:
    found = score(viewer, organisation_id)
    if found is None:
        return None
    context = {"score": found.row, "stops": found.stops, "least": pack().cascade_coverage}
    return panels.Panel(_("If it failed"), "risk/_if_it_failed.html", context)
