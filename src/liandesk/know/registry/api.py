"""Organisations through the API."""

from __future__ import annotations

from datetime import date

from django.http import Http404
from ninja import ModelSchema, Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.base.accounts.http import Request
from liandesk.base.ui.listing_filter import ListFilter
from liandesk.know.registry import queries
from liandesk.know.registry.models import Organisation, Place
from liandesk.know.registry.organisations_listing import ORGANISATIONS, questions
from liandesk.know.registry.portrait_queries import current_id, portrait

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
    valid_from: date | None
    source: str
    landing: str
    file: str
    sheet: str
    row: int


class PlaceOut(ModelSchema):
    class Meta:
        model = Place
        fields = ["kind", "code", "since", "until", "source"]


class PortraitOut(Schema):
    """What is known of one organisation; ``id`` differs from the one asked for where that was merged into it."""

    organisation: OrganisationOut
    on: date | None
    records: list[str]
    former_ids: list[str]
    places: list[PlaceOut]
    facts: list[FactOut]
    contradictions: list[FactOut]


@router.get("/organisations", response=list[OrganisationOut], url_name="organisations")
@paginate(LimitOffsetPagination)
def list_organisations(
    request: Request, text: str = "", town: str = "", zone: str = "", kind: str = "", segment: str = "", title: str = ""
) -> object:
    """Return organisations by name under the filters of the page; a value that is not offered is an error."""
    rows = queries.organisations(request.viewer)
    found = ListFilter(ORGANISATIONS, request.GET, questions(request.viewer, rows))
    found.check()
    return found.apply(rows).order_by(*ORGANISATIONS.order)


@router.get("/organisations/{organisation_id}", response=PortraitOut, url_name="organisation")
def get_organisation(request: Request, organisation_id: str, on: date | None = None) -> object:
    """Return one organisation, now or as known at the end of a day."""
    found = portrait(request.viewer, current_id(request.viewer, organisation_id), on)
    if found is None:
        raise Http404
    return {
        "organisation": found.organisation,
        "on": found.on,
        "records": [member.record for member in found.members],
        "former_ids": found.former_ids,
        "places": found.places,
        "facts": found.facts.to_dicts(),
        "contradictions": found.contradictions.to_dicts(),
    }
