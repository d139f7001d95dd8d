"""Policies through the API; what the caller may not see is not in the answer. Amounts in CNY."""

from __future__ import annotations

from datetime import date

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.assess.policies import queries
from liandesk.assess.policies.models import Fulfilment
from liandesk.assess.policies.policies import FULFILMENT
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request

router = Router(tags=["policies"])


class ClauseOut(Schema):
    """One clause in force: a made-up one is not claimable. ``used_cny`` was listed or paid this year."""

    policy: str
    clause: str
    title: dict[str, str]
    benefit: str
    confidence: str
    is_claimable: bool
    competition_review: str
    budget_cny: float | None
    used_cny: float


class OwedOut(Schema):
    """What an enterprise is owed under one clause; ``entitled`` null is unknown."""

    policy: str
    clause: str
    entitled: bool | None
    low_cny: float
    high_cny: float


class FulfilmentOut(Schema):
    """Where an entitlement stands on its way to payment."""

    case: int
    policy: str
    clause: str
    year: int
    organisation: str
    stage: str
    amount_cny: float | None
    paid_cny: float | None
    paid_on: date | None
    reason: str

    @staticmethod
    def resolve_case(one: Fulfilment) -> int:
        return one.case_id

    @staticmethod
    def resolve_amount_cny(one: Fulfilment) -> float | None:
        return None if one.amount_fen is None else one.amount_fen / queries.CNY

    @staticmethod
    def resolve_paid_cny(one: Fulfilment) -> float | None:
        return None if one.paid_fen is None else one.paid_fen / queries.CNY


@router.get("/policies", response=list[ClauseOut], url_name="policies")
def list_clauses(request: Request) -> object:
    """Return the clauses in force today."""
    return [
        {
            "policy": one.term.policy.key,
            "clause": one.term.clause.key,
            "title": one.term.clause.title.model_dump(),
            "benefit": one.term.clause.benefit.kind,
            "confidence": one.confidence,
            "is_claimable": one.is_claimable,
            "competition_review": one.term.clause.review.result,
            "budget_cny": one.budget,
            "used_cny": one.used,
        }
        for one in queries.catalogue(request.viewer)
    ]


@router.get("/policies/of/{pk}", response=list[OwedOut], url_name="policy_money")
def list_owed(request: Request, pk: str) -> object:
    """Return what one enterprise is owed today under every clause in force."""
    return [
        {
            "policy": line.term.policy.key,
            "clause": line.term.clause.key,
            "entitled": line.holds,
            "low_cny": line.low,
            "high_cny": line.high,
        }
        for line in queries.owed_to(request.viewer, pk)
    ]


@router.get("/policies/fulfilments", response=list[FulfilmentOut], url_name="policy_fulfilments")
@paginate(LimitOffsetPagination)
def list_fulfilments(request: Request) -> object:
    """Return what is fulfilled, newest first."""
    check(request.viewer, FULFILMENT, "read")
    return queries.fulfilments(request.viewer)
