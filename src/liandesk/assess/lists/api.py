"""The risk list and its editions through the API; a column hidden from the caller is not in the answer at all."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Literal

from ninja import Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from liandesk.assess.lists import edition_queries, levels, queries
from liandesk.assess.lists.filters import ALL, TABS, EntryFilter
from liandesk.assess.lists.policies import EDITION, ENTRY
from liandesk.base.accounts.access import check
from liandesk.base.accounts.http import Request
from liandesk.base.errors import UserError
from liankit.errors import nearest

router = Router(tags=["risk list"])


class EntryOut(Schema):
    """One entry; null is unknown (of a date: not set). Amounts in CNY, likelihood and coverage as shares from 0 to 1.

    ``direct_low`` to ``direct_high``: what the enterprises that use the item lose themselves; the impact of
    ``impact_basis`` "cascade" adds whoever buys what stops, ``hit_enterprises`` and ``hit_products`` at most.
    ``shown_level`` is the officer's ``level``, else that after a proven switch, else ``computed_level``; the gravest
    that cannot be ruled out is ``computed_level_most``. ``first_stop_*`` are days; ``with_offices`` reads "|a|b|".
    """

    key: str
    scope: Literal["input", "item"]
    item: str
    item_name: str
    item_kind: str
    organisation: str
    organisation_name: str
    town: str
    rank: int | None
    rank_low: int | None
    rank_high: int | None
    rank_width: int | None
    impact_measure: str
    impact_low: float | None = None
    impact_high: float | None = None
    impact_basis: str
    direct_low: float | None
    direct_high: float | None
    coverage_low: float | None
    coverage_high: float | None
    hit_enterprises: int | None = None
    hit_products: int | None = None
    impact_share_low: float | None = None
    impact_share_high: float | None = None
    first_stop_low: float | None
    first_stop_high: float | None
    likelihood_low: float | None
    likelihood_high: float | None
    sole_source: bool | None
    suppliers: int | None
    reach_products: int | None
    reach_buyers: int | None
    unknowns: int | None
    facts_on: date | None
    computed_level: str | None = None
    computed_level_most: str | None = None
    shown_level: str
    question_code: str
    question_params: dict[str, Any]
    question_to: str
    is_current: bool
    is_synthetic: bool
    listed_on: date
    recomputed_on: date
    state: str
    owner_office: str
    with_offices: str
    due_date: date | None
    level: str
    measure: str
    agreed_from: date | None
    evidence_kind: str
    evidenced_on: date | None
    version: int
    level_reason: str | None = None
    note: str | None = None


_COLUMNS = tuple(EntryOut.model_fields)


class ReasonOut(Schema):
    """Why a number is what it is; ``holds`` is null when it is unknown."""

    code: str
    holds: bool | None
    value_low: float | None
    value_high: float | None
    unit: str
    threshold: float | None
    params: dict[str, Any]
    source: str


class EditionOut(Schema):
    """A signed edition; ``rows`` is the content hash of its frozen rows."""

    number: int
    title: str
    classification: str
    rows: str
    rows_count: int
    snapshot: str
    today: date
    is_synthetic: bool
    signed_at: datetime
    size_reason: str


class EditionRowsOut(EditionOut):
    entries: list[dict[str, Any]]


@router.get("/risks", response=list[EntryOut], url_name="risks", exclude_unset=True)
@paginate(LimitOffsetPagination)
def list_risks(
    request: Request,
    state: str = ALL,
    text: str = "",
    scope: str = "",
    item_kind: str = "",
    sole_source: str = "",
    owner_office: str = "",
    town: str = "",
    level: str = "",
    computed_level: str = "",
    set_level: str = "",
    facts: str = "",
    agreed: str = "",
    due: str = "",
    listed: str = "",
) -> object:
    """Return entries in the list's own order; the filters are those of the page, a wrong value is an error."""
    check(request.viewer, ENTRY, "read")
    if state not in TABS:
        raise UserError(f"state: '{state}' is none of {', '.join(TABS)}.{nearest(state, TABS)}")
    found = EntryFilter(request.GET, viewer=request.viewer, tab=state)
    if found.form.errors:
        raise UserError("; ".join(f"{name}: {' '.join(said)}" for name, said in found.form.errors.items()))
    kept = queries.hidden(request.viewer)
    return found.qs.values(*(column for column in _COLUMNS if column not in kept))


@router.get("/risks/{path:key}/reasons", response=list[ReasonOut], url_name="risk_reasons")
def list_reasons(request: Request, key: str) -> object:
    """Return the reasons of one entry, in order."""
    return queries.reasons(request.viewer, key)


@router.get("/risks/{path:key}", response=EntryOut, url_name="risk", exclude_unset=True)
def get_risk(request: Request, key: str) -> object:
    """Return one entry."""
    found, kept = queries.entry(request.viewer, key), queries.hidden(request.viewer)
    said = {column: getattr(found, column) for column in _COLUMNS if column not in {*kept, "shown_level"}}
    return {**said, "shown_level": levels.shown_level(found)}


@router.get("/editions", response=list[EditionOut], url_name="editions")
@paginate(LimitOffsetPagination)
def list_editions(request: Request) -> object:
    """Return the signed editions, newest first."""
    check(request.viewer, EDITION, "read")
    return edition_queries.editions(request.viewer).exclude(number=None)


@router.get("/editions/{int:number}", response=EditionRowsOut, url_name="edition")
def get_edition(request: Request, number: int) -> object:
    """Return one edition with its entries and reasons as they were frozen."""
    found = edition_queries.edition(request.viewer, number)
    head: dict[str, Any] = {name: getattr(found, name) for name in EditionOut.model_fields}
    return {**head, "entries": edition_queries.edition_rows(request.viewer, found).to_dicts()}
