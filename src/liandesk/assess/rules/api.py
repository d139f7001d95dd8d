"""Schemes through the API, and how an organisation stands under them."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import Http404
from ninja import Router, Schema

from liandesk.assess.rules import queries
from liandesk.assess.rules.policies import GRADE
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.definitions.policies import DEFINITION

router = Router(tags=["rules"])


class SchemeOut(Schema):
    """One scheme; ``governs`` are the applications that it is the law for on the day asked for."""

    key: str
    grants: str
    family: str
    level: str
    title: dict[str, str]
    confidence: str
    claimable: bool
    governs: list[str]


class GradeOut(Schema):
    """How an organisation stands; null is unknown."""

    scheme: str
    grants: str
    outcome: bool | None
    clauses: list[dict[str, Any]]


@router.get("/schemes", response=list[SchemeOut], url_name="schemes")
def list_schemes(request: Request, on: date | None = None) -> list[SchemeOut]:
    """Return every scheme in force on a day (today where none is given)."""
    check(request.viewer, DEFINITION, "read")
    day = on or today()
    return [
        SchemeOut(
            key=one.key,
            grants=one.grants,
            family=one.family,
            level=one.level,
            title=one.title.model_dump(),
            confidence=one.source.confidence,
            claimable=not one.is_synthetic,
            governs=[application for application in ("new", "recheck") if one.governs(application, day)],
        )
        for one in queries.schemes(day)
    ]


@router.get("/organisations/{organisation}/grades", response=list[GradeOut], url_name="grades")
def list_grades(
    request: Request, organisation: str, on: date | None = None, known: date | None = None
) -> list[GradeOut]:
    """Return how one organisation stands by the law of a day on what was known on a day, clause by clause."""
    check(request.viewer, GRADE, "read")
    if queries.visible(request.viewer, [organisation]) != {organisation}:
        raise Http404
    found = queries.grade_on(request.viewer, organisation, on=on, known=known)
    return [
        GradeOut(
            scheme=one.scheme.key,
            grants=one.scheme.grants,
            outcome={1: True, 0: False}.get(int(one.outcome[0])),
            clauses=[
                {"clause": why.params["clause"], "holds": why.holds, "value": why.value_low, "threshold": why.threshold}
                for why in one.reasons(0)
            ],
        )
        for one in found
    ]
