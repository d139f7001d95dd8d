"""Pages of the listing library: the list, one enterprise board by board, the number by the day of the target."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from liandesk.assess.listing import actions, queries
from liandesk.assess.listing.chart import picture_of
from liandesk.assess.listing.copies import send_numbers
from liandesk.assess.listing.counting import counting
from liandesk.assess.listing.forms import KeepForm, ReachedForm, initial
from liandesk.assess.listing.models import Prospect
from liandesk.assess.listing.policies import LISTING, OUTLOOK
from liandesk.assess.listing.shown import board_context
from liandesk.assess.listing.tables import boards as board_list
from liandesk.assess.listing.tables import listings as list_for
from liandesk.assess.listing.tables import questions
from liandesk.assess.listing.wording import SPECIAL_CASES, VERDICTS, board_titles
from liandesk.assess.rules.wording import said
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.queries import names_of
from liandesk.base.errors import UserError
from liandesk.base.ui.copies import COPY_KINDS
from liandesk.base.ui.decorators import page
from liandesk.base.ui.listing_pages import list_context, send_copy
from liankit.risk.scores import MIN_EVENTS


@require_safe
@page
def listings(request: Request) -> HttpResponse:
    """Every enterprise that the viewer may see: standards met, what is met first, how far it is."""
    check(request.viewer, LISTING, "read")
    shown = list_for(queries.hidden(request.viewer))
    context = list_context(request, shown, queries.prospects(request.viewer), questions())
    context["sees_number"] = can(request.viewer, OUTLOOK, "read")
    context["is_by_board"] = False
    return render(request, "listing/listings.html", context)


@require_safe
@page
def listings_export(request: Request, kind: str) -> FileResponse:
    """Send what the list shows as a file."""
    check(request.viewer, LISTING, "read")
    shown = list_for(queries.hidden(request.viewer))
    return send_copy(request, shown, queries.prospects(request.viewer), kind, questions())


@require_safe
@page
def listing_boards(request: Request) -> HttpResponse:
    """Every enterprise that the viewer may see under every board: met, when it is met, how far it is."""
    check(request.viewer, LISTING, "read")
    context = list_context(request, board_list(), queries.prospects(request.viewer), questions())
    context |= {"sees_number": can(request.viewer, OUTLOOK, "read"), "is_by_board": True}
    return render(request, "listing/listings.html", context)


@require_safe
@page
def listing_boards_export(request: Request, kind: str) -> FileResponse:
    """Send the table of enterprises and boards as a file."""
    check(request.viewer, LISTING, "read")
    return send_copy(request, board_list(), queries.prospects(request.viewer), kind, questions())


@require_http_methods(["GET", "HEAD", "POST"])
@page
def listing(request: Request, key: str) -> HttpResponse:
    """One enterprise: board by board what is met, what is missing, when it is forecast; POST keeps its marks."""
    found = queries.prospect(request.viewer, key)
    if request.method == "POST":
        check(request.viewer, LISTING, "keep", {"organisation": found.pk, "town": found.town})
    form = KeepForm(request.POST if request.method == "POST" else None, initial=initial(found))
    if form.is_valid():
        try:
            actions.keep(key, form.kept(), version=form.cleaned_data["version"], by=request.viewer)
            return redirect("listing", key)
        except UserError as error:
            form.add_error(None, str(error))
    return _listing_page(request, found, form, ReachedForm())


@require_POST
@page
def listing_enter(request: Request, key: str) -> HttpResponse:
    """Enter a state that an enterprise reached."""
    found = queries.prospect(request.viewer, key)
    check(request.viewer, LISTING, "keep", {"organisation": found.pk, "town": found.town})
    form = ReachedForm(request.POST)
    if form.is_valid():
        try:
            actions.enter(key, form.reached(), by=request.viewer)
            return redirect("listing", key)
        except UserError as error:
            form.add_error(None, str(error))
    return _listing_page(request, found, KeepForm(initial=initial(found)), form)


@require_POST
@page
def listing_confirm(request: Request, key: str) -> HttpResponse:
    """Confirm, or refuse, an entry as the second person."""
    found = queries.prospect(request.viewer, key)
    check(request.viewer, LISTING, "confirm", {"organisation": found.pk, "town": found.town})
    milestone = request.POST.get("milestone", "")
    act = actions.refuse if "refuse" in request.POST else actions.confirm
    act(key, int(milestone) if milestone.isdecimal() else 0, by=request.viewer)
    return redirect("listing", key)


def _listing_page(request: Request, found: Prospect, keep: KeepForm, enter: ReachedForm) -> HttpResponse:
    viewer, may_keep = request.viewer, queries.may_keep(request.viewer, found)
    steps = list(queries.milestones(viewer, found.pk))
    context = {
        "prospect": found,
        "boards": [board_context(board) for board in queries.boards_of(viewer, found)],
        "steps": [(one, queries.may_confirm(viewer, found, one)) for one in steps],
        "names": names_of({actor for one in steps for actor in (one.entered_by, one.confirmed_by)}),
        "came": queries.came_of(viewer, found),
        "titles": board_titles(),
        "form": keep if may_keep else None,
        "enter": enter if may_keep else None,
        "sees_merger": "merger" not in queries.hidden(viewer),
        "is_synthetic": found.is_synthetic,
    }
    return render(request, "listing/listing.html", context, status=400 if keep.errors or enter.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@page
def listing_outlook(request: Request) -> HttpResponse:
    """The number listed by the day of the target, as known today; POST counts anew."""
    check(request.viewer, OUTLOOK, "count" if request.method == "POST" else "read")
    if request.method == "POST":
        actions.count_anew(by=request.viewer)
        return redirect("listing_outlook")
    found, rule = queries.numbers(request.viewer), counting()
    context = {
        "found": found,
        "picture": picture_of(found) if found else None,
        "rule": rule,
        "cases": [(title, getattr(rule, f"counts_{name}")) for name, title in SPECIAL_CASES.items()],
        "standings": [(one, VERDICTS[one.verdict]) for one in queries.count_of(request.viewer)],
        "stages": [(said(one.title), one) for one in rule.stages],
        "title_said": said(rule.title),
        "source_said": said(rule.source),
        "scores": queries.scores(request.viewer),
        "year_scores": queries.forecast_scores(request.viewer),
        "least": MIN_EVENTS,
        "copies": COPY_KINDS,
        "may_count": can(request.viewer, OUTLOOK, "count"),
        "is_synthetic": bool(found and found.outlook.is_synthetic),
        "page_title": _("Number of listed enterprises"),
    }
    return render(request, "listing/outlook.html", context)


@require_safe
@page
def listing_outlook_export(request: Request, kind: str) -> FileResponse:
    """Send the distribution as a file."""
    check(request.viewer, OUTLOOK, "read")
    return send_numbers(queries.numbers(request.viewer), kind, by=request.viewer)
