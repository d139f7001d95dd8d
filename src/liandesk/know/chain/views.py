"""The chain: its lists, one node and what lies around it, the links of one organisation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from liandesk.base.accounts.access import Resource, can, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.copies import COPY_KINDS
from liandesk.base.ui.decorators import signed_in
from liandesk.base.ui.listing import Listing
from liandesk.base.ui.listing_pages import PER_PAGE, list_context, send_copy
from liandesk.know.chain import listings, queries, wording
from liandesk.know.chain.charts import around_chart, around_says, links_chart
from liandesk.know.chain.copies import send_around
from liandesk.know.chain.forms import AroundForm
from liandesk.know.chain.policies import CHAIN, FINDING, SUPPLY_LINK
from liandesk.know.chain.tables import FrameData, RelationTable
from liankit.network import COUNTER_REASONS


class Listed(NamedTuple):
    """A list: what it asks for, how it is declared for a viewer, and its rows."""

    resource: Resource
    action: str
    listing: Callable[[Viewer], Listing]
    rows: Callable[[Viewer], QuerySet[Any]]


def _nodes_listing(viewer: Viewer) -> Listing:
    return listings.NODES if queries.sees_everything(viewer) else listings.OPEN_NODES


LISTED = {
    "chain_nodes": Listed(CHAIN, "map", _nodes_listing, queries.nodes),
    "chain_links": Listed(FINDING, "read", lambda _viewer: listings.FINDINGS, queries.findings),
    "chain_partners": Listed(FINDING, "read", lambda _viewer: listings.PARTNERS, queries.partners),
    "chain_problems": Listed(FINDING, "read", lambda _viewer: listings.PROBLEMS, queries.problems),
    "supplies": Listed(
        SUPPLY_LINK, "read", lambda _viewer: listings.SUPPLIES, lambda viewer: queries.supply_ends(viewer, "buyer")
    ),
    "customers": Listed(
        SUPPLY_LINK, "read", lambda _viewer: listings.CUSTOMERS, lambda viewer: queries.supply_ends(viewer, "supplier")
    ),
}
"""The lists of the chain by their routes."""


@require_safe
@signed_in
def listed(request: Request, code: str) -> HttpResponse:
    """One list with its filters."""
    found = LISTED[code]
    check(request.viewer, found.resource, found.action)
    context = list_context(request, found.listing(request.viewer), found.rows(request.viewer))
    return render(request, "chain/list.html", {**context, "others": _others(request.viewer, code)})


@require_safe
@signed_in
def listed_export(request: Request, code: str, kind: str) -> FileResponse:
    """Send what the list shows as a file."""
    found = LISTED[code]
    check(request.viewer, found.resource, found.action)
    return send_copy(request, found.listing(request.viewer), found.rows(request.viewer), kind)


def _others(viewer: Viewer, code: str) -> list[tuple[str, str, bool]]:
    """Return the lists the viewer may open, as tabs: title, address, whether it is this one."""
    return [
        (str(one.listing(viewer).title), reverse(name), name == code)
        for name, one in LISTED.items()
        if can(viewer, one.resource, one.action)
    ]


@require_safe
@signed_in
def reasons(request: Request, name: str, row: str) -> HttpResponse:
    """What speaks for a row of a list and what against it: the drawer, or a page where there is no script."""
    opened = queries.row_with_reasons(request.viewer, name, row)
    if opened is None:
        raise Http404
    found, told = opened
    context = {
        "row": found,
        "listing": LISTED[f"chain_{name}"].listing(request.viewer),
        "speaks_for": [reason for reason in told if reason.code not in COUNTER_REASONS],
        "speaks_against": [reason for reason in told if reason.code in COUNTER_REASONS],
    }
    template = "chain/_reasons.html" if request.htmx else "chain/reasons.html"
    return render(request, template, context)


@require_safe
@signed_in
def node(request: Request, node: str) -> HttpResponse:
    """A node, what lies around it as a picture and as a table, and who is tied to it."""
    form = AroundForm(request.GET)
    found = queries.around(request.viewer, node, form.asked_hops, form.asked_direction)
    if found is None:
        raise Http404
    table = RelationTable(FrameData(found.relations))
    RequestConfig(request, paginate={"per_page": PER_PAGE}).configure(table)
    context = {
        "node": found.node,
        "copies": COPY_KINDS,
        "query": request.GET.urlencode(),
        "kind": wording.say(wording.NODE_KINDS, found.node.node_kind),
        "basis": wording.say(wording.BASES, found.node.basis),
        "sees_everything": queries.sees_everything(request.viewer),
        "form": form,
        "hops": form.asked_hops,
        "direction": form.asked_direction,
        "picture": around_chart(found),
        "says": around_says(found),
        "table": table,
        "ties": queries.tied_to(request.viewer, node),
        "findings": queries.findings(request.viewer).filter(node=node),
        "supplies": queries.supply_ends(request.viewer, "buyer").filter(item=node)[: queries.SHOWN],
    }
    return render(request, "chain/node.html", context)


@require_safe
@signed_in
def node_export(request: Request, node: str, kind: str) -> FileResponse:
    """Send the relations around a node as a file."""
    form = AroundForm(request.GET)
    found = queries.around(request.viewer, node, form.asked_hops, form.asked_direction)
    if found is None:
        raise Http404
    return send_around(found, form.asked_hops, kind, by=request.viewer)


@require_safe
@signed_in
def organisation(request: Request, organisation_id: str) -> HttpResponse:
    """The supply links of one organisation as a picture and as tables."""
    links = queries.links_of(request.viewer, organisation_id)
    if links is None:
        raise Http404
    context = {
        "links": links,
        "picture": links_chart(links, leads_on=queries.sees_everything(request.viewer)),
        "nodes": queries.nodes_of(request.viewer, organisation_id),
    }
    return render(request, "chain/organisation.html", context)
