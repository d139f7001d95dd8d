"""Texts of plans: the list, sending one, one with what was found in it, what a newer reading changed, the draft."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh
from django_tables2 import RequestConfig

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.definitions.packs import body_as_text
from liandesk.base.definitions.policies import DEFINITION
from liandesk.base.errors import NotAllowed, UserError
from liandesk.base.jobs.models import OPEN_STATES, Job
from liandesk.base.ui.decorators import page
from liandesk.steer.texts import actions, queries, shown, wording
from liandesk.steer.texts.forms import ProposeForm, SendForm
from liandesk.steer.texts.models import PlanText, TextState
from liandesk.steer.texts.policies import PLAN_TEXT
from liandesk.steer.texts.tables import TextTable
from liankit.definitions import differences
from liankit.errors import UserError as KitError

PER_PAGE = 50
_both = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@page
def plan_texts(request: Request) -> HttpResponse:
    """All texts, and the plans that they give."""
    check(request.viewer, PLAN_TEXT, "read")
    rows = queries.plan_texts(request.viewer)
    table = TextTable(rows, names=names_of(row.sent_by for row in rows))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    plans = dict(rows.filter(state=TextState.READ).order_by("plan").values_list("plan", "title"))
    context = {"table": table, "plans": plans, "may_review": can(request.viewer, PLAN_TEXT, "review")}
    return render(request, "texts/plan_texts.html", context)


@_both
@page
def plan_text_new(request: Request) -> HttpResponse:
    """Send a file; the worker reads it."""
    check(request.viewer, PLAN_TEXT, "review")
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = SendForm(queries.plans_to_send_to(request.viewer), *posted)
    status = 200
    if form.is_bound:
        status = UserError.status
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                made = actions.send(by=request.viewer, name=file.name, content=file.read(), **form.said())
            except NotAllowed:
                raise
            except UserError as error:
                form.add_error("file", str(error))
                status = error.status
            else:
                return redirect("plan_text", made.pk)
    return render(request, "texts/new.html", {"form": form}, status=status)


@require_safe
@page
def plan_text(request: Request, pk: int) -> HttpResponse:
    """The text and what was found in it, side by side."""
    review = queries.review(request.viewer, pk)
    is_open = _is_open(review.text)
    if request.htmx and not is_open:  # the page waited for the worker
        return HttpResponseClientRefresh()
    found = shown.groups(review)
    only_open = request.GET.get("show") == "open"
    context = {
        "review": review,
        "text": review.text,
        "is_open": is_open,
        "pieces": list(shown.pieces(review)),
        "groups": [group for group in found if group.undecided] if only_open else found,
        "only_open": only_open,
        "others": [one for one in review.found if one.kind in ("place", "entity")],
        "orphans": review.orphans,
        "may_review": can(request.viewer, PLAN_TEXT, "review"),
        "was_read_before": review.text.parses.count() > 1,
    }
    return render(request, "texts/plan_text.html", context)


def _is_open(text: PlanText) -> bool:
    """Say whether the worker has it; a reading that was broken off is not under way."""
    if text.state != TextState.WAITING or text.job is None:
        return False
    return Job.objects.filter(pk=text.job, state__in=OPEN_STATES).exists()


@require_POST
@page
def plan_text_again(request: Request, pk: int) -> HttpResponse:
    """Have a text read again."""
    actions.read_again(pk, by=request.viewer)
    messages.success(request, _("It is read again; what was decided stays."))
    return redirect("plan_text", pk)


@require_safe
@page
def plan_text_changes(request: Request, pk: int) -> HttpResponse:
    """What the last reading changed of the one before it."""
    text = queries.plan_text(request.viewer, pk)
    found = queries.changes(request.viewer, pk)
    lines = [(change, shown.lines_of(change)) for change in found.lines] if found else []
    return render(request, "texts/changes.html", {"text": text, "found": found, "lines": lines, "kinds": shown.KINDS})


@require_safe
@page
def plan_text_found(request: Request, pk: int) -> HttpResponse:
    """What was found, with what people said of it, as JSON."""
    review = queries.review(request.viewer, pk)
    name = f"plan-text-{pk}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    rows = queries.rows_of(review)
    return JsonResponse(rows, safe=False, json_dumps_params={"ensure_ascii": False, "indent": 1}, headers=headers)


@_both
@page
def plan_draft(request: Request, plan: str) -> HttpResponse:
    """The plan that its reviewed texts give: as YAML, against what stands; proposed for another person to publish."""
    found = queries.drafted(request.viewer, plan)
    text = body_as_text(found.draft.body)
    may_propose = can(request.viewer, PLAN_TEXT, "review") and can(request.viewer, DEFINITION, "propose")
    form = ProposeForm(request.POST or None, initial={"text": text})
    if request.method == "POST":
        check(request.viewer, PLAN_TEXT, "review")
        if form.is_valid():
            try:
                made = actions.propose_plan(plan, by=request.viewer, **form.cleaned_data)
                said = _("Version %(version)s waits for another person to publish it.")
                messages.success(request, said % {"version": made.version})
                return redirect("definition", made.kind, made.key)
            except NotAllowed:
                raise
            except (UserError, KitError) as error:
                form.add_error("text", str(error))
    context = {
        "plan": plan,
        "found": found,
        "form": form,
        "text": text,
        "may_propose": may_propose,
        "changes": differences(found.standing.body, found.draft.body) if found.standing else [],
        "left_out": [(one.found, wording.MISSING[one.missing]) for one in found.draft.left_out],
    }
    return render(request, "texts/draft.html", context, status=400 if form.errors else 200)
