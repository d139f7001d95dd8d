"""The evaluation of a plan, and its seal and hand-over when it has ended."""

from __future__ import annotations

from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.clock import today
from liandesk.base.errors import Conflict, NotThere, UserError
from liandesk.base.ui.decorators import page
from liandesk.base.ui.display import language
from liandesk.steer.plan.queries import the_plan
from liandesk.steer.supervision import evaluation_actions, queries, sealing
from liandesk.steer.supervision.evaluation import Evaluated, evaluated
from liandesk.steer.supervision.forms import HandoverForm, JudgeForm
from liandesk.steer.supervision.models import EvaluationKind
from liandesk.steer.supervision.policies import EVALUATION


@require_safe
@page
def evaluation(request: Request, kind: str) -> HttpResponse:
    """Every target and clause with the level that follows and the one that was judged."""
    check(request.viewer, EVALUATION, "read")
    _kind(kind)
    plan, found = the_plan(request.viewer), evaluated(request.viewer, kind)
    context = {
        "kind": kind,
        "kinds": EvaluationKind.choices,
        "title": EvaluationKind(kind).label,
        "plan_title": getattr(plan.title, language()),
        "found": found,
        "names": names_of(one.judgement.judged_by for one in found if one.judgement),
        "may_judge": can(request.viewer, EVALUATION, "judge") and queries.seal_of(request.viewer, plan.key) is None,
    }
    return render(request, "supervision/evaluation.html", context)


def _kind(kind: str) -> None:
    if kind not in EvaluationKind.values:
        raise NotThere(_("There is no such evaluation."))


@require_http_methods(["GET", "HEAD", "POST"])
@page
def evaluation_judge(request: Request, kind: str, subject: str) -> HttpResponse:
    """One target or clause: why its level follows, and the form to judge it."""
    check(request.viewer, EVALUATION, "judge" if request.method == "POST" else "read")
    _kind(kind)
    one = next((one for one in evaluated(request.viewer, kind) if one.subject_id == subject), None)
    if one is None:
        raise NotThere(_("The plan has no such target or clause."))
    form = JudgeForm(request.POST if request.method == "POST" else None, initial=_initial(one))
    if form.is_valid():
        try:
            evaluation_actions.judge(kind, subject, by=request.viewer, **form.cleaned_data)
        except Conflict:
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            return redirect("evaluation", kind)
    context = {
        "kind": kind,
        "one": one,
        "form": form if can(request.viewer, EVALUATION, "judge") else None,
        "title": EvaluationKind(kind).label,
    }
    return render(request, "supervision/judge.html", context, status=400 if form.errors else 200)


def _initial(one: Evaluated) -> dict[str, object]:
    grade = one.judgement.grade if one.judgement else one.proposed.grade
    return {"grade": grade, "reason": one.judgement.reason if one.judgement else "", "seen": one.seen}


@require_http_methods(["GET", "HEAD", "POST"])
@page
def plan_seal(request: Request) -> HttpResponse:
    """The seal of the plan; before there is one, what sealing does; after it, what becomes of each target."""
    check(request.viewer, EVALUATION, "judge" if request.method == "POST" else "read")
    plan = the_plan(request.viewer)
    found = sealing.sealed(request.viewer, plan.key)
    if request.method == "POST" and found is None:
        sealing.seal(by=request.viewer)
        return redirect("plan_seal")
    form = _handover_form(request, found) if found else None
    if form and form.is_valid():
        return _hand_over(request, form)
    context = {
        "plan_title": getattr(plan.title, language()),
        "end": plan.period.end,
        "has_ended": today() > plan.period.end,
        "found": found,
        "form": form,
        "may_judge": can(request.viewer, EVALUATION, "judge"),
        "is_decided": found is not None and len(found.seal.handovers.all()) == len(plan.targets),
    }
    return render(request, "supervision/seal.html", context, status=400 if form and form.errors else 200)


def _handover_form(request: Request, found: sealing.Sealed) -> HandoverForm:
    plan = the_plan(request.viewer)
    targets = [(key, getattr(target.text, language())) for key, target in plan.targets.items()]
    held = {one.target_id: one for one in found.seal.handovers.all()}
    posted = request.POST if request.method == "POST" else None
    return HandoverForm(posted, targets=targets, held=held, initial={"seen": sealing.version_of(found.seal)})


def _hand_over(request: Request, form: HandoverForm) -> HttpResponse:
    try:
        sealing.hand_over(form.decisions(), by=request.viewer, seen=form.cleaned_data["seen"])
    except Conflict:
        raise
    except UserError as error:
        return _refused(request, form, error)
    return redirect("plan_seal")


def _refused(request: Request, form: Form, error: UserError) -> HttpResponse:
    form.add_error(None, str(error))
    context = {"form": form, "may_judge": True, "found": sealing.sealed(request.viewer, the_plan(request.viewer).key)}
    return render(request, "supervision/seal.html", context, status=400)


@require_POST
@page
def plan_next(request: Request) -> HttpResponse:
    """Propose the next plan from what was decided."""
    made = sealing.draft_next(by=request.viewer)
    return redirect(reverse("definition", args=[made.kind, made.key]))
