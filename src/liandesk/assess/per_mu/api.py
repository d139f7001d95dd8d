"""Yield per mu through the API; scores are points, null is unknown; classes are keys of the method."""

from __future__ import annotations

from typing import Any

from django.db.models import F
from ninja import Router, Schema

from liandesk.assess.per_mu import queries
from liandesk.assess.per_mu.definitions import method_of
from liandesk.base.accounts.http import Request

router = Router(tags=["per mu"])


class LineOut(Schema):
    """An enterprise: what is computed (an interval of score and class), and what was published."""

    enterprise: str
    name: str
    town: str
    state: str
    why: str | None
    group: str | None
    low: float | None
    high: float | None
    best: str | None
    worst: str | None
    official: str | None
    official_score: float | None
    difference: bool | None
    is_synthetic: bool


_LINE = tuple(name for name in LineOut.model_fields if name != "enterprise")


class WeightsIn(Schema):
    """Weights by group and indicator, in place of the method's own."""

    weights: dict[str, dict[str, float]]
    method: str = ""


class MoveOut(Schema):
    """Who changes class."""

    enterprise: str
    name: str
    town: str
    group: str
    before: str
    after: str
    step: int
    score_before: float | None
    score_after: float | None


@router.get("/per-mu", response=list[LineOut], url_name="per_mu")
def list_lines(request: Request, method: str = "") -> object:
    """Return the enterprises that the viewer may see, as they are judged."""
    found = queries.lines(request.viewer, method_of(method)).order_by("name", "organisation")
    return [_told(line) for line in found.values(*_LINE, enterprise=F("organisation"))]


@router.post("/per-mu/what-if", response=list[MoveOut], url_name="per_mu_what_if")
def weigh(request: Request, said: WeightsIn) -> object:
    """Return who changes class under other weights; nothing is kept."""
    return queries.what_if(request.viewer, method_of(said.method), said.weights).moved.to_dicts()


@router.get("/per-mu/{organisation}", response=dict[str, Any], url_name="per_mu_own")
def get_own(request: Request, organisation: str, method: str = "") -> object:
    """Return one enterprise with the value, base value and points of each indicator."""
    found = queries.own(request.viewer, organisation, method_of(method))
    reasons = [{**vars(one), "params": dict(one.params)} for one in found.reasons]
    for one in reasons:
        one["params"] = {name: _finite(value) for name, value in one["params"].items()}
    return {"year": found.year, "line": _bounded(dict(found.line)), "reasons": reasons}


def _told(line: dict[str, Any]) -> dict[str, Any]:
    """Return a line whose empty codes are null: there is none, or it is not known."""
    return {name: None if value == "" and name != "town" else value for name, value in line.items()}


def _bounded(line: dict[str, Any]) -> dict[str, Any]:
    return {name: _finite(value) for name, value in line.items()}


def _finite(value: Any) -> Any:
    """Return a value as JSON can say it: what nothing bounds is null."""
    return None if isinstance(value, float) and value in (float("inf"), float("-inf")) else value
