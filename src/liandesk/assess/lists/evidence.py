"""What the app that computes a list adds to its rows: columns of the full form, and what lies behind one entry.

Lists knows no engine; the app above registers an :class:`Evidence` for the list it computes, in ``AppConfig.ready``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

import polars as pl

from liandesk.assess.lists.models import ListEntry
from liandesk.base.snapshots.models import Snapshot

EVIDENCE_SCHEMA = {
    "key": pl.String,
    "uscc": pl.String,  # credit code of the enterprise
    "item_code": pl.String,  # HS, model or CAS
    "products": pl.String,  # what the item goes into
    "supplier_names": pl.String,
    "countries": pl.String,  # ISO alpha-2 codes, joined
    "amount_cny": pl.Float64,  # bought a year
    "import_low": pl.Float64,  # share of imports, 0 to 1
    "import_high": pl.Float64,
    "control": pl.String,  # export licence, tariff …
    "stock_days_low": pl.Float64,
    "stock_days_high": pl.Float64,
    "lead_time_days": pl.Float64,
    "output_low_cny": pl.Float64,  # a year's output that depends on the item
    "output_high_cny": pl.Float64,
    "employees": pl.Float64,  # of the enterprises that use it; null while one has not said
    "substitute": pl.String,
    "switch_months_low": pl.Float64,
    "switch_months_high": pl.Float64,
    "request": pl.String,  # what the enterprise asks for
}
"""Computed columns of the full form, one row an entry; null is unknown."""


@dataclass(frozen=True)
class Stops:
    """Who stops directly, and from which day; shown where too few purchases are known to say how far a loss goes.

    ``supplier`` is the name of whoever delivers no more, empty where nobody delivers any more. A row has ``name``,
    ``item_name``, ``verdict``, ``day_low``, ``day_high`` and ``output_cny``.
    """

    supplier: str
    rows: list[dict[str, Any]]
    more: int = 0


@dataclass(frozen=True)
class Behind:
    """The first rows an entry was computed from, each with the sources that said it, and how many more there are."""

    supplies: list[dict[str, Any]]
    uses: list[dict[str, Any]]
    more_supplies: int = 0
    more_uses: int = 0
    stops: Stops | None = None


@dataclass(frozen=True)
class Evidence:
    """``columns`` gives ``EVIDENCE_SCHEMA`` for the keys asked for (None: every entry); ``behind`` the rows of one.

    The last argument of each says whether the market's rows may be shown, which others than the buyer told of.
    """

    columns: Callable[[Snapshot, Collection[str] | None, bool], pl.DataFrame]
    behind: Callable[[Snapshot, ListEntry, bool], Behind]


EVIDENCE: dict[str, Evidence] = {}


def register(name: str, evidence: Evidence) -> None:
    """Let the app above answer for the list called ``name``."""
    EVIDENCE[name] = evidence
