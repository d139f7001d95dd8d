"""An organisation's own word on a field of itself; it stands beside what the sources said and is shown as its own."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.errors import NotThere, UserError
from liandesk.base.facts.actions import state
from liandesk.base.facts.models import Statement
from liandesk.base.facts.policies import FACT
from liandesk.base.pack import pack
from liandesk.know.registry.attributes import CORRECTABLE, NUMBERS
from liandesk.know.registry.models import Record
from liankit.errors import nearest

NOT_OURS = "not_ours"
"""What an organisation says of a record that somebody joined to it wrongly; the chain office decides."""


@transaction.atomic
def correct(
    organisation: str, *, attribute: str, value: str, reason: str, by: Viewer, day: date | None = None
) -> Statement:
    """State one field of an organisation as holding from a day (today); by itself or by the chain office."""
    check(by, FACT, "state", {"organisation": organisation})
    return state(
        record_id=own_record(organisation),
        kind="organisation",
        attribute=attribute,
        value=checked(attribute, value),
        unit=NUMBERS.get(attribute, ""),
        organisation=organisation,
        valid_from=day or today(),
        reason=reason.strip()[:400],
        by=by,
    )


def checked(attribute: str, value: str) -> str | float:
    """Return what a field would be corrected to; UserError where the field cannot be, or not to this."""
    if attribute not in CORRECTABLE:
        raise UserError(
            _("'%(field)s' cannot be corrected here.") % {"field": attribute} + nearest(attribute, CORRECTABLE)
        )
    return number_of(value) if attribute in NUMBERS else _text(value)


@transaction.atomic
def disown(organisation: str, *, record: str, reason: str, by: Viewer) -> Statement:
    """Say that one of the organisation's records is of somebody else."""
    check(by, FACT, "state", {"organisation": organisation})
    if not Record.objects.filter(pk=record, organisation=organisation).exists():
        raise UserError(_("'%(record)s' is none of this organisation's records.") % {"record": record})
    if not reason.strip():
        raise UserError(_("Say in a few words why."))
    return state(
        record_id=record,
        kind="organisation",
        attribute=NOT_OURS,
        value="yes",
        organisation=organisation,
        valid_from=today(),
        reason=reason.strip()[:400],
        by=by,
    )


def disowned() -> QuerySet[Statement]:
    """Return what organisations said is not theirs and nobody has judged since, the latest first; for the system."""
    return Statement.objects.filter(attribute=NOT_OURS, withdrawn_at=None).order_by("-id")


def own_record(organisation: str) -> str:
    """Return the record that carries the organisation's own word: of its most trusted source, one that began here."""
    rank = {name: place for place, name in enumerate(pack().source_precedence)}
    records = Record.objects.filter(organisation=organisation).values_list("record", "held")
    if not records:
        raise NotThere(_("There is no organisation '%(key)s' with records.") % {"key": organisation})

    def order(row: tuple[str, str]) -> tuple[bool, int, str]:
        record, held = row
        return not held.startswith(organisation), rank.get(record.split(":")[0], len(rank)), record

    return min(records, key=order)[0]


def _text(value: str) -> str:
    if not value.strip() or len(value.strip()) > 2000:
        raise UserError(_("Give a value of at most 2,000 characters."))
    return value.strip()


def number_of(value: str) -> float:
    """Return the number that a text says, at least 0; UserError where it says none."""
    try:
        found = float(value.replace(",", "").strip())
    except ValueError as error:
        raise UserError(_("'%(value)s' is no number.") % {"value": value}) from error
    if not 0 <= found < 1e15:
        raise UserError(_("The number must be at least 0."))
    return found
