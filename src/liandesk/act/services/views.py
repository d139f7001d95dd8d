"""The service window: one place to ask, to see where it is and what was answered; for offices, the load."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liandesk.act.services import queries, tables
from liandesk.base.accounts.http import Request
from liandesk.base.ui.copies import COPY_KINDS, send, write_copy
from liandesk.base.ui.decorators import page
from liandesk.base.ui.listing_pages import list_context, send_copy


@require_safe
@page
def services(request: Request) -> HttpResponse:
    """What can be asked for; for an organisation what it asked, for an office what it has in hand."""
    viewer = request.viewer
    context = {"windows": queries.windows(viewer)}
    if queries.own_scopes(viewer):
        listing = tables.asked(queries.served())
        context |= list_context(request, listing, queries.asked(viewer), tables.questions())
        return render(request, "services/asked.html", context)
    return render(request, "services/load.html", context | {"load": queries.load(viewer), "copies": COPY_KINDS})


@require_safe
@page
def services_export(request: Request, kind: str) -> FileResponse:
    """Send what the viewer's organisations asked for as a file."""
    rows = queries.asked(request.viewer)
    return send_copy(request, tables.asked(queries.served()), rows, kind, tables.questions())


@require_safe
@page
def service_load_export(request: Request, kind: str) -> FileResponse:
    """Send the load of the windows as a file."""
    rows, by = queries.load(request.viewer), request.viewer
    return send(
        kind, lambda path: write_copy(tables.LOAD, rows, tables.LOAD_COLUMNS, path, by=by, kind=kind, seen_as="")
    )
