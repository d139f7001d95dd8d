"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.assess.whatif import views

urlpatterns: list[URLPattern] = [
    path("what-if/", views.what_ifs, name="what_ifs"),
    path("what-if/new", views.what_if_new, name="what_if_new"),
    path("what-if/<int:pk>", views.what_if, name="what_if"),
    path("what-if/<int:pk>/cancel", views.what_if_cancel, name="what_if_cancel"),
    path("what-if/<int:pk>/export/<str:kind>", views.what_if_export, name="what_if_export"),
    path("what-if/<int:pk>/beside/<int:other>", views.what_if_beside, name="what_if_beside"),
]
