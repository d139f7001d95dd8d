"""Which disruption hits which entry: one rule, for what is learnt from events and for what decides a forecast.

An event that names items hits those items; one that names none hits whatever its makers deliver. Where it names makers
and items, an enterprise's input is hit when the enterprise buys from one of them; the item as a whole is hit whoever
the maker is. An event that names neither hits no entry. A country or a town stands for the makers that are there, as in
``strikes``; of a maker of whom several countries are told it is sure only where all of them are named, and only what is
sure counts.
"""

from __future__ import annotations

from typing import Any

import polars as pl

EVENT_SCHEMA: dict[str, Any] = {
    "event": pl.Int64,
    "start": pl.Date,
    "end": pl.Date,  # null: not known to have ended
    "items": pl.List(pl.String),
    "makers": pl.List(pl.String),
    "countries": pl.List(pl.String),
    "towns": pl.List(pl.String),
}
UNIT_SCHEMA = {"unit": pl.String, "item": pl.String, "takes_any": pl.Boolean}
"""What can be hit; ``takes_any``: whoever the maker is."""

MAKER_SCHEMA = {"unit": pl.String, "maker": pl.String}
"""From whom each unit is known to buy."""

PLACE_SCHEMA = {"maker": pl.String, "country": pl.String, "town": pl.String}
"""Where makers are: one row a maker and country that is told of it, and a town with no country beside it."""

HIT_SCHEMA = {"unit": pl.String, "event": pl.Int64, "start": pl.Date, "end": pl.Date}


def units_of(entries: pl.DataFrame, supplies: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the entries of the risk list as units, and their makers.

    ``entries``: entry, scope (item | input), item, buyer; ``supplies``: item, supplier, buyer (null: on the market).
    """
    units = entries.select(unit="entry", item="item", takes_any=pl.col("scope") == "item")
    delivered = supplies.drop_nulls("supplier").select("item", "buyer", maker="supplier").unique()
    of_items = entries.filter(scope="item").select("item", unit="entry").join(delivered, on="item")
    of_inputs = (
        entries.filter(scope="input").select("item", "buyer", unit="entry").join(delivered, on=["item", "buyer"])
    )
    makers = pl.concat([of_items.select(*MAKER_SCHEMA), of_inputs.select(*MAKER_SCHEMA)]).unique(maintain_order=True)
    return units, makers


def places_of(supplies: pl.DataFrame, organisations: pl.DataFrame) -> pl.DataFrame:
    """Return ``PLACE_SCHEMA`` of the suppliers: countries as links tell them, towns as organisations (id, town) do."""
    told = supplies.select("country", maker="supplier").drop_nulls().unique(maintain_order=True)
    settled = organisations.select("town", maker="id").drop_nulls().unique(maintain_order=True)
    return pl.concat([pl.DataFrame(schema=PLACE_SCHEMA), told, settled], how="diagonal").select(*PLACE_SCHEMA)


def hits_of(units: pl.DataFrame, makers: pl.DataFrame, events: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Return ``HIT_SCHEMA``, each unit with each event that hits it once, by unit, start and event.

    ``units``: ``UNIT_SCHEMA``; ``makers``: ``MAKER_SCHEMA``; ``events``: ``EVENT_SCHEMA``; ``places``:
    ``PLACE_SCHEMA``. Time grows with the pairs of events and units that share an item or a maker.
    """
    named_items = _exploded(events, "items", "item")
    by_maker = _makers_meant(events, places).join(makers, on="maker").select("unit", "event").unique()
    by_item = units.join(named_items, on="item").select("unit", "event", "takes_any").unique()
    narrow = ~pl.col("takes_any") & pl.col("event").is_in(events.filter(_names_makers())["event"].implode())
    bought = by_item.filter(narrow).join(by_maker, on=["unit", "event"], how="semi")
    whole = by_maker.filter(~pl.col("event").is_in(named_items["event"].implode()))
    pairs = pl.concat([one.select("unit", "event") for one in (by_item.filter(~narrow), bought, whole)])
    return (
        pairs.join(events.select("event", "start", "end"), on="event")
        .select(*HIT_SCHEMA)
        .sort("unit", "start", "event")
    )


def wide_events(events: pl.DataFrame) -> pl.Series:
    """Return the events that hit whatever comes from a country or town: one of them hits many units at once."""
    return events.filter((pl.col("items").list.len() == 0) & _names_a_place())["event"]


def _names_a_place() -> pl.Expr:
    return pl.sum_horizontal(pl.col("countries", "towns").list.len()) > 0


def _names_makers() -> pl.Expr:
    return (pl.col("makers").list.len() > 0) | _names_a_place()


def _makers_meant(events: pl.DataFrame, places: pl.DataFrame) -> pl.DataFrame:
    """Return (event, maker): the makers that an event names and those that are surely where it is."""
    countries = places.select("maker", "country").drop_nulls().unique()
    told = countries.group_by("maker").agg(told=pl.len())
    there = _exploded(events, "countries", "country").unique().join(countries, on="country")
    named = there.group_by("event", "maker").agg(named=pl.len()).join(told, on="maker")
    towns = places.select("maker", "town").drop_nulls().unique()
    found = (
        _exploded(events, "makers", "maker"),
        named.filter(pl.col("named") == pl.col("told")),
        _exploded(events, "towns", "town").join(towns, on="town"),
    )
    return pl.concat([one.select("event", "maker") for one in found]).unique()


def _exploded(events: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
    return events.select("event", pl.col(column).alias(name)).explode(name).drop_nulls(name)
