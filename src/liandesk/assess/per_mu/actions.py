"""Land what the per-mu office published, publish a result anew, make results final."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.assess.per_mu.models import Correction, Result
from liandesk.assess.per_mu.policies import PER_MU, PROCESS, SUBJECT
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import now, today
from liandesk.base.errors import UserError
from liandesk.base.ui.sheets import Result as Became
from liandesk.base.work.models import Case
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


@dataclass(frozen=True)
class Anew:
    """The decision by which a result is published anew: the case, the right figure, and what follows from it."""

    case: int
    result: str
    score: float | None
    why: str
    figure: str = ""
    figure_before: float | None = None
    figure_after: float | None = None
    statement: int | None = None
    effect: Mapping[str, object] = field(default_factory=dict)


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
    if before and (before.result, before.score) != (told.result, told.score):
        _correction(before, told.result, told.score, file=digest, by=by)
    return "changed" if before else "new"


@transaction.atomic
def publish_anew(found: Result, told: Anew, *, by: Viewer) -> Correction:
    """Publish a result anew as an objection to it was decided; whoever calls it was allowed to decide the case."""
    more = {name: getattr(told, name) for name in ("case", "why", "figure", "figure_before", "figure_after")}
    made = _correction(
        found, told.result, told.score, by=by, statement=told.statement, effect=dict(told.effect), **more
    )
    found.result, found.score = told.result, told.score
    found.save(update_fields=["result", "score"])
    record("per_mu.publish_anew", SUBJECT, found.pk, by=by, case=told.case)
    return made


def _correction(found: Result, result: str, score: float | None, *, by: Viewer, **more: object) -> Correction:
    return Correction.objects.create(
        published=found,
        before=found.result,
        after=result,
        score_before=found.score,
        score_after=score,
        made_by=by.actor,
        made_at=now(),
        **more,
    )


@transaction.atomic
def make_final(year: int, *, by: Viewer) -> int:
    """Make the preliminary results of a year final; from then on nobody objects. Return how many there were.

    Raises UserError while objections are open, or the days for them are not over.
    """
    check(by, PER_MU, "land")
    asked = Result.objects.select_for_update().filter(year=year, final_on=None)
    keys = [str(pk) for pk in asked.values_list("pk", flat=True)]
    if not keys:
        raise UserError(_("No result of %(year)s is preliminary.") % {"year": year})
    waiting = Case.objects.filter(process=PROCESS, subject_kind=SUBJECT, ended_at=None, subject_id__in=keys).count()
    if waiting:
        told = ngettext(
            "%(count)d objection is not decided yet. Decide it first.",
            "%(count)d objections are not decided yet. Decide them first.",
            waiting,
        )
        raise UserError(told % {"count": waiting})
    last = asked.filter(objections_until__gte=today()).order_by("-objections_until").first()
    if last:
        raise UserError(_("Objections are open until %(day)s.") % {"day": last.objections_until})
    made = asked.update(final_on=today())
    record("per_mu.make_final", SUBJECT, str(year), by=by, results=made)
    return made
