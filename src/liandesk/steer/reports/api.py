"""Reports through the API: order one, follow it, read its numbers; values are decimals in texts, null is unknown."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.base.accounts.http import Request
from liandesk.steer.reports import actions, queries
from liandesk.steer.reports.models import Kind, Report

router = Router(tags=["reports"])


class ReportIn(Schema):
    """What is ordered; ``office`` only of a letter."""

    kind: Kind
    office: str = ""
    language: Literal["zh", "en"] = "zh"


class ReportOut(Schema):
    """A report and how far it is; ``head`` is the last link of its bundle's chain."""

    id: int
    kind: str
    office: str
    day: date
    language: str
    title: str
    state: str
    head: str
    numbers: int | None
    recomputed: int | None
    is_synthetic: bool

    @staticmethod
    def resolve_state(found: Report) -> str:
        return found.job.state


class NumberOut(Schema):
    """A number: ``value`` is ``scale`` times what ``how`` comes to, rounded to ``places``; no ``how``: traced only."""

    id: str
    label: str
    unit: str
    value: str | None
    places: int
    scale: int
    how: dict[str, Any] | None
    source: str


@router.get("/reports", response=list[ReportOut], url_name="reports")
@paginate(LimitOffsetPagination)
def list_reports(request: Request) -> object:
    """Return the reports, newest first."""
    return queries.reports(request.viewer)


@router.post("/reports", response=ReportOut, url_name="report_new")
def order(request: Request, said: ReportIn) -> object:
    """Order a report of today; it is there when ``state`` is done."""
    return actions.order(said.kind, by=request.viewer, language=said.language, office=said.office)


@router.get("/reports/{int:pk}", response=ReportOut, url_name="report")
def get_report(request: Request, pk: int) -> object:
    """Return one report."""
    return queries.report(request.viewer, pk)


@router.get("/reports/{int:pk}/numbers", response=list[NumberOut], url_name="report_numbers")
def list_numbers(request: Request, pk: int) -> object:
    """Return the numbers of a report, each with how it follows from others."""
    return queries.numbers(request.viewer, pk)
