"""The ladder through the API."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from ninja import ModelSchema, Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.assess.ladder import queries
from liandesk.assess.ladder.forms import DeadlineForm
from liandesk.assess.ladder.listing import questions, rungs_listing
from liandesk.assess.ladder.models import Rung
from liandesk.assess.rules.policies import GRADE
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.errors import UserError
from liandesk.base.ui.listing_filter import ListFilter

router = Router(tags=["ladder"])


class RungOut(ModelSchema):
    """Where one enterprise stands; an awarded title beats a computed one. Empty: no rung; null: not known."""

    class Meta:
        model = Rung
        fields = [
            "id",
            "name",
            "town",
            "zone",
            "held",
            "held_since",
            "held_until",
            "computed",
            "difference",
            "next",
            "failed",
            "unknown",
            "is_near",
            "is_synthetic",
        ]


class StepOut(Schema):
    """One change on the way: an input from and to which value."""

    input: str
    before: float | None
    after: float | None
    unit: str
    effort: float


class WayOut(Schema):
    """The shortest way; ``on`` is null where there is none by the deadline, then ``blocked`` names the clauses."""

    scheme: str
    on: date | None
    wait_days: int
    effort: float
    steps: list[StepOut]
    questions: list[str]
    blocked: list[str]
    met_after: list[str]


@router.get("/ladder", response=list[RungOut], url_name="rungs")
@paginate(LimitOffsetPagination)
def list_rungs(request: Request, text: str = "", town: str = "", held: str = "", is_near: str = "") -> Any:
    """Return the enterprises on the ladder, filtered as the page."""
    check(request.viewer, GRADE, "read")
    asked = {"text": text, "town": town, "held": held, "is_near": is_near}
    found = ListFilter(rungs_listing(), {name: value for name, value in asked.items() if value}, questions())
    found.check()
    return found.apply(queries.rungs(request.viewer)).order_by("name", "pk")


@router.get("/ladder/{organisation}", response=RungOut, url_name="rung")
def get_rung(request: Request, organisation: str) -> Rung:
    """Return where one enterprise stands; how it stands under each scheme is told by ``/organisations/…/grades``."""
    check(request.viewer, GRADE, "read")
    found = queries.rung_of(request.viewer, organisation)
    if found is None:
        raise Http404
    return found


@router.get("/ladder/{organisation}/way/{grants}", response=WayOut, url_name="rung_way")
def get_way(request: Request, organisation: str, grants: str, by: date | None = None) -> WayOut:
    """Return the shortest way of one enterprise to a title by a day (the end of next year where none is given)."""
    check(request.viewer, GRADE, "read")
    form = DeadlineForm({"by": by.isoformat()} if by else None)
    if by and not form.is_valid():
        raise UserError("; ".join(map(str, form.errors["by"])))
    found = queries.way(request.viewer, organisation, grants, form.day)
    if found is None:
        raise Http404
    way, stands = found
    steps = [
        StepOut(input=one.input, before=one.before, after=one.after, unit=one.unit, effort=one.effort)
        for one in way.steps
    ]
    return WayOut(
        scheme=way.scheme,
        on=way.on,
        wait_days=way.wait,
        effort=way.effort,
        steps=steps,
        questions=list(way.questions),
        blocked=list(way.blocked),
        met_after=[one.scheme.key for one in stands if one.outcome],
    )
