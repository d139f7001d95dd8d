"""Routes of the listed things, each kind with its list, its copies and the page of one; and of the sketch."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import URLPattern, path

from liandesk.know.registry import cartogram_views
from liandesk.know.registry import things_views as views
from liandesk.know.registry.things_kinds import KINDS, ThingKind


def _routes(kind: ThingKind) -> Iterator[URLPattern]:
    which = {"kind": kind.code}
    yield path(f"{kind.slug}/", views.thing_list, which, name=kind.slug)
    yield path(f"{kind.slug}/export/<str:form>", views.things_export, which, name=kind.listing.export_route)
    yield path(f"{kind.slug}/<str:thing_id>", views.thing, which, name=kind.route)


urlpatterns: list[URLPattern] = [
    path("sketch/", cartogram_views.sketch, name="cartogram"),
    path("sketch/export/<str:form>", cartogram_views.sketch_export, name="cartogram_export"),
    *(route for kind in KINDS.values() for route in _routes(kind)),
]
