"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.act.insight import views

urlpatterns: list[URLPattern] = [
    path("insight/", views.insights, name="insights"),
    path("insight/<slug:process>", views.insight, name="insight"),
    path("insight/<slug:process>/export/<str:kind>", views.insight_export, name="insight_export"),
    path("insight/<slug:process>/events.csv", views.insight_events, name="insight_events"),
    path("insight/<slug:process>/forecasts/<str:kind>", views.insight_forecasts, name="insight_forecasts"),
]
