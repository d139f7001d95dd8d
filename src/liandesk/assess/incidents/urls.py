"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.assess.incidents import views

urlpatterns: list[URLPattern] = [
    path("incidents/", views.incidents, name="incidents"),
    path("incidents/new", views.incident_new, name="incident_new"),
    path("incidents/<int:pk>", views.incident, name="incident"),
    path("incidents/<int:pk>/trace", views.incident_retrace, name="incident_retrace"),
    path("incidents/<int:pk>/tasks", views.incident_task, name="incident_task"),
    path("incidents/<int:pk>/tasks/<int:task>", views.incident_tick, name="incident_tick"),
    path("incidents/<int:pk>/entries/<int:entry>", views.incident_reason, name="incident_reason"),
    path("incidents/<int:pk>/send", views.incident_send, name="incident_send"),
    path("incidents/<int:pk>/export/<str:kind>", views.incident_export, name="incident_export"),
    path("incidents/lessons/<int:pk>", views.lesson, name="lesson"),
    path("incidents/messages/<int:pk>", views.incident_message, name="incident_message"),
]
