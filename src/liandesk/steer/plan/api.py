"""The plan through the API: as it is in force, with ids; and how far it is covered."""

from __future__ import annotations

from typing import Any, Literal

from ninja import Router, Schema

from liandesk.base.accounts.http import Request
from liandesk.steer.plan import queries
from liankit.plan.model import Plan

router = Router(tags=["plan"])


class ClauseOut(Schema):
    """A clause; ``bindings`` are what executes it, ``dead`` what it names and is not here: "kind/key"."""

    id: str
    kind: Literal["target", "measure", "duty"]
    programme: str
    text: dict[str, str]
    units: list[dict[str, str]]
    bindings: list[str]
    dead: list[str]
    is_covered: bool


class FindingOut(Schema):
    """What is wrong (fault) or open (gap), and where: the key of a programme or the id of a clause."""

    code: str
    where: str
    severity: Literal["fault", "gap"]
    params: dict[str, Any]


@router.get("/plan", response=dict[str, Any])
def the_plan(request: Request) -> dict[str, Any]:
    """The plan that counts today, as its definition says it. A target's id is ``programme.target``."""
    found: Plan = queries.the_plan(request.viewer)
    return found.model_dump(mode="json", by_alias=True)


@router.get("/plan/clauses", response=list[ClauseOut])
def plan_clauses(request: Request) -> list[dict[str, Any]]:
    """Every clause with who answers and what executes it."""
    return [
        {
            **clause._asdict(),
            "text": clause.text.model_dump(),
            "units": [unit.model_dump() for unit in clause.units],
            "bindings": [str(one) for one in clause.bindings],
            "dead": [str(one) for one in clause.dead],
            "is_covered": clause.is_covered,
        }
        for clause in queries.plan_clauses(request.viewer)
    ]


@router.get("/plan/findings", response=list[FindingOut])
def plan_findings(request: Request) -> list[dict[str, Any]]:
    """What the plan leaves open or has wrong."""
    return [finding._asdict() for finding in queries.findings(request.viewer)]
