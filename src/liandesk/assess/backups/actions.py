"""Write the backup list: its rows, their backups and drills.

Each write takes the ``version`` of the row that the person saw and raises it; when somebody wrote in between it is
refused and nothing is overwritten. Whoever writes a backup has looked at it: it counts as confirmed that day.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from liandesk.assess.backups import queries
from liandesk.assess.backups.models import Backup, BackupEvent, Drill, DrillResult, Technology
from liandesk.assess.backups.policies import BACKUP
from liandesk.assess.backups.rules import rules
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import Conflict, UserError
from liandesk.base.pack import pack
from liankit.risk.readiness import DAYS_OF_MONTH

Said = Mapping[str, Any]

TECHNOLOGY_FIELDS = frozenset(
    {
        "name", "kind", "segment", "item", "item_name", "status", "source_holder", "source_country", "barrier",
        "ip_warning", "owner_office", "organisation", "organisation_name", "town", "note",
    }
)  # fmt: skip
"""What people say of a row."""

BACKUP_FIELDS = frozenset(
    {
        "type", "holder_name", "holder", "country", "trl", "steps_done", "change_class", "stock_days", "project",
        "milestone", "verifier", "ready_on", "owner_office",
    }
)  # fmt: skip
"""What people say of a backup."""


@transaction.atomic
def add_technology(
    said: Said, *, by: Viewer, entered_from: str = "typed", is_synthetic: bool = False, is_logged: bool = True
) -> Technology:
    """Put a row on the list; raise UserError where one of the same name and item stands there.

    ``is_logged`` False leaves the event to the caller, who writes one for many rows.
    """
    check(by, BACKUP, "list")
    fields = _checked(said, TECHNOLOGY_FIELDS)
    fields["owner_office"] = fields.get("owner_office") or pack().chain_office
    made = Technology(**fields, entered_from=entered_from, is_synthetic=is_synthetic)
    made.created_on = made.changed_on = today()
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise UserError(_("'%(name)s' is on the backup list already.") % {"name": made.name}) from None
    _told(made, None, "add", {}, by, is_logged)
    return made


@transaction.atomic
def change_technology(pk: int, said: Said, *, by: Viewer, version: int, is_logged: bool = True) -> Technology:
    """Change what is said of a row."""
    found = _locked(pk, "keep", by, version)
    moved = _apply(found, _checked(said, TECHNOLOGY_FIELDS))
    if moved:
        _written(found, None, "change", moved, by, is_logged=is_logged)
    return found


@transaction.atomic
def retire(pk: int, *, by: Viewer, version: int, reason: str) -> Technology:
    """Take a row off the list for a reason; its backups and history are kept."""
    found = _locked(pk, "list", by, version)
    found.state = "retired"
    _written(found, None, "retire", {"state": ["standing", "retired"]}, by, reason=_given(reason))
    return found


@transaction.atomic
def add_backup(
    technology: int,
    said: Said,
    *,
    by: Viewer,
    version: int,
    basis: Said | None = None,
    is_synthetic: bool = False,
    is_logged: bool = True,
) -> Backup:
    """Put a backup beside a row."""
    row = _locked(technology, "keep", by, version)
    fields = _checked(said, BACKUP_FIELDS)
    _check_steps(fields["type"], fields.get("steps_done"))
    fields["owner_office"] = fields.get("owner_office") or row.owner_office
    made = Backup(technology=row, confirmed_on=today(), basis=dict(basis or {}), **fields)
    made.is_synthetic = is_synthetic or row.is_synthetic
    made.save()
    _written(row, made, "add_backup", {}, by, is_logged=is_logged)
    return made


@transaction.atomic
def change_backup(pk: int, said: Said, *, by: Viewer, version: int, is_logged: bool = True) -> Backup:
    """Change what is said of a backup, or say that it is still so: either confirms it today."""
    found = queries.backup(by, pk)
    row = _locked(found.technology_id, "keep", by, version)
    fields = _checked(said, BACKUP_FIELDS)
    _check_steps(fields.get("type", found.type), fields.get("steps_done", found.steps_done))
    moved = _apply(found, fields | {"confirmed_on": today()})
    found.save()
    _written(
        row, found, "change_backup" if set(moved) - {"confirmed_on"} else "confirm", moved, by, is_logged=is_logged
    )
    return found


@transaction.atomic
def withdraw_backup(pk: int, *, by: Viewer, version: int, reason: str) -> Backup:
    """Take a backup away for a reason; its drills and history are kept."""
    found = queries.backup(by, pk)
    row = _locked(found.technology_id, "keep", by, version)
    found.state, found.withdrawn_reason = "withdrawn", _given(reason)
    found.save()
    _written(row, found, "withdraw", {"state": ["standing", "withdrawn"]}, by, reason=reason)
    return found


@transaction.atomic
def plan_drill(backup: int, planned_on: date, *, by: Viewer, version: int) -> Drill:
    """Say when a backup is tried; the drill that was planned before is moved to this day."""
    held = queries.backup(by, backup)
    row = _locked(held.technology_id, "keep", by, version)
    before = held.next_drill
    found = held.drills.filter(state="planned").first() or Drill(backup=held, is_synthetic=held.is_synthetic)
    found.planned_on, found.planned_by = planned_on, by.actor
    found.save()
    held.next_drill = planned_on
    held.save()
    _written(row, held, "plan_drill", {"next_drill": [_plain(before), _plain(planned_on)]}, by)
    return found


@transaction.atomic
def record_drill(
    pk: int,
    result: str,
    *,
    by: Viewer,
    version: int,
    done_on: date,
    what_failed: str = "",
    evidence: str = "",
) -> Drill:
    """Record a drill that was held, and plan the next one as the rules give for the type.

    Raises UserError for a day that is still to come, and where what failed is not said.
    """
    found = queries.drill(by, pk)
    held = found.backup
    row = _locked(held.technology_id, "keep", by, version)
    _check_record(result, done_on, what_failed)
    found.state, found.result, found.done_on = "done", result, done_on
    found.what_failed, found.evidence, found.recorded_by = what_failed.strip(), evidence.strip(), by.actor
    found.save()
    again = _next(held, done_on)
    moved = _apply(held, {"last_drill": done_on, "last_result": result, "next_drill": again})
    held.save()
    Drill.objects.create(backup=held, planned_on=again, planned_by=by.actor, is_synthetic=held.is_synthetic)
    _written(row, held, "record_drill", moved, by, reason=found.what_failed[:400])
    return found


@transaction.atomic
def cancel_drill(pk: int, *, by: Viewer, version: int, reason: str) -> Drill:
    """Call a planned drill off for a reason; the backup then has no next drill."""
    found = queries.drill(by, pk)
    row = _locked(found.backup.technology_id, "keep", by, version)
    found.state, found.what_failed = "cancelled", _given(reason)
    found.save()
    moved = _apply(found.backup, {"next_drill": None})
    found.backup.save()
    _written(row, found.backup, "cancel_drill", moved, by, reason=reason)
    return found


def _next(held: Backup, done_on: date) -> date:
    """Return when the next drill is due by the rules."""
    return done_on + timedelta(days=round(rules().type_of(held.type).drill_months * DAYS_OF_MONTH))


def _check_record(result: str, done_on: date, what_failed: str) -> None:
    if done_on > today():
        raise UserError(_("A drill is recorded when it was held, on no day to come."))
    if result not in DrillResult.values:
        raise UserError(_("Say whether the drill passed, passed in part or failed."))
    if result != DrillResult.PASSED and not what_failed.strip():
        raise UserError(_("Say what failed."))


def _check_steps(type_: str, steps: object) -> None:
    """Refuse a step that the path of a type does not have."""
    if steps is None:
        return
    known = {step.key for step in rules().path_of(type_).steps}
    wrong = sorted(set(steps) - known) if isinstance(steps, list | tuple) else [str(steps)]
    if wrong:
        said = _("The path of this type of backup has no step %(wrong)s; it has %(known)s.")
        raise UserError(said % {"wrong": ", ".join(wrong), "known": ", ".join(sorted(known))})


def _checked(said: Said, known: frozenset[str]) -> dict[str, Any]:
    """Return what is said of known fields, texts without blanks around them."""
    unknown = sorted(set(said) - known)
    if unknown:
        raise UserError(_("Nothing of the backup list is called %(names)s.") % {"names": ", ".join(unknown)})
    return {name: value.strip() if isinstance(value, str) else value for name, value in said.items()}


def _given(reason: str) -> str:
    if not reason.strip():
        raise UserError(_("Give a reason."))
    return reason.strip()


def _locked(pk: int, right: str, by: Viewer, version: int) -> Technology:
    """Return a row to be written, locked; raise Conflict where it is no longer as the person saw it."""
    queries.technology(by, pk)
    found = Technology.objects.select_for_update().get(pk=pk)
    check(by, BACKUP, right, queries.as_row(found))
    if found.state != queries.STANDING:
        raise UserError(_("This row was taken off the list."))
    if found.version != version:
        raise Conflict(_("Somebody else changed this row meanwhile. Look at it again; nothing of yours was written."))
    return found


def _apply(found: Model, fields: Said) -> dict[str, list[Any]]:
    """Set fields; return what changed: before and after."""
    moved = {}
    for name, value in fields.items():
        before = getattr(found, name)
        if before != value:
            moved[name] = [_plain(before), _plain(value)]
            setattr(found, name, value)
    return moved


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _written(
    row: Technology,
    held: Backup | None,
    action: str,
    moved: Mapping[str, list[Any]],
    by: Viewer,
    *,
    reason: str = "",
    is_logged: bool = True,
) -> None:
    """Raise the version of a row, and tell its history and the log."""
    row.version, row.changed_on = row.version + 1, today()
    row.save()
    _told(row, held, action, moved, by, is_logged, reason)


def _told(
    row: Technology,
    held: Backup | None,
    action: str,
    moved: Mapping[str, list[Any]],
    by: Viewer,
    is_logged: bool,
    reason: str = "",
) -> None:
    BackupEvent.objects.create(
        technology=row, backup=held, at=now(), on=today(), actor=by.actor, action=action, changes=moved, reason=reason
    )
    if is_logged:
        more = {"backup": held.pk} if held else {}
        record(f"backup.{action}", "technology", row.pk, by=by, fields=sorted(moved), **more)
