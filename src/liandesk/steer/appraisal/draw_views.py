"""Draw the values of a year from the records: look at what would be written, then write it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.ui.decorators import page
from liandesk.steer.appraisal import actions, drawing, queries
from liandesk.steer.appraisal.draw_shown import draws_shown
from liandesk.steer.appraisal.policies import APPRAISAL


@require_http_methods(["GET", "HEAD", "POST"])
@page
def appraisal_draw(request: Request, pk: int) -> HttpResponse:
    """What the records hold beside what stands; write it."""
    check(request.viewer, APPRAISAL, "give")
    found = queries.appraisal(request.viewer, pk)
    if request.method == "POST":
        return _draw(request, pk)
    has_begun, draws = drawing.has_begun(found), drawing.draws(request.viewer, pk)
    context = {
        "appraisal": found,
        "has_begun": has_begun,
        "day": drawing.day_of(found) if has_begun else None,
        "seen": drawing.seen_of(draws),
        "is_synthetic": any(one.is_synthetic for one in draws),
        **draws_shown(queries.formula_of(found), draws),
    }
    return render(request, "appraisal/draw.html", context)


def _draw(request: Request, pk: int) -> HttpResponse:
    written = actions.draw_values(pk, by=request.viewer, seen=request.POST.get("seen", ""))
    said = ngettext("%(count)s value was drawn.", "%(count)s values were drawn.", written)
    messages.success(request, said % {"count": written} if written else _("The records say nothing new."))
    return redirect("appraisal_draw", pk)
