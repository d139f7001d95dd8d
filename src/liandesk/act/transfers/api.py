"""Transfers through the API; what the caller may not see is not in the answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.act.transfers import queries
from liandesk.act.transfers.models import Transfer
from liandesk.act.transfers.policies import TRANSFER
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request

router = Router(tags=["transfers"])


class TransferOut(Schema):
    """A transfer; ``verdict`` says whether it counts and why not, ``counted_by`` by which case it counts already."""

    case: int
    title: str
    origin: str
    stage: str
    reason: str
    supply: str
    supply_name: str
    demand: str
    demand_name: str
    town: str
    mode: str
    contract_kind: str
    registration_number: str
    achievement_title: str
    achievement_number: str
    landed_at: str
    proof: str
    verdict: str
    counted_on: date | None
    counted_by: int | None
    is_synthetic: bool

    @staticmethod
    def resolve_case(one: Transfer) -> int:
        return one.case_id

    @staticmethod
    def resolve_counted_by(one: Transfer) -> int | None:
        return one.counted_by.case_id if one.counted_by else None


class StepOut(Schema):
    """A stage of the funnel; ``share`` of those that reached the stage before, null where nobody did."""

    stage: str
    reached: int
    share: float | None
    standing: int


class TallyOut(Schema):
    """The number toward the goal of the plan, and how many transfers there are by verdict; null: no plan has a goal."""

    counted: int
    outside: int
    goal: float | None
    verdicts: dict[str, int]


@router.get("/transfers", response=list[TransferOut], url_name="transfers")
@paginate(LimitOffsetPagination)
def transfers(request: Request) -> Any:
    check(request.viewer, TRANSFER, "read")
    return queries.transfers(request.viewer).select_related("counted_by")


@router.get("/transfers/funnel", response=list[StepOut], url_name="transfers_funnel")
def transfers_funnel(request: Request) -> Any:
    check(request.viewer, TRANSFER, "read")
    return queries.funnel(queries.transfers(request.viewer))


@router.get("/transfers/count", response=TallyOut, url_name="transfers_count")
def transfers_count(request: Request) -> Any:
    found = queries.tally(request.viewer)
    goal = found.goal.value if found.goal else None
    return {"counted": found.counted, "outside": found.outside, "goal": goal, "verdicts": dict(found.verdicts)}
