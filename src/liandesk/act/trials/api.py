"""The start-up of trials through the API; what the caller may not see is not in the answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.act.insight.api import SpreadOut
from liandesk.act.insight.groups import Spread
from liandesk.act.trials import queries
from liandesk.act.trials.models import Startup
from liandesk.act.trials.policies import STARTUP
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request

router = Router(tags=["trials"])


class StartupOut(Schema):
    """A trial at a site; null: not reached yet. ``days`` from acceptance by the institution to the first patient."""

    case: int
    protocol: str
    title: str
    variant: str
    site_name: str
    site_place: str
    sponsor_name: str
    sponsor_place: str
    stages: list[str]
    due: date | None
    contacted_on: date
    accepted_on: date | None
    institution_on: date | None
    ethics_accepted_on: date | None
    ethics_on: date | None
    contract_on: date | None
    genetic_asked_on: date | None
    genetic_on: date | None
    submitted_on: date | None
    authority_on: date | None
    initiated_on: date | None
    first_patient_on: date | None
    ended_on: date | None
    days: int | None
    is_synthetic: bool

    @staticmethod
    def resolve_case(one: Startup) -> int:
        return one.case_id

    @staticmethod
    def resolve_stages(one: Startup) -> list[str]:
        return one.case.stages

    @staticmethod
    def resolve_due(one: Startup) -> date | None:
        return one.case.due


class TimesOut(Schema):
    """Start-up days of a group; null where too few have started. ``mean`` is of those that started only."""

    group: str
    trials: int
    started: int
    under_way: int
    mean: float | None
    lower_quartile: float | None
    median: float | None
    upper_quartile: float | None
    median_low: float | None
    median_high: float | None


class DistributionOut(Schema):
    """Times of the trials the caller sees; of the others quantiles only, where nobody can be made out among them."""

    day: date
    all: TimesOut | None
    by_variant: list[TimesOut]
    by_site: list[TimesOut]
    given_up: int
    sees_all: bool
    others: SpreadOut | None
    is_synthetic: bool

    @staticmethod
    def resolve_others(found: queries.Distribution) -> Spread | None:
        return found.compared.group if found.compared else None


@router.get("/startups", response=list[StartupOut], url_name="startups")
@paginate(LimitOffsetPagination)
def startups(request: Request) -> Any:
    check(request.viewer, STARTUP, "read")
    return queries.startups(request.viewer)


@router.get("/startups/times", response=DistributionOut, url_name="startup_times")
def startup_times(request: Request) -> Any:
    return queries.distribution(request.viewer)
