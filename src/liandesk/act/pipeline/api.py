"""Projects, cohorts and credit through the API; what the caller may not see is not in the answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate
from pydantic import Field

from liandesk.act.pipeline import queries
from liandesk.act.pipeline.models import Project
from liandesk.act.pipeline.policies import PROJECT
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.pack import pack

router = Router(tags=["pipeline"])
Months = Annotated[int, Field(ge=0, le=120)]


class ProjectOut(Schema):
    """A project; null: not known, or not reached."""

    case: int
    title: str
    investor_name: str
    credit_code: str
    kind: str
    stage: str
    reason: str
    town: str
    office: str
    site: str
    is_fund_project: bool | None
    agreed_cny: float | None
    arrived_cny: float | None
    progress_on: date
    opened_on: date
    answered_on: date | None
    contacted_on: date | None
    proposed_on: date | None
    cleared_on: date | None
    signed_on: date | None
    registered_on: date | None
    landed_on: date | None
    permitted_on: date | None
    started_on: date | None
    completed_on: date | None
    licensed_on: date | None
    produced_on: date | None
    capacity_on: date | None
    ended_on: date | None
    is_synthetic: bool

    @staticmethod
    def resolve_case(one: Project) -> int:
        return one.case_id


class RateOut(Schema):
    """A rate with its denominator; ``value`` null: nothing is in it. ``unknown`` projects are in neither."""

    numerator: float
    denominator: float
    value: float | None
    unknown: int


class CohortOut(Schema):
    """The projects signed in a year, null: in all; ``young`` were signed too short a time ago and are left out."""

    year: int | None
    signed: int
    young: int
    lost: int
    rates: dict[str, RateOut]
    funds: RateOut
    is_synthetic: bool


class IntakeOut(Schema):
    """The leads recorded in a year, null: in all; ``young`` were recorded too short a time ago and are left out."""

    year: int | None
    recorded: int
    young: int
    signed: RateOut
    is_synthetic: bool


class CreditOut(Schema):
    """What a town has of the projects that the caller sees, in shares of credit."""

    town: str
    signed: float
    landed: float
    produced: float


@router.get("/pipeline", response=list[ProjectOut], url_name="pipeline")
@paginate(LimitOffsetPagination)
def pipeline(request: Request) -> Any:
    check(request.viewer, PROJECT, "read")
    return queries.projects(request.viewer)


@router.get("/pipeline/cohorts", response=list[CohortOut], url_name="pipeline_cohorts")
def pipeline_cohorts(request: Request, months: Months | None = None, town: str = "") -> Any:
    return queries.cohorts_of(request.viewer, pack().cohort_months if months is None else months, town)


@router.get("/pipeline/intakes", response=list[IntakeOut], url_name="pipeline_intakes")
def pipeline_intakes(request: Request, months: Months | None = None, town: str = "") -> Any:
    return queries.intakes_of(request.viewer, pack().cohort_months if months is None else months, town)


@router.get("/pipeline/credit", response=list[CreditOut], url_name="pipeline_credit")
def pipeline_credit(request: Request, town: str = "") -> Any:
    return queries.credits(request.viewer, town)
