"""The pages of many cases."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from liandesk.base.accounts.access import can
from liandesk.base.accounts.http import Request
from liandesk.base.ui.decorators import signed_in
from liandesk.base.work import queries
from liandesk.base.work.policies import CASE
from liandesk.base.work.tables import CaseTable


@signed_in
@require_safe
def case_list(request: Request) -> HttpResponse:
    shown = request.GET.get("show", "mine")
    rows = {"mine": queries.in_hand, "open": queries.open_cases, "ended": queries.ended_cases}
    table = CaseTable(rows.get(shown, queries.in_hand)(request.viewer))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    context = {"table": table, "shown": shown, "may_open": can(request.viewer, CASE, "open")}
    return render(request, "work/case_list.html", context)
