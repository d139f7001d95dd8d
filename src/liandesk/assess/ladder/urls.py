"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.assess.ladder import views

urlpatterns: list[URLPattern] = [
    path("ladder/", views.ladder_board, name="ladder"),
    path("ladder/near", views.near_misses, name="near_misses"),
    path("ladder/near/export/<str:kind>", views.near_misses_export, name="near_misses_export"),
    path("ladder/enterprises", views.rungs, name="rungs"),
    path("ladder/enterprises/export/<str:kind>", views.rungs_export, name="rungs_export"),
    path("ladder/enterprises/<str:pk>", views.rung, name="rung"),
    path("ladder/enterprises/<str:pk>/way/<slug:grants>", views.rung_way, name="rung_way"),
    path("ladder/enterprises/<str:pk>/way/<slug:grants>/try", views.rung_try, name="rung_try"),
    path("my/rungs", views.my_rungs, name="my_rungs"),
]
