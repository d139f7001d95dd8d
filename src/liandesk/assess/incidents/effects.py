"""What the case of a room asks before it ends, and what it leaves behind."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.assess.incidents.models import Incident
from liandesk.assess.incidents.queries import unsettled
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import now
from liandesk.base.errors import UserError
from liandesk.base.work.effects import EFFECTS
from liandesk.base.work.models import Case
from liankit.process import Event, State

PROCESS = "incident"
CLOSING = ("close", "close_later")


def register() -> None:
    EFFECTS.setdefault(PROCESS, []).append(follow_room)


def follow_room(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Refuse the end of a room that does not pass its test, proposed or agreed to; keep the lesson of one that does."""
    if event.name not in CLOSING or event.kind not in ("do", "approve"):
        return
    found = Incident.objects.get(case=case)
    check_closing(found, str(event.data.get("event_end") or state.fields.get("event_end", "")))
    if event.kind == "approve":
        found.lesson, found.learnt_at = str(state.fields["lesson"])[:4000], now()
        found.save(update_fields=["lesson", "learnt_at"])


def check_closing(incident: Incident, event_end: str) -> None:
    """Raise UserError with everything that stands against the end of a room."""
    problems = []
    if left := unsettled(incident):
        said = ngettext(
            "%(count)s affected entry has neither a task that is done nor a reason: %(first)s.",
            "%(count)s affected entries have neither a task that is done nor a reason, the first is %(first)s.",
            len(left),
        )
        problems.append(said % {"count": len(left), "first": left[0].entry})
    going_on = incident.events.filter(ended_on=None, withdrawn_at=None)
    if event_end == "ended" and (event := going_on.first()):
        said = _("It is not known that '%(event)s' has ended. Say since when on its page, or accept that it goes on.")
        problems.append(said % {"event": event.title})
    if problems:
        raise UserError(" ".join(problems))
