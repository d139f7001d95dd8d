"""The pages of listed things: the list of a kind with its filters and copies, and one thing. One set for all kinds."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.ui.decorators import signed_in
from liandesk.base.ui.listing_pages import list_context, send_copy
from liandesk.know.registry import things_queries as queries
from liandesk.know.registry.things_kinds import KINDS
from liandesk.know.registry.things_policies import RESOURCES_OF


@require_safe
@signed_in
def thing_list(request: Request, kind: str) -> HttpResponse:
    """The list of one kind."""
    check(request.viewer, RESOURCES_OF[kind], "read")
    rows = queries.things(request.viewer, kind)
    return render(request, "ui/list.html", list_context(request, KINDS[kind].listing, rows))


@require_safe
@signed_in
def things_export(request: Request, kind: str, form: str) -> FileResponse:
    """Send what the list shows as a file."""
    check(request.viewer, RESOURCES_OF[kind], "read")
    return send_copy(request, KINDS[kind].listing, queries.things(request.viewer, kind), form)


@require_safe
@signed_in
def thing(request: Request, kind: str, thing_id: str) -> HttpResponse:
    """One thing: everything of it and who said it."""
    opened = queries.opened(request.viewer, kind, thing_id)
    if opened is None:
        raise Http404
    cells = [(column.head, column.render(opened.thing)) for column in opened.kind.listing.columns[1:]]
    context = {
        "thing": opened.thing,
        "listing": opened.kind.listing,
        "cells": cells,
        "facts": [{**fact, "title": opened.kind.title_of(fact["attribute"])} for fact in opened.facts.to_dicts()],
    }
    return render(request, "registry/thing.html", context)
