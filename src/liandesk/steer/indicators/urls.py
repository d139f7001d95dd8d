"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.steer.indicators import jump_views, light_views, rating_views, share_views, views

urlpatterns: list[URLPattern] = [
    path("indicators/", views.indicators, name="indicators"),
    path("indicators/export/<str:kind>", views.indicators_export, name="indicators_export"),
    path("indicators/jumps", jump_views.indicator_jumps, name="indicator_jumps"),
    path("indicators/jumps/export/<str:kind>", jump_views.indicator_jumps_export, name="indicator_jumps_export"),
    path("indicators/sheet", share_views.indicator_sheet, name="indicator_sheet"),
    path("indicators/import", share_views.indicator_import, name="indicator_import"),
    path("indicators/claims/<int:pk>/verify", views.claim_verify, name="claim_verify"),
    path("indicators/claims/<int:pk>/approve", views.claim_approve, name="claim_approve"),
    path("indicators/claims/<int:pk>/refuse", views.claim_refuse, name="claim_refuse"),
    path("indicators/claims/<int:pk>/evidence", views.claim_evidence, name="claim_evidence"),
    path("indicators/divergences/<int:pk>/reply", light_views.divergence_reply, name="divergence_reply"),
    path("indicators/ratings/<int:pk>/evidence", rating_views.rating_evidence, name="rating_evidence"),
    path("indicators/<slug:key>", views.indicator, name="indicator"),
    path("indicators/<slug:key>/export/<str:kind>", views.indicator_export, name="indicator_export"),
    path("indicators/<slug:key>/claim", views.indicator_claim, name="indicator_claim"),
    path("indicators/<slug:key>/facts", share_views.indicator_facts, name="indicator_facts"),
    path("plan/targets/<str:target>/light", light_views.target_light, name="target_light"),
    path("plan/targets/<str:target>/report", light_views.target_report, name="target_report"),
    path("plan/targets/<str:target>/rate", rating_views.target_rate, name="target_rate"),
]
