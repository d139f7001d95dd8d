"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.assess.portfolio import register_views, views

urlpatterns: list[URLPattern] = [
    path("portfolio/", views.portfolios, name="portfolios"),
    path("portfolio/new", views.portfolio_new, name="portfolio_new"),
    path("portfolio/<int:pk>", views.portfolio, name="portfolio"),
    path("portfolio/<int:pk>/cancel", views.portfolio_cancel, name="portfolio_cancel"),
    path("portfolio/<int:pk>/export/<str:part>/<str:kind>", views.portfolio_export, name="portfolio_export"),
    path("portfolio/<int:pk>/propose", views.portfolio_propose, name="portfolio_propose"),
    path("interventions/", register_views.interventions, name="interventions"),
    path("interventions/new", register_views.intervention_new, name="intervention_new"),
    path("interventions/export/<str:kind>", register_views.interventions_export, name="interventions_export"),
    path("interventions/sheet", register_views.interventions_sheet, name="interventions_sheet"),
    path("interventions/import", register_views.interventions_import, name="interventions_import"),
    path("interventions/<int:pk>", register_views.intervention, name="intervention"),
    path("interventions/<int:pk>/withdraw", register_views.intervention_withdraw, name="intervention_withdraw"),
]
