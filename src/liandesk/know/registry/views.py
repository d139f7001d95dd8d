"""The list of organisations."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django_tables2 import RequestConfig

from liandesk.base.accounts.http import Request
from liandesk.base.pack import pack
from liandesk.base.ui.decorators import signed_in
from liandesk.know.registry import queries
from liandesk.know.registry.tables import OrganisationTable


@signed_in
def organisation_list(request: Request) -> HttpResponse:
    asked = {name: request.GET.get(name, "").strip() for name in ("text", "town", "kind")}
    rows = queries.organisations(request.viewer, **asked)
    table = OrganisationTable(rows)
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    context = {"table": table, "asked": asked, "towns": pack().towns, "kinds": queries.KINDS}
    return render(request, "registry/organisation_list.html", context)
