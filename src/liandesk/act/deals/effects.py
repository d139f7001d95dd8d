"""What the case of a deal writes to its row and to the entry it closes; each at the moment the second person confirms.

The closing makes the entry say from when a measure is agreed; only the evidence of the switch moves its level. What a
deal agreed goes when its terms are changed or it falls through.
"""

from __future__ import annotations

from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from liandesk.act.deals.models import Deal, Evidence, Stage
from liandesk.assess.backups.panels import SUBJECT as KEY_TECHNOLOGY
from liandesk.assess.lists.agreements import agree, let_go, prove
from liandesk.assess.lists.effects import entry_of
from liandesk.assess.lists.levels import shown_level
from liandesk.assess.lists.life import ENTRY_KIND
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.errors import NotAllowed, UserError
from liandesk.base.work.effects import EFFECTS, held_by
from liandesk.base.work.models import Case
from liandesk.base.work.queries import zone
from liandesk.base.work.subjects import named
from liandesk.know.registry.queries import organisation
from liankit.process import Event, State

PROCESS = "deal"
CLOSING, PROVING, CHANGING = "close", "prove_switch", "reopen_terms"
FALLING = frozenset({"fall_through", "fall_through_later"})
_GONE = frozenset({Stage.GIVEN_UP, Stage.FALLEN})


def register() -> None:
    EFFECTS.setdefault(PROCESS, []).append(follow)


def follow(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Write the row from the state, and to the entry what was just confirmed or given up."""
    if event.kind == "open":
        found = Deal(case=case, opened_on=localdate(case.opened_at), weak_link=_weak_link(case, by)[:200])
    else:
        _check_correction(case, event)
        found = Deal.objects.select_for_update().get(case=case)
    _write(found, case, state)
    _confirm(found, case, event, state, by)
    found.evidence = _evidence(found)
    found.save()


def _weak_link(case: Case, by: Viewer) -> str:
    """Return what the deal would close by its name; a deal is opened about something that is weak."""
    seen = named(by, case.subject_kind, case.subject_id) if case.subject_kind in (ENTRY_KIND, KEY_TECHNOLOGY) else None
    if seen is None:
        raise UserError(_("A deal closes a weak link: name it, or open the deal from its page."))
    return seen.title


def _check_correction(case: Case, event: Event) -> None:
    """What two persons confirmed is not corrected by one: the terms are changed and closed anew."""
    if event.kind != "correct" or not event.name.isdecimal():
        return
    if case.events.filter(number=int(event.name), name__in=(CLOSING, PROVING)).exists():
        raise NotAllowed(_("Two persons confirmed this. Change the terms and let them be confirmed anew."))


def _write(found: Deal, case: Case, state: State) -> None:
    said = {name: str(value).strip() for name, value in state.fields.items() if value is not None}
    found.title, found.is_synthetic = case.title, case.is_synthetic
    found.stage, found.reason = case.stages[0], state.reason if state.outcome else ""
    found.kind, found.switch_by = said["deal_kind"], found.switch_by if found.evidenced_on else said["switch_by"]
    found.partner, found.partner_country = said.get("partner", "")[:200], said.get("partner_country", "")[:80]
    found.entry = entry_of(case) if case.subject_kind == ENTRY_KIND else None
    found.office, found.organisation = held_by(state, "lead"), held_by(state, "enterprise")
    known = organisation(system_viewer("deals"), found.organisation) if found.organisation else None
    found.organisation_name = known.name if known else found.organisation
    found.town = known.town if known else found.entry.town if found.entry else ""


def _confirm(found: Deal, case: Case, event: Event, state: State, by: Viewer) -> None:
    day = event.at.astimezone(zone()).date()
    if event.kind == "approve" and event.name == CLOSING:
        found.closed_on, found.effective_from = day, date.fromisoformat(str(state.fields["effective_from"]))
        if found.entry:
            agree(found.entry, case, str(state.fields["measure"]), found.effective_from, by=by)
    elif event.kind == "approve" and event.name == PROVING:
        found.evidenced_on, found.switch_by = day, str(state.fields["switched_by"])
        if found.entry:
            found.level_before = shown_level(found.entry)
            found.level_after = shown_level(prove(found.entry, case, found.switch_by, day, by=by))
    elif event.kind == "do" and event.name == CHANGING:
        found.closed_on = found.effective_from = None
        _let_go(found, case, by)
    elif event.kind == "do" and event.name in FALLING:
        found.fallen_on = day
        _let_go(found, case, by)


def _let_go(found: Deal, case: Case, by: Viewer) -> None:
    if found.entry:
        let_go(found.entry, case, by=by)


def _evidence(found: Deal) -> str:
    if found.stage in _GONE:
        return Evidence.LOST
    if found.evidenced_on:
        return Evidence.PROVEN
    return Evidence.AGREED if found.closed_on else Evidence.NOTHING
