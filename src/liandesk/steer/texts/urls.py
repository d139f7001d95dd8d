"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.steer.texts import found_views, views

urlpatterns: list[URLPattern] = [
    path("plan-texts/", views.plan_texts, name="plan_texts"),
    path("plan-texts/new", views.plan_text_new, name="plan_text_new"),
    path("plan-texts/<int:pk>", views.plan_text, name="plan_text"),
    path("plan-texts/<int:pk>/again", views.plan_text_again, name="plan_text_again"),
    path("plan-texts/<int:pk>/changes", views.plan_text_changes, name="plan_text_changes"),
    path("plan-texts/<int:pk>/found.json", views.plan_text_found, name="plan_text_found"),
    path("plan-texts/<int:pk>/found/<str:key>", found_views.plan_found, name="plan_found"),
    path("plan-texts/<int:pk>/found/<str:key>/decide", found_views.plan_found_decide, name="plan_found_decide"),
    path("plan-texts/<int:pk>/found/<str:key>/join", found_views.plan_found_join, name="plan_found_join"),
    path("plan-texts/<int:pk>/found/<str:key>/below", found_views.plan_found_below, name="plan_found_below"),
    path("plan-texts/<int:pk>/orphans/<int:orphan>", found_views.plan_orphan_drop, name="plan_orphan_drop"),
    path("plan-texts/plans/<slug:plan>/draft", views.plan_draft, name="plan_draft"),
]
