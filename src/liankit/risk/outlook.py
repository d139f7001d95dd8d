"""How likely each entry of the risk list is disrupted within a horizon, class by class, from dated disruptions.

A class is a kind of item. Of each class with enough events a model is fitted on earlier windows (what was known on a
day, what happened within the horizon after it) and applied to what is known now. A class without enough has none: its
likelihood stays unknown. What is known of an entry's concentration is today's in all windows; its history is that of
the day. Loads scikit-learn where there are events: for refreshes, jobs and commands.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from liankit.reasons import REASON_SCHEMA
from liankit.risk.disruptions import hits_of, places_of, units_of, wide_events
from liankit.risk.history import HISTORY_SCHEMA, add_months, history_features, rolling_examples
from liankit.risk.likelihood import DRAWS, LikelihoodModel, fit_classes

HORIZON_MONTHS = 12
STRUCTURE = ("suppliers", "supplier_hhi_low", "country_hhi_low", "import_share_low", "reach_buyers")
"""Columns of an entry that a likelihood may rest on, beside its history."""

OUTLOOK_SCHEMA: dict[str, Any] = {
    "entry": pl.String,
    "likelihood": pl.Float64,
    "likelihood_low": pl.Float64,
    "likelihood_high": pl.Float64,
    "base_rate": pl.Float64,  # of the class, in the windows fitted on
    "events": pl.Int64,  # of the class that are known
    "model": pl.String,  # digest of the fitted model
}
DRIVER_SCHEMA: dict[str, Any] = {
    "entry": pl.String,
    "feature": pl.String,
    "value": pl.Float64,  # null: unknown
    "adds": pl.Float64,  # to the log-odds, against the average of its class
}
DRIVERS = 3
"""How many features are told of an entry."""
_MOST_EXAMPLES = 20_000
_FEATURES = [*STRUCTURE, "is_item", *HISTORY_SCHEMA]


@dataclass(frozen=True)
class Outlook:
    """``likelihoods``: ``OUTLOOK_SCHEMA``, the entries whose class has a model; ``drivers``: ``DRIVER_SCHEMA``."""

    likelihoods: pl.DataFrame
    drivers: pl.DataFrame


NONE = Outlook(pl.DataFrame(schema=OUTLOOK_SCHEMA), pl.DataFrame(schema=DRIVER_SCHEMA))


def estimate(
    entries: pl.DataFrame,
    supplies: pl.DataFrame,
    organisations: pl.DataFrame,
    events: pl.DataFrame,
    as_of: date,
    *,
    horizon_months: int = HORIZON_MONTHS,
    draws: int = DRAWS,
    seed: int = 0,
) -> Outlook:
    """Return the likelihood that each entry is in a disruption within the horizon, by what is known on ``as_of``.

    ``entries``: entry, scope, item, item_kind, buyer and ``STRUCTURE``; ``supplies``: item, supplier, buyer,
    country; ``organisations``: id, town; ``events``: ``disruptions.EVENT_SCHEMA``. At most 20,000 earlier windows are
    fitted on, of units drawn by ``seed``; the interval is of ``draws`` resampled fits.
    """
    known = events.filter(pl.col("start") <= as_of)
    units, makers = units_of(entries, supplies)
    hits = hits_of(units, makers, known, places_of(supplies, organisations))
    if hits.is_empty():
        return NONE
    facts = _facts(entries)
    examples = rolling_examples(hits, units["unit"], as_of, horizon_months=horizon_months)
    drawn = _drawn(examples, seed).join(facts, on="unit", maintain_order="left")
    models = _fit(drawn, _witnesses(drawn, hits, wide_events(known), horizon_months), draws, seed)
    now = history_features(hits, units["unit"], as_of).join(facts, on="unit", maintain_order="left")
    counts = dict(hits.join(facts, on="unit").group_by("kind").agg(pl.col("event").n_unique()).iter_rows())
    parts = [_of_class(now.filter(kind=kind), model, counts[kind]) for kind, model in models.items() if model]
    return _together(parts) if parts else NONE


def _facts(entries: pl.DataFrame) -> pl.DataFrame:
    is_item = (pl.col("scope") == "item").cast(pl.Float64)
    kind = pl.col("item_kind").fill_null("")
    return entries.select(
        *(pl.col(name).cast(pl.Float64) for name in STRUCTURE), unit="entry", kind=kind, is_item=is_item
    )


def _drawn(examples: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Return the windows of so many units as ``_MOST_EXAMPLES`` allows, drawn by seed."""
    if examples.height <= _MOST_EXAMPLES:
        return examples
    units = examples.select("unit").unique(maintain_order=True)
    share = _MOST_EXAMPLES / examples.height
    return examples.join(units.sample(fraction=share, seed=seed), on="unit", how="semi")


def _witnesses(examples: pl.DataFrame, hits: pl.DataFrame, wide: pl.Series, horizon_months: int) -> pl.Series:
    """Return what each window is evidence of: its unit, or the event on a place that alone made it come true.

    Such an event hits many units at once. They are one witness, not many, where events are counted and the fit is
    resampled; else a single closed border would pass for hundreds of disruptions.
    """
    came_true = examples.filter("happened").select("unit", "made_on")
    days = came_true["made_on"].unique()
    until = pl.DataFrame({"made_on": days, "until": [add_months(day, horizon_months) for day in days]})
    during = (pl.col("start") <= pl.col("until")) & (pl.col("end").is_null() | (pl.col("end") > pl.col("made_on")))
    causes = came_true.join(until, on="made_on").join(hits, on="unit").filter(during)
    shared = causes.group_by("unit", "made_on").agg(
        witness=pl.when(pl.col("event").is_in(wide.implode()).all()).then(pl.col("event").min())
    )
    joined = examples.select("unit", "made_on").join(shared, on=["unit", "made_on"], how="left", maintain_order="left")
    return joined.select(pl.coalesce(pl.format("event {}", "witness"), "unit")).to_series()


def _fit(examples: pl.DataFrame, witnesses: pl.Series, draws: int, seed: int) -> Mapping[str, LikelihoodModel | None]:
    """Return one model a class; None where its events are too few."""
    if examples.is_empty():
        return {}
    features, happened = examples.select(_FEATURES), examples["happened"]
    return fit_classes(features, happened, examples["kind"], clusters=witnesses, draws=draws, seed=seed)


def _of_class(rows: pl.DataFrame, model: LikelihoodModel, events: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    features = rows.select(_FEATURES)
    digest = hashlib.sha256(model.lines.round(9).tobytes()).hexdigest()[:12]
    likely = model.predict(features).with_columns(
        entry=rows["unit"],
        base_rate=pl.lit(model.base_rate),
        events=pl.lit(events, pl.Int64),
        model=pl.lit(digest),
    )
    told = model.explain(features).group_by("row", maintain_order=True).head(DRIVERS)
    drivers = told.with_columns(entry=rows["unit"].gather(told["row"].cast(pl.UInt32)))
    return likely.select(*OUTLOOK_SCHEMA), drivers.select(*DRIVER_SCHEMA)


def _together(parts: Iterable[tuple[pl.DataFrame, pl.DataFrame]]) -> Outlook:
    likely, drivers = zip(*parts, strict=True)
    return Outlook(pl.concat(likely), pl.concat(drivers))


UNITS = {"months_in_event_36": "months", "months_since": "months", "suppliers": "suppliers"}
_ALWAYS_TOLD = "likelihood_no_events"


def take_outlook(entries: pl.DataFrame, found: Outlook) -> pl.DataFrame:
    """Return the entries with the ends of their likelihoods; unknown where the class has no model."""
    ends = found.likelihoods.select("entry", "likelihood_low", "likelihood_high")
    return entries.drop("likelihood_low", "likelihood_high").join(ends, on="entry", how="left", maintain_order="left")


def tell_outlook(reasons: pl.DataFrame, found: Outlook, horizon_months: int = HORIZON_MONTHS) -> pl.DataFrame:
    """Return the reasons with those of each likelihood in the place of "no events": the model, then what drives it."""
    told = pl.concat([_of_models(found.likelihoods, horizon_months), _of_drivers(found.drivers)])
    place = reasons.filter(code=_ALWAYS_TOLD).select("entry", place="order")
    told = told.join(place, on="entry").with_columns(order=pl.col("place") * 100 + pl.col("order"))
    known = pl.col("entry").is_in(found.likelihoods["entry"].implode())
    kept = reasons.filter(~((pl.col("code") == _ALWAYS_TOLD) & known)).with_columns(order=pl.col("order") * 100)
    both = pl.concat([kept.select(*REASON_SCHEMA), told.select(*REASON_SCHEMA)], how="vertical_relaxed")
    ranked = pl.col("order").rank("ordinal").over("entry").cast(REASON_SCHEMA["order"])
    return both.with_columns(order=ranked).sort("entry", "order", maintain_order=True)


def _of_models(likelihoods: pl.DataFrame, months: int) -> pl.DataFrame:
    base = (100 * pl.col("base_rate")).round(1).alias("base")
    params = pl.struct("events", base, "model", pl.lit(months).alias("months")).struct.json_encode()
    return likelihoods.select(
        "entry",
        order=pl.lit(0, pl.Int64),
        code=pl.lit("likelihood_model"),
        holds=pl.lit(True),
        value_low="likelihood_low",
        value_high="likelihood_high",
        unit=pl.lit("share"),
        threshold=pl.lit(None, pl.Float64),
        params=params,
        source=pl.lit(""),
    )


def _of_drivers(drivers: pl.DataFrame) -> pl.DataFrame:
    params = pl.struct(pl.col("adds").exp().round(2).alias("times")).struct.json_encode()
    return drivers.select(
        "entry",
        order=pl.int_range(1, pl.len() + 1, dtype=pl.Int64).over("entry"),
        code=pl.lit("likelihood_") + pl.col("feature"),
        holds=pl.when(pl.col("value").is_not_null()).then(True),
        value_low="value",
        value_high="value",
        unit=pl.col("feature").replace_strict(UNITS, default="", return_dtype=pl.String),
        threshold=pl.lit(None, pl.Float64),
        params=params,
        source=pl.lit(""),
    )
