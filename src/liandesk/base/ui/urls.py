"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.base.ui import views

urlpatterns: list[URLPattern] = [
    path("", views.home, name="home"),
    path("search", views.search, name="search"),
    path("about", views.about, name="about"),
    path("audit", views.audit, name="audit"),
    path("saved-views/<slug:page>/save", views.saved_view_save, name="saved_view_save"),
    path("saved-views/<int:pk>/delete", views.saved_view_delete, name="saved_view_delete"),
    path("healthz", views.healthz, name="healthz"),
    path("display", views.display, name="display"),
]
