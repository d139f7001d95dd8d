"""Pages of the listing library: the list, one enterprise board by board, the number by the day of the target."""

from __future__ import annotations

from typing import Any

from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from liandesk.assess.listing import actions, queries
from liandesk.assess.listing.chart import picture_of
from liandesk.assess.listing.copies import send_numbers
from liandesk.assess.listing.counting import counting
from liandesk.assess.listing.forms import KeepForm, initial
from liandesk.assess.listing.policies import LISTING, OUTLOOK
from liandesk.assess.listing.tables import listings as list_for
from liandesk.assess.listing.tables import questions
from liandesk.assess.listing.wording import when
from liandesk.assess.rules.queries import vocabulary
from liandesk.assess.rules.wording import CONFIDENCE, Words, said
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.errors import UserError
from liandesk.base.ui.copies import COPY_KINDS
from liandesk.base.ui.decorators import page
from liandesk.base.ui.listing_pages import list_context, send_copy


@require_safe
@page
def listings(request: Request) -> HttpResponse:
    """Every enterprise that the viewer may see: standards met, what is met first, how far it is."""
    check(request.viewer, LISTING, "read")
    shown = list_for(queries.hidden(request.viewer))
    context = list_context(request, shown, queries.prospects(request.viewer), questions())
    context["sees_number"] = can(request.viewer, OUTLOOK, "read")
    return render(request, "listing/listings.html", context)


@require_safe
@page
def listings_export(request: Request, kind: str) -> FileResponse:
    """Send what the list shows as a file."""
    check(request.viewer, LISTING, "read")
    shown = list_for(queries.hidden(request.viewer))
    return send_copy(request, shown, queries.prospects(request.viewer), kind, questions())


@require_http_methods(["GET", "HEAD", "POST"])
@page
def listing(request: Request, key: str) -> HttpResponse:
    """One enterprise: board by board what is met, what is missing, when it is forecast; POST keeps its state."""
    found = queries.prospect(request.viewer, key)
    may_keep = queries.may_keep(request.viewer, found)
    if request.method == "POST":
        check(request.viewer, LISTING, "keep", {"organisation": found.pk, "town": found.town})
    form = KeepForm(request.POST if request.method == "POST" else None, initial=initial(found))
    if form.is_valid():
        try:
            actions.keep(key, form.kept(), version=form.cleaned_data["version"], by=request.viewer)
            return redirect("listing", key)
        except UserError as error:
            form.add_error(None, str(error))
    context = {
        "prospect": found,
        "boards": [_board(board) for board in queries.boards_of(request.viewer, found)],
        "form": form if may_keep else None,
        "sees_merger": "merger" not in queries.hidden(request.viewer),
        "is_synthetic": found.is_synthetic,
    }
    return render(request, "listing/listing.html", context, status=400 if form.errors else 200)


def _board(board: queries.Board) -> dict[str, Any]:
    lines = Words(board.scheme, vocabulary(), today()).graded(board.grades)
    titles = {line.node.key: line.title for line in lines}
    return {
        "title": said(board.scheme.title),
        "key": board.scheme.key,
        "holds": board.holds,
        "sets": [titles[key] for key in board.sets],
        "when": when(board),
        "lines": lines,
        "confidence": CONFIDENCE[board.scheme.source.confidence],
    }


@require_http_methods(["GET", "HEAD", "POST"])
@page
def listing_outlook(request: Request) -> HttpResponse:
    """The number listed by the day of the target, as known today; POST forecasts anew."""
    check(request.viewer, OUTLOOK, "forecast" if request.method == "POST" else "read")
    if request.method == "POST":
        actions.publish_forecasts(by=request.viewer)
        return redirect("listing_outlook")
    found = queries.numbers(request.viewer)
    context = {
        "found": found,
        "picture": picture_of(found) if found else None,
        "rule": counting(),
        "stages": [(said(one.title), one) for one in counting().stages],
        "title_said": said(counting().title),
        "source_said": said(counting().source),
        "scores": queries.scores(request.viewer),
        "copies": COPY_KINDS,
        "may_forecast": can(request.viewer, OUTLOOK, "forecast"),
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
