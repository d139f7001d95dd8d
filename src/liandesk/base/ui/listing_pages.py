"""What a view needs to show a declared list and to send a copy of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import FileResponse
from django_tables2 import RequestConfig

from liandesk.base.accounts.http import Request
from liandesk.base.pack import pack
from liandesk.base.ui.copies import COPY_KINDS, send, write_copy
from liandesk.base.ui.listing import Listing, Question
from liandesk.base.ui.listing_filter import ListFilter
from liandesk.base.ui.listing_table import ListTable

PER_PAGE = 50


def list_context(
    request: Request, listing: Listing, rows: QuerySet[Any], more: Sequence[Question] = ()
) -> dict[str, Any]:
    """Return the context of ``ui/list.html`` for the rows the viewer may see; ``more`` is asked beside the columns."""
    found = ListFilter(listing, request.GET, more)
    shown = listing.shown(request.GET.getlist("columns"))
    table = ListTable(listing, found.apply(rows), shown)
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    return {
        "listing": listing,
        "filter": found,
        "table": table,
        "columns": [(column.name, column.title, column in shown) for column in listing.columns],
        "copies": COPY_KINDS,
        "query": request.GET.urlencode(),
        "classification": pack().classifications[-1],
    }


def send_copy(
    request: Request, listing: Listing, rows: QuerySet[Any], kind: str, more: Sequence[Question] = ()
) -> FileResponse:
    """Send exactly what the page shows: its filters, columns and order, without its paging."""
    found = ListFilter(listing, request.GET, more)
    shown = listing.shown(request.GET.getlist("columns"))
    table = ListTable(listing, found.apply(rows), shown)
    RequestConfig(request, paginate=False).configure(table)
    data = table.data.data
    return send(
        kind, lambda path: write_copy(listing, data, shown, path, by=request.viewer, kind=kind, seen_as=found.said())
    )
