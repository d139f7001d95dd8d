"""The list of organisations and its copies."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liandesk.base.accounts.http import Request
from liandesk.base.ui.decorators import signed_in
from liandesk.base.ui.listing_pages import list_context, send_copy
from liandesk.know.registry import queries
from liandesk.know.registry.organisations_listing import ORGANISATIONS, questions


@require_safe
@signed_in
def organisation_list(request: Request) -> HttpResponse:
    """The organisations the viewer may see."""
    rows = queries.organisations(request.viewer)
    context = list_context(request, ORGANISATIONS, rows, questions(request.viewer, rows))
    return render(request, "ui/list.html", context)


@require_safe
@signed_in
def organisations_export(request: Request, form: str) -> FileResponse:
    """Send what the list shows as a file."""
    rows = queries.organisations(request.viewer)
    return send_copy(request, ORGANISATIONS, rows, form, questions(request.viewer, rows))
