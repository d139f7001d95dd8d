"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.steer.reports import views

urlpatterns: list[URLPattern] = [
    path("reports/", views.reports, name="reports"),
    path("reports/check", views.report_check, name="report_check"),
    path("reports/<int:pk>", views.report, name="report"),
    path("reports/<int:pk>/file/<str:kind>", views.report_file, name="report_file"),
    path("reports/<int:pk>/verify", views.report_verify, name="report_verify"),
]
