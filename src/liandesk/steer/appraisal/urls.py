"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.steer.appraisal import draw_views, views

urlpatterns: list[URLPattern] = [
    path("appraisals/", views.appraisals, name="appraisals"),
    path("appraisals/<int:pk>", views.appraisal, name="appraisal"),
    path("appraisals/<int:pk>/publish", views.appraisal_publish, name="appraisal_publish"),
    path("appraisals/<int:pk>/export/<str:kind>", views.appraisal_export, name="appraisal_export"),
    path("appraisals/<int:pk>/formula", views.appraisal_formula, name="appraisal_formula"),
    path("appraisals/<int:pk>/sheet", views.appraisal_sheet, name="appraisal_sheet"),
    path("appraisals/<int:pk>/import", views.appraisal_import, name="appraisal_import"),
    path("appraisals/<int:pk>/draw", draw_views.appraisal_draw, name="appraisal_draw"),
    path("appraisals/<int:pk>/units/<str:unit>", views.appraisal_unit, name="appraisal_unit"),
    path(
        "appraisals/<int:pk>/units/<str:unit>/export/<str:kind>",
        views.appraisal_unit_export,
        name="appraisal_unit_export",
    ),
]
