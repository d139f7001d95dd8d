"""Listed things through the API, a list and one thing for each kind under the filters of the page; and the sketch."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404
from ninja import ModelSchema, Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.errors import UserError
from liandesk.base.ui.listing_filter import ListFilter
from liandesk.know.registry import things_queries as queries
from liandesk.know.registry.cartogram import cartogram, measures
from liandesk.know.registry.policies import ORGANISATION
from liandesk.know.registry.things_kinds import KINDS, ThingKind
from liandesk.know.registry.things_models import Thing
from liandesk.know.registry.things_policies import RESOURCES_OF
from liankit.errors import nearest

router = Router(tags=["things"])


class ThingOut(ModelSchema):
    """One thing; an attribute that is not known is not in ``attributes``. Amounts in CNY, shares from 0 to 1."""

    class Meta:
        model = Thing
        exclude = ["record", "is_current"]


def _list(kind: ThingKind) -> Callable[..., Any]:
    @paginate(LimitOffsetPagination)
    def list_things(request: Request) -> object:
        check(request.viewer, RESOURCES_OF[kind.code], "read")
        found = ListFilter(kind.listing, request.GET)
        found.check()
        return found.apply(queries.things(request.viewer, kind.code)).order_by(*kind.listing.order)

    asked = ", ".join(column.name for column in kind.listing.columns if column.is_filter)
    list_things.__doc__ = f"Return the list by name; filters of the page: text, {asked}."
    return list_things


def _one(kind: ThingKind) -> Callable[..., Any]:
    def get_thing(request: Request, thing_id: str) -> object:
        opened = queries.opened(request.viewer, kind.code, thing_id)
        if opened is None:
            raise Http404
        return opened.thing

    return get_thing


def _add_routes(kind: ThingKind) -> None:
    name = kind.slug.replace("-", "_")
    many = router.get(f"/{kind.slug}", response=list[ThingOut], url_name=kind.slug, operation_id=f"list_{name}")
    many(_list(kind))
    one = router.get(
        f"/{kind.slug}/{{thing_id}}", response=ThingOut, url_name=kind.route, operation_id=f"get_{kind.code}"
    )
    one(_one(kind))


class TileOut(Schema):
    """A town or zone by its code; ``count`` is null where the caller is not shown a number."""

    group: str
    code: str
    place: str
    count: int | None


@router.get("/sketch", response=list[TileOut], url_name="cartogram")
def count_places(request: Request, count: str = "organisations") -> object:
    """Return how many of something lie in each town and zone: organisations, a kind of them, or a kind of thing."""
    check(request.viewer, ORGANISATION, "read")
    offered = measures(request.viewer)
    if count not in offered:
        raise UserError(f"count: '{count}' is none of {', '.join(offered)}.{nearest(count, offered)}")
    return list(cartogram(request.viewer, offered[count]).tiles)


for _kind in KINDS.values():
    _add_routes(_kind)
