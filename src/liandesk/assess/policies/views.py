"""Pages of policies: the catalogue, a clause, an enterprise's money, calculator, replay, fulfilment."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liandesk.assess.policies import actions, queries, replays
from liandesk.assess.policies.catalogue import ClauseFilter, conditions, history, shown
from liandesk.assess.policies.copies import send_fulfilments
from liandesk.assess.policies.forms import MOST_ASKED, AnswersForm, ReplayForm
from liandesk.assess.policies.payments import import_payments
from liandesk.assess.policies.policies import FULFILMENT, PAYMENT_LIST, POLICY, SIMULATION
from liandesk.assess.rules.policies import GRADE
from liandesk.assess.rules.queries import vocabulary
from liandesk.assess.rules.wording import Words
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.ui.copies import COPY_KINDS
from liandesk.base.ui.decorators import page
from liandesk.base.ui.sheets import Outcome, look_then_write
from liandesk.know.registry.queries import organisation_name

MOST_ROWS = 200


@require_safe
@page
def policies(request: Request) -> HttpResponse:
    """Every clause in force."""
    check(request.viewer, POLICY, "read")
    form = ClauseFilter(request.GET)
    context = {
        "filter": form,
        "clauses": shown(request.viewer, form),
        "may_simulate": can(request.viewer, SIMULATION, "read"),
        "may_follow": can(request.viewer, FULFILMENT, "read"),
        "own": queries.own_organisations(request.viewer),
    }
    return render(request, "policies/policies.html", context)


@require_safe
@page
def policy_clause(request: Request, policy: str, clause: str) -> HttpResponse:
    """One clause, and who is entitled to it of those the reader may see."""
    found = queries.clause_of(request.viewer, policy, clause)
    may_see = can(request.viewer, GRADE, "read")
    lines = queries.owed_under(request.viewer, policy, clause) if may_see else []
    context = {
        "found": found,
        "conditions": conditions(found),
        "history": history(request.viewer, found),
        "used_percent": round(100 * found.used / found.budget) if found.budget else None,
        "lines": lines[:MOST_ROWS],
        "count": len(lines),
        "may_see": may_see,
        "may_match": can(request.viewer, FULFILMENT, "match"),
    }
    return render(request, "policies/clause.html", context)


@require_POST
@page
def policy_match(request: Request, policy: str, clause: str) -> HttpResponse:
    """Open a case for everybody who is entitled and has none."""
    check(request.viewer, FULFILMENT, "match")
    try:
        made = actions.match(policy, clause, by=request.viewer)
    except UserError as error:
        messages.error(request, str(error))
    else:
        said = ngettext("%(count)s enterprise was notified.", "%(count)s enterprises were notified.", len(made))
        messages.success(request, said % {"count": len(made)})
    return redirect("policy_clause", policy, clause)


@require_safe
@page
def policy_money(request: Request, pk: str) -> HttpResponse:
    """What one enterprise is owed under every clause in force."""
    lines = queries.owed_to(request.viewer, pk)
    shown = {holds: [line for line in lines if line.holds is holds] for holds in (True, None, False)}
    context = {
        "organisation": pk,
        "name": organisation_name(pk),
        "total": queries.total_of(request.viewer, pk),
        "entitled": shown[True],
        "unknown": shown[None],
        "refused": shown[False],
        "may_plead": pk in dict(queries.own_organisations(request.viewer)),
    }
    return render(request, "policies/money.html", context)


@require_safe
@page
def policy_reasons(request: Request, pk: str, policy: str, clause: str) -> HttpResponse:
    """Why an enterprise is owed what it is under a clause."""
    found = queries.clause_of(request.viewer, policy, clause)
    graded, amount = queries.why_owed(request.viewer, pk, policy, clause)
    context = {
        "found": found,
        "organisation": pk,
        "name": organisation_name(pk),
        "lines": Words(graded.scheme, vocabulary()).graded(graded),
        "amount": amount,
    }
    return render(request, "policies/reasons.html", context)


@require_safe
@page
def policy_calculator(request: Request) -> HttpResponse:
    """Answer what can change the amount; ``organisation`` takes what is known of one."""
    organisation = request.GET.get("organisation", "")
    inputs = {one.key: one for one in vocabulary().inputs}
    answered = [
        key for key in inputs if any(name.partition("-")[0] == key and said for name, said in request.GET.items())
    ]
    answers = AnswersForm(request.GET, [inputs[key] for key in answered]).facts
    found = queries.calculate(request.viewer, answers, organisation)
    asked = [one.input.key for one in found.questions][:MOST_ASKED]
    form = AnswersForm(request.GET, [inputs[key] for key in dict.fromkeys([*asked, *answered])])
    context = {"form": form, "found": found, "organisation": organisation, "left": len(found.questions)}
    return render(request, "policies/calculator.html", context)


@require_safe
@page
def policy_replay(request: Request, pk: str) -> HttpResponse:
    """What an enterprise was owed by the law of a day with what was known on a day."""
    form = ReplayForm(request.GET)
    said = form.cleaned_data if form.is_valid() else {}
    law = said.get("law") or replays.last_half_year_end()
    then = said.get("then") or law
    rows: list[dict[str, Any]] = replays.replayed(request.viewer, pk, law, min(then, today()))
    context = {
        "form": ReplayForm({"law": law, "then": then}),
        "rows": rows,
        "law": law,
        "then": then,
        "organisation": pk,
        "name": organisation_name(pk),
    }
    return render(request, "policies/replay.html", context)


@require_safe
@page
def policy_fulfilments(request: Request) -> HttpResponse:
    """What is fulfilled, as far as the reader may see it: of the office that pays, what is listed to it."""
    check(request.viewer, FULFILMENT, "read")
    found = queries.fulfilments(request.viewer)
    shown = [(one, queries.title_of(one)) for one in found[:MOST_ROWS]]
    context = {"rows": shown, "count": found.count(), "counts": queries.stage_counts(found), "copies": COPY_KINDS}
    context["may_pay"] = can(request.viewer, FULFILMENT, "pay")
    context["may_list"] = can(request.viewer, PAYMENT_LIST, "read")
    return render(request, "policies/fulfilments.html", context)


@require_safe
@page
def policy_fulfilments_export(request: Request, kind: str) -> FileResponse:
    """Send the same as a file."""
    check(request.viewer, FULFILMENT, "read")
    if kind not in COPY_KINDS:
        raise UserError(_("A copy is taken as CSV or Excel."))
    return send_fulfilments(request.viewer, kind)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def policy_payments(request: Request) -> HttpResponse:
    """Look into a sheet of payments, then enter them."""
    check(request.viewer, FULFILMENT, "pay")

    def take(path: Path, is_sure: bool) -> Outcome:
        return import_payments(path, by=request.viewer, is_sure=is_sure)

    return look_then_write(request, "policies/payments.html", take)
