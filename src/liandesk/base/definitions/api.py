"""Definitions through the API."""

from __future__ import annotations

from django.http import Http404
from ninja import ModelSchema, Router
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.definitions import queries
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.policies import DEFINITION

router = Router(tags=["definitions"])


class DefinitionOut(ModelSchema):
    state: str

    class Meta:
        model = Definition
        fields = ["kind", "key", "version", "hash", "effective_from", "origin", "proposed_at", "published_at"]


class DefinitionWithBody(DefinitionOut):
    body: dict[str, object]


@router.get("/definitions", response=list[DefinitionOut], url_name="definitions")
@paginate(LimitOffsetPagination)
def list_definitions(request: Request) -> object:
    check(request.viewer, DEFINITION, "read")
    return queries.definitions(request.viewer)


@router.get("/definitions/{kind}/{key}", response=DefinitionWithBody, url_name="definition")
def get_definition(request: Request, kind: str, key: str, version: int | None = None) -> object:
    check(request.viewer, DEFINITION, "read")
    versions = queries.versions(request.viewer, kind, key)
    found = next((one for one in versions if version in (None, one.version)), None)
    if found is None:
        raise Http404
    return found
