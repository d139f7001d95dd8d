"""Freeze a formula for a year, take values, draw them from records, publish the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.delegations import are_one
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import Conflict, NotAllowed, UserError
from liandesk.base.ui.sheets import Result as Became
from liandesk.steer.appraisal import drawing, queries, standing
from liandesk.steer.appraisal.drawing import Draw
from liandesk.steer.appraisal.models import Appraisal, Formula, Given, Result
from liandesk.steer.appraisal.policies import APPRAISAL, FORMULA
from liankit.calendars import add_working_days
from liankit.errors import nearest
from liankit.plan.appraisal_scheme import Group, Item, Scheme

SCHEME = "annual"
YEARS_AHEAD = 2


@transaction.atomic
def start(year: int, *, by: Viewer, scheme: str = SCHEME) -> Appraisal:
    """Freeze the scheme in force as the formula of a year; done after the year began it is marked as late for good."""
    check(by, FORMULA, "freeze")
    if not 2000 <= year <= today().year + YEARS_AHEAD:
        raise UserError(_("%(year)s is no year to appraise.") % {"year": year})
    definition = _in_force(scheme)
    try:
        with transaction.atomic():
            made = Appraisal.objects.create(scheme=scheme, year=year)
    except IntegrityError:
        raise Conflict(_("%(year)s has a frozen formula already.") % {"year": year}) from None
    _freeze(made, 1, definition, "", by)
    return made


@transaction.atomic
def freeze_again(pk: int, reason: str, *, by: Viewer, version: int) -> Formula:
    """Freeze the version in force in place of the formula that stands; that one, the reason and the change stay."""
    check(by, FORMULA, "freeze")
    found = _locked(pk, version, by)
    before, definition = queries.formula_of(found), _in_force(found.scheme)
    if not reason.strip():
        raise UserError(_("Say why the formula changes."))
    if before.hash == definition.hash:
        raise UserError(_("The version in force is the frozen one. Nothing was written."))
    return _freeze(found, before.number + 1, definition, reason.strip(), by)


def _in_force(scheme: str) -> Definition:
    found = in_force(queries.KIND, scheme)
    if found is None:
        raise UserError(_("No appraisal '%(key)s' is in force. `Definitions` shows those that are.") % {"key": scheme})
    return found


def _freeze(found: Appraisal, number: int, definition: Definition, reason: str, by: Viewer) -> Formula:
    made = Formula.objects.create(
        appraisal=found,
        number=number,
        definition=definition,
        hash=definition.hash,
        reason=reason,
        frozen_on=today(),
        frozen_by=by.actor,
        frozen_at=now(),
    )
    standing.scheme_of(made)  # raises where the stored body is not what its own hash says
    record("appraisal.freeze", "appraisal", found.pk, by=by, formula=number, hash=made.hash, year=found.year)
    return made


class Said(NamedTuple):
    """What somebody says of a unit for an item; None is unknown."""

    group: str
    unit: str
    item: str
    value: float | None = None
    goal: float | None = None
    base: float | None = None
    source: str = ""


@dataclass(frozen=True)
class Writing:
    """Values being written into a year: one per sheet, whose one event names them all."""

    appraisal: Appraisal
    scheme: Scheme
    held: standing.Held
    by: Viewer
    sheet: str
    is_synthetic: bool

    def put(self, said: Said) -> Became:
        """Write what is said unless it stands already; raise UserError where the formula does not ask for it."""
        self._check(said)
        key = said[:3]
        entered, drawn = self.held.entered.get(key), self.held.drawn.get(key)
        before = standing.stands(entered, drawn) if entered or drawn else None
        if before is not None and (*before.numbers, before.source) == said[3:]:
            return "same"
        _check_evidence(said, drawn)
        self.held.entered[key] = self._row(said, is_synthetic=self.is_synthetic)
        return "new" if before is None else "changed"

    def draw(self, one: Draw) -> None:
        """Write what the records hold; what somebody entered stays, and stands."""
        value, goal, base = (one.numbers.get(name) for name in ("value", "goal", "base"))
        said = Said(one.group.key, one.unit, one.item.key, value, goal, base, one.source)
        self._check(said)
        self._row(said, is_synthetic=one.is_synthetic, drawn=dict(one.drawn))

    def _row(self, said: Said, **more: Any) -> Given:
        by = {"sheet": self.sheet, "given_by": self.by.actor, "given_at": now()}
        return self.appraisal.given.create(**said._asdict(), **by, **more)

    def _check(self, said: Said) -> None:
        group = self.scheme.group(said.group)
        if group is None:
            known = [one.key for one in self.scheme.groups]
            raise UserError(_("There is no group '%(key)s'.") % {"key": said.group} + nearest(said.group, known))
        _check_unit(group, said.unit)
        part = group.part(said.item)
        if part is None:
            known = [one.key for one in group.parts]
            raise UserError(_("The group has no item '%(key)s'.") % {"key": said.item} + nearest(said.item, known))
        needs = part.needs if isinstance(part, Item) else ("value",)
        spare = [name for name in ("goal", "base") if getattr(said, name) is not None and name not in needs]
        if spare:
            raise UserError(_("This item is not measured by a %(what)s. Leave it empty.") % {"what": spare[0]})


def _check_evidence(said: Said, drawn: Given | None) -> None:
    """An entered number says what it rests on; where it is not that of the records, on something else than they."""
    if any(number is not None for number in said[3:6]) and not said.source.strip():
        raise UserError(_("Say what the value rests on: an entered value needs evidence."))
    if drawn is not None and said.source == drawn.source:
        raise UserError(_("The records named as evidence say another value. Say what this one rests on."))


def _check_unit(group: Group, unit: str) -> None:
    units = standing.units_of(group)
    if unit not in units:
        raise UserError(_("The group has no unit '%(key)s'.") % {"key": unit} + nearest(unit, units))


def writing(pk: int, *, by: Viewer, sheet: str = "", is_synthetic: bool = False) -> Writing:
    """Return what writes values into a year, inside a transaction."""
    check(by, APPRAISAL, "give")
    queries.appraisal(by, pk)
    found = Appraisal.objects.select_for_update().get(pk=pk)
    scheme = standing.scheme_of(queries.formula_of(found))
    return Writing(found, scheme, standing.held_rows(found), by, sheet, is_synthetic)


def end_writing(used: Writing, rows: int, **how: str) -> None:
    """Write the one event of a sheet, and make pages stale that were opened before it."""
    _raise_version(used.appraisal)
    record("appraisal.give", "appraisal", used.appraisal.pk, by=used.by, rows=rows, file=used.sheet, **how)


@transaction.atomic
def give(pk: int, said: list[Said], *, by: Viewer, is_synthetic: bool = False) -> int:
    """Write values that come from a program or the API; return how many said something new."""
    used = writing(pk, by=by, is_synthetic=is_synthetic)
    written = sum(used.put(one) != "same" for one in said)
    if written:
        end_writing(used, written)
    return written


@transaction.atomic
def draw_values(pk: int, *, by: Viewer, seen: str) -> int:
    """Write what the records hold of the items that name their source; return how many rows are new.

    ``seen`` is ``drawing.seen_of`` what was looked at; raises Conflict where the records have changed since.
    """
    used = writing(pk, by=by)
    found = drawing.draws(by, pk)
    if drawing.seen_of(found) != seen:
        raise Conflict(_("The records have changed since you looked. Look at them, then draw again."))
    news = [one for one in found if one.is_news]
    for one in news:
        used.draw(one)
    if news:
        end_writing(used, len(news), drawn=drawing.day_of(used.appraisal).isoformat())
    return len(news)


@transaction.atomic
def publish(pk: int, *, by: Viewer, version: int, reason: str = "") -> Result:
    """Publish what stands; objections are open for the working days of the formula. Whoever gave values may not."""
    check(by, APPRAISAL, "publish")
    found = _locked(pk, version, by)
    rows, before = standing.standing_rows(found), queries.result_of(found)
    _check_publishable(found, rows, before, reason, by)
    formula = queries.formula_of(found)
    made = Result.objects.create(
        appraisal=found,
        number=before.number + 1 if before else 1,
        formula=formula,
        last_given=found.given.aggregate(last=Max("pk"))["last"],
        totals=standing.totals_of(standing.score(formula, rows)),
        reason=reason.strip(),
        objections_until=add_working_days(today(), standing.scheme_of(formula).objection_days).on,
        published_on=today(),
        published_by=by.actor,
        published_at=now(),
        is_synthetic=any(row.is_synthetic for row in rows.values()),
    )
    record("appraisal.publish", "appraisal", pk, by=by, result=made.number, hash=formula.hash)
    return made


def _check_publishable(
    found: Appraisal, rows: dict[tuple[str, str, str], Given], before: Result | None, reason: str, by: Viewer
) -> None:
    if not rows:
        raise UserError(_("No values were given yet. Send the sheet first."))
    if before and not reason.strip():
        raise UserError(_("Say why it is published again."))
    if before and not queries.opened(by, found.pk).is_newer_given:
        raise UserError(_("Nothing has changed since the last publication."))
    if any(are_one(row.given_by, by.actor, localdate(row.given_at)) for row in rows.values()):
        raise NotAllowed(_("Whoever gave the values cannot publish the result; another person has to."))


def _locked(pk: int, version: int, by: Viewer) -> Appraisal:
    """Lock a year and raise its version; raise Conflict when it was written since it was looked at."""
    queries.appraisal(by, pk)
    found = Appraisal.objects.select_for_update().get(pk=pk)
    if found.version != version:
        raise Conflict(_("Somebody changed this appraisal after you opened it. Look at it, then act again."))
    _raise_version(found)
    return found


def _raise_version(found: Appraisal) -> None:
    found.version += 1
    found.save(update_fields=["version"])
