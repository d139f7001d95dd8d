"""What a disruption strikes: the lines of a chain that are meant by items, makers, countries and towns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import polars as pl


class Strike(NamedTuple):
    """What one disruption hits: items, or makers (by id, country or town), or, where both are named, both at once."""

    items: frozenset[str] = frozenset()
    makers: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()
    towns: frozenset[str] = frozenset()

    @property
    def names_makers(self) -> bool:
        """Say whether it hits somebody, not every maker of an item."""
        return bool(self.makers or self.countries or self.towns)


class Struck(NamedTuple):
    """Where a trace begins: ``lines`` (line, is_sure), ``items`` that nobody makes any more, and how many are left out.

    ``unplaced``: owners of lines that could be meant and whose country nobody told; they are not struck.
    """

    lines: pl.DataFrame
    items: frozenset[str]
    unplaced: int


def find_struck(lines: pl.DataFrame, strikes: Sequence[Strike], countries: pl.DataFrame) -> Struck:
    """Return the lines that disruptions strike.

    ``lines``: line, owner, item, town; ``countries``: owner and country, a row for each that somebody told. A line is
    struck for sure, but where several countries are told of its owner and only some are meant.
    """
    told = countries.drop_nulls().unique().group_by("owner").agg("country")
    placed = lines.join(told, on="owner", how="left", maintain_order="left")
    found = [placed.filter(_is_meant(one)).select("line", is_sure=_is_sure(one)) for one in strikes]
    struck = pl.concat([pl.DataFrame(schema={"line": pl.String, "is_sure": pl.Boolean}), *found])
    unplaced = [placed.filter(_is_unplaced(one))["owner"] for one in strikes]
    return Struck(
        struck.group_by("line", maintain_order=True).agg(pl.col("is_sure").any()),
        frozenset[str]().union(*(one.items for one in strikes if not one.names_makers)),
        pl.concat([pl.Series(dtype=pl.String), *unplaced]).n_unique(),
    )


def _is_meant(one: Strike) -> pl.Expr:
    by_country = pl.col("country").list.set_intersection(pl.lit(sorted(one.countries))).list.len() > 0
    who = _is_named(one) | (by_country.fill_null(False) if one.countries else pl.lit(False))
    return (who if one.names_makers else pl.lit(bool(one.items))) & _makes_meant(one)


def _is_named(one: Strike) -> pl.Expr:
    by_name = pl.col("owner").is_in(list(one.makers)).fill_null(False)
    return by_name | pl.col("town").is_in(list(one.towns)).fill_null(False)


def _makes_meant(one: Strike) -> pl.Expr:
    return pl.col("item").is_in(list(one.items)).fill_null(False) if one.items else pl.lit(True)


def _is_sure(one: Strike) -> pl.Expr:
    """An owner of whom several countries are told may or may not be in the one that is hit."""
    if not one.countries:
        return pl.lit(True)
    elsewhere = pl.col("country").list.set_difference(pl.lit(sorted(one.countries))).list.len() > 0
    return _is_named(one) | ~elsewhere.fill_null(False)


def _is_unplaced(one: Strike) -> pl.Expr:
    if not one.countries:
        return pl.lit(False)
    is_nowhere = pl.col("owner").is_not_null() & pl.col("country").is_null() & pl.col("town").is_null()
    return is_nowhere & _makes_meant(one) & ~_is_named(one)
