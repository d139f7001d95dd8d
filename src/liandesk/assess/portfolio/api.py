"""Interventions and portfolios through the API; amounts are in CNY, shares from 0 to 1, null is unknown."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate
from pydantic import Field

from liandesk.assess.portfolio import actions, queries
from liandesk.assess.portfolio.models import Kind, Objective, Portfolio
from liandesk.assess.portfolio.plans import EXCLUDED, FREE, LOCKED, Said, plan_of
from liandesk.base.accounts.http import Request

router = Router(tags=["portfolio"])
Cost = Annotated[int, Field(ge=0)]


class InterventionIn(Schema):
    """An intervention by names or ids; an empty supplier is the critical one, an empty buyer is everybody."""

    kind: Kind
    item: str
    covers: Annotated[float, Field(gt=0, le=1)]
    cost_low_cny: Cost
    cost_high_cny: Cost
    supplier: str = ""
    buyer: str = ""
    new_supplier: str = ""
    title: Annotated[str, Field(max_length=120)] = ""
    months_low: Annotated[float, Field(ge=0)] | None = None
    months_high: Annotated[float, Field(ge=0)] | None = None
    cost_source: Annotated[str, Field(max_length=200)] = ""
    months_source: Annotated[str, Field(max_length=200)] = ""


class InterventionOut(Schema):
    """An intervention of the register."""

    id: int
    kind: str
    title: str
    item: str
    item_name: str
    supplier: str
    supplier_name: str
    buyer: str
    new_supplier_name: str
    covers: float
    cost_low_cny: int
    cost_high_cny: int
    cost_source: str
    months_low: float | None
    months_high: float | None
    months_source: str
    is_synthetic: bool


class PortfolioIn(Schema):
    """What is asked of the register; ``locked`` and ``excluded`` are ids of interventions."""

    title: Annotated[str, Field(min_length=1, max_length=120)]
    budget_cny: Cost
    objective: Objective = Objective.EXPECTED
    months_most: Annotated[float, Field(ge=0)] | None = None
    locked: list[int] = []
    excluded: list[int] = []


class PortfolioOut(Schema):
    """A portfolio and how far its answer is."""

    id: int
    title: str
    objective: str
    budget_cny: int
    asked_at: datetime
    state: str
    snapshot: str
    is_synthetic: bool

    @staticmethod
    def resolve_state(found: Portfolio) -> str:
        return found.job.state

    @staticmethod
    def resolve_snapshot(found: Portfolio) -> str:
        return found.snapshot_id


class AnswerOut(Schema):
    """A portfolio with what each budget buys, and of each choice what it does to each risk; null: no answer yet."""

    portfolio: PortfolioOut
    plans: list[dict[str, Any]]
    frontier: list[dict[str, Any]] | None
    lowered: list[dict[str, Any]] | None


@router.get("/interventions", response=list[InterventionOut], url_name="interventions")
@paginate(LimitOffsetPagination)
def list_interventions(request: Request) -> object:
    """Return the register of interventions."""
    return queries.interventions(request.viewer)


@router.post("/interventions", response=InterventionOut, url_name="intervention_new")
def enter(request: Request, said: InterventionIn) -> object:
    """Enter an intervention."""
    told = said.dict(exclude={"cost_low_cny", "cost_high_cny", "months_low", "months_high"})
    months = None if said.months_low is None else (said.months_low, said.months_high or said.months_low)
    costs = (said.cost_low_cny, max(said.cost_low_cny, said.cost_high_cny))
    return actions.enter(Said(**told, cost_cny=costs, months=months), by=request.viewer)


@router.get("/portfolios", response=list[PortfolioOut], url_name="portfolios")
@paginate(LimitOffsetPagination)
def list_portfolios(request: Request) -> object:
    """Return what was asked, newest first."""
    return queries.portfolios(request.viewer)


@router.post("/portfolios", response=PortfolioOut, url_name="portfolio_new")
def ask(request: Request, said: PortfolioIn) -> object:
    """Ask which interventions of the register to pay for; the answer is there when ``state`` is done."""
    states = dict.fromkeys(said.excluded, EXCLUDED) | dict.fromkeys(said.locked, LOCKED)
    register = queries.interventions(request.viewer)
    plans = [replace(plan_of(found), state=states.get(found.pk, FREE)) for found in register]
    return actions.ask(
        said.title,
        plans,
        by=request.viewer,
        budget_cny=said.budget_cny,
        objective=said.objective,
        months_most=said.months_most,
    )


@router.get("/portfolios/{int:pk}", response=AnswerOut, url_name="portfolio")
def get_portfolio(request: Request, pk: int) -> object:
    """Return one portfolio with its answer."""
    found = queries.opened(request.viewer, pk)
    tables = {name: getattr(found, name) for name in ("frontier", "lowered")}
    rows = {name: None if table is None else table.to_dicts() for name, table in tables.items()}
    return {"portfolio": found.portfolio, "plans": found.portfolio.plans, **rows}
