"""Cases through the API: those one sees, one with its clocks and next actions, opening, acting, evidence.

Whoever acts says how many events they had seen (``seen``); when somebody acted in between the answer is 409 and nothing
is written, so that a request sent twice is done once.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from ninja import File, Form, ModelSchema, Router, Schema
from ninja.files import UploadedFile
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.errors import UserError
from liandesk.base.snapshots import store
from liandesk.base.work import actions, queries
from liandesk.base.work.forms import ProofForm
from liandesk.base.work.models import Case
from liandesk.base.work.policies import CASE
from liandesk.base.work.wording import reason_text, said, titles
from liankit.errors import nearest
from liankit.process import NextAction, Reading

router = Router(tags=["cases"])

_SHOWN = {
    "all": queries.cases,
    "open": queries.open_cases,
    "ended": queries.ended_cases,
    "mine": queries.mine,
    "office": queries.of_office,
    "waiting": queries.waiting_on_others,
    "overdue": queries.overdue,
}


class PartyOut(Schema):
    """Who holds a role; ``acts``: it has a step that it can take now, or a proposal to answer."""

    role: str
    scope_kind: str
    scope_id: str
    acts: bool


class CaseOut(ModelSchema):
    """A case; ``events_count`` is what ``seen`` asks for. Null is unknown, of a date: not set."""

    version: int

    class Meta:
        model = Case
        fields = [
            "id",
            "process",
            "title",
            "subject_kind",
            "subject_id",
            "is_restricted",
            "is_synthetic",
            "events_count",
            "stages",
            "opened_at",
            "changed_at",
            "entered_at",
            "ended_at",
            "outcome",
            "reason",
            "due",
            "due_clock",
            "warn_from",
            "is_paused",
        ]

    @staticmethod
    def resolve_version(case: Case) -> int:
        return case.definition.version


class ClockOut(Schema):
    """A clock read today; ``used`` and ``left`` in its unit. Not ``is_published``: preliminary working days."""

    key: str
    title: str
    state: str
    started: date | None
    stopped: date | None
    due: date | None
    used: int | None
    left: int | None
    unit: str
    source: str
    is_published: bool


class ActionOut(Schema):
    """A step from where the case stands: whose it is, what is missing, whether it waits for a second person."""

    key: str
    title: str
    roles: list[str]
    is_mine: bool
    is_open: bool
    is_proposed: bool
    missing: list[str]
    fields: list[str]


class EventOut(Schema):
    """One line of the log: when it happened and when it was entered."""

    number: int
    kind: str
    name: str
    actor: str
    at: datetime
    recorded_at: datetime
    data: dict[str, Any]
    reason: str
    holders: dict[str, list[str]]


class OpenedOut(Schema):
    """A case with its answers, who holds what, its clocks as they stand today, its next steps and its log."""

    case: CaseOut
    fields: dict[str, Any]
    parties: list[PartyOut]
    roles: list[str]
    clocks: list[ClockOut]
    actions: list[ActionOut]
    events: list[EventOut]


class PartyIn(Schema):
    """Who is to hold a role: an office, a town, an organisation, or a person ("user:7")."""

    role: str
    kind: Literal["office", "town", "organisation", "person"]
    id: str


class CaseIn(Schema):
    """A new case: ``data`` answers what the process asks at the start."""

    process: str
    title: str
    parties: list[PartyIn] = []
    data: dict[str, Any] = {}
    subject_kind: str = ""
    subject_id: str = ""
    is_restricted: bool = False


class StepIn(Schema):
    """One event: ``name`` is the step, the reason of a pause, the role handed over, the entry corrected."""

    kind: Literal["do", "approve", "refuse", "fill", "pause", "resume", "assign", "correct"]
    seen: int
    name: str = ""
    data: dict[str, Any] = {}
    reason: str = ""
    holders: list[str] = []


@router.get("/cases", response=list[CaseOut], url_name="cases")
@paginate(LimitOffsetPagination)
def list_cases(
    request: Request,
    show: str = "all",
    process: str = "",
    stage: str = "",
    subject_kind: str = "",
    subject_id: str = "",
) -> QuerySet[Case]:
    """Return the cases the caller sees: all, open, ended, mine (to act on), office, waiting (on others), overdue."""
    if show not in _SHOWN:
        raise UserError(f"show: '{show}' is none of {', '.join(_SHOWN)}.{nearest(show, _SHOWN)}")
    asked = {"process": process, "subject_kind": subject_kind, "subject_id": subject_id}
    found = _SHOWN[show](request.viewer).filter(**{name: value for name, value in asked.items() if value})
    if stage:
        found = found.filter(stays__stage=stage, stays__left_at=None)
    return found.select_related("definition").defer("definition__body")


@router.get("/cases/{int:pk}", response=OpenedOut, url_name="case")
def get_case(request: Request, pk: int) -> dict[str, Any]:
    """Return one case with its clocks as they stand today, what can be done next and its log."""
    found = _found(request, pk)
    return {
        "case": found.case,
        "fields": found.state.fields,
        "parties": found.parties,
        "roles": sorted(found.roles),
        "clocks": [_clock(reading) for reading in found.clocks],
        "actions": [_action(found, action) for action in found.actions],
        "events": found.events,
    }


@router.post("/cases", response={201: CaseOut}, url_name="case_new")
def open_case(request: Request, new: CaseIn) -> Case:
    """Open a case by the version of its process that is in force today."""
    check(request.viewer, CASE, "open")
    parties = [(party.role, party.kind, party.id) for party in new.parties]
    subject = (new.subject_kind, new.subject_id)
    made = actions.NewCase(new.process, new.title, parties, new.data, subject, new.is_restricted)
    return actions.open_case(made, by=request.viewer)


@router.post("/cases/{int:pk}/events", response=CaseOut, url_name="case_act")
def act(request: Request, pk: int, step: StepIn) -> Case:
    """Add one event to a case; 409 with the reasons when the process does not allow it or somebody was first."""
    holders = {step.name: step.holders} if step.kind == "assign" else {}
    told = actions.Step(step.kind, step.seen, step.name, step.data, step.reason, holders=holders)
    return actions.act(pk, told, by=request.viewer)


@router.post("/cases/{int:pk}/evidence", response=CaseOut, url_name="case_prove")
def prove(
    request: Request, pk: int, seen: Form[int], name: Form[str], title: Form[str], file: File[UploadedFile]
) -> Case:
    """Keep a file as evidence of a kind that the process has, under its hash."""
    found = _found(request, pk)
    form = ProofForm(found.process, {"seen": seen, "name": name, "title": title}, {"file": file})
    if not form.is_valid():
        raise UserError("; ".join(f"{field}: {' '.join(map(str, told))}" for field, told in form.errors.items()))
    data = {"hash": store.put_bytes(form.cleaned_data["file"].read()), "title": title, "file": file.name}
    return actions.act(pk, actions.Step("prove", seen, name, data), by=request.viewer)


@router.get("/cases/{int:pk}/evidence/{int:number}", url_name="case_evidence")
def get_evidence(request: Request, pk: int, number: int) -> HttpResponse:
    """Return the bytes of a piece of evidence by the number of its event."""
    row = next((row for row in _found(request, pk).events if row.number == number and row.kind == "prove"), None)
    if row is None:
        raise Http404
    return HttpResponse(store.get_bytes(row.data["hash"]), content_type="application/octet-stream")


def _found(request: Request, pk: int) -> queries.Opened:
    found = queries.opened(request.viewer, pk)
    if found is None:
        raise Http404
    return found


def _clock(reading: Reading) -> ClockOut:
    clock = reading.clock
    return ClockOut(
        key=clock.key,
        title=said(clock.title),
        state=reading.state,
        started=reading.started,
        stopped=reading.stopped,
        due=reading.due,
        used=reading.used,
        left=reading.left,
        unit=clock.unit,
        source=clock.source,
        is_published=reading.is_published,
    )


def _action(found: queries.Opened, action: NextAction) -> ActionOut:
    named = titles(found.process)
    return ActionOut(
        key=action.transition.key,
        title=said(action.transition.title),
        roles=list(action.roles),
        is_mine=action.is_for(found.roles),
        is_open=action.is_open,
        is_proposed=action.proposal is not None,
        missing=[reason_text(reason, named) for reason in action.missing],
        fields=[field.key for field in action.transition.form],
    )
