"""The frontier of a portfolio, and what it does to each risk, as files: what its page shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import make_dataclass
from typing import Any

import polars as pl
from django.http import FileResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from liandesk.assess.portfolio.models import Kind
from liandesk.assess.portfolio.queries import Opened
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.copies import send, write_copy
from liandesk.base.ui.listing import ListColumn, Listing

_COST = ListColumn("cost_cny", _("Cost"), "cny")
FRONTIER = (
    _COST,
    ListColumn("saved", _("Loss avoided a year, at least"), "cny"),
    ListColumn("saved_high", _("Loss avoided a year, at most"), "cny"),
    ListColumn("together", _("Computed as a whole"), "cny"),
    ListColumn("bound", _("No choice avoids more than"), "cny"),
    ListColumn("gap", _("Below the best by, at most"), "share"),
    ListColumn("titles", _("Chosen interventions"), may_be_empty=True),
)
LOWERED = (
    _COST,
    ListColumn("item_name", _("Risk")),
    ListColumn("before_low", _("Loss without it, at least"), "cny"),
    ListColumn("before_high", _("Loss without it, at most"), "cny"),
    ListColumn("after_low", _("Loss with it, at least"), "cny"),
    ListColumn("after_high", _("Loss with it, at most"), "cny"),
    ListColumn("likelihood_low", _("Likelihood within 12 months, at least"), "share"),
    ListColumn("likelihood_high", _("Likelihood within 12 months, at most"), "share"),
)
PLANS = (
    ListColumn("title", _("Title")),
    ListColumn("kind", _("Kind"), "choice", choices=dict(Kind.choices)),
    ListColumn("item_name", _("Risk")),
    ListColumn("supplier_name", _("Supplier covered")),
    ListColumn("buyer_name", _("Enterprise that is covered"), may_be_empty=True),
    ListColumn("new_supplier_name", _("New supplier"), may_be_empty=True),
    ListColumn("covers", _("Covers"), "share"),
    ListColumn("cost_low_cny", _("Cost, at least"), "cny"),
    ListColumn("cost_high_cny", _("Cost, at most"), "cny"),
    ListColumn("cost_source", _("Source of the cost"), may_be_empty=True),
    ListColumn("months_low", _("Takes effect after, at least, months"), "number"),
    ListColumn("months_high", _("Takes effect after, at most, months"), "number"),
    ListColumn("months_source", _("Source of the time"), may_be_empty=True),
)
PARTS = ("frontier", "lowered")


def send_part(found: Opened, part: str, kind: str, *, by: Viewer) -> FileResponse:
    """Send the frontier, or what each of its choices does to each risk."""
    assert found.frontier is not None  # the page offers no copy before there is an answer
    assert found.lowered is not None
    columns = FRONTIER if part == "frontier" else LOWERED
    frame = _with_titles(found, found.frontier) if part == "frontier" else found.lowered
    kept = frame.select(*(column.name for column in columns), is_synthetic=pl.lit(found.portfolio.is_synthetic))
    return _send(f"portfolio_{part}", found.portfolio.title, columns, kept.to_dicts(), kind, by)


def send_interventions(rows: Iterable[Any], kind: str, *, by: Viewer) -> FileResponse:
    """Send the register of interventions."""
    listing = Listing("interventions", _("Interventions"), PLANS, (), "", (), "")
    return send(kind, lambda path: write_copy(listing, rows, PLANS, path, by=by, kind=kind, seen_as=_now("none")))


def _with_titles(found: Opened, frontier: pl.DataFrame) -> pl.DataFrame:
    titles = {plan.key: plan.title for plan in found.plans}
    named = [", ".join(titles[key] for key in row) for row in frontier["interventions"].to_list()]
    return frontier.with_columns(titles=pl.Series(named, dtype=pl.String))


def _send(
    code: str, title: str, columns: tuple[ListColumn, ...], rows: list[dict[str, Any]], kind: str, by: Viewer
) -> FileResponse:
    listing = Listing(code, title, columns, (), "", (), "")
    row_type = make_dataclass("_Row", [*(column.name for column in columns), "is_synthetic"], frozen=True)
    shown = [row_type(**row) for row in rows]
    return send(kind, lambda path: write_copy(listing, shown, columns, path, by=by, kind=kind, seen_as=_now("none")))
