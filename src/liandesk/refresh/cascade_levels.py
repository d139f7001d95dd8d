"""The last word on the entries of a refresh: how stable their ranks are, what they weigh, how old what they rest on is,
and the level that follows by the thresholds in force.

Reads whatever ``entries`` and ``reasons`` hold by then: impacts with the cascade, likelihoods where there are any.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from liandesk.base.clock import pinned_today
from liandesk.base.definitions.queries import in_force
from liandesk.know.survey.confirmations import confirmations_digest
from liankit.risk.clocks import add_first_stops, add_impact_shares
from liankit.risk.levels import KEY, KIND, LevelScheme, build_levels, compute_levels, tell_levels
from liankit.risk.stability import rank_again, tell_stability

Tables = dict[str, pl.DataFrame]

INPUTS = ("entries", "reasons", "uses", "supplies", "shares", "facts", "cascade_lines")
"""The tables that the step reads."""


@dataclass(frozen=True)
class Thresholds:
    """The scheme in force and the version that reasons name as their source; None where no pack has one."""

    scheme: LevelScheme
    version: str


def thresholds_in_force() -> Thresholds | None:
    """Return the thresholds that are in force today."""
    found = in_force(KIND, KEY)
    return Thresholds(build_levels(found.body, str(found)), str(found)) if found else None


def params_of_levels() -> Any:
    """Return what the step depends on beside its tables."""
    found, pinned = in_force(KIND, KEY), pinned_today()
    return [found.hash if found else None, pinned.isoformat() if pinned else None, confirmations_digest()]


def give_levels(
    tables: Tables, thresholds: Thresholds | None, confirmed: pl.DataFrame, today: date
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return ``entries`` and ``reasons`` with rank sets, shares, first stops, dates and levels; see ``INPUTS``.

    ``confirmed``: ``organisation``, ``item``, ``confirmed_on``, the day an enterprise last said that all still holds.
    """
    entries = rank_again(tables["entries"], _parts(tables))
    entries = add_first_stops(add_impact_shares(entries, _known_output(tables)))
    dates = _dates(tables, confirmed, today)
    counted = _unknowns(tables["reasons"])
    for found in (dates, counted):
        entries = entries.drop(found.columns[1]).join(found, on="entry", how="left", maintain_order="left")
    entries = entries.with_columns(pl.col("unknowns").fill_null(0))
    told = [tell_stability(entries)]
    if thresholds:
        entries = compute_levels(entries, thresholds.scheme)
        told.append(tell_levels(entries, thresholds.scheme, version=thresholds.version))
    return entries.select(tables["entries"].columns), _with_more(entries, tables["reasons"], told)


def _known_output(tables: Tables) -> float | None:
    total: float | None = tables["cascade_lines"].filter("is_product").select(pl.col("output_cny").sum()).item()
    return total


def _parts(tables: Tables) -> pl.DataFrame:
    """Return what the impact of each item sums over: what its critical supplier stops at each enterprise.

    Enterprises are resampled; an input is of one enterprise, so that only what is unknown moves its rank.
    """
    items = tables["entries"].filter(scope="item").select("entry", "item", "critical_supplier")
    lost = tables["shares"].select("item", "buyer", "share_low", critical_supplier="supplier")
    uses = tables["uses"].select("item", "buyer", amount="output_cny")
    bought = items.join(uses, on="item").join(lost, on=["item", "buyer", "critical_supplier"], how="left")
    delivered = pl.when(pl.col("critical_supplier").is_null()).then(1.0).otherwise(pl.col("share_low").fill_null(0.0))
    known = bought.with_columns(pl.col("amount") * delivered).drop_nulls("amount")
    return known.group_by("entry", unit="buyer").agg(pl.col("amount").sum()).sort("entry", "unit")


def _dates(tables: Tables, confirmed: pl.DataFrame, today: date) -> pl.DataFrame:
    """Return of each entry ``facts_on``: when the oldest statement it rests on was made, or confirmed since."""
    said = _said_on(tables["facts"], today)
    rows = [tables[name].select("item", "buyer", "record") for name in ("uses", "supplies")]
    told = (
        pl.concat(rows)
        .join(said, on="record", how="left")
        .group_by("item", "buyer")
        .agg(pl.when(pl.col("said_on").is_not_null().all()).then(pl.col("said_on").min()).alias("said_on"))
    )
    again = confirmed.select("item", "confirmed_on", buyer="organisation")
    needs = told.join(again, on=["item", "buyer"], how="left", nulls_equal=True)
    needs = needs.with_columns(facts_on=pl.max_horizontal("said_on", "confirmed_on"))
    entries = tables["entries"].select("entry", "scope", "item", "buyer")
    inputs = entries.filter(scope="input").join(needs, on=["item", "buyer"]).select("entry", "facts_on")
    oldest = pl.when(pl.col("facts_on").is_not_null().all()).then(pl.col("facts_on").min())
    items = needs.group_by("item").agg(oldest.alias("facts_on"))
    return pl.concat([inputs, entries.filter(scope="item").join(items, on="item").select("entry", "facts_on")])


def _said_on(facts: pl.DataFrame, today: date) -> pl.DataFrame:
    """Return when each record was last spoken of: the day its source gives, else the day it came to us."""
    came = pl.min_horizontal(pl.col("recorded_at").dt.date(), pl.lit(today))
    return facts.group_by("record").agg(said_on=pl.coalesce(pl.col("valid_from").max(), came.max()))


def _unknowns(reasons: pl.DataFrame) -> pl.DataFrame:
    """Count the questions of each entry that nobody has answered."""
    return reasons.filter(pl.col("holds").is_null()).group_by("entry").agg(unknowns=pl.len().cast(pl.Int64))


def _with_more(entries: pl.DataFrame, reasons: pl.DataFrame, told: list[pl.DataFrame]) -> pl.DataFrame:
    """Append reasons to those that are there, entry by entry."""
    parts = [reasons]
    for rows in told:
        last = max((part["order"].max() or 0 for part in parts), default=0)
        parts.append(rows.with_columns(pl.col("order") + last))
    places = entries.select("entry", place=pl.int_range(pl.len()))
    return pl.concat(parts).join(places, on="entry").sort("place", "order").drop("place")
