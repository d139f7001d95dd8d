"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.know.survey import link_views, views

urlpatterns: list[URLPattern] = [
    path("s/<str:token>", link_views.survey_link, name="survey_link"),
    path("s/<str:token>/sheet", link_views.survey_link_sheet, name="survey_link_sheet"),
    path("survey/", views.surveys, name="surveys"),
    path("survey/new", views.survey_new, name="survey_new"),
    path("survey/coverage", views.survey_coverage, name="survey_coverage"),
    path("survey/coverage/export/<str:kind>", views.survey_coverage_export, name="survey_coverage_export"),
    path("survey/forms", views.survey_forms, name="survey_forms"),
    path("survey/forms/export/<str:kind>", views.survey_forms_export, name="survey_forms_export"),
    path("survey/forms/<int:pk>", views.survey_form, name="survey_form"),
    path("survey/forms/<int:pk>/sheet", views.survey_form_sheet, name="survey_form_sheet"),
    path("survey/forms/<int:pk>/link", views.survey_link_change, name="survey_link_change"),
    path("survey/<int:pk>", views.survey, name="survey"),
    path("survey/<int:pk>/cancel", views.survey_cancel, name="survey_cancel"),
    path("survey/<int:pk>/close", views.survey_close, name="survey_close"),
    path("survey/<int:pk>/remind", views.survey_remind, name="survey_remind"),
    path("survey/<int:pk>/codes", views.survey_codes, name="survey_codes"),
    path("survey/<int:pk>/sheet", views.survey_sheet, name="survey_sheet"),
    path("survey/<int:pk>/summary", views.survey_summary, name="survey_summary"),
    path("survey/<int:pk>/summary/<str:kind>", views.survey_summary_export, name="survey_summary_export"),
]
