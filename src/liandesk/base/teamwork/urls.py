"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.base.teamwork import absence_views, calendar_views, chase_views, digest_views, sample_views, views

urlpatterns: list[URLPattern] = [
    path("cases/<int:pk>/comments", views.comment, name="case_comment"),
    path("cases/<int:pk>/comments/<int:comment>", views.comment_reword, name="comment_reword"),
    path("cases/<int:pk>/comments/<int:comment>/withdraw", views.comment_withdraw, name="comment_withdraw"),
    path("cases/<int:pk>/watch", views.watch, name="case_watch"),
    path("cases/<int:pk>/seen", views.seen, name="case_seen"),
    path("cases/<int:pk>/tasks", views.task, name="case_task"),
    path("cases/<int:pk>/tasks/<int:task>", views.task_tick, name="task_tick"),
    path("cases/<int:pk>/named", views.name, name="case_name"),
    path("cases/<int:pk>/named/<int:named>", views.unname, name="case_unname"),
    path("cases/<int:pk>/chase", chase_views.chase_one, name="chase_one"),
    path("cases/<int:pk>/sheet", chase_views.sheet, name="case_sheet"),
    path("chases", chase_views.chase_many, name="chase_many"),
    path("digest", digest_views.own_digest, name="digest"),
    path("samples/", sample_views.sample_list, name="samples"),
    path("samples/<int:pk>", sample_views.sample, name="sample"),
    path("samples/<int:pk>/export.<slug:kind>", sample_views.sample_export, name="sample_export"),
    path("samples/<int:pk>/frame.<slug:kind>", sample_views.sample_frame, name="sample_frame"),
    path("samples/<int:pk>/<int:item>", sample_views.sample_judge, name="sample_judge"),
    path("samples/<int:pk>/<int:item>/file", sample_views.sample_file, name="sample_file"),
    path("me/calendar", calendar_views.calendar_address, name="calendar"),
    path("calendar/<str:token>.ics", calendar_views.calendar_feed, name="calendar_feed"),
    path("me/absence", absence_views.absence, name="absence"),
    path("me/absence/<int:pk>/end", absence_views.absence_end, name="absence_end"),
]
