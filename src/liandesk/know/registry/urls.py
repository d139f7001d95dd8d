"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.know.registry import things_urls, views

urlpatterns: list[URLPattern] = [
    path("organisations/", views.organisation_list, name="organisations"),
    path("organisations/<str:organisation_id>", views.organisation, name="organisation"),
    *things_urls.urlpatterns,
]
