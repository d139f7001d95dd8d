"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.steer.cockpit import views

urlpatterns: list[URLPattern] = [
    path("exceptions/", views.cockpit, name="cockpit"),
    path("exceptions/sheet", views.cockpit_sheet, name="cockpit_sheet"),
]
