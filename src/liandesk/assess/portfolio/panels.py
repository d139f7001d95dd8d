"""What portfolios put on pages of base and of the list, and the job they ask for."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.assess.lists.queries import entries
from liandesk.assess.portfolio import jobs, queries
from liandesk.assess.portfolio.actions import JOB
from liandesk.assess.portfolio.policies import PORTFOLIO
from liandesk.assess.whatif.wording import STATES
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.jobs import handlers
from liandesk.base.ui import panels


def register() -> None:
    handlers.register(JOB, jobs.compute)
    panels.MENU.append(_menu)
    panels.INBOX.append(_answered)
    panels.PANELS.setdefault("entry", []).append(_of_entry)


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, PORTFOLIO, "read"):
        yield panels.MenuItem("assess", _("What to do with a budget"), "portfolios", 18)


def _answered(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """Whoever asked finds the answers of the last day: one need not wait on the page."""
    if can(viewer, PORTFOLIO, "ask"):
        for found in queries.just_ended(viewer):
            said = STATES[found.job.state]
            url = reverse("portfolio", args=[found.pk])
            yield panels.InboxLine("changed", found.title, url, str(said), at=found.job.finished_at)


def _of_entry(viewer: Viewer, key: str) -> panels.Panel | None:
    """The interventions of the register against the risk of an entry, and the way to enter one."""
    if not can(viewer, PORTFOLIO, "read"):
        return None
    found = entries(viewer).filter(pk=key).values_list("item", "item_name").first()
    if found is None:
        return None
    url = f"{reverse('intervention_new')}?{urlencode({'item': found[1]})}" if can(viewer, PORTFOLIO, "ask") else ""
    rows = list(queries.interventions(viewer).filter(item=found[0]))
    return panels.Panel(_("Interventions"), "portfolio/_of_entry.html", {"rows": rows, "url": url})
