from __future__ import annotations

from django.urls import path

from liandesk.steer.plan import views

urlpatterns = [
    path("plan/", views.plan, name="plan"),
    path("plan/export/<str:kind>", views.plan_export, name="plan_export"),
    path("plan/coverage", views.plan_coverage, name="plan_coverage"),
    path("plan/coverage/export/<str:kind>", views.plan_coverage_export, name="plan_coverage_export"),
    path("plan/programmes/<slug:key>", views.programme, name="plan_programme"),
    path("plan/targets/<str:target_id>", views.target, name="plan_target"),
    path("plan/measures/<str:measure_id>", views.measure, name="plan_measure"),
    path("plan/offices/<slug:code>", views.office, name="plan_office"),
]
