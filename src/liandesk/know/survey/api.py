"""Rounds, forms and coverage through the API, read only; a form is filled in on its page or by its workbook."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.base.accounts.http import Request
from liandesk.know.survey import coverage, queries
from liandesk.know.survey.models import Asked, Invitation

router = Router(tags=["survey"])


class RoundOut(Schema):
    """A round; the counts are over the forms that the caller may see."""

    id: int
    title: str
    mode: str
    opens_on: date
    deadline: date
    opened_at: datetime | None  # null: it is being opened, or was not
    closed_at: datetime | None
    invited: int
    returned: int
    is_synthetic: bool


class ReturnsOut(Schema):
    """How many forms of a town are how far; an empty town is none."""

    town: str
    invited: int
    returned: int
    on_behalf: int
    declined: int
    begun: int
    waiting: int


class FormOut(Schema):
    """One enterprise's form; ``is_on_behalf``: an officer entered it and the enterprise has not confirmed it."""

    id: int
    round: int
    organisation: str
    name: str
    town: str
    state: str
    returned_at: datetime | None
    is_on_behalf: bool
    is_synthetic: bool

    @staticmethod
    def resolve_round(found: Invitation) -> int:
        return found.round_id


class QuestionOut(Schema):
    """One question and its answer; losses in the unit of ``measure``, amounts in CNY a year, null is unknown."""

    id: int
    code: str
    entry: str
    item: str
    item_name: str
    product: str
    why: str
    measure: str
    low: float | None
    high: float | None
    narrows: float | None
    known: Any
    answer: str | None  # given | unknown | declined, null: not answered yet
    value: Any

    @staticmethod
    def resolve_answer(asked: Asked) -> str | None:
        return asked.answer.kind if hasattr(asked, "answer") else None

    @staticmethod
    def resolve_value(asked: Asked) -> Any:
        return asked.answer.value if hasattr(asked, "answer") else None


class WholeFormOut(Schema):
    """A form with its questions, the most useful input first."""

    form: FormOut
    questions: list[QuestionOut]


class CoveredOut(Schema):
    """An input of an enterprise and its last confirmation; null: never."""

    organisation: str
    organisation_name: str
    town: str | None
    item: str
    item_name: str
    item_kind: str | None
    confirmed_on: date | None
    is_on_behalf: bool
    is_current: bool
    is_synthetic: bool


@router.get("/survey/rounds", response=list[RoundOut], url_name="survey_rounds")
@paginate(LimitOffsetPagination)
def list_rounds(request: Request) -> object:
    """Return the rounds, newest first."""
    return queries.rounds(request.viewer)


@router.get("/survey/rounds/{int:pk}", response=list[ReturnsOut], url_name="survey_returns")
def get_returns(request: Request, pk: int) -> object:
    """Return how the forms of a round stand, by town."""
    return queries.returns(request.viewer, queries.held(request.viewer, pk).pk)


@router.get("/survey/forms", response=list[FormOut], url_name="survey_forms")
@paginate(LimitOffsetPagination)
def list_forms(request: Request, round_id: int | None = None) -> object:
    """Return the forms, of one round where ``round_id`` says so."""
    return queries.forms(request.viewer, round_id)


@router.get("/survey/forms/{int:pk}", response=WholeFormOut, url_name="survey_form")
def get_form(request: Request, pk: int) -> object:
    """Return one form with its questions and answers."""
    found = queries.form(request.viewer, pk)
    return {"form": found, "questions": queries.questions(found)}


@router.get("/survey/coverage", response=list[CoveredOut], url_name="survey_coverage")
@paginate(LimitOffsetPagination)
def list_coverage(request: Request) -> object:
    """Return each input with its last confirmation, what was never confirmed first."""
    return coverage.covered(request.viewer).to_dicts()
