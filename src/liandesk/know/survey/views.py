"""Rounds, forms by an account, reminders, links and codes; see ``link_views`` for what needs no account."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liandesk.base.ui.copies import COPY_KINDS, send, write_copy
from liandesk.base.ui.decorators import page
from liandesk.base.ui.listing import Question
from liandesk.base.ui.listing_pages import list_context, send_copy
from liandesk.know.survey import coverage, links, queries, rounds
from liandesk.know.survey.filling import fill_in
from liandesk.know.survey.listings import COVERAGE, COVERED, FORMS, CoveredRow
from liandesk.know.survey.models import Invitation, Round
from liandesk.know.survey.policies import FORM, ROUND
from liandesk.know.survey.round_forms import RoundForm
from liandesk.know.survey.summary import summary
from liandesk.know.survey.summary_files import FILE_KINDS, write_summary
from liandesk.know.survey.wording import OPENING, PHASES, stands
from liandesk.know.survey.workbook_views import workbook

_SHOWN = 200  # forms on the chase list, codes on a sheet


@require_safe
@page
def surveys(request: Request) -> HttpResponse:
    """The rounds, and when the next is due."""
    context = {
        "rounds": queries.rounds(request.viewer),
        "next": queries.next_due(request.viewer),
        "may_hold": can(request.viewer, ROUND, "hold"),
        "today": today(),
    }
    return render(request, "survey/rounds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def survey_new(request: Request) -> HttpResponse:
    """Open a round."""
    check(request.viewer, ROUND, "hold")
    form = RoundForm(request.POST if request.method == "POST" else None, viewer=request.viewer)
    if form.is_valid():
        try:
            made = rounds.open_round(form.new_round(), by=request.viewer)
        except UserError as error:
            form.add_error(None, str(error))
        else:
            return redirect("survey", made.pk)
    return render(request, "survey/round_new.html", {"form": form}, status=400 if form.errors else 200)


@require_safe
@page
def survey(request: Request, pk: int) -> HttpResponse:
    """A round: returns by town, whom to chase; or how far its opening is."""
    held = queries.held(request.viewer, pk)
    if held.opened_at is None:
        return _opening(request, held)
    if request.htmx:
        return HttpResponseClientRefresh()  # the page that waits gives way to the round
    by_town = queries.returns(request.viewer, pk)
    may_invite = can(request.viewer, FORM, "invite")
    chase = queries.to_chase(request.viewer, pk) if may_invite else Invitation.objects.none()
    context = {
        "round": held,
        "rows": by_town,
        "total": queries.total(by_town),
        "chase": [(one, stands(one)) for one in chase[:_SHOWN]],
        "chase_count": chase.count(),
        "may_hold": can(request.viewer, ROUND, "hold") and held.closed_at is None,
        "may_invite": may_invite and held.closed_at is None,
        "days_left": (held.deadline - today()).days,
        "today": today(),
        "names": names_of([held.made_by, held.closed_by]),
        "is_synthetic": held.is_synthetic,
    }
    return render(request, "survey/round.html", context)


def _opening(request: Request, held: Round) -> HttpResponse:
    """Show how far the opening of a round is, or why it was not opened."""
    if request.htmx and not held.is_opening:
        return HttpResponseClientRefresh()
    job = held.job
    assert job is not None  # a round without one is opened
    context = {
        "round": held,
        "job": job,
        "state": OPENING[job.state],
        "phase": PHASES.get(job.phase, ""),
        "may_hold": can(request.viewer, ROUND, "hold"),
        "names": names_of([held.made_by]),
        "is_synthetic": held.is_synthetic,
    }
    return render(request, "survey/_progress.html" if request.htmx else "survey/round_opening.html", context)


@require_POST
@page
def survey_cancel(request: Request, pk: int) -> HttpResponse:
    """Do not open a round after all."""
    return redirect("survey", rounds.cancel_opening(pk, by=request.viewer).pk)


@require_POST
@page
def survey_close(request: Request, pk: int) -> HttpResponse:
    """Close a round."""
    rounds.close_round(pk, by=request.viewer)
    messages.success(request, _("Closed. A refresh computes what the answers change."))
    return redirect("survey_summary", pk)


@require_POST
@page
def survey_remind(request: Request, pk: int) -> HttpResponse:
    """Remind those chosen: their towns find it in the digest of the day."""
    queries.held(request.viewer, pk)
    chosen = [int(text) for text in request.POST.getlist("form") if text.isdecimal()]
    count = rounds.remind(chosen, by=request.viewer)
    said = ngettext("%(count)s enterprise reminded", "%(count)s enterprises reminded", count)
    messages.success(request, said % {"count": count})
    return redirect("survey", pk)


@never_cache
@require_safe
@page
def survey_codes(request: Request, pk: int) -> HttpResponse:
    """The sheet of links and codes of the open forms of a round, of one town where ``town`` says so; to be printed."""
    check(request.viewer, FORM, "invite")
    held = queries.held(request.viewer, pk)
    waiting = queries.to_chase(request.viewer, pk).filter(link_revoked_at=None)
    town = request.GET.get("town", "")
    if town:
        waiting = waiting.filter(town=town)
    addresses = [(one, request.build_absolute_uri(_address(one))) for one in waiting[:_SHOWN]]
    codes = [(one, address, links.code_of(address)) for one, address in addresses]
    context = {"round": held, "codes": codes, "town": town, "is_synthetic": held.is_synthetic}
    return render(request, "survey/codes.html", context)


def _address(one: Invitation) -> str:
    return reverse("survey_link", args=[links.token_of(one.round_id, one.organisation, one.link_serial)])


@require_http_methods(["GET", "HEAD", "POST"])
@page
def survey_sheet(request: Request, pk: int) -> HttpResponseBase:
    """The workbook of the forms of a round that an officer may fill in, of one town where ``town`` says so."""
    check(request.viewer, FORM, "invite")
    held = queries.held(request.viewer, pk)
    found = queries.forms(request.viewer, pk).exclude(state=Invitation.State.DECLINED)
    if town := request.GET.get("town", ""):
        found = found.filter(town=town)
    back = reverse("survey", args=[pk])
    return workbook(request, list(found), request.viewer, title=held.title, back=back)


@require_safe
@page
def survey_summary(request: Request, pk: int) -> HttpResponse:
    """The closing summary."""
    found = summary(request.viewer, pk)
    context = {"found": found, "round": found.round, "kinds": FILE_KINDS, "is_synthetic": found.round.is_synthetic}
    return render(request, "survey/summary.html", context)


@require_safe
@page
def survey_summary_export(request: Request, pk: int, kind: str) -> FileResponse:
    """Send the closing summary as a file."""
    found = summary(request.viewer, pk)
    return send(kind, lambda path: write_summary(found, kind, path, by=request.viewer))


@require_safe
@page
def survey_forms(request: Request) -> HttpResponse:
    """The forms that the viewer may see."""
    rows = queries.forms(request.viewer)
    return render(request, "ui/list.html", list_context(request, FORMS, rows, _questions(request)))


@require_safe
@page
def survey_forms_export(request: Request, kind: str) -> FileResponse:
    """Send the list of forms as it is shown."""
    return send_copy(request, FORMS, queries.forms(request.viewer), kind, _questions(request))


def _questions(request: Request) -> tuple[Question, ...]:
    """Ask for the round."""
    seen = queries.forms(request.viewer).order_by("-round").values_list("round", "round__title").distinct()[:_SHOWN]
    offered = [(str(pk), title) for pk, title in seen]
    return (Question("round", _("Round"), offered, queries.of_round, is_data=True),)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def survey_form(request: Request, pk: int) -> HttpResponse:
    """One form, by whoever may see it: the enterprise itself, its town's officers, the chain office."""
    found = queries.form(request.viewer, pk)
    if request.method == "POST":
        row = {"organisation": found.organisation, "town": found.town}
        check(request.viewer, FORM, "answer", row)
    return fill_in(request, found, request.viewer, sheet_url=reverse("survey_form_sheet", args=[pk]))


@require_http_methods(["GET", "HEAD", "POST"])
@page
def survey_form_sheet(request: Request, pk: int) -> HttpResponseBase:
    """One form as a workbook."""
    found = queries.form(request.viewer, pk)
    check(request.viewer, FORM, "answer", {"organisation": found.organisation, "town": found.town})
    back = reverse("survey_form", args=[pk])
    return workbook(request, [found], request.viewer, title=found.name, back=back)


@require_POST
@page
def survey_link_change(request: Request, pk: int) -> HttpResponse:
    """End the link of a form, or end it and make another."""
    change = rounds.revoke_link if request.POST.get("do") == "revoke" else rounds.renew_link
    found = change(pk, by=request.viewer)
    messages.success(request, _("The earlier link of %(name)s opens nothing any more.") % {"name": found.name})
    return redirect("survey_form", pk)


@require_safe
@page
def survey_coverage(request: Request) -> HttpResponse:
    """Which inputs were confirmed within the last months, by town and kind, and the longest unconfirmed."""
    rows = coverage.covered(request.viewer)
    towns = coverage.by_town(rows)
    context = {
        "towns": towns,
        "whole": coverage.whole(towns),
        "kinds": pack().item_kinds,
        "months": pack().confirm_months,
        "oldest": rows.filter(~rows["is_current"]).head(_SHOWN).to_dicts(),
        "left": rows.filter(~rows["is_current"]).height,
        "copies": COPY_KINDS,
        "is_synthetic": bool(rows["is_synthetic"].any()),
    }
    return render(request, "survey/coverage.html", context)


@require_safe
@page
def survey_coverage_export(request: Request, kind: str) -> FileResponse:
    """Send every input with its last confirmation."""
    names = [*(column.name for column in COVERAGE), "is_synthetic"]
    rows = [CoveredRow(**row) for row in coverage.covered(request.viewer).select(names).iter_rows(named=True)]
    viewer = request.viewer
    return send(kind, lambda path: write_copy(COVERED, rows, COVERAGE, path, by=viewer, kind=kind, seen_as=_("none")))
