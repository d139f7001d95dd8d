"""What the case of a start-up writes to its row; a trial at a site is registered once."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from liandesk.act.trials.milestones import MILESTONES, PROCESS
from liandesk.act.trials.models import Startup
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import UserError
from liandesk.base.work.effects import EFFECTS, held_by
from liandesk.base.work.models import Case
from liankit.process import Event, State


def register() -> None:
    EFFECTS.setdefault(PROCESS, []).append(follow)


def key_of(text: str) -> str:
    """Return a number or a name without case, width and blanks, by which it is found again.

    >>> key_of("ａB-01 ２")
    'ab-012'
    """
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


def follow(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Write the row anew from the state."""
    found = Startup.objects.filter(case=case).first() or Startup(case=case)
    said = {name: str(value).strip() for name, value in state.fields.items() if value is not None}
    found.title, found.is_synthetic = case.title, case.is_synthetic
    found.protocol, found.protocol_key = said["protocol_number"][:100], key_of(said["protocol_number"])[:100]
    found.site_name, found.site_key = said["site_name"][:200], key_of(said["site_name"])[:200]
    found.sponsor_name, found.variant = said["sponsor_name"][:200], said["variant"]
    found.site_place, found.sponsor_place = said["site_place"], said["sponsor_place"]
    found.site, found.sponsor = held_by(state, "hospital"), held_by(state, "sponsor")
    found.office = held_by(state, "office")
    _check_once(found)
    _write_dates(found, state)
    found.save()


def _check_once(found: Startup) -> None:
    same = Startup.objects.filter(protocol_key=found.protocol_key, site_key=found.site_key)
    if same.exclude(pk=found.pk).exists():
        said = _("The trial '%(protocol)s' at '%(site)s' is registered already. Ask the office to let you take part.")
        raise UserError(said % {"protocol": found.protocol, "site": found.site_name})


def _write_dates(found: Startup, state: State) -> None:
    last = {taken.transition: taken.at for taken in state.taken}
    assert state.opened is not None  # an effect runs after an event
    found.contacted_on = localdate(state.opened)
    for milestone in MILESTONES:
        setattr(found, milestone.name, _day(max((last[step] for step in milestone.steps & set(last)), default=None)))
    found.ended_on = _day(state.ended) if found.first_patient_on is None else None
    is_counted = found.accepted_on and found.first_patient_on
    found.days = (found.first_patient_on - found.accepted_on).days if is_counted else None  # type: ignore[operator]


def _day(moment: datetime | None) -> date | None:
    return localdate(moment) if moment else None
