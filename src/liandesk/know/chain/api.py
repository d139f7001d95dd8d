"""The chain through the API; a quantity that nobody said is null, what the caller may not see is not in the answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from django.db.models import QuerySet
from django.http import Http404
from ninja import Query, Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.base.accounts.access import Resource, check
from liandesk.base.accounts.http import Request
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.listing import Listing
from liandesk.base.ui.listing_filter import ListFilter
from liandesk.know.chain import listings, queries
from liandesk.know.chain.forms import MOST_HOPS
from liandesk.know.chain.policies import CHAIN, FINDING, SUPPLY_LINK
from liankit.network import COUNTER_REASONS, Direction

router = Router(tags=["chain"])
Hops = Annotated[int, Query(ge=1, le=MOST_HOPS)]


class NodeOut(Schema):
    """A node; counts of organisations only for whoever sees all of them."""

    id: str
    name: str
    node_kind: str
    item_kind: str
    basis: str
    is_synthetic: bool
    need: str | None = None
    is_missing: bool | None = None
    inputs: int | None = None
    outputs: int | None = None
    makers: int | None = None
    local_makers: int | None = None
    local_users: int | None = None


class SupplyOut(Schema):
    """A supply link, seen from its buyer. Amounts in CNY a year, share of the buyer's purchases from 0 to 1."""

    link: str
    organisation: str
    organisation_name: str
    other: str
    other_name: str
    item: str
    item_name: str
    country: str
    amount_cny: float | None
    share: float | None
    sole_source: bool | None
    lead_time_days: float | None
    stock_days: float | None
    as_of: date | None
    basis: str
    is_synthetic: bool


class CustomerOut(Schema):
    """A supply link, seen from its supplier."""

    link: str
    organisation: str
    organisation_name: str
    other: str
    other_name: str
    item: str
    item_name: str
    basis: str
    is_synthetic: bool


class FindingOut(Schema):
    """A weak, missing or single link; ``all_abroad`` null: unknown."""

    id: str
    kind: Literal["missing", "single", "weak"]
    node: str
    name: str
    node_kind: str
    item_kind: str
    buyers: int
    inferred_buyers: int
    local_makers: int
    home_makers: int
    sources: int
    source_name: str
    all_abroad: bool | None
    sole_buyers: int
    short_buyers: int
    is_synthetic: bool


class PartnerOut(Schema):
    """A supplier of the district for a buyer of the district; null: unknown."""

    id: str
    node: str
    name: str
    buyer: str
    buyer_name: str
    buyer_town: str
    need_basis: str
    supplier: str
    supplier_name: str
    supplier_town: str
    offered: str
    offered_name: str
    offer_basis: str
    match: str
    bought_abroad: bool | None
    supplies_already: bool | None
    amount_cny: float | None
    is_synthetic: bool


class ProblemOut(Schema):
    """Something wrong with the map."""

    problem: str
    node: str
    names: str
    nodes: int


class ReasonOut(Schema):
    """Why; ``holds`` null: unknown; ``speaks_against``: a counter-reason."""

    code: str
    holds: bool | None
    value_low: float | None
    value_high: float | None
    unit: str
    params: dict[str, Any]
    speaks_against: bool


class PlaceOut(Schema):
    """A node near another one: hops away, and along the flow (negative: goes into it)."""

    node: str
    name: str
    node_kind: str
    hop: int
    column: int
    is_missing: bool | None


class RelationOut(Schema):
    source: str
    target: str
    relation: str
    basis: str


class AroundOut(Schema):
    nodes: list[PlaceOut]
    relations: list[RelationOut]


def _rows(viewer: Viewer, right: tuple[Resource, str], listing: Listing, rows: QuerySet[Any], asked: Any) -> object:
    """Return the rows that the page's filters let through; a wrong value is an error."""
    check(viewer, *right)
    found = ListFilter(listing, asked)
    found.check()
    return found.apply(rows).order_by(*listing.order)


_READ_FINDING = (FINDING, "read")
_READ_LINK = (SUPPLY_LINK, "read")


@router.get("/chain/nodes", response=list[NodeOut], url_name="chain_nodes", exclude_unset=True)
@paginate(LimitOffsetPagination)
def list_nodes(request: Request, text: str = "", node_kind: str = "", basis: str = "") -> object:
    """Return nodes by name."""
    viewer = request.viewer
    listing = listings.NODES if queries.sees_everything(viewer) else listings.OPEN_NODES
    rows: Any = _rows(viewer, (CHAIN, "map"), listing, queries.nodes(viewer), request.GET)
    always = ("id", "name", "node_kind", "item_kind", "basis", "is_synthetic")
    shown = [column.name for column in listing.columns]
    return rows.values(*dict.fromkeys((*always, *shown)))


@router.get("/chain/nodes/{node}/around", response=AroundOut, url_name="chain_around")
def get_around(request: Request, node: str, hops: Hops = 1, direction: Direction = "both") -> object:
    """Return what lies within some hops of a node."""
    found = queries.around(request.viewer, node, hops, direction)
    if found is None:
        raise Http404
    return {"nodes": found.nodes.to_dicts(), "relations": found.relations.to_dicts()}


@router.get("/chain/links", response=list[FindingOut], url_name="chain_links")
@paginate(LimitOffsetPagination)
def list_findings(request: Request, text: str = "", kind: str = "", node_kind: str = "", item_kind: str = "") -> object:
    """Return weak, missing and single links, the most needed first."""
    return _rows(request.viewer, _READ_FINDING, listings.FINDINGS, queries.findings(request.viewer), request.GET)


@router.get("/chain/partners", response=list[PartnerOut], url_name="chain_partners")
@paginate(LimitOffsetPagination)
def list_partners(request: Request, text: str = "", match: str = "", bought_abroad: str = "") -> object:
    """Return local suppliers for local buyers, those first who buy abroad now."""
    return _rows(request.viewer, _READ_FINDING, listings.PARTNERS, queries.partners(request.viewer), request.GET)


@router.get("/chain/reasons/{name}/{row}", response=list[ReasonOut], url_name="chain_reasons")
def list_reasons(request: Request, name: str, row: str) -> object:
    """Return what speaks for a row of the lists "links" or "partners", then what speaks against it."""
    opened = queries.row_with_reasons(request.viewer, name, row)
    if opened is None:
        raise Http404
    return [{**vars(one), "speaks_against": one.code in COUNTER_REASONS} for one in opened[1]]


@router.get("/chain/supplies", response=list[SupplyOut], url_name="supplies")
@paginate(LimitOffsetPagination)
def list_supplies(request: Request, text: str = "", sole_source: str = "", basis: str = "") -> object:
    """Return supply links by buyer."""
    rows = queries.supply_ends(request.viewer, "buyer")
    return _rows(request.viewer, _READ_LINK, listings.SUPPLIES, rows, request.GET)


@router.get("/chain/customers", response=list[CustomerOut], url_name="customers")
@paginate(LimitOffsetPagination)
def list_customers(request: Request, text: str = "", basis: str = "") -> object:
    """Return supply links by supplier, without what the buyers said of their stock and shares."""
    rows = queries.supply_ends(request.viewer, "supplier")
    return _rows(request.viewer, _READ_LINK, listings.CUSTOMERS, rows, request.GET)


@router.get("/chain/problems", response=list[ProblemOut], url_name="chain_problems")
@paginate(LimitOffsetPagination)
def list_problems(request: Request, text: str = "", problem: str = "") -> object:
    """Return what is wrong with the map."""
    return _rows(request.viewer, _READ_FINDING, listings.PROBLEMS, queries.problems(request.viewer), request.GET)
