"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.act.trials import views

urlpatterns: list[URLPattern] = [
    path("startups/", views.startups, name="startups"),
    path("startups/export/<str:kind>", views.startups_export, name="startups_export"),
    path("startups/times", views.startup_times, name="startup_times"),
    path("startups/times/<str:kind>", views.startup_times_export, name="startup_times_export"),
    path("startups/sheet", views.startup_sheet, name="startup_sheet"),
    path("startups/import", views.startup_import, name="startup_import"),
    path("startups/session", views.startup_session, name="startup_session"),
]
