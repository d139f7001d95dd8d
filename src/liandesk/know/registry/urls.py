"""Routes."""

from __future__ import annotations

from django.urls import URLPattern, path

from liandesk.know.registry import organisations_views, portrait_views, review_views, things_urls

urlpatterns: list[URLPattern] = [
    path("organisations/", organisations_views.organisation_list, name="organisations"),
    path("organisations/export/<str:form>", organisations_views.organisations_export, name="organisations_export"),
    path("organisations/<str:organisation_id>", portrait_views.organisation, name="organisation"),
    path(
        "organisations/<str:organisation_id>/export/<str:form>",
        portrait_views.organisation_export,
        name="organisation_export",
    ),
    *(
        path(
            f"organisations/<str:organisation_id>/{act}",
            getattr(portrait_views, f"organisation_{act}"),
            name=f"organisation_{act}",
        )
        for act in ("correct", "disown", "merge", "split", "consent")
    ),
    path("consents/<int:pk>/revoke", portrait_views.consent_revoke, name="consent_revoke"),
    path("review/", review_views.review, name="review"),
    path("review/export/<str:kind>", review_views.review_export, name="review_export"),
    path("review/bulk", review_views.review_bulk, name="review_bulk"),
    path("review/pairs/<str:key>", review_views.candidate, name="candidate"),
    path("review/pairs/<str:key>/accept", review_views.candidate_judge, {"act": "accept"}, name="candidate_accept"),
    path("review/pairs/<str:key>/reject", review_views.candidate_judge, {"act": "reject"}, name="candidate_reject"),
    path("review/judgements/", review_views.judgements, name="judgements"),
    path("review/judgements/<str:decision>/undo", review_views.judgement_undo, name="judgement_undo"),
    *things_urls.urlpatterns,
]
