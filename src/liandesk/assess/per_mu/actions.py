"""Land what the per-mu office published."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from liandesk.assess.per_mu.models import Result
from liandesk.assess.per_mu.policies import PER_MU
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import now, today
from liandesk.base.errors import UserError
from liandesk.base.ui.sheets import Result as Became
from liandesk.know.registry.models import Organisation
from liankit.calendars import add_working_days
from liankit.rules.per_mu_method import Method


@dataclass(frozen=True)
class Published:
    """What a row of the published table says."""

    organisation: Organisation
    year: int
    result: str
    score: float | None
    publisher: str
    published_on: date


def put(told: Published, method: Method, digest: str, *, by: Viewer) -> Became:
    """Land one published result; its sheet writes the event of all its rows. Say whether it is new."""
    check(by, PER_MU, "land")
    if told.published_on > today():
        raise UserError(_("A result cannot be published on a coming day: %(day)s.") % {"day": told.published_on})
    if not 2013 <= told.year <= told.published_on.year:
        raise UserError(_("%(year)s is no year that could be judged by then.") % {"year": told.year})
    days = method.objections.working_days if method.objections else None
    says = {
        "result": told.result,
        "score": told.score,
        "publisher": told.publisher,
        "published_on": told.published_on,
        "objections_until": add_working_days(told.published_on, days).on if days else None,
    }
    before = Result.objects.filter(organisation=told.organisation.pk, year=told.year).first()
    if before and all(getattr(before, name) == value for name, value in says.items()):
        return "same"
    of_sheet = {
        "file": digest,
        "landed_by": by.actor,
        "landed_at": now(),
        "is_synthetic": told.organisation.is_synthetic,
    }
    Result.objects.update_or_create(organisation=told.organisation.pk, year=told.year, defaults=says | of_sheet)
    return "changed" if before else "new"
