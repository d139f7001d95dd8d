"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.know.sources import free_text_views, mapping_views, views

urlpatterns: list[URLPattern] = [
    path("loads/", views.load_list, name="loads"),
    path("loads/new", views.new, name="load_new"),
    path("loads/uploads/<str:key>", views.upload, name="upload"),
    path("loads/uploads/<str:key>/columns", mapping_views.columns, name="upload_columns"),
    path("loads/senders", mapping_views.mapping_list, name="mappings"),
    path("loads/senders/<int:pk>/forget", mapping_views.mapping_forget, name="mapping_forget"),
    path("loads/uploads/<str:key>/load", views.upload_confirm, name="upload_confirm"),
    path("loads/uploads/<str:key>/discard", views.upload_discard, name="upload_discard"),
    path("loads/uploads/<str:key>/report.csv", views.upload_report, name="upload_report"),
    path("loads/<str:key>", views.load, name="load"),
    path("loads/<str:key>/report.csv", views.report, name="load_report"),
    path("loads/<str:key>/waiting.xlsx", views.waiting, name="load_waiting"),
    path("loads/<str:key>/beyond.csv", views.beyond, name="load_beyond"),
    path("loads/<str:key>/withdraw", views.withdraw, name="load_withdraw"),
    path("loads/<str:key>/rows/<int:row>", views.row, name="row"),
    path("loads/<str:key>/rows/<int:row>/aside", views.row_aside, name="row_aside"),
    path("free-texts/", free_text_views.listed, name="free_texts"),
    path("free-texts/<str:key>", free_text_views.decide, name="free_text"),
    path("templates/<str:name>.xlsx", views.template, name="template"),
]
