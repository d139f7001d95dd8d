"""Ratings of a target by people who do not answer for it: on the page of its light, the form, the evidence."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import pgettext_lazy as _c
from django.views.decorators.http import require_http_methods, require_safe

from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.accounts.roles import Role
from liandesk.base.clock import today
from liandesk.base.ui.copies import send_evidence
from liandesk.base.ui.decorators import page
from liandesk.base.ui.display import language
from liandesk.steer.indicators import independence, rating_actions, ratings
from liandesk.steer.indicators.definitions import light_rules
from liandesk.steer.indicators.forms import RatingForm
from liandesk.steer.indicators.ratings import Given, State
from liandesk.steer.indicators.shown import grade_title, scope_name, target_text

STATES: dict[State, Promise] = {
    "counts": _c("rating", "Counts"),
    "renewed": _c("rating", "Renewed since"),
    "old": _c("rating", "Too old to count"),
    "unknown": _c("rating", "Not a grade any more"),
}


def of_light(request: Request, target: str) -> dict[str, Any]:
    """Return what the page of the light shows of its ratings; nothing where the rules ask for none."""
    rules = light_rules()
    if not rules.grades:
        return {}
    given = ratings.ratings(request.viewer, target)
    return {
        "ratings": [(one, _grade(one), _capacity(one), STATES[one.state]) for one in given],
        "raters": names_of(one.rating.rated_by for one in given if one.is_named),
        "may_rate": independence.may_rate(request.viewer, target),
        "rating_rules": rules.thresholds,
    }


def _grade(one: Given) -> str:
    return grade_title(one.grade) if one.grade else one.rating.grade


def _capacity(one: Given) -> str:
    office = one.rating.office
    return scope_name(f"office:{office}") if office else str(Role(one.rating.role).label)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def target_rate(request: Request, target: str) -> HttpResponse:
    """Rate a target, or renew one's rating."""
    rating_actions.checked(target, request.viewer)
    rules = light_rules()
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = RatingForm(*sent, grades=rules.grades, initial={"on": today()})
    if form.is_valid():
        rating_actions.rate(target, form.said, by=request.viewer, evidence=form.evidence)
        messages.success(request, _now("Rated. The light is being computed anew."))
        return redirect("target_light", target)
    source = rules.grades_source
    context = {
        "form": form,
        "target": target,
        "text": target_text(target),
        "source": source and getattr(source, language()),
        "rules": rules.thresholds,
    }
    return render(request, "indicators/rate.html", context, status=400 if form.errors else 200)


@require_safe
@page
def rating_evidence(request: Request, pk: int) -> HttpResponse:
    """Send the evidence of a rating, never shown inside a page."""
    found = ratings.evidence_of(request.viewer, pk)
    return send_evidence(found.evidence_name, found.evidence)
