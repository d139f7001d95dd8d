"""What events and forecasts put on pages of base, the chain and the lists, and the job that tries the model."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.assess.events import forecast_queries, hindcasts, queries
from liandesk.assess.events.models import HitKind
from liandesk.assess.events.policies import EVENT, FORECAST
from liandesk.assess.events.wording import OUTCOMES, STATES
from liandesk.assess.lists.queries import entries
from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.jobs import handlers
from liandesk.base.ui import panels
from liandesk.base.work.subjects import Subject
from liandesk.base.work.subjects import register as register_subject

_SHOWN = 5
_HITS = 20


def register() -> None:
    handlers.register(hindcasts.JOB, hindcasts.compute)
    panels.MENU.append(_menu)
    panels.INBOX.append(_waiting)
    panels.SEARCH.append(_search)
    panels.PANELS.setdefault("entry", []).append(_of_entry)
    panels.PANELS.setdefault("organisation", []).append(_that_hit(HitKind.ORGANISATION))
    panels.PANELS.setdefault("node", []).append(_that_hit(HitKind.ITEM))
    register_subject("event", Subject(_title, lambda pk: reverse("event", args=[pk])))


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, EVENT, "read"):
        yield panels.MenuItem("assess", _("Disruptions"), "events", 30)
    if can(viewer, FORECAST, "read"):
        yield panels.MenuItem("assess", _("Forecasts and their scores"), "forecast_scores", 31)


def _waiting(viewer: Viewer) -> Iterator[panels.InboxLine]:
    """What was found in notices waits for whoever may confirm it."""
    if not can(viewer, EVENT, "change"):
        return
    rows = [found for found in queries.events(viewer).waiting() if queries.may_change(viewer, found)]
    if rows:
        said = ngettext(
            "%(count)s disruption found in notices waits to be confirmed",
            "%(count)s disruptions found in notices wait to be confirmed",
            len(rows),
        )
        url = f"{reverse('events')}?state=waiting"
        yield panels.InboxLine("waiting", said % {"count": len(rows)}, url, count=len(rows))


def _search(viewer: Viewer, text: str) -> Iterator[panels.SearchItem]:
    if can(viewer, EVENT, "read"):
        for found in queries.events(viewer).filter(title__icontains=text)[:_HITS]:
            url = reverse("event", args=[found.pk])
            yield panels.SearchItem(_("Disruption"), found.title, url, found.began_on.isoformat())


def _title(viewer: Viewer, pk: str) -> str | None:
    if not (pk.isdecimal() and can(viewer, EVENT, "read")):
        return None
    return queries.events(viewer).filter(pk=pk).values_list("title", flat=True).first()


def _that_hit(kind: str) -> Callable[[Viewer, str], panels.Panel | None]:
    """Return the panel of the disruptions that hit an organisation or an item, on its page."""

    def panel(viewer: Viewer, object_id: str) -> panels.Panel | None:
        if not can(viewer, EVENT, "read"):
            return None
        rows = [(found, STATES[found.state]) for found in queries.events_of(viewer, kind, [object_id])[:_SHOWN]]
        return panels.Panel(_("Disruptions"), "events/_of.html", {"rows": rows}) if rows else None

    return panel


def _of_entry(viewer: Viewer, key: str) -> panels.Panel | None:
    """The last forecasts of an entry and the disruptions of its item."""
    found = entries(viewer).filter(pk=key).first()
    if found is None or not can(viewer, FORECAST, "read"):
        return None
    rows = [(row, OUTCOMES[row.outcome]) for row in forecast_queries.of_entry(viewer, key)[:_SHOWN]]
    hit = queries.events_of(viewer, HitKind.ITEM, [found.item])[:_SHOWN] if can(viewer, EVENT, "read") else ()
    context = {"rows": rows, "entry": found, "events": [(one, STATES[one.state]) for one in hit]}
    return panels.Panel(_("Forecasts"), "events/_of_entry.html", context)
