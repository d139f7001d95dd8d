"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.steer.supervision import evaluation_views, views

urlpatterns: list[URLPattern] = [
    path("tasks/", views.task_sheets, name="task_sheets"),
    path("tasks/reports/sheet", views.task_reports_sheet, name="task_reports_sheet"),
    path("tasks/reports/import", views.task_reports_import, name="task_reports_import"),
    path("tasks/sheets/<int:pk>", views.task_sheet, name="task_sheet"),
    path("tasks/sheets/<int:pk>/export/<str:kind>", views.task_sheet_export, name="task_sheet_export"),
    path("tasks/<int:pk>", views.task_row, name="task_row"),
    path("tasks/<int:pk>/change", views.task_row_change, name="task_row_change"),
    path("tasks/<int:pk>/comment", views.task_row_comment, name="task_row_comment"),
    path("tasks/comments/<int:pk>/answer", views.task_comment_answer, name="task_comment_answer"),
    path("evaluation/<str:kind>", evaluation_views.evaluation, name="evaluation"),
    path("evaluation/<str:kind>/<str:subject>", evaluation_views.evaluation_judge, name="evaluation_judge"),
    path("plan-seal", evaluation_views.plan_seal, name="plan_seal"),
    path("plan-seal/next", evaluation_views.plan_next, name="plan_next"),
]
