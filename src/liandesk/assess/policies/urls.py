"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.assess.policies import views

urlpatterns: list[URLPattern] = [
    path("policies/", views.policies, name="policies"),
    path("policies/calculator", views.policy_calculator, name="policy_calculator"),
    path("policies/simulation", views.policy_simulation, name="policy_simulation"),
    path("policies/fulfilments", views.policy_fulfilments, name="policy_fulfilments"),
    path("policies/fulfilments/export/<str:kind>", views.policy_fulfilments_export, name="policy_fulfilments_export"),
    path("policies/payments", views.policy_payments, name="policy_payments"),
    path("policies/of/<str:pk>", views.policy_money, name="policy_money"),
    path("policies/of/<str:pk>/replay", views.policy_replay, name="policy_replay"),
    path("policies/of/<str:pk>/<str:policy>/<str:clause>", views.policy_reasons, name="policy_reasons"),
    path("policies/clause/<str:policy>/<str:clause>", views.policy_clause, name="policy_clause"),
    path("policies/clause/<str:policy>/<str:clause>/match", views.policy_match, name="policy_match"),
]
