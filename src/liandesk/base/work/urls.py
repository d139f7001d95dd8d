"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.base.work import case_views, challenge_views, excel_views, migration_views, new_views, views

urlpatterns: list[URLPattern] = [
    path("cases/", views.case_list, name="cases"),
    path("cases/export/<slug:form>", views.cases_export, name="cases_export"),
    path("cases/board/<slug:process>", views.case_board, name="case_board"),
    path("cases/new", new_views.case_start, name="case_start"),
    path("cases/new/<slug:process>", new_views.case_new, name="case_new"),
    path("cases/import/<slug:process>", excel_views.case_import, name="case_import"),
    path("cases/import/<slug:process>/sheets", excel_views.case_sheets, name="case_sheets"),
    path("cases/migrations/<slug:key>", migration_views.case_migration, name="case_migration"),
    path("cases/<int:pk>", case_views.case, name="case"),
    path("cases/<int:pk>/do/<slug:transition>", case_views.case_do, name="case_do"),
    path("cases/<int:pk>/answer/<slug:transition>", case_views.case_answer, name="case_answer"),
    path("cases/<int:pk>/prove", case_views.case_prove, name="case_prove"),
    path("cases/<int:pk>/fill", case_views.case_fill, name="case_fill"),
    path("cases/<int:pk>/pause", case_views.case_pause, name="case_pause"),
    path("cases/<int:pk>/resume", case_views.case_resume, name="case_resume"),
    path("cases/<int:pk>/assign/<slug:role>", case_views.case_assign, name="case_assign"),
    path("cases/<int:pk>/correct/<int:number>", case_views.case_correct, name="case_correct"),
    path("cases/<int:pk>/evidence/<int:number>", case_views.case_evidence, name="case_evidence"),
    path("challenges/", challenge_views.challenge_list, name="challenges"),
    path("challenges/<int:pk>", challenge_views.challenge, name="challenge"),
]
