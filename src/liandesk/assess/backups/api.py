"""The backup list through the API; what nobody said is null, what the caller may not see is not in the answer."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate
from pydantic import Field

from liandesk.assess.backups import actions, queries
from liandesk.assess.backups.lines import Line, lines
from liandesk.assess.backups.models import Backup, BackupType, ChangeClass, DrillResult
from liandesk.assess.backups.policies import BACKUP
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.countries import country_names
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liandesk.know.registry.queries import find_organisation
from liankit.errors import nearest
from liankit.reasons import Reason

router = Router(tags=["backups"])


class ReasonOut(Schema):
    """Why; ``holds`` null: unknown."""

    code: str
    holds: bool | None
    value_low: float | None
    value_high: float | None
    unit: str
    threshold: float | None
    params: dict[str, Any]
    source: str


class BackupOut(Schema):
    """A backup as it stands today. Readiness from 0 to 1, months until it can take over."""

    id: int
    type: str
    holder_name: str
    holder: str
    country: str
    trl: int | None
    steps_done: list[str] | None
    change_class: str
    stock_days: float | None
    switch_months_low: float
    switch_months_high: float
    in_time: bool | None
    readiness_low: float
    readiness_high: float
    last_drill: date | None
    last_result: str
    next_drill: date | None
    is_overdue: bool
    confirmed_on: date | None
    ready_on: date | None
    is_synthetic: bool


class TechnologyOut(Schema):
    """A row of the list; texts that nobody said are empty."""

    id: int
    name: str
    kind: str
    segment: str
    item: str
    item_name: str
    status: str
    source_holder: str
    source_country: str
    barrier: str
    ip_warning: str
    owner_office: str
    organisation: str
    town: str
    version: int
    is_synthetic: bool


class LineOut(Schema):
    """One line of the list: a row and one of its backups (null: it has none), and how many days its stock lasts."""

    technology: TechnologyOut
    survive_days_low: float | None
    survive_days_high: float | None
    backup: BackupOut | None
    reasons: list[ReasonOut]


class VersionIn(Schema):
    """``version`` is that of the row as the caller saw it; whoever comes second is told, and nothing is overwritten."""

    version: int


class _SaidIn(VersionIn):
    """What is said of a backup; what is left out says nothing, null is not known."""

    holder: str = ""  # of the registry: id, credit code or full name
    country: str = ""
    trl: Annotated[int, Field(ge=1, le=9)] | None = None
    steps_done: list[str] | None = None
    change_class: ChangeClass | Literal[""] = ""
    stock_days: Annotated[float, Field(ge=0)] | None = None
    project: Annotated[str, Field(max_length=200)] = ""
    milestone: Annotated[str, Field(max_length=400)] = ""
    verifier: Annotated[str, Field(max_length=200)] = ""
    ready_on: date | None = None
    owner_office: str = ""


class BackupIn(_SaidIn):
    """A new backup of a row."""

    type: BackupType
    holder_name: Annotated[str, Field(min_length=1, max_length=200)]


class BackupChangeIn(_SaidIn):
    """What changes of a backup; with nothing but the version it is confirmed as it stands. Its type stays."""

    holder_name: Annotated[str, Field(min_length=1, max_length=200)] | None = None


class DrillPlanIn(VersionIn):
    """When a backup is tried."""

    planned_on: date


class DrillIn(VersionIn):
    """What came of the drill that was planned."""

    result: DrillResult
    done_on: date
    what_failed: Annotated[str, Field(max_length=2000)] = ""
    evidence: Annotated[str, Field(max_length=400)] = ""


class CandidateOut(Schema):
    """Who could stand in for the sources of an item; null is unknown."""

    item: str
    item_name: str
    candidate: str | None
    candidate_name: str | None
    country: str | None
    via: str | None
    via_name: str | None
    basis: str
    supplies_already: bool | None
    source: str | None
    is_local: bool | None
    is_synthetic: bool


@router.get("/backups", response=list[LineOut], url_name="backups")
@paginate(LimitOffsetPagination)
def list_backups(request: Request) -> object:
    """Return the lines of the standing list, by name."""
    check(request.viewer, BACKUP, "read")
    return [_told(line) for line in lines(request.viewer)]


@router.get("/backups/{int:pk}", response=list[LineOut], url_name="backup_row")
def get_backups_of(request: Request, pk: int) -> object:
    """Return the lines of one row."""
    found = queries.opened(request.viewer, pk)
    held = found.backups or (None,)
    return [_told(Line(found.technology, found.survive, one)) for one in held]


@router.post("/backups/{int:pk}", response=LineOut, url_name="backup_add")
def add(request: Request, pk: int, said: BackupIn) -> object:
    """Put a backup beside a row."""
    made = actions.add_backup(pk, _said(request, said), by=request.viewer, version=said.version)
    return _line_of(request, made)


@router.post("/backups/held/{int:pk}", response=LineOut, url_name="held_change")
def change(request: Request, pk: int, said: BackupChangeIn) -> object:
    """Change what is said of a backup, or confirm it."""
    found = actions.change_backup(pk, _said(request, said), by=request.viewer, version=said.version)
    return _line_of(request, found)


@router.post("/backups/held/{int:pk}/plan", response=LineOut, url_name="drill_plan")
def plan_drill(request: Request, pk: int, said: DrillPlanIn) -> object:
    """Plan the next drill of a backup, or move it."""
    planned = actions.plan_drill(pk, said.planned_on, by=request.viewer, version=said.version)
    return _line_of(request, planned.backup)


@router.post("/backups/held/{int:pk}/drill", response=LineOut, url_name="drill_record")
def record_drill(request: Request, pk: int, said: DrillIn) -> object:
    """Record what came of the planned drill of a backup; the next one is planned by the rules."""
    planned = queries.planned_drill(request.viewer, pk)
    recorded = actions.record_drill(planned.pk, by=request.viewer, **said.dict())
    return _line_of(request, recorded.backup)


def _said(request: Request, sent: _SaidIn) -> dict[str, Any]:
    """Return what is said, as the actions take it; UserError names a country, office or organisation there is not."""
    said = sent.dict(exclude={"version"}, exclude_unset=True)
    if said.get("holder"):
        said["holder"] = find_organisation(request.viewer, said["holder"]).pk
    known = {"country": set(country_names()), "owner_office": {office.code for office in pack().offices}}
    for name, codes in known.items():
        if said.get(name) and said[name] not in codes:
            raise UserError(f"There is no {name} '{said[name]}'." + nearest(said[name], codes))
    return {name: value for name, value in said.items() if (name, value) != ("holder_name", None)}


def _line_of(request: Request, held: Backup) -> dict[str, object]:
    found = queries.opened(request.viewer, held.technology_id)
    opened = next(one for one in found.backups if one.backup.pk == held.pk)
    return _told(Line(found.technology, found.survive, opened))


@router.get("/backup-candidates", response=list[CandidateOut], url_name="backup_candidates")
@paginate(LimitOffsetPagination)
def list_candidates(request: Request, item: str) -> object:
    """Return who could stand in for the sources of an item, the nearest basis first."""
    return queries.candidates_of(request.viewer, [item]).to_dicts()


def _told(line: Line) -> dict[str, object]:
    low, high = line.survive
    return {
        "technology": line.technology,
        "survive_days_low": low,
        "survive_days_high": high,
        "backup": _backup(line) if line.opened else None,
        "reasons": [_reason(one) for one in line.opened.reasons] if line.opened else [],
    }


def _backup(line: Line) -> dict[str, object]:
    assert line.opened is not None
    held, ready = line.opened.backup, line.opened.readiness
    own = ("id", "type", "holder_name", "holder", "country", "trl", "steps_done", "change_class", "stock_days")
    dates = ("last_drill", "last_result", "next_drill", "confirmed_on", "ready_on", "is_synthetic")
    return {name: getattr(held, name) for name in (*own, *dates)} | {
        "switch_months_low": ready.months[0],
        "switch_months_high": ready.months[1],
        "in_time": line.in_time,
        "readiness_low": ready.low,
        "readiness_high": ready.high,
        "is_overdue": line.opened.is_overdue,
    }


def _reason(one: Reason) -> dict[str, object]:
    return {**vars(one), "params": dict(one.params)}
