"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.act.services import views

urlpatterns: list[URLPattern] = [
    path("services/", views.services, name="services"),
    path("services/export/<str:kind>", views.services_export, name="services_export"),
    path("services/load/<str:kind>", views.service_load_export, name="service_load_export"),
]
