"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.act.pipeline import views

urlpatterns: list[URLPattern] = [
    path("pipeline/", views.pipeline, name="pipeline"),
    path("pipeline/export/<str:kind>", views.pipeline_export, name="pipeline_export"),
    path("pipeline/cohorts/", views.pipeline_cohorts, name="pipeline_cohorts"),
    path("pipeline/cohorts/export/<str:kind>", views.pipeline_cohorts_export, name="pipeline_cohorts_export"),
    path("pipeline/dates/", views.pipeline_dates, name="pipeline_dates"),
    path("pipeline/dates/export/<str:kind>", views.pipeline_dates_export, name="pipeline_dates_export"),
]
