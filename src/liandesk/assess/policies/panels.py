"""What policies put on pages of base and of the registry, and the job that a simulation asks for."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.assess.policies import follow_up, queries, simulation_jobs, simulation_queries
from liandesk.assess.policies.policies import FULFILMENT, POLICY, SIMULATION
from liandesk.assess.policies.simulation_actions import JOB
from liandesk.assess.policies.wording import SIMULATION_STATES
from liandesk.assess.rules.policies import GRADE
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Role, Viewer
from liandesk.base.errors import NotThere
from liandesk.base.jobs import handlers
from liandesk.base.ui import panels


def register() -> None:
    handlers.register(JOB, simulation_jobs.compute)
    panels.MENU.append(_menu)
    panels.INBOX.append(_answered)
    panels.INBOX.append(_dropped)
    panels.PANELS.setdefault("organisation", []).append(_of_organisation)
    panels.PANELS.setdefault("rungs", []).append(_beside_rungs)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, POLICY, "read"):
        yield panels.MenuItem("assess", _("Policies"), "policies", 70)


def _answered(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """Whoever asked finds the answers of the last day: one need not wait on the page."""
    if can(viewer, SIMULATION, "ask"):
        for found in simulation_queries.just_ended(viewer):
            url = reverse("policy_simulation", args=[found.pk])
            said = str(SIMULATION_STATES[found.job.state])
            yield panels.InboxLine("changed", found.title, url, said, at=found.job.finished_at)


def _dropped(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """A town is told what was dropped of its enterprises in the last days, and finds why on the page of follow-up."""
    if Role.TOWN_OFFICER in viewer.roles and can(viewer, FULFILMENT, "read"):
        found = follow_up.just_dropped(viewer)
        if count := found.count():
            said = ngettext(
                "%(count)s fulfilment of your town was dropped",
                "%(count)s fulfilments of your town were dropped",
                count,
            )
            at = found.values_list("case__ended_at", flat=True).first()
            url = reverse("policy_follow_up")
            yield panels.InboxLine("changed", said % {"count": count}, url, at=at, count=count)


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


def _beside_rungs(viewer: Viewer, organisation: str) -> panels.Panel | None:
    """What an enterprise is entitled to, with its amounts and how far each fulfilment is."""
    if not can(viewer, GRADE, "read"):
        return None
    try:
        total, lines = queries.total_of(viewer, organisation), queries.owed_to(viewer, organisation)
    except NotThere:
        return None
    shown = [line for line in lines if line.holds is True or line.case]
    open_count = sum(line.holds is None for line in lines)
    context = {"organisation": organisation, "total": total, "lines": shown, "open": open_count}
    return panels.Panel(_("Policy money"), "policies/_beside_rungs.html", context)
