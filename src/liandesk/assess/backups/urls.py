"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.assess.backups import excel_views, views

urlpatterns: list[URLPattern] = [
    path("backups/", views.backups, name="backups"),
    path("backups/new", views.backup_new, name="backup_new"),
    path("backups/export/<str:kind>", views.backups_export, name="backups_export"),
    path("backups/candidates", views.backup_candidates, name="backup_candidates"),
    path("backups/candidates/accept", views.candidate_accept, name="candidate_take_up"),
    path("backups/proposals", views.backup_proposals, name="backup_proposals"),
    path("backups/sheet", excel_views.backup_sheet, name="backup_sheet"),
    path("backups/import", excel_views.backup_import, name="backup_import"),
    path("backups/<int:pk>", views.backup_row, name="backup_row"),
    path("backups/<int:pk>/change", views.backup_change, name="backup_change"),
    path("backups/<int:pk>/retire", views.backup_retire, name="backup_retire"),
    path("backups/<int:pk>/add", views.backup_add, name="backup_add"),
    path("backups/held/<int:pk>", views.held_change, name="held_change"),
    path("backups/held/<int:pk>/withdraw", views.held_withdraw, name="held_withdraw"),
    path("backups/held/<int:pk>/drill", views.drill_plan, name="drill_plan"),
    path("backups/drills/<int:pk>/record", views.drill_record, name="drill_record"),
    path("backups/drills/<int:pk>/cancel", views.drill_cancel, name="drill_cancel"),
]
