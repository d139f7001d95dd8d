"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.assess.events import forecast_views, views

urlpatterns: list[URLPattern] = [
    path("events/", views.events, name="events"),
    path("events/export/<str:kind>", views.events_export, name="events_export"),
    path("events/new", views.event_new, name="event_new"),
    path("events/file", views.events_file, name="events_file"),
    path("events/notices", views.events_notices, name="events_notices"),
    path("events/template/<str:name>", views.events_template, name="events_template"),
    path("events/batch/<str:key>", views.events_batch, name="events_batch"),
    path("events/<int:pk>", views.event, name="event"),
    path("events/<int:pk>/end", views.event_end, name="event_end"),
    path("events/<int:pk>/withdraw", views.event_withdraw, name="event_withdraw"),
    path("events/<int:pk>/match/<int:hit>", views.event_match, name="event_match"),
    path("forecasts/", forecast_views.forecasts, name="forecasts"),
    path("forecasts/export/<str:kind>", forecast_views.forecasts_export, name="forecasts_export"),
    path("forecasts/scores", forecast_views.forecast_scores, name="forecast_scores"),
    path("forecasts/scores/export/<str:kind>", forecast_views.forecast_scores_export, name="forecast_scores_export"),
    path("forecasts/of/<path:entry_key>", forecast_views.forecast_new, name="forecast_new"),
]
