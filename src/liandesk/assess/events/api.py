"""Disruptions, forecasts and their scores through the API; what the caller may not see is not in the answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate
from pydantic import Field

from liandesk.assess.events import actions, forecast_queries, ledger, queries
from liandesk.assess.events.forecast_listing import score_row
from liandesk.assess.events.matching import is_known, meant
from liandesk.assess.events.models import Event, Forecast
from liandesk.assess.events.said import Hit, Said
from liandesk.base.accounts.http import Request
from liandesk.base.errors import UserError

router = Router(tags=["events"])

CauseCode = Literal["raw_material", "production", "halt", "demand", "quality", "logistics", "trade", "other"]
KindCode = Literal["item", "organisation", "supplier", "country", "town"]


class HitIO(Schema):
    """One thing that is hit; ``object_id`` is empty while nobody knows which one it is."""

    kind: KindCode
    name: Annotated[str, Field(min_length=1, max_length=200)]
    object_id: str = ""


class EventIn(Schema):
    """A disruption; a hit without an id is matched by its name where that is sure."""

    cause: CauseCode
    title: Annotated[str, Field(min_length=1, max_length=200)]
    began_on: date
    ended_on: date | None = None
    expected_until: date | None = None
    hits: Annotated[list[HitIO], Field(min_length=1)]
    text: Annotated[str, Field(max_length=20_000)] = ""


class EventOut(Schema):
    """A disruption; null is unknown. ``sentence`` is the part of ``text`` that says so."""

    id: int
    cause: str
    title: str
    began_on: date
    ended_on: date | None
    expected_until: date | None
    state: str
    source: str
    source_name: str
    sentence: str
    text: str
    licence: str
    alternatives: list[dict[str, str | None]]
    hits: list[HitIO]
    version: int
    is_synthetic: bool

    @staticmethod
    def resolve_hits(found: Event) -> list[Any]:
        return list(found.hits.all())


class WithdrawIn(Schema):
    """Why a disruption is taken back, and the version that was seen."""

    reason: Annotated[str, Field(min_length=1, max_length=400)]
    version: int


@router.get("/events", response=list[EventOut], url_name="events")
@paginate(LimitOffsetPagination)
def events(request: Request) -> Any:
    """List disruptions, the latest first."""
    return queries.events(request.viewer)


@router.get("/events/{pk}", response=EventOut, url_name="event")
def event(request: Request, pk: int) -> Event:
    """Return one disruption."""
    return queries.event(request.viewer, pk)


@router.post("/events", response=EventOut, url_name="event_enter")
def enter(request: Request, said: EventIn) -> Event:
    """Enter a disruption."""
    fields = said.dict(exclude={"hits"})
    made = actions.enter(Said(hits=tuple(map(_hit, said.hits)), **fields), by=request.viewer)
    return queries.event(request.viewer, made.pk)


@router.post("/events/{pk}/withdraw", response=EventOut, url_name="event_withdraw")
def withdraw(request: Request, pk: int, said: WithdrawIn) -> Event:
    """Take a disruption back."""
    actions.withdraw(pk, said.reason, by=request.viewer, version=said.version)
    return queries.event(request.viewer, pk)


def _hit(said: HitIO) -> Hit:
    if said.object_id and not is_known(said.kind, said.object_id):
        raise UserError(f"There is no {said.kind} '{said.object_id}'. Leave the id out to match by name.")
    return Hit(said.kind, said.name, said.object_id or meant(said.kind, said.name).sure)


class ForecastIn(Schema):
    """An office's own number on an entry, as shares from 0 to 1."""

    likelihood: Annotated[float, Field(ge=0, le=1)]
    low: Annotated[float, Field(ge=0, le=1)] | None = None
    high: Annotated[float, Field(ge=0, le=1)] | None = None
    reason: Annotated[str, Field(min_length=1, max_length=400)]


class ForecastOut(Schema):
    """A likelihood as it was said; ``outcome`` null is open. Shares from 0 to 1."""

    id: int
    entry: str
    item: str
    item_name: str
    organisation: str
    made_on: date
    horizon_end: date
    likelihood: float
    likelihood_low: float
    likelihood_high: float
    source: str
    model: str
    office: str
    reason: str
    base_rate: float | None
    rule: dict[str, Any]
    outcome: bool | None
    resolved_on: date | None
    is_hindcast: bool
    is_synthetic: bool


@router.get("/forecasts", response=list[ForecastOut], url_name="forecasts")
@paginate(LimitOffsetPagination)
def forecasts(request: Request, hindcasts: bool = False) -> Any:
    """List forecasts, the latest first, or hindcasts."""
    return forecast_queries.forecasts(request.viewer).filter(is_hindcast=hindcasts)


@router.post("/forecasts/of/{path:entry}", response=ForecastOut, url_name="forecast_say")
def say(request: Request, entry: str, said: ForecastIn) -> Forecast:
    """Keep an office's own number on an entry of the risk list."""
    return ledger.say_likelihood(entry, said.likelihood, said.reason, by=request.viewer, low=said.low, high=said.high)


@router.get("/forecasts/scores", response=list[dict[str, Any]], url_name="forecast_scores")
def scores(request: Request, hindcasts: bool = False) -> list[dict[str, Any]]:
    """Return what forecasts whose horizon is over were worth, one row a group; null: too few."""
    found = forecast_queries.scored(request.viewer, hindcasts=hindcasts)
    return [{"by": group.by, "code": group.code, **score_row(group)} for group in found.groups]
