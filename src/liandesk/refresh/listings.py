"""When enterprises meet the standards of boards: a step over the facts for rules, by the schemes in force."""

from __future__ import annotations

from typing import Any

import polars as pl

from liandesk.assess.listing.boards import boards_table
from liandesk.assess.listing.queries import board_schemes
from liandesk.assess.rules.definitions import hashes, vocabulary
from liandesk.base.clock import today
from liankit.rules.panel import build_panel
from liankit.rules.trajectory import forecast_years

Tables = dict[str, pl.DataFrame]
INPUTS = ("rule_facts", "organisations")
"""The tables that the step reads."""
YEARS = 6
"""How many coming years are drawn: beyond, the figures of a few years tell nothing."""
SEED = 20240930


def params_of_listings() -> Any:
    """Return what the step depends on beside its tables: the definitions in force and the day of the law."""
    return [hashes(), today().isoformat(), YEARS, SEED]


def forecast_listings(tables: Tables) -> Tables:
    """Return ``listing_years``, when each board's standards are met, and ``listing_boards``, how everybody stands."""
    is_enterprise = pl.col("kind").fill_null("enterprise") == "enterprise"
    names = tables["organisations"].filter(is_enterprise)["id"].sort()
    schemes, panel = board_schemes(), build_panel(tables["rule_facts"], vocabulary(), today(), names)
    years = forecast_years(schemes, panel, YEARS, seed=SEED)
    return {"listing_years": years, "listing_boards": boards_table(schemes, panel, years)}
