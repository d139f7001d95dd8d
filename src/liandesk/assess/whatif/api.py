"""What-ifs through the API; what the caller may not see is not in the answer."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate
from pydantic import Field

from liandesk.assess.whatif import actions, queries
from liandesk.assess.whatif.failing import Failing, Shock
from liandesk.assess.whatif.models import WhatIf
from liandesk.base.accounts.http import Request
from liandesk.base.errors import UserError

router = Router(tags=["what-if"])


class ShockIn(Schema):
    """What fails: a maker or every maker of an item, by id or name; ``loss`` is the share of its output."""

    kind: Literal["maker", "item"]
    name: str
    loss: Annotated[float, Field(gt=0, le=1)] = 1.0


class WhatIfIn(Schema):
    """A question."""

    title: Annotated[str, Field(min_length=1, max_length=120)]
    note: Annotated[str, Field(max_length=2000)] = ""
    shocks: list[ShockIn]


class WhatIfOut(Schema):
    """A question and how far its answer is."""

    id: int
    title: str
    asked_at: datetime
    state: str
    snapshot: str
    today: date

    @staticmethod
    def resolve_state(found: WhatIf) -> str:
        return found.job.state

    @staticmethod
    def resolve_snapshot(found: WhatIf) -> str:
        return found.snapshot_id

    @staticmethod
    def resolve_today(found: WhatIf) -> date:
        return found.snapshot.today


class HitOut(Schema):
    """A product that is reached; null is unknown. Losses are shares of its output, amounts in CNY a year."""

    line: str
    organisation: str | None
    name: str
    item: str | None
    item_name: str | None
    town: str | None
    loss_low: float | None
    loss_high: float | None
    stake_low: float | None
    stake_high: float | None
    step: int
    origin_name: str | None
    before_name: str | None
    input_name: str | None
    day_low: float | None
    day_high: float | None
    coverage: float | None
    is_synthetic: bool


class StopOut(Schema):
    """A product whose maker buys from what fails."""

    line: str
    organisation: str | None
    name: str
    item_name: str | None
    input_name: str | None
    verdict: Literal["stops", "may_stop", "loses_part"]
    day_low: float | None
    day_high: float | None


class AnswerOut(Schema):
    """A question with its answer, null until there is one; ``shocks`` is empty for who sees own enterprises only."""

    what_if: WhatIfOut
    shocks: list[dict[str, Any]]
    hits: list[HitOut] | None
    stops: list[StopOut] | None


@router.get("/what-ifs", response=list[WhatIfOut], url_name="what_ifs")
@paginate(LimitOffsetPagination)
def list_what_ifs(request: Request) -> object:
    """Return what was asked, newest first."""
    return queries.what_ifs(request.viewer)


@router.post("/what-ifs", response=WhatIfOut, url_name="what_if_new")
def ask(request: Request, asked: WhatIfIn) -> object:
    """Ask; the answer is there when ``state`` is done."""
    shocks = [Shock(_failing(request, said), said.loss) for said in asked.shocks]
    return actions.ask(asked.title, shocks, by=request.viewer, note=asked.note)


def _failing(request: Request, said: ShockIn) -> Failing:
    find = queries.makers_meant if said.kind == "maker" else queries.items_meant
    hits = find(request.viewer, said.name)
    if len(hits) != 1:
        raise UserError(f"shocks: '{said.name}' means {len(hits)} of the supply network. Give one id or full name.")
    return hits[0]


@router.get("/what-ifs/{int:pk}", response=AnswerOut, url_name="what_if")
def get_what_if(request: Request, pk: int) -> object:
    """Return one question with the rows of its answer that the caller may see."""
    found = queries.opened(request.viewer, pk)
    rows = {name: None if table is None else table.to_dicts() for name, table in found.tables.items()}
    return {"what_if": found.what_if, "shocks": found.what_if.shocks, **rows}
