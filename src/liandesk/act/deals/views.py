"""The board of deals by weak link and kind, its copies, and the insider register of a restricted deal."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liandesk.act.deals import insiders as register
from liandesk.act.deals import queries
from liandesk.act.deals.models import Evidence
from liandesk.act.deals.policies import DEAL
from liandesk.act.deals.tables import deals as list_for
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.ui.copies import COPY_KINDS, send, write_copy
from liandesk.base.ui.decorators import page
from liandesk.base.ui.listing_pages import list_context, send_copy


@require_safe
@page
def deals(request: Request) -> HttpResponse:
    """Every deal the viewer may see: by what it would close, by kind, and as a list; all of what is filtered."""
    viewer = request.viewer
    check(viewer, DEAL, "read")
    context = list_context(request, list_for(viewer), queries.deals(viewer))
    rows = context["filter"].apply(queries.deals(viewer))
    context |= {
        "links": queries.by_weak_link(viewer, rows),
        "most_links": queries.MOST_LINKS,
        "kinds": queries.by_kind(rows),
        "states": Evidence,
        "sees_levels": queries.sees_levels(viewer),
        "is_synthetic": rows.filter(is_synthetic=True).exists(),
    }
    return render(request, "deals/deals.html", context)


@require_safe
@page
def deals_export(request: Request, kind: str) -> FileResponse:
    """Send what the list shows as a file."""
    check(request.viewer, DEAL, "read")
    return send_copy(request, list_for(request.viewer), queries.deals(request.viewer), kind)


@require_safe
@page
def insiders(request: Request, pk: int) -> HttpResponse:
    """Who was named in a restricted deal, for those whom it names."""
    context = {
        "case": register.restricted_deal(request.viewer, pk),
        "insiders": register.register(request.viewer, pk),
        "columns": register.COLUMNS,
        "copies": COPY_KINDS if register.may_copy(request.viewer) else (),
    }
    return render(request, "deals/insiders.html", context)


@require_safe
@page
def insiders_export(request: Request, pk: int, kind: str) -> FileResponse:
    """Send the register as a file, to one who is named and may take copies."""
    found = register.register(request.viewer, pk)
    check(request.viewer, DEAL, "copy_insiders")
    listing, by = register.as_listing(pk), request.viewer
    return send(
        kind, lambda path: write_copy(listing, found, listing.columns, path, by=by, kind=kind, seen_as=f"#{pk}")
    )
