"""What transfers put on pages of base: menu, the panel of an organisation, and what its case shows of counting."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.act.transfers import queries
from liandesk.act.transfers.effects import PROCESS
from liandesk.act.transfers.policies import TRANSFER
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui import panels

_MOST = 20


def register() -> None:
    panels.MENU.append(_menu)
    panels.PANELS.setdefault("organisation", []).append(_of_organisation)
    panels.PANELS.setdefault(f"case:{PROCESS}", []).append(_of_case)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, TRANSFER, "read"):
        yield panels.MenuItem("act", _("Transfers of results"), "transfers", 40)


def _of_organisation(viewer: Viewer, key: str) -> panels.Panel | None:
    """The transfers of which an organisation is a side."""
    if not can(viewer, TRANSFER, "read"):
        return None
    found = list(queries.transfers(viewer).filter(Q(supply=key) | Q(demand=key))[:_MOST])
    context = {"transfers": found, "url": reverse("transfers")}
    return panels.Panel(_("Transfers of results"), "transfers/_of_organisation.html", context) if found else None


def _of_case(viewer: Viewer, pk: str) -> panels.Panel | None:
    """Whether the transfer of a case counts, and why not."""
    if not can(viewer, TRANSFER, "read"):
        return None
    found = queries.transfers(viewer).select_related("counted_by").filter(case=int(pk)).first()
    return panels.Panel(_("Counting"), "transfers/_of_case.html", {"transfer": found}) if found else None
