"""The page of transfers: how far they came, who refused and why, what counts, and the list; a copy of the list."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liandesk.act.transfers import queries
from liandesk.act.transfers.chart import picture_of
from liandesk.act.transfers.effects import PROCESS
from liandesk.act.transfers.policies import TRANSFER
from liandesk.act.transfers.tables import transfers as list_for
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.ui.decorators import page
from liandesk.base.ui.listing_pages import list_context, send_copy
from liandesk.base.work.of_cases import reason_titles
from liandesk.base.work.opening import may_open


@require_safe
@page
def transfers(request: Request) -> HttpResponse:
    """Every transfer that the viewer may see; funnel and refusals are of what the filters let through."""
    viewer = request.viewer
    check(viewer, TRANSFER, "read")
    context = list_context(request, list_for(viewer), queries.transfers(viewer))
    rows = context["filter"].apply(queries.transfers(viewer))
    steps, titles = queries.funnel(rows), reason_titles(PROCESS)
    context |= {
        "steps": steps,
        "picture": picture_of(steps) if steps[0].reached else None,
        "endings": [(stage.label, titles.get(code, code), many) for stage, code, many in queries.endings(rows)],
        "tally": queries.tally(viewer) if can(viewer, TRANSFER, "count") else None,
        "process": PROCESS,
        "may_open": may_open(viewer, PROCESS),
        "is_synthetic": rows.filter(is_synthetic=True).exists(),
    }
    return render(request, "transfers/transfers.html", context)


@require_safe
@page
def transfers_export(request: Request, kind: str) -> FileResponse:
    """Send what the list shows as a file."""
    check(request.viewer, TRANSFER, "read")
    return send_copy(request, list_for(request.viewer), queries.transfers(request.viewer), kind)
