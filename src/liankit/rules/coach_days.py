"""The days on which the standing of an enterprise can change by itself: the only ones on which to apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import polars as pl

from liankit.rules.scheme import Applies, Compare, Scheme, Value, nodes_of
from liankit.rules.vocabulary import Vocabulary

_FEWEST = 60
"""A bound of so many or more may be one of days."""


def days_to_try(
    facts: pl.DataFrame, vocabulary: Vocabulary, schemes: Iterable[Scheme], on: date, by: date
) -> list[date]:
    """Return the days from ``on`` to ``by``, both included, on which something may begin or end to hold, in order.

    These are: the first day; the first of each year; the day each change can count; the days on which a law begins or
    ends; and for each day that is known of the enterprise its anniversaries, the day after each, the day after its end,
    and as many days later as a bound says.
    """
    schemes = list(schemes)
    found = {on, *(date(year, 1, 1) for year in range(on.year + 1, by.year + 1))}
    found.update(on + timedelta(days=one.change.days) for one in vocabulary.inputs if one.change)
    for scheme in schemes:
        found.update(_of_law(scheme))
    bounds = sorted({int(bound) for scheme in schemes for bound in _bounds(scheme) if bound >= _FEWEST})
    for day in _known_days(facts, vocabulary):
        found.update(_since(day, bounds, on, by))
    found.update(day + timedelta(days=1) for day in facts.select("until").drop_nulls().unique().to_series())
    return sorted(day for day in found if on <= day <= by)


def _known_days(facts: pl.DataFrame, vocabulary: Vocabulary) -> set[date]:
    """Return the days of facts, and those that inputs that are days say as a text."""
    days = [one.key for one in vocabulary.inputs if one.kind == "date"]
    said = facts.filter(pl.col("input").is_in(days))["text"].str.to_date("%Y-%m-%d", strict=False)
    return {day for day in (*facts["date"], *said) if day}


def _of_law(scheme: Scheme) -> Iterator[date]:
    spans: list[Applies | Value] = list(scheme.applies)
    spans += [value for parameter in scheme.parameters for value in parameter.values]
    for span in spans:
        if span.start:
            yield span.start
        if span.until:
            yield span.until + timedelta(days=1)


def _bounds(scheme: Scheme) -> Iterator[float]:
    for node in nodes_of(scheme):
        if isinstance(node, Compare):
            ways = (node.at_least, node.more_than, node.at_most, node.less_than)
            yield from (way for way in ways if isinstance(way, float))
    yield from (value.value for parameter in scheme.parameters for value in parameter.values)


def _since(day: date, bounds: Iterable[int], on: date, by: date) -> Iterator[date]:
    for year in range(on.year, by.year + 1):
        same = day if (day.month, day.day) != (2, 29) else day.replace(day=28)
        anniversary = same.replace(year=year)
        yield from (anniversary, anniversary + timedelta(days=1))
    span = (by - day).days
    for bound in bounds:
        if bound <= span:
            yield from (day + timedelta(days=bound), day + timedelta(days=bound + 1))
