"""Read rounds and forms: what a viewer may not see is neither found nor counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.errors import NotThere
from liandesk.base.pack import SurveyMode, pack
from liandesk.base.work.queries import process_of, state_of
from liandesk.base.work.wording import titles
from liandesk.know.survey.models import Asked, Confirmation, Invitation, Round
from liandesk.know.survey.policies import FORM, ROUND

_STATES = Invitation.State
_SETTLED = (_STATES.RETURNED, _STATES.DECLINED)


@dataclass(frozen=True)
class Returns:
    """How many forms of a town (or of a whole round) are how far."""

    town: str
    invited: int
    returned: int
    on_behalf: int  # of those returned: entered by an officer and not confirmed yet
    declined: int
    begun: int
    waiting: int

    @property
    def share(self) -> float | None:
        """Return which share of the enterprises returned the form; None where none was invited."""
        return self.returned / self.invited if self.invited else None


@dataclass(frozen=True)
class Request:
    """What an enterprise asked for in an earlier round, and what came of it."""

    text: str
    stands: str
    answer: str
    case: int


def rounds(viewer: Viewer) -> QuerySet[Round]:
    """Return the rounds, newest first, with how many forms the viewer sees and how many of these were returned."""
    check(viewer, ROUND, "read")
    mine = Q(invitations__in=_seen(viewer).values("pk"))
    return (
        Round.objects.select_related("job", "snapshot")
        .annotate(
            invited=Count("invitations", filter=mine),
            returned=Count("invitations", filter=mine & Q(invitations__state=_STATES.RETURNED)),
        )
        .order_by("-opens_on", "-pk")
    )


def held(viewer: Viewer, pk: int) -> Round:
    """Return one round; raise NotThere when there is none for the viewer."""
    found = rounds(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(_("There is no such round."))
    return found


def forms(viewer: Viewer, round_pk: int | None = None) -> QuerySet[Invitation]:
    """Return the forms that the viewer may see, of all rounds or of one; by town and name."""
    check(viewer, FORM, "read")
    rows = _seen(viewer).select_related("round")
    if round_pk is not None:
        rows = rows.filter(round=round_pk)
    of_round = {"round_title": F("round__title"), "round_deadline": F("round__deadline")}
    return rows.annotate(is_synthetic=F("round__is_synthetic"), **of_round).order_by("-round__opens_on", "town", "name")


def _seen(viewer: Viewer) -> QuerySet[Invitation]:
    """Return the forms that the viewer may see; while a round is being opened nobody sees those that are there."""
    return Invitation.objects.filter(visibility(viewer, FORM).as_q(), round__opened_at__isnull=False)


def form(viewer: Viewer, pk: int) -> Invitation:
    """Return one form; raise NotThere when there is none for the viewer."""
    found = forms(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(_("There is no such form for you."))
    return found


def questions(found: Invitation) -> list[Asked]:
    """Return the questions of a form that the caller may see, with what was answered."""
    return list(found.asked.select_related("answer"))


def returns(viewer: Viewer, round_pk: int) -> list[Returns]:
    """Return how the forms of a round stand, a row a town; those without a town last."""
    rows = forms(viewer, round_pk).order_by().values("town").annotate(**_COUNTS)
    return sorted((_returns(row) for row in rows), key=lambda one: (not one.town, one.town))


_COUNTS = {
    "invited": Count("pk"),
    "returned": Count("pk", filter=Q(state=_STATES.RETURNED)),
    "on_behalf": Count("pk", filter=Q(state=_STATES.RETURNED, is_on_behalf=True)),
    "declined": Count("pk", filter=Q(state=_STATES.DECLINED)),
    "begun": Count("pk", filter=Q(state__in=(_STATES.OPENED, _STATES.DRAFT))),
}


def _returns(row: Mapping[str, Any]) -> Returns:
    counts = {name: int(row[name]) for name in _COUNTS}
    return Returns(str(row["town"]), **counts, waiting=counts["invited"] - counts["returned"] - counts["declined"])


def total(rows: list[Returns]) -> Returns:
    """Return the sum over towns."""
    names = (*_COUNTS, "waiting")
    return Returns("", **{name: sum(getattr(row, name) for row in rows) for name in names})


def to_chase(viewer: Viewer, round_pk: int | None = None) -> QuerySet[Invitation]:
    """Return the forms that are still awaited, with how often each enterprise was reminded; the most urgent first."""
    check(viewer, FORM, "invite")
    rows = forms(viewer, round_pk).filter(visibility(viewer, FORM, "invite").as_q())
    rows = rows.exclude(state__in=_SETTLED).filter(round__closed_at=None, round__opens_on__lte=today())
    counted = rows.annotate(times=Count("reminders"), last=Max("reminders__day"))
    return counted.order_by("round__deadline", "town", "name")


def reminded_today(viewer: Viewer) -> QuerySet[Invitation]:
    """Return the forms that are still awaited and of which somebody was reminded today."""
    waiting = forms(viewer).exclude(state__in=_SETTLED).filter(round__closed_at=None)
    return waiting.filter(reminders__day=today())


def to_fill_in(viewer: Viewer) -> QuerySet[Invitation]:
    """Return the open forms of the viewer's own organisation, the first due first."""
    rows = forms(viewer.alone()).exclude(state__in=_SETTLED)
    return rows.filter(round__closed_at=None, round__opens_on__lte=today()).order_by("round__deadline")


def to_confirm(viewer: Viewer) -> QuerySet[Invitation]:
    """Return the forms that an officer entered for the viewer's organisation."""
    return forms(viewer.alone()).filter(is_on_behalf=True, round__closed_at=None)


def requests_before(found: Invitation) -> list[Request]:
    """Return what the enterprise of a form asked for in earlier rounds, the latest first."""
    earlier = Invitation.objects.filter(organisation=found.organisation).exclude(request_case=None).exclude(pk=found.pk)
    return [_request(one) for one in earlier.select_related("request_case__definition").order_by("-pk")[:5]]


def _request(one: Invitation) -> Request:
    case = one.request_case
    assert case is not None  # by the filter
    named, told = titles(process_of(case.definition)), state_of(case).fields
    said = [str(told[key]) for key in _ANSWERS if told.get(key)]
    stands = "、".join(named[stage] for stage in case.stages)
    return Request(one.request_text, stands, said[-1] if said else "", case.pk)


_ANSWERS = ("decline_text", "progress", "answer_text", "second_answer_text")
"""Fields of a request in which the district says something to the enterprise, the last word last."""


def next_due(viewer: Viewer) -> list[tuple[SurveyMode, date]]:
    """Return, for the mode of the last round, when the next is due; empty before the first."""
    last = rounds(viewer).exclude(opened_at=None).first()
    mode = pack().term("survey_modes", last.mode) if last else None
    if last is None or not isinstance(mode, SurveyMode):
        return []
    return [(mode, last.opens_on + timedelta(days=mode.every_days))]


def confirmed(viewer: Viewer, organisation: str, item: str) -> Confirmation | None:
    """Return since when a need is confirmed, to who may see the enterprise's forms; None: never, or not theirs."""
    seen = visibility(viewer, FORM)
    if not forms(viewer).filter(organisation=organisation).exists() and not seen.everything:
        return None
    return Confirmation.objects.filter(organisation=organisation, item=item).select_related("round").first()


def of_round(pk: str) -> Q:
    """Return the condition that a form is of a round, given as a filter sends it."""
    return Q(round=int(pk)) if pk.isdecimal() else Q(pk__in=[])
