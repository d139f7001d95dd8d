"""Pages of fulfilment: follow-up by clause and town, payment lists, an enterprise's appeal and claim."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liandesk.assess.policies import follow_up, payment_lists, pleas
from liandesk.assess.policies.copies import send_follow_up, send_fulfilments
from liandesk.assess.policies.policies import FULFILMENT, PAYMENT_LIST
from liandesk.assess.policies.queries import clause_of
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.errors import Conflict, UserError
from liandesk.base.ui.copies import COPY_KINDS
from liandesk.base.ui.decorators import page
from liandesk.know.registry.queries import organisation_name


@require_safe
@page
def policy_follow_up(request: Request) -> HttpResponse:
    """How far fulfilments came, of the enterprises that the reader may see."""
    years = follow_up.years(request.viewer)
    year = _year(request)
    rows = follow_up.follow_up(request.viewer, year)
    total = follow_up.in_all(rows)
    context = {
        "rows": [(row, follow_up.why_dropped(row)) for row in rows],
        "total": total,
        "why": follow_up.why_dropped(total),
        "stages": follow_up.REACHED,
        "year": year,
        "years": years,
        "copies": COPY_KINDS,
    }
    return render(request, "policies/follow_up.html", context)


def _year(request: Request) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and len(asked) == 4 else today().year


@require_safe
@page
def policy_follow_up_export(request: Request, kind: str) -> FileResponse:
    """Send the same as a file."""
    check(request.viewer, FULFILMENT, "read")
    _check_kind(kind)
    return send_follow_up(request.viewer, _year(request), kind)


def _check_kind(kind: str) -> None:
    if kind not in COPY_KINDS:
        raise UserError(_("A copy is taken as CSV or Excel."))


@require_http_methods(["GET", "HEAD", "POST"])
@page
def policy_payment_lists(request: Request) -> HttpResponse:
    """The lists, and what is published and waits for one; POST assembles a new one of what was chosen."""
    check(request.viewer, PAYMENT_LIST, "read")
    if request.method == "POST":
        check(request.viewer, PAYMENT_LIST, "assemble")
        chosen = [int(pk) for pk in request.POST.getlist("line") if pk.isdecimal()]
        try:
            made, refused = payment_lists.assemble(chosen, by=request.viewer)
        except Conflict as error:
            messages.error(request, str(error))
            return redirect("policy_payment_lists")
        for one in refused:
            messages.error(request, f"{one.line.organisation_name}: {one.why}")
        return redirect("policy_payment_list", made.pk) if made else redirect("policy_payment_lists")
    context = {
        "lists": payment_lists.payment_lists(request.viewer),
        "lines": payment_lists.waiting(request.viewer),
        "may_assemble": can(request.viewer, PAYMENT_LIST, "assemble"),
    }
    return render(request, "policies/payment_lists.html", context)


@require_safe
@page
def policy_payment_list(request: Request, pk: int) -> HttpResponse:
    """One list with its lines."""
    found = payment_lists.payment_list(request.viewer, pk)
    is_open = found.approved_at is None
    context = {
        "found": found,
        "lines": payment_lists.lines_of(request.viewer, pk),
        "may_change": is_open and can(request.viewer, PAYMENT_LIST, "assemble"),
        "may_approve": is_open
        and can(request.viewer, PAYMENT_LIST, "approve")
        and found.assembled_by != request.viewer.actor,
        "copies": COPY_KINDS,
    }
    return render(request, "policies/payment_list.html", context)


@require_POST
@page
def policy_payment_list_approve(request: Request, pk: int) -> HttpResponse:
    """List every line for payment at once."""
    try:
        payment_lists.approve(pk, by=request.viewer)
    except payment_lists.ListRefused as error:
        for one in error.refused:
            messages.error(request, f"{one.line.organisation_name}: {one.why}")
        messages.error(request, _("Nothing was listed. Take these lines off, then approve the rest."))
    else:
        count = payment_lists.lines_of(request.viewer, pk).count()
        said = ngettext("%(count)s line is listed for payment.", "%(count)s lines are listed for payment.", count)
        messages.success(request, said % {"count": count})
    return redirect("policy_payment_list", pk)


@require_POST
@page
def policy_payment_list_take_off(request: Request, pk: int, line: int) -> HttpResponse:
    """Take a line off; an empty list is gone."""
    payment_lists.take_off(pk, line, by=request.viewer)
    is_gone = not payment_lists.payment_lists(request.viewer).filter(pk=pk).exists()
    return redirect("policy_payment_lists") if is_gone else redirect("policy_payment_list", pk)


@require_safe
@page
def policy_payment_list_export(request: Request, pk: int, kind: str) -> FileResponse:
    """Send a list as a file: the office that pays fills it in and it comes back as the sheet of payments."""
    payment_lists.payment_list(request.viewer, pk)
    _check_kind(kind)
    return send_fulfilments(request.viewer, kind, payment_list=pk)


class PleaForm(forms.Form):
    """Why an enterprise should get what it was refused."""

    grounds = forms.CharField(
        label=gettext_lazy("Why you should get it"), widget=forms.Textarea(attrs={"rows": 6}), max_length=4000
    )


@require_http_methods(["GET", "HEAD", "POST"])
@page
def policy_appeal(request: Request, pk: int) -> HttpResponse:
    """An enterprise appeals against dropping what it was matched with."""
    found = pleas.appealable(request.viewer, pk)
    form = PleaForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        case = pleas.appeal(pk, form.cleaned_data["grounds"], by=request.viewer)
        messages.success(request, _("Your appeal is open; somebody else than who decided it first judges it."))
        return redirect("case", case.pk)
    why = follow_up.reason_titles().get(found.reason, found.reason)
    context = {
        "form": form,
        "title": _("Appeal"),
        "about": found.case.title,
        "why": why,
        "organisation": found.organisation,
        "name": found.organisation_name,
    }
    return render(request, "policies/plea.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def policy_claim(request: Request, pk: str, policy: str, clause: str) -> HttpResponse:
    """An enterprise that was not matched claims a clause."""
    found = clause_of(request.viewer, policy, clause)
    line = pleas.claimable(request.viewer, pk, (policy, clause))
    form = PleaForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        case = pleas.claim(pk, (policy, clause), form.cleaned_data["grounds"], by=request.viewer)
        messages.success(request, _("Your claim is open; one person examines it, another decides."))
        return redirect("case", case.pk)
    context = {
        "form": form,
        "title": _("Claim"),
        "clause": found.term.clause,
        "is_made_up": not line.may_be_claimed,
        "organisation": pk,
        "name": organisation_name(pk),
    }
    return render(request, "policies/plea.html", context, status=400 if form.errors else 200)
