"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.assess.per_mu import views

urlpatterns: list[URLPattern] = [
    path("per-mu/", views.per_mu, name="per_mu"),
    path("per-mu/export/<str:kind>", views.per_mu_export, name="per_mu_export"),
    path("per-mu/what-if", views.per_mu_what_if, name="per_mu_what_if"),
    path("per-mu/edges", views.per_mu_edges, name="per_mu_edges"),
    path("per-mu/import", views.per_mu_import, name="per_mu_import"),
    path("per-mu/of/<str:organisation>", views.per_mu_own, name="per_mu_own"),
]
