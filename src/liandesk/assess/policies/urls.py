"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.assess.policies import fulfilment_views, simulation_views, views

urlpatterns: list[URLPattern] = [
    path("policies/", views.policies, name="policies"),
    path("policies/calculator", views.policy_calculator, name="policy_calculator"),
    path("policies/simulations/", simulation_views.simulations, name="policy_simulations"),
    path("policies/simulations/new", simulation_views.simulation_new, name="policy_simulation_new"),
    path("policies/simulations/<int:pk>", simulation_views.simulation, name="policy_simulation"),
    path("policies/simulations/<int:pk>/cancel", simulation_views.simulation_cancel, name="policy_simulation_cancel"),
    path("policies/simulations/<int:pk>/draft", simulation_views.simulation_draft, name="policy_simulation_draft"),
    path(
        "policies/simulations/<int:pk>/export/<str:kind>",
        simulation_views.simulation_export,
        name="policy_simulation_export",
    ),
    path("policies/fulfilments", views.policy_fulfilments, name="policy_fulfilments"),
    path("policies/fulfilments/export/<str:kind>", views.policy_fulfilments_export, name="policy_fulfilments_export"),
    path("policies/follow-up", fulfilment_views.policy_follow_up, name="policy_follow_up"),
    path(
        "policies/follow-up/export/<str:kind>",
        fulfilment_views.policy_follow_up_export,
        name="policy_follow_up_export",
    ),
    path("policies/payment-lists/", fulfilment_views.policy_payment_lists, name="policy_payment_lists"),
    path("policies/payment-lists/<int:pk>", fulfilment_views.policy_payment_list, name="policy_payment_list"),
    path(
        "policies/payment-lists/<int:pk>/approve",
        fulfilment_views.policy_payment_list_approve,
        name="policy_payment_list_approve",
    ),
    path(
        "policies/payment-lists/<int:pk>/take-off/<int:line>",
        fulfilment_views.policy_payment_list_take_off,
        name="policy_payment_list_take_off",
    ),
    path(
        "policies/payment-lists/<int:pk>/export/<str:kind>",
        fulfilment_views.policy_payment_list_export,
        name="policy_payment_list_export",
    ),
    path("policies/fulfilments/<int:pk>/appeal", fulfilment_views.policy_appeal, name="policy_appeal"),
    path("policies/of/<str:pk>/<str:policy>/<str:clause>/claim", fulfilment_views.policy_claim, name="policy_claim"),
    path("policies/payments", views.policy_payments, name="policy_payments"),
    path("policies/of/<str:pk>", views.policy_money, name="policy_money"),
    path("policies/of/<str:pk>/replay", views.policy_replay, name="policy_replay"),
    path("policies/of/<str:pk>/<str:policy>/<str:clause>", views.policy_reasons, name="policy_reasons"),
    path("policies/clause/<str:policy>/<str:clause>", views.policy_clause, name="policy_clause"),
    path("policies/clause/<str:policy>/<str:clause>/match", views.policy_match, name="policy_match"),
]
