"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.act.deals import views

urlpatterns: list[URLPattern] = [
    path("deals/", views.deals, name="deals"),
    path("deals/export/<str:kind>", views.deals_export, name="deals_export"),
    path("deals/<int:pk>/insiders", views.insiders, name="deal_insiders"),
    path("deals/<int:pk>/insiders/export/<str:kind>", views.insiders_export, name="deal_insiders_export"),
]
