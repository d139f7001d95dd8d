"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.base.work import views

urlpatterns: list[URLPattern] = [
    path("cases/", views.case_list, name="cases"),
    path("cases/new/<slug:process>", views.case_new, name="case_new"),
    path("cases/<int:pk>", views.case, name="case"),
    path("cases/<int:pk>/do/<slug:transition>", views.case_do, name="case_do"),
    path("cases/<int:pk>/answer/<slug:transition>", views.case_answer, name="case_answer"),
    path("cases/<int:pk>/prove", views.case_prove, name="case_prove"),
    path("cases/<int:pk>/evidence/<int:number>", views.case_evidence, name="case_evidence"),
]
