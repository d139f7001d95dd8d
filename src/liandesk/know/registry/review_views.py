"""The review queue, one pair, what was judged, and merge, split and undo. Each view asks the domain once."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe
from django_tables2 import RequestConfig

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.errors import NotAllowed, NotThere, UserError
from liandesk.base.ui.decorators import page
from liandesk.base.ui.listing_pages import send_copy
from liandesk.know.registry import actions, review_queries
from liandesk.know.registry.forms import ReasonForm, WhyForm
from liandesk.know.registry.policies import JUDGEMENT
from liandesk.know.registry.review_tables import QUEUE, CandidateTable, JudgementTable

PER_PAGE = 50


@require_safe
@page
def review(request: Request) -> HttpResponse:
    text = request.GET.get("text", "").strip()
    may_judge = can(request.viewer, JUDGEMENT, "judge")
    table = CandidateTable(review_queries.candidates(request.viewer, text=text), may_judge=may_judge)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {
        "table": table,
        "text": text,
        "bulk": WhyForm() if may_judge else None,
        "is_replaying": review_queries.is_replaying(),
    }
    return render(request, "registry/review.html", context)


@require_safe
@page
def review_export(request: Request, kind: str) -> FileResponse:
    """Send the queue as the page shows it."""
    return send_copy(request, QUEUE, review_queries.candidates(request.viewer), kind)


@require_POST
@page
def review_bulk(request: Request) -> HttpResponse:
    """Judge the ticked pairs; what was refused is said on the list."""
    check(request.viewer, JUDGEMENT, "judge")
    form, keys = WhyForm(request.POST), set(request.POST.getlist("pair"))
    judge = actions.reject_many if request.POST.get("do") == "reject" else actions.accept_many
    try:
        reason = form.cleaned_data["reason"] if form.is_valid() else ""
        _tell(request, judge(keys, by=request.viewer, reason=reason))
    except UserError as error:
        messages.error(request, str(error))
    return redirect("review")


def _tell(request: Request, done: actions.Many) -> None:
    count = len(done.done)
    if count:
        said = ngettext("%(count)s pair judged.", "%(count)s pairs judged.", count) % {"count": count}
        messages.success(request, f"{said} {replaying()}")
    for why in done.left.values():
        messages.warning(request, why)


def replaying() -> str:
    """Say that lists follow a judgement after the refresh it asked for."""
    return _("Every list is computed anew; it shows the judgement when the refresh has ended.")


@require_safe
@page
def candidate(request: Request, key: str) -> HttpResponse:
    opened = review_queries.opened(request.viewer, key)
    context = {"opened": opened, "candidate": opened.candidate, "may_judge": can(request.viewer, JUDGEMENT, "judge")}
    more = {"form": WhyForm(), "sides": (opened.left, opened.right)}
    return render(request, "registry/candidate.html", context | more)


@require_POST
@page
def candidate_judge(request: Request, key: str, act: str) -> HttpResponse:
    """Accept or reject one pair and open the next."""
    check(request.viewer, JUDGEMENT, "judge")
    following = request.POST.get("following", "")
    form = WhyForm(request.POST)
    judge = actions.accept if act == "accept" else actions.reject
    judge(key, by=request.viewer, reason=form.cleaned_data["reason"] if form.is_valid() else "")
    messages.success(request, _("Judged.") + f" {replaying()}")
    return redirect("candidate", key=following) if following else redirect("review")


@require_safe
@page
def judgements(request: Request) -> HttpResponse:
    may_judge = can(request.viewer, JUDGEMENT, "judge")
    table = JudgementTable(review_queries.decisions(request.viewer), viewer=request.viewer, may_judge=may_judge)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    table.name_all()
    return render(request, "registry/judgements.html", {"table": table})


@page
def judgement_undo(request: Request, decision: str) -> HttpResponse:
    """Ask why, then take a judgement back."""
    check(request.viewer, JUDGEMENT, "judge")
    lines = review_queries.lines_of(request.viewer, decision)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.undo(decision, by=request.viewer, reason=form.cleaned_data["reason"])
        except (NotThere, NotAllowed):
            raise
        except UserError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("Undone.") + f" {replaying()}")
            return redirect("judgements")
    names = review_queries.names_of_records(
        request.viewer, {record for line in lines for record in (line.left, line.right)}
    )
    context = {"form": form, "lines": lines, "names": names, "back": reverse("judgements")}
    return render(request, "registry/undo.html", context)
