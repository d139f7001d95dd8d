"""What what-ifs put on pages of base and of the chain, and the job they ask for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.assess.lists.queries import entries
from liandesk.assess.whatif import jobs, queries
from liandesk.assess.whatif.actions import JOB
from liandesk.assess.whatif.policies import WHAT_IF, WHAT_IF_HIT
from liandesk.assess.whatif.wording import STATES
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.jobs import handlers
from liandesk.base.ui import panels
from liandesk.base.work.subjects import Subject
from liandesk.base.work.subjects import register as register_subject


def register() -> None:
    handlers.register(JOB, jobs.compute)
    panels.MENU.append(_menu)
    panels.INBOX.append(_answered)
    panels.PANELS.setdefault("organisation", []).append(_of("makers"))
    panels.PANELS.setdefault("node", []).append(_of("items"))
    panels.PANELS.setdefault("entry", []).append(_of_entry)
    register_subject("what_if", Subject(_title, lambda pk: reverse("what_if", args=[pk])))


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, WHAT_IF_HIT, "read"):
        yield panels.MenuItem("assess", _("What-ifs"), "what_ifs", 15)


def _answered(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """Whoever asked finds the answers of the last day: one need not wait on the page."""
    if can(viewer, WHAT_IF, "ask"):
        for found in queries.just_ended(viewer):
            said = STATES[found.job.state]
            url = reverse("what_if", args=[found.pk])
            yield panels.InboxLine("changed", found.title, url, str(said), at=found.job.finished_at)


def _title(viewer: Viewer, pk: str) -> str | None:
    if not (pk.isdecimal() and can(viewer, WHAT_IF, "read")):
        return None
    return queries.what_ifs(viewer).filter(pk=pk).values_list("title", flat=True).first()


Provider = Callable[[Viewer, str], panels.Panel | None]


def _of(field: queries.Field) -> Provider:
    """Return the panel that leads from the page of an organisation or a node to the question what if it failed."""

    def panel(viewer: Viewer, object_id: str) -> panels.Panel | None:
        if not can(viewer, WHAT_IF, "ask") or (name := queries.name_of(viewer, field, object_id)) is None:
            return None
        url = f"{reverse('what_if_new')}?{urlencode([(field, name)])}"
        return panels.Panel(_("What if"), "whatif/_of.html", {"url": url})

    return panel


def _of_entry(viewer: Viewer, key: str) -> panels.Panel | None:
    """The same of an entry of the risk list, about the makers of its item."""
    item = entries(viewer).filter(pk=key).values_list("item", flat=True).first()
    return _of("items")(viewer, item) if item else None
