"""What the pipeline puts on pages of base: menu, credit and lock of a lead, the lead of a dispute, an offer of help."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.act.pipeline import disputes, effects, queries, sketch
from liandesk.act.pipeline.first_contact import locked_until
from liandesk.act.pipeline.policies import PROJECT
from liandesk.act.pipeline.tables import places
from liandesk.assess.listing.policies import LISTING
from liandesk.assess.listing.queries import prospects
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui import panels
from liandesk.base.work.opening import may_open
from liandesk.base.work.queries import one_case

GUARANTEE = "fund_project_guarantee"


def register() -> None:
    sketch.register()
    panels.MENU.append(_menu)
    panels.PANELS.setdefault(f"case:{effects.PROCESS}", []).append(_of_lead)
    panels.PANELS.setdefault(f"case:{disputes.PROCESS}", []).append(_of_dispute)
    panels.PANELS.setdefault("organisation", []).append(_of_candidate)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, PROJECT, "read"):
        yield panels.MenuItem("act", _("Project pipeline"), "pipeline", 10)


def _of_lead(viewer: Viewer, pk: str) -> panels.Panel | None:
    """Whose credit a lead is, and until when it keeps other towns away."""
    found = queries.projects(viewer).filter(case=int(pk)).first() if can(viewer, PROJECT, "read") else None
    if found is None:
        return None
    names = places()
    shares = [(names.get(one.town, one.town), float(one.share)) for one in queries.credit(found)]
    context = {"project": found, "shares": shares, "until": locked_until(found)}
    return panels.Panel(_("Credit and first contact"), "pipeline/_of_lead.html", context)


def _of_dispute(viewer: Viewer, pk: str) -> panels.Panel | None:
    """The lead that a dispute is about, for those who may see it."""
    found = queries.dispute(viewer, int(pk)) if can(viewer, PROJECT, "read") else None
    if found is None:
        return None
    context = {"project": found.project, "town": places().get(found.project.town, found.project.town)}
    context["is_open"] = one_case(viewer, found.project.case_id).exists()
    return panels.Panel(_("The lead in dispute"), "pipeline/_of_dispute.html", context)


def _of_candidate(viewer: Viewer, key: str) -> panels.Panel | None:
    """For an enterprise of the listing library: the way to ask for what its fund-raising project needs."""
    if not can(viewer, LISTING, "read") or not prospects(viewer).filter(pk=key).exists():
        return None
    if not may_open(viewer, GUARANTEE):
        return None
    url = f"{reverse('case_new', args=[GUARANTEE])}?about=organisation:{key}"
    return panels.Panel(_("Fund-raising project"), "pipeline/_of_candidate.html", {"url": url})
