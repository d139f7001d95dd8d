"""How long what was checked stays published 公示 before it may be listed for payment.

The days come from the clause, else from the clock of the process that the pack or the district gave days; where neither
does, whoever publishes states them with their source. Nobody lists while an objection or an appeal to it is open, and
the days on which one was open, or the case paused for one, do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.work.columns import zone
from liandesk.base.work.models import Case
from liandesk.base.work.objections import OBJECTION
from liandesk.base.work.queries import process_of
from liankit.process import State
from liankit.process.clocks import read_clocks
from liankit.process.definition import Clock, Text
from liankit.process.state import Pause
from liankit.rules.benefits import PolicyClause

_KEY, _OPEN = "publication", "objection_open"
_TITLE = Text(zh="公示期", en="Time of publication")


def check_published(case: Case, state: State, clause: PolicyClause | None) -> None:
    """Raise UserError unless the publication of a case is over; it says from which day on it may be listed."""
    objections = _objections(case)
    pauses = [pause for pause in state.pauses if pause.reason == _OPEN]
    if objections.filter(ended_at=None).exists() or any(pause.until is None for pause in pauses):
        raise UserError(_("An objection to it is open: the days of its publication stand still until it is decided."))
    clock = _clock(case, state.fields, clause)
    stood = [*((pause.since, pause.until) for pause in pauses), *objections.values_list("opened_at", "ended_at")]
    read = replace(state, pauses=tuple(Pause(_OPEN, *span) for span in joined(stood)))
    process = process_of(case.definition).model_copy(update={"clocks": (clock,)})
    (reading,) = read_clocks(process, read, today(), zone())
    assert reading.due is not None and reading.stopped is not None  # it has days, and has just left the stage
    if reading.stopped <= reading.due:
        first = reading.due + timedelta(days=1)
        said = _("It is published until %(due)s; it may be listed from %(first)s on.")
        raise UserError(said % {"due": reading.due, "first": first})


def _objections(case: Case) -> QuerySet[Case]:
    return Case.objects.filter(process=OBJECTION, subject_kind="case", subject_id=str(case.pk))


def _clock(case: Case, said: Mapping[str, Any], clause: PolicyClause | None) -> Clock:
    """Return the clock of the publication with its days; UserError where nobody gave them."""
    found = next((one for one in process_of(case.definition).clocks if one.key == _KEY), None)
    clock = found or Clock(key=_KEY, title=_TITLE, starts="enter published", stops="leave published")
    if clause is not None and clause.publication is not None:
        given = clause.publication.model_dump()
    elif clock.days is not None:
        given = {}
    else:
        given = _stated(said)
    return clock.model_copy(update={"paused_by": (_OPEN,), "until": "", **given})


def _stated(said: Mapping[str, Any]) -> dict[str, Any]:
    days, source = said.get("publication_days"), str(said.get("publication_source") or "").strip()
    if days is None or days != int(days) or days < 1 or not source:
        raise UserError(
            _("No text gives the days of its publication. Fill in the days and their source in the case, then list it.")
        )
    return {"days": int(days), "unit": said.get("publication_unit") or "working_days", "source": source}


def joined(spans: Iterable[tuple[datetime, datetime | None]]) -> list[tuple[datetime, datetime]]:
    """Return spans of time that have ended with those that overlap made one, the first first."""
    found: list[tuple[datetime, datetime]] = []
    for since, until in sorted((since, until) for since, until in spans if until is not None):
        if found and since <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], until))
        else:
            found.append((since, until))
    return found
