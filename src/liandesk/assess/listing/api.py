"""The listing library through the API; what the caller may not see is not in the answer."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.assess.listing import actions, queries
from liandesk.assess.listing.models import Milestone, Outlook, Prospect
from liandesk.assess.listing.policies import LISTING
from liandesk.base.accounts.access import check, unbarred
from liandesk.base.accounts.http import Request

router = Router(tags=["listing"])


class ProspectOut(Schema):
    """A line of the library; null is unknown, or not by the last year that is drawn."""

    organisation: str
    name: str
    town: str
    met: list[str]
    board: str
    low: int | None
    median: int | None
    high: int | None
    until: int | None
    is_open: bool
    boards: dict[str, dict[str, Any]]
    probability: float | None
    missing: int
    stage: str
    stage_on: date | None
    version: int
    is_synthetic: bool

    @staticmethod
    def resolve_met(one: Prospect) -> list[str]:
        return list(unbarred(one.met))


class KeepIn(Schema):
    """What an officer keeps; ``version`` is that of the line that was read."""

    version: int
    merger: str = "none"
    merger_reason: str = ""
    is_relocated: bool = False
    is_subsidiary: bool = False


class ReachedIn(Schema):
    """A state that an enterprise reached; ``evidence`` is the paper that proves it."""

    stage: str
    reached_on: date
    evidence: str = ""


class ConfirmIn(Schema):
    """The entry that is confirmed by a second person."""

    milestone: int


class MilestoneOut(Schema):
    """A state on the way to a board; one that ``waits`` does not stand before a second person confirmed it."""

    id: int
    stage: str
    reached_on: date
    evidence: str
    waits: bool


class OutlookOut(Schema):
    """The number by the day of the target: probabilities of 0, 1, 2 … were the unknown against, and in favour."""

    made_on: date
    until: date
    goal: int
    counted: int
    numbers: dict[str, list[float]]
    is_synthetic: bool


@router.get("/listings", response=list[ProspectOut], url_name="listings")
@paginate(LimitOffsetPagination)
def listings(request: Request) -> Any:
    check(request.viewer, LISTING, "read")
    return queries.prospects(request.viewer)


@router.get("/listings/outlook", response=OutlookOut | None, url_name="listing_outlook")
def listing_outlook(request: Request) -> Outlook | None:
    found = queries.numbers(request.viewer)
    return found.outlook if found else None


@router.get("/listings/{key}", response=ProspectOut, url_name="listing")
def listing(request: Request, key: str) -> Prospect:
    return queries.prospect(request.viewer, key)


@router.post("/listings/{key}/keep", response=ProspectOut, url_name="listing_keep")
def listing_keep(request: Request, key: str, said: KeepIn) -> Prospect:
    kept = actions.Kept(**said.dict(exclude={"version"}))
    return actions.keep(key, kept, version=said.version, by=request.viewer)


@router.get("/listings/{key}/history", response=list[MilestoneOut], url_name="listing_history")
def listing_history(request: Request, key: str) -> Any:
    return list(queries.milestones(request.viewer, key))


@router.post("/listings/{key}/states", response=MilestoneOut, url_name="listing_enter")
def listing_enter(request: Request, key: str, said: ReachedIn) -> Milestone:
    return actions.enter(key, actions.Reached(**said.dict()), by=request.viewer)


@router.post("/listings/{key}/states/confirm", response=MilestoneOut, url_name="listing_confirm")
def listing_confirm(request: Request, key: str, said: ConfirmIn) -> Milestone:
    return actions.confirm(key, said.milestone, by=request.viewer)
