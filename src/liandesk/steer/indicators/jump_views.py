"""The assessor's page of jumps at quarters' ends, and its copies."""

from __future__ import annotations

from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c
from django.views.decorators.http import require_safe

from liandesk.base.accounts.http import Request
from liandesk.base.ui.copies import COPY_KINDS
from liandesk.base.ui.decorators import page
from liandesk.base.ui.listing import ListColumn
from liandesk.steer.indicators import jumps
from liandesk.steer.indicators.copies import send_rows

VERDICTS = {
    "flagged": _c("quarter-end test", "To be asked"),
    "quiet": _c("quarter-end test", "Nothing striking"),
    "untested": _c("quarter-end test", "Too few months to test"),
}
COLUMNS = (
    ListColumn("unit", _("Town or office")),
    ListColumn("title", _("Indicator")),
    ListColumn("verdict", _("What the test says"), "choice", choices=VERDICTS),
    ListColumn("jump", _("Excess, of a usual month"), "share"),
    ListColumn("quarters", _("Quarters compared"), "number"),
    ListColumn("p", "p", "number"),
    ListColumn("q", "q", "number"),
)


@require_safe
@page
def indicator_jumps(request: Request) -> HttpResponse:
    """Show what the test says of each town and office."""
    rows = jumps.jumps(request.viewer)
    context = {
        "rows": [(row, VERDICTS[row.verdict]) for row in rows],
        "flagged": sum(row.verdict == "flagged" for row in rows),
        "tested": sum(row.p is not None for row in rows),
        "false_discovery": jumps.FALSE_DISCOVERY,
        "copies": COPY_KINDS,
        "is_synthetic": any(row.is_synthetic for row in rows),
    }
    return render(request, "indicators/jumps.html", context)


@require_safe
@page
def indicator_jumps_export(request: Request, kind: str) -> FileResponse:
    """Send the same as a file."""
    rows = jumps.jumps(request.viewer)
    return send_rows("indicator_jumps", str(_("Jumps at quarters' ends")), COLUMNS, rows, kind, request.viewer)
