"""Texts of plans through the API: what was sent, what was found in one, what a person says of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import ModelSchema, Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate
from pydantic import ConfigDict, Field

from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.errors import UserError
from liandesk.steer.texts import actions, queries
from liandesk.steer.texts.models import PlanText
from liandesk.steer.texts.policies import PLAN_TEXT

router = Router(tags=["plan texts"])


class PlanTextOut(ModelSchema):
    """A file of a plan's text; ``undecided``: how much of what was found waits for a person."""

    class Meta:
        model = PlanText
        fields = [
            "id",
            "plan",
            "title",
            "name",
            "blob",
            "size",
            "state",
            "error",
            "undecided",
            "sent_at",
            "is_synthetic",
        ]


class FoundOut(Schema):
    """One thing found: the row of ``liankit plan parse``, and beside it what a person said."""

    key: str
    kind: str
    text: str
    start: int
    end: int
    confidence: float
    value: float | None
    unit: str | None
    deadline: date | None
    units: list[dict[str, Any]]
    verdict: Literal["open", "accepted", "corrected", "rejected", "merged"]
    said: dict[str, Any]
    into: str | None


class SaidIn(Schema):
    """What a thing is; a field that is left out is as it was found, null is not known."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["programme", "target", "measure", "duty", "unit", "section", "place", "entity"] = "target"
    wording: str | None = None
    comparator: Literal[">=", "<=", ">", "<", "="] | None = None
    value: float | None = None
    unit: str | None = None
    deadline: date | None = None
    counting: Literal["cumulative", "within", "level", "rate", "growth"] | None = None
    binding: Literal["binding", "anticipatory", "unstated"] | None = None
    commitment: Literal["ensure", "plain", "strive", "explore"] | None = None
    office: str | None = None
    role: Literal["lead", "presumed_lead", "with"] | None = None


class CorrectionIn(Schema):
    """What is done about one thing; ``version`` 0 where nobody said anything of it yet."""

    do: Literal["accept", "correct", "reject"]
    version: Annotated[int, Field(ge=0)]
    said: SaidIn = SaidIn()


class CorrectionOut(Schema):
    verdict: str
    said: dict[str, Any]
    version: int
    at: datetime


@router.get("/plan-texts", response=list[PlanTextOut], url_name="plan_texts")
@paginate(LimitOffsetPagination)
def list_texts(request: Request) -> object:
    check(request.viewer, PLAN_TEXT, "read")
    return queries.plan_texts(request.viewer)


@router.get("/plan-texts/{pk}/found", response=list[FoundOut], url_name="plan_text_found")
def list_found(request: Request, pk: int) -> object:
    return queries.rows_of(queries.review(request.viewer, pk))


@router.post("/plan-texts/{pk}/found/{key}", response=CorrectionOut, url_name="plan_found")
def say(request: Request, pk: int, key: str, sent: CorrectionIn) -> object:
    """Accept, correct or reject one thing found; 409 where somebody decided meanwhile."""
    said = sent.said.model_dump(mode="json", exclude_unset=True)
    if said and sent.do != "correct":
        raise UserError("Only a correction says something: do is 'correct'.")
    if sent.do == "correct":
        return actions.correct(pk, key, said, by=request.viewer, version=sent.version)
    do = {"accept": actions.accept, "reject": actions.reject}[sent.do]
    return do(pk, key, by=request.viewer, version=sent.version)
