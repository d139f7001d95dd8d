"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.assess.rules import views

urlpatterns: list[URLPattern] = [
    path("rules/", views.scheme_list, name="schemes"),
    path("rules/<slug:key>", views.scheme, name="scheme"),
    path("rules/<slug:key>/compare", views.scheme_compare, name="scheme_compare"),
    path("rules/<slug:key>/compare/export/<str:kind>", views.scheme_compare_export, name="scheme_compare_export"),
]
