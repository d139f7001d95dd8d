"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.base.definitions import views

urlpatterns: list[URLPattern] = [
    path("definitions/", views.definition_list, name="definitions"),
    path("definitions/<slug:kind>/<slug:key>", views.definition, name="definition"),
    path("definitions/<slug:kind>/<slug:key>/propose", views.definition_propose, name="definition_propose"),
    path("definitions/<slug:kind>/<slug:key>/<int:version>.yaml", views.definition_export, name="definition_export"),
    path("definitions/versions/<int:pk>/publish", views.definition_publish, name="definition_publish"),
    path("definitions/versions/<int:pk>/withdraw", views.definition_withdraw, name="definition_withdraw"),
]
