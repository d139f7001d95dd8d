"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.assess.per_mu import views, what_if_views

urlpatterns: list[URLPattern] = [
    path("per-mu/", views.per_mu, name="per_mu"),
    path("per-mu/export/<str:kind>", views.per_mu_export, name="per_mu_export"),
    path("per-mu/method", views.per_mu_method, name="per_mu_method"),
    path("per-mu/what-if", what_if_views.per_mu_what_if, name="per_mu_what_if"),
    path("per-mu/what-if/export/<str:kind>", what_if_views.per_mu_what_if_export, name="per_mu_what_if_export"),
    path("per-mu/edges", what_if_views.per_mu_edges, name="per_mu_edges"),
    path("per-mu/edges/export/<str:kind>", what_if_views.per_mu_edges_export, name="per_mu_edges_export"),
    path("per-mu/import", views.per_mu_import, name="per_mu_import"),
    path("per-mu/final", views.per_mu_final, name="per_mu_final"),
    path("per-mu/of/<str:organisation>", views.per_mu_own, name="per_mu_own"),
]
