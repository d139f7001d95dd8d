"""Incident rooms through the API; what the caller may not see is not in the answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.assess.incidents import actions, queries
from liandesk.assess.incidents.models import Incident
from liandesk.base.accounts.http import Request

router = Router(tags=["incidents"])


class IncidentOut(Schema):
    """A room: its case, since when it is about something, and how long its trace took."""

    id: int
    case: int
    title: str
    began_on: date
    stages: list[str]
    ended_at: datetime | None
    traced_ms: int
    lesson: str
    is_synthetic: bool

    @staticmethod
    def resolve_case(found: Incident) -> int:
        return found.case_id

    @staticmethod
    def resolve_title(found: Incident) -> str:
        return found.case.title

    @staticmethod
    def resolve_stages(found: Incident) -> list[str]:
        return found.case.stages

    @staticmethod
    def resolve_ended_at(found: Incident) -> datetime | None:
        return found.case.ended_at

    @staticmethod
    def resolve_is_synthetic(found: Incident) -> bool:
        return found.case.is_synthetic


class HitOut(Schema):
    """An affected entry; null is unknown. ``lost`` is a share of what it buys, from 0 to 1."""

    entry: str
    level: str
    verdict: Literal["stops", "may_stop", "loses_part"]
    lost_low: float | None
    lost_high: float | None
    first_day: date | None
    last_day: date | None
    tasks_open: int
    reason: str
    is_settled: bool


class ReachedOut(Schema):
    """A line that is reached and who brought it; days after the beginning, null unknown."""

    line: str
    organisation: str | None
    name: str | None
    item: str | None
    verdict: Literal["stops", "may_stop", "loses_part"]
    step: int
    before: str | None
    input: str | None
    origin: str
    day_low: float | None
    day_high: float | None


class RoomOut(Schema):
    """A room with what it is about."""

    incident: IncidentOut
    events: list[int]
    hits: list[HitOut]
    lines: list[ReachedOut]


class RoomIn(Schema):
    """About which events a room is opened."""

    events: list[int]
    title: str = ""


@router.get("/incidents", response=list[IncidentOut], url_name="incidents")
@paginate(LimitOffsetPagination)
def list_incidents(request: Request) -> object:
    """Return the rooms, the youngest first."""
    return queries.incidents(request.viewer)


@router.post("/incidents", response=IncidentOut, url_name="incident_new")
def open_room(request: Request, asked: RoomIn) -> object:
    """Trace what events reach and open a room about it."""
    return actions.open_room(asked.events, by=request.viewer, title=asked.title)


@router.get("/incidents/{int:pk}", response=RoomOut, url_name="incident")
def get_incident(request: Request, pk: int) -> object:
    """Return one room with what is hit and the way to it."""
    found = queries.room(request.viewer, pk)
    return {
        "incident": found.incident,
        "events": [event.pk for event in found.events],
        "hits": [_hit(hit) for hit in found.hits],
        "lines": found.lines.select(list(ReachedOut.model_fields)).to_dicts(),
    }


def _hit(hit: queries.Hit) -> dict[str, Any]:
    named = ("verdict", "lost_low", "lost_high", "reason")
    return {name: getattr(hit.one, name) for name in named} | {
        "entry": hit.entry.key,
        "level": hit.level,
        "first_day": hit.first_day,
        "last_day": hit.last_day,
        "tasks_open": sum(1 for one in hit.tasks if one.task.done_at is None),
        "is_settled": hit.is_settled,
    }
