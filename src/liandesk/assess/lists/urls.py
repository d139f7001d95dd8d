"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.assess.lists import edition_views, past_views, views
from liandesk.assess.lists.forms import FORMS

urlpatterns: list[URLPattern] = [
    path("risks/", views.risk_list, name="risks"),
    path("risks/bulk", views.risks_bulk, name="risks_bulk"),
    path("risks/export/<str:kind>", views.risks_export, name="risks_export"),
    path("risks/changes", past_views.changes, name="risk_changes"),
    path("risks/changes/export", past_views.changes_export, name="risk_changes_export"),
    path("risks/reasons/<path:key>", views.risk_reasons, name="risk_reasons"),
    *(
        path(f"risks/{action}/<path:key>", views.risk_act, {"action": action}, name=f"risk_{action}")
        for action in FORMS
    ),
    path("risks/<path:key>", views.risk, name="risk"),
    path("editions/", edition_views.edition_list, name="editions"),
    path("editions/drafts/<int:pk>", edition_views.draft, name="edition_draft"),
    path("editions/drafts/<int:pk>/sign", edition_views.sign, name="edition_sign"),
    path("editions/drafts/<int:pk>/discard", edition_views.discard, name="edition_discard"),
    path(
        "editions/drafts/<int:pk>/export/<str:form>/<str:kind>", edition_views.draft_export, name="edition_draft_export"
    ),
    path("editions/<int:number>", edition_views.edition, name="edition"),
    path("editions/<int:number>/export/<str:form>/<str:kind>", edition_views.edition_export, name="edition_export"),
    path("editions/<int:number>/diff/<int:earlier>", edition_views.edition_diff, name="edition_diff"),
]
