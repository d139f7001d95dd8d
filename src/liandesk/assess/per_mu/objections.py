"""Objections to a published class are cases; what is upheld corrects the figure and is published anew."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from liandesk.assess.per_mu import queries
from liandesk.assess.per_mu.actions import Anew, publish_anew
from liandesk.assess.per_mu.computing import Corrected
from liandesk.assess.per_mu.definitions import method_of
from liandesk.assess.per_mu.models import Result
from liandesk.assess.per_mu.policies import PROCESS, SUBJECT, is_open
from liandesk.assess.rules.queries import vocabulary
from liandesk.base.accounts.roles import Role, Viewer, system_viewer
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.facts.actions import Said, state_following
from liandesk.base.jobs.actions import enqueue
from liandesk.base.jobs.handlers import REFRESH
from liandesk.base.work import objections
from liandesk.base.work.effects import EFFECTS, held_by
from liandesk.base.work.models import Case
from liandesk.know.registry.correction_actions import own_record
from liankit.process import Event, State

UPHELD = "upheld_outcome"
NO_FIGURE = "no_figure"


def register() -> None:
    EFFECTS.setdefault(PROCESS, []).extend([objections.refuse_own_decision, follow])
    EFFECTS.setdefault(objections.OBJECTION, []).append(refuse_elsewhere)
    objections.DECIDED_BY[SUBJECT] = _landed_by


def objection_url(viewer: Viewer, found: Result) -> str:
    """Return where to object to a result; empty when its time is over, or the viewer is not whom it is about."""
    if Role.ENTERPRISE not in viewer.roles or not is_open(found, today()) or open_case_of(found):
        return ""
    title = _("Objection to class %(class)s of %(year)s") % {"class": found.result.upper(), "year": found.year}
    about = urlencode({"about": f"{SUBJECT}:{found.pk}", "title": title})
    return f"{reverse('case_new', args=[PROCESS])}?{about}"


def open_case_of(found: Result) -> Case | None:
    """Return the objection to a result that is not decided yet; for programs."""
    return _open_cases(found).first()


def _open_cases(found: Result) -> QuerySet[Case]:
    about = Case.objects.filter(process=PROCESS, subject_kind=SUBJECT, subject_id=str(found.pk))
    return about.filter(ended_at=None)


def follow(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Check an objection when it is opened; publish the result anew when it is upheld."""
    if event.kind == "open":
        _check_open(case, state)
    elif event.kind == "do" and state.outcome == UPHELD:
        _publish_anew(case, state, by)


def refuse_elsewhere(case: Case, event: Event, state: State, by: Viewer) -> None:
    """Raise UserError for an objection to a result by the general process: it would correct nothing."""
    if event.kind == "open" and case.subject_kind == SUBJECT:
        raise UserError(_("Object to a class by yield per mu on the page of the enterprise."))


def _check_open(case: Case, state: State) -> None:
    found = _result(case)
    if held_by(state, "objector") != found.organisation:
        raise UserError(_("Only the enterprise that the result is about objects to it."))
    if not is_open(found, today()):
        day = found.final_on if found.final_on else found.objections_until
        raise UserError(_("Objections to this result were open until %(day)s.") % {"day": day})
    if _open_cases(found).exclude(pk=case.pk).exists():
        raise UserError(_("There is an objection to this result already; it is not decided yet."))
    if state.fields["figure"] != NO_FIGURE and state.fields.get("stated_value") is None:
        raise UserError(_("Say what the figure should be."))


def _publish_anew(case: Case, state: State, by: Viewer) -> None:
    found, method = _result(case), method_of()
    wanted = str(state.fields["class_anew"])
    if wanted not in [one.key for one in method.classes]:
        raise UserError(_("The method has no class '%(name)s'.") % {"name": wanted})
    why = str(state.fields["decision_text"])
    told = Anew(case.pk, wanted, _number(state, "score_anew"), why)
    if (corrected := _corrected(found, state, "corrected_value")) is not None:
        told = _with_figure(told, corrected, case, by)
    publish_anew(found, told, by=by)
    if told.figure:
        enqueue(REFRESH, by=system_viewer("per_mu"))  # whoever decides need not be who may start one


def _with_figure(told: Anew, corrected: Corrected, case: Case, by: Viewer) -> Anew:
    """Return the decision with the figure, which is stated as a fact of the case, and with what follows from it."""
    unit = next(one.unit for one in vocabulary().inputs if one.key == corrected.figure)
    record_id = own_record(corrected.organisation)
    said = Said(record_id, "organisation", corrected.figure, corrected.value, unit)
    day = date(corrected.year, 12, 31)
    reason = f"{case.title}: {told.why}"
    before = queries.figure_of(corrected.organisation, corrected.figure, corrected.year)
    effect = queries.effect_of(method_of(), corrected)
    made = state_following([said], about=("case", str(case.pk)), by=by, valid_from=day, reason=reason)
    return Anew(
        told.case, told.result, told.score, told.why, corrected.figure, before, corrected.value, made[0].pk, effect
    )


def effect_of_case(case: Case, fields: Mapping[str, object]) -> tuple[Corrected, Mapping[str, object]] | None:
    """Return what the figure that an objection states would change, before it is decided; None without a figure."""
    value = fields.get("stated_value")
    if fields.get("figure") == NO_FIGURE or value is None:
        return None
    found = _result(case)
    told = Corrected(found.organisation, str(fields["figure"]), found.year, float(str(value)))
    return told, queries.effect_of(method_of(), told)


def _corrected(found: Result, state: State, name: str) -> Corrected | None:
    figure, value = str(state.fields["figure"]), _number(state, name)
    if figure == NO_FIGURE:
        return None
    if value is None:
        raise UserError(_("Say what the right figure is."))
    return Corrected(found.organisation, figure, found.year, value)


def _number(state: State, name: str) -> float | None:
    value = state.fields.get(name)
    return None if value in (None, "") else float(str(value))


def _result(case: Case) -> Result:
    found = Result.objects.filter(pk=int(case.subject_id)).first() if case.subject_id.isdecimal() else None
    if found is None or case.subject_kind != SUBJECT:
        raise UserError(_("Object to a class by yield per mu on the page of the enterprise."))
    return found


def _landed_by(subject: str) -> frozenset[str]:
    """Whoever landed a result does not judge an objection to it."""
    found = Result.objects.filter(pk=int(subject)) if subject.isdecimal() else Result.objects.none()
    return frozenset(found.values_list("landed_by", flat=True))
