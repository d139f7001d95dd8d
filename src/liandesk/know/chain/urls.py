"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.know.chain import views

_PLACES = {
    "chain_nodes": "chain/",
    "chain_links": "chain/links/",
    "chain_partners": "chain/partners/",
    "chain_problems": "chain/problems/",
    "supplies": "chain/supplies/",
    "customers": "chain/customers/",
}

urlpatterns: list[URLPattern] = [
    *(path(place, views.listed, {"code": code}, name=code) for code, place in _PLACES.items()),
    *(
        path(f"{place}export/<str:kind>", views.listed_export, {"code": code}, name=f"{code}_export")
        for code, place in _PLACES.items()
    ),
    path("chain/reasons/<str:name>/<str:row>", views.reasons, name="chain_reasons"),
    path("chain/nodes/<str:node>", views.node, name="chain_node"),
    path("chain/nodes/<str:node>/export/<str:kind>", views.node_export, name="chain_node_export"),
    path("chain/organisations/<str:organisation_id>", views.organisation, name="chain_organisation"),
]
