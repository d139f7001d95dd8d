"""The light of a target: computed and reported side by side, why, what would turn it green, what the office says."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liandesk.base.accounts.access import can
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.errors import NotThere
from liandesk.base.ui.decorators import page
from liandesk.base.ui.templatetags.ui import interval
from liandesk.steer.indicators import light_actions, progress, queries, rating_views
from liandesk.steer.indicators.chart import course
from liandesk.steer.indicators.divergence import divergences
from liandesk.steer.indicators.forms import LightForm, ReplyForm
from liandesk.steer.indicators.models import Divergence
from liandesk.steer.indicators.policies import LIGHT
from liandesk.steer.indicators.progress import Progress
from liandesk.steer.indicators.shown import ends_with_unit, target_text, title_of, with_unit
from liandesk.steer.indicators.wording import MODELS
from liandesk.steer.plan.queries import may_see
from liankit.plan.indicators import Indicator


@require_safe
@page
def target_light(request: Request, target: str) -> HttpResponse:
    """The two lights of a target with their arithmetic."""
    stands = progress.progress_of(request.viewer, target)
    if stands is None:
        raise NotThere(_("Nothing is computed of such a target for you. The plan shows those that are measured."))
    found = queries.indicator(request.viewer, stands.indicator)
    told = divergences(request.viewer).filter(target=target)
    context = {
        **_names(request, target, stands),
        **_numbers(stands, found),
        **rating_views.of_light(request, target),
        "chart": course(
            found, queries.values(request.viewer, found.key), stands, progress.fan_of(request.viewer, target)
        ),
        "indicator": found,
        "indicator_title": title_of(found),
        "told": list(told),
        "forecasts": [(one, ends_with_unit((one.low, one.median, one.high), found), with_unit(one.outcome, found))
                      for one in reversed(progress.forecasts(request.viewer, target))],
        "models": MODELS,
        "is_synthetic": stands.is_synthetic,
    }  # fmt: skip
    return render(request, "indicators/light.html", context)


def _names(request: Request, target: str, stands: Progress) -> dict[str, Any]:
    office = progress.lead_of(target)
    may_report = office is not None and can(request.viewer, LIGHT, "report", {"office": office})
    return {
        "target": target,
        "text": target_text(target),
        "reads_plan": may_see(request.viewer),
        "stands": stands,
        "names": names_of([stands.report.reported_by] if stands.report else []),
        "office": office,
        "may_report": may_report,
    }


def _numbers(stands: Progress, found: Indicator) -> dict[str, Any]:
    row, likely = stands.computed, stands.probability
    wanted = ("value", "goal", "expected", "needs_value")
    return {
        "row": row,
        "amounts": {name: with_unit(row[name], found) for name in wanted},
        "pace": with_unit(row["pace_needed"], found),
        "pace_now": with_unit(row["pace"], found),
        "probability": interval(likely and (likely[1], likely[0], likely[2]), "share"),
        "interval": ends_with_unit(stands.interval, found),
        "model": MODELS.get(row["model"], row["model"]),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@page
def target_report(request: Request, target: str) -> HttpResponse:
    """Report the light of the office, and why."""
    office = progress.lead_of(target)
    if office is None or not can(request.viewer, LIGHT, "report", {"office": office}):
        raise NotThere(_("There is no such target for you."))
    form = LightForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        light_actions.report_light(target, form.cleaned_data["colour"], form.cleaned_data["reason"], by=request.viewer)
        messages.success(request, _("Reported."))
        return redirect("target_light", target)
    said = {"title": _("Report the light"), "target": target, "form": form}
    return render(request, "indicators/light_form.html", said, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def divergence_reply(request: Request, pk: int) -> HttpResponse:
    """Answer where the two lights differ."""
    found: Divergence | None = divergences(request.viewer).filter(pk=pk).first()
    if found is None or not can(request.viewer, LIGHT, "report", {"office": found.office}):
        raise NotThere(_("There is no such divergence for you."))
    form = ReplyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        light_actions.reply(pk, form.cleaned_data["reply"], by=request.viewer)
        messages.success(request, _("Answered. The chain chief now sees both lights with your reply."))
        return redirect("target_light", found.target)
    said = {"title": _("Answer why the lights differ"), "target": found.target, "form": form}
    return render(request, "indicators/light_form.html", said, status=400 if form.errors else 200)
