"""Deals through the API; what the caller may not see is not in the answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.act.deals import insiders, queries
from liandesk.act.deals.policies import DEAL
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request

router = Router(tags=["deals"])


class DealOut(Schema):
    """A deal; ``entry`` is the key of the entry it would close, the levels those without it and once it is proven.

    Null where there is none, it is not known, or it is not for the caller.
    """

    case: int
    title: str
    kind: str
    stage: str
    evidence: str
    reason: str
    weak_link: str
    entry: str | None
    level_before: str | None
    level_after: str | None
    switch_by: str
    organisation: str
    organisation_name: str
    partner: str
    partner_country: str
    office: str
    town: str
    opened_on: date
    closed_on: date | None
    effective_from: date | None
    evidenced_on: date | None
    fallen_on: date | None
    is_restricted: bool
    is_synthetic: bool


class InsiderOut(Schema):
    """A time in which somebody was named in a restricted deal; without ``left_at`` they still are."""

    person: str
    name: str
    by: str
    named_at: datetime
    left_by: str
    left_at: datetime | None


@router.get("/deals", response=list[DealOut], url_name="deals")
@paginate(LimitOffsetPagination)
def deals(request: Request) -> Any:
    check(request.viewer, DEAL, "read")
    return [_out(line, seen) for seen in (queries.entries_seen(request.viewer),) for line in _lines(request)]


def _lines(request: Request) -> list[queries.Line]:
    return queries.lines(request.viewer, queries.deals(request.viewer))


def _out(line: queries.Line, seen: frozenset[str]) -> dict[str, Any]:
    one = line.deal
    said = {name: getattr(one, name, None) for name in DealOut.model_fields}
    return said | {
        "case": one.case_id,
        "entry": one.entry_id if one.entry_id in seen else None,
        "level_before": line.levels.before or None,
        "level_after": line.levels.after or None,
        "is_restricted": one.case.is_restricted,
    }


@router.get("/deals/{pk}/insiders", response=list[InsiderOut], url_name="deal_insiders")
def deal_insiders(request: Request, pk: int) -> Any:
    return insiders.register(request.viewer, pk)
