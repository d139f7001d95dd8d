"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.refresh import views

urlpatterns: list[URLPattern] = [
    path("runs/", views.run_list, name="runs"),
    path("runs/start", views.start, name="run_start"),
    path("runs/<int:run_id>", views.run, name="run"),
    path("runs/<int:run_id>/cancel", views.cancel, name="run_cancel"),
]
