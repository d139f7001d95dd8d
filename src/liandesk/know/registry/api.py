"""Organisations through the API."""

from __future__ import annotations

from django.http import Http404
from ninja import ModelSchema, Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.base.accounts.http import Request
from liandesk.know.registry import queries
from liandesk.know.registry.models import Organisation

router = Router(tags=["organisations"])


class OrganisationOut(ModelSchema):
    class Meta:
        model = Organisation
        fields = [
            "id",
            "name",
            "name_en",
            "kind",
            "uscc",
            "country",
            "town",
            "zone",
            "segment",
            "is_synthetic",
        ]


class FactOut(Schema):
    record: str
    attribute: str
    text: str | None
    number: float | None
    unit: str
    source: str
    landing: str
    file: str
    sheet: str
    row: int


class PortraitOut(Schema):
    organisation: OrganisationOut
    facts: list[FactOut]
    contradictions: list[FactOut]


@router.get("/organisations", response=list[OrganisationOut], url_name="organisations")
@paginate(LimitOffsetPagination)
def list_organisations(request: Request, text: str = "", town: str = "", kind: str = "") -> object:
    return queries.organisations(request.viewer, text=text, town=town, kind=kind)


@router.get("/organisations/{organisation_id}", response=PortraitOut, url_name="organisation")
def get_organisation(request: Request, organisation_id: str) -> object:
    portrait = queries.portrait(request.viewer, organisation_id)
    if portrait is None:
        raise Http404
    return {
        "organisation": portrait.organisation,
        "facts": portrait.facts.to_dicts(),
        "contradictions": portrait.contradictions.to_dicts(),
    }
