"""Who is who through the API: the queue, judgements, merge, split and undo."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from ninja import ModelSchema, Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.base.accounts.http import Request
from liandesk.know.registry import actions, review_queries
from liandesk.know.registry.models import Candidate, Judgement

router = Router(tags=["who is who"])


class CandidateOut(ModelSchema):
    """One pair to judge; ``output_cny`` is null when none of it is known."""

    reasons: list[dict[str, Any]]

    class Meta:
        model = Candidate
        exclude = ["position"]


class JudgementOut(ModelSchema):
    """The first line of a decision."""

    undone_at: datetime | None

    class Meta:
        model = Judgement
        fields = [
            "decision",
            "act",
            "kind",
            "left",
            "right",
            "reason",
            "at",
            "by",
            "undone_at",
            "undone_by",
            "undone_why",
        ]


class WhyIn(Schema):
    reason: str = ""


class MergeIn(Schema):
    other: str
    reason: str


class SplitIn(Schema):
    records: list[str]
    reason: str


@router.get("/review", response=list[CandidateOut], url_name="review")
@paginate(LimitOffsetPagination)
def list_pairs(request: Request, text: str = "") -> object:
    """Return the pairs that wait for a judgement, those first that would change most."""
    return review_queries.candidates(request.viewer, text=text)


@router.post("/review/{key}/accept", response=JudgementOut, url_name="candidate_accept")
def accept_pair(request: Request, key: str, why: WhyIn) -> object:
    """Judge that a pair is one organisation."""
    return actions.accept(key, by=request.viewer, reason=why.reason)


@router.post("/review/{key}/reject", response=JudgementOut, url_name="candidate_reject")
def reject_pair(request: Request, key: str, why: WhyIn) -> object:
    """Judge that a pair are two organisations."""
    return actions.reject(key, by=request.viewer, reason=why.reason)


@router.get("/judgements", response=list[JudgementOut], url_name="judgements")
@paginate(LimitOffsetPagination)
def list_judgements(request: Request) -> object:
    """Return what was decided, the latest first."""
    return review_queries.decisions(request.viewer)


@router.post("/judgements/{decision}/undo", response=JudgementOut, url_name="judgement_undo")
def undo_judgement(request: Request, decision: str, why: WhyIn) -> object:
    """Take one decision back."""
    actions.undo(decision, by=request.viewer, reason=why.reason)
    return review_queries.lines_of(request.viewer, decision)[0]


@router.post("/organisations/{organisation_id}/merge", response=JudgementOut, url_name="organisation_merge")
def merge_organisations(request: Request, organisation_id: str, said: MergeIn) -> object:
    """Judge that two organisations, given by their ids, are one."""
    return actions.merge(organisation_id, said.other, by=request.viewer, reason=said.reason)


@router.post("/organisations/{organisation_id}/split", response=JudgementOut, url_name="organisation_split")
def split_organisation(request: Request, organisation_id: str, said: SplitIn) -> object:
    """Judge that some records of an organisation are of another one."""
    return actions.split(organisation_id, said.records, by=request.viewer, reason=said.reason)
