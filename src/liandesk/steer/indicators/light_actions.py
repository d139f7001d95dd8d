"""Write what offices say of lights: their own, and the answer where the computed one differs."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import Conflict, NotThere, UserError
from liandesk.steer.indicators import divergence, progress
from liandesk.steer.indicators.models import Colour, Divergence, Report
from liandesk.steer.indicators.policies import LIGHT


@transaction.atomic
def report_light(target: str, colour: str, reason: str, *, by: Viewer, is_synthetic: bool = False) -> Report:
    """Report the light of a target in the name of its lead office, and why.

    The earlier report stays in the history. Where the computed light is another one, the office is asked at once.
    """
    office = progress.lead_of(target)
    if office is None or not can(by, LIGHT, "report", {"office": office}):
        raise NotThere(_("There is no such target for you."))
    if colour not in Colour.values or not reason.strip():
        raise UserError(_("Say which light, and why."))
    made = Report.objects.create(
        target=target,
        colour=colour,
        reason=reason.strip()[:1000],
        office=office,
        on=today(),
        reported_by=by.actor,
        recorded_at=now(),
        is_synthetic=is_synthetic,
    )
    Divergence.objects.filter(target=target, closed_on=None).update(closed_on=today())
    divergence.compare(made, progress.computed_light(target))
    record("target.report_light", "target", target, by=by, colour=colour)
    return made


@transaction.atomic
def reply(pk: int, text: str, *, by: Viewer) -> Divergence:
    """Answer why the two lights differ; with the answer it is told to the chain chief at once."""
    found = divergence.divergences(by).select_for_update().filter(pk=pk).first()
    if found is None or not can(by, LIGHT, "report", {"office": found.office}):
        raise NotThere(_("There is no such divergence for you."))
    if found.closed_on or found.replied_at:
        raise Conflict(_("It is answered or settled already."))
    if not text.strip():
        raise UserError(_("Write what the office has to say."))
    found.reply, found.replied_by, found.replied_at = text.strip()[:1000], by.actor, now()
    found.save(update_fields=["reply", "replied_by", "replied_at"])
    record("target.reply", "target", found.target, by=by, divergence=found.pk)
    return found
