"""The service window through the API: what can be asked for, what was asked, how much the windows have to do."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.act.services import queries
from liandesk.act.services.tables import answer_of, turn_of
from liandesk.base.accounts.http import Request
from liandesk.base.work.models import Case, Party

router = Router(tags=["services"])


class OfferOut(Schema):
    """Something that the caller may ask for; ``url`` is the page where they do."""

    process: str
    title: str
    url: str


class WindowOut(Schema):
    code: str
    title: str
    office: str
    offers: list[OfferOut]


class HolderOut(Schema):
    role: str
    scope_kind: str
    scope_id: str


class AskedOut(Schema):
    """What was asked for; ``turn`` is who has to act next, ``answer`` how it ended and why. Null: not set."""

    id: int
    process: str
    title: str
    stages: list[str]
    turn: list[HolderOut]
    entered_at: datetime | None
    due: date | None
    ended_at: datetime | None
    outcome: str
    reason: str
    answer: str
    is_synthetic: bool

    @staticmethod
    def resolve_turn(case: Case) -> list[Party]:
        return turn_of(case)

    @staticmethod
    def resolve_answer(case: Case) -> str:
        return answer_of(case)


class LoadOut(Schema):
    window: str
    process: str
    title: str
    open: int
    overdue: int
    ended: int


@router.get("/services", response=list[WindowOut], url_name="services")
def services(request: Request) -> list[queries.Window]:
    return queries.windows(request.viewer)


@router.get("/services/asked", response=list[AskedOut], url_name="services_asked")
@paginate(LimitOffsetPagination)
def services_asked(request: Request) -> Any:
    return queries.asked(request.viewer)


@router.get("/services/load", response=list[LoadOut], url_name="service_load")
def service_load(request: Request) -> list[queries.Load]:
    return queries.load(request.viewer)
