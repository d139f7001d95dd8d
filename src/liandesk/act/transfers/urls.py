"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.act.transfers import views

urlpatterns: list[URLPattern] = [
    path("transfers/", views.transfers, name="transfers"),
    path("transfers/export/<str:kind>", views.transfers_export, name="transfers_export"),
]
