"""What the case of a transfer writes to its row, and what it refuses: sides that do not fit, places that are none."""

from __future__ import annotations

from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from liandesk.act.transfers.counting import alone, identity, recount
from liandesk.act.transfers.models import WAY, Mode, Origin, Transfer, Verdict
from liandesk.base.accounts.access import barred
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liandesk.base.work.effects import EFFECTS, held_by
from liandesk.base.work.models import Case
from liandesk.know.registry.queries import organisation
from liankit.process import Event, State

PROCESS = "transfer"
_PROVED = "implement_by_"
_CODE_LENGTHS = (6, 9, 12)  # of a district, of a town, of a village: GB/T 2260 and what continues it


def register() -> None:
    EFFECTS.setdefault(PROCESS, []).append(follow)


def follow(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Write the row anew from the state, then decide anew what counts of its achievement."""
    _check_sides(state)
    _check_end({**state.fields, **event.data})
    found = Transfer.objects.select_for_update().filter(case=case).first() or Transfer(case=case)
    before = found.achievement
    _write(found, case, state)
    found.verdict, found.counted_on, found.counted_by = alone(found), None, None
    if found.verdict == Verdict.COUNTED:  # decided below, with the others of its achievement
        found.verdict = Verdict.UNDER_WAY
    found.save()
    recount({before, found.achievement} - {""})


def _check_sides(state: State) -> None:
    """A need has a demand side, a result a supply side, and nobody is both."""
    supply, demand = held_by(state, "supply"), held_by(state, "demand")
    if state.fields.get("origin") == Origin.NEED and not demand:
        raise UserError(_("A need is recorded for the demand side: name the organisation that has it."))
    if state.fields.get("origin") == Origin.ACHIEVEMENT and not supply:
        raise UserError(_("A result is recorded for the supply side: name the organisation that has it."))
    if supply and supply == demand:
        raise UserError(
            _("The supply side and the demand side are the same. Name two, or record that it is used by its owner.")
        )


def _check_end(said: dict[str, object]) -> None:
    code, on = str(said.get("landed_at", "")).strip(), str(said.get("implemented_on", ""))
    if code and not (code.isdecimal() and len(code) in _CODE_LENGTHS):
        raise UserError(
            _("'%(code)s' is no code of a place. Write 6 digits for a district or 9 for a town.") % {"code": code}
        )
    if on and date.fromisoformat(on) > today():
        raise UserError(_("It is implemented on a day that is still to come. Write the day that the proof shows."))


def _write(found: Transfer, case: Case, state: State) -> None:
    said = {name: str(value) for name, value in state.fields.items() if value is not None}
    steps = [taken.transition for taken in state.taken]
    found.title, found.is_synthetic = case.title, case.is_synthetic
    found.opened_on = localdate(case.opened_at)
    found.stage, found.reason = case.stages[0], state.reason if state.outcome else ""
    found.reached = next(visit.stage for visit in reversed(state.visits) if visit.stage in WAY)
    found.origin, found.contract_kind = said["origin"], said.get("contract_kind", "")
    found.mode = Mode.OWN_USE if "use_itself" in steps else said.get("mode", "")
    found.office = held_by(state, "office")
    found.registration_number = said.get("registration_number", "").strip()[:80]
    found.proof = next((one.removeprefix(_PROVED) for one in steps if one.startswith(_PROVED)), "")
    found.landed_at = said.get("landed_at", "").strip()
    found.implemented_on = date.fromisoformat(said["implemented_on"]) if "implemented_on" in said else None
    _write_sides(found, state)
    found.achievement_title = said.get("achievement_title", "").strip()[:200]
    found.achievement_number = said.get("achievement_number", "").strip()[:80]
    found.achievement = identity(found.achievement_number, found.achievement_title, found.supply)


def _write_sides(found: Transfer, state: State) -> None:
    found.supply, found.demand = held_by(state, "supply"), held_by(state, "demand")
    found.organisations = barred([one for one in (found.supply, found.demand) if one])
    named = {one: organisation(system_viewer("transfers"), one) for one in (found.supply, found.demand) if one}
    found.supply_name, found.demand_name = (
        one.name if (one := named.get(side)) else side for side in (found.supply, found.demand)
    )
    user = named.get(found.supply if found.mode == Mode.OWN_USE else found.demand)
    town = found.landed_at[:9]
    found.town = town if pack().term("towns", town) else user.town if user else ""
