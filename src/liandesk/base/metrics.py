"""Counts of what the product records, by name: an app registers how it counts, indicators say which count they are.

A metric counts over everything, as the system; people read it only through indicators, which look at the viewer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple, Protocol

By = Literal["none", "town", "office"]


@dataclass(frozen=True)
class Metric:
    """What was counted on a day: of the district (scope ""), a town ("town:<code>") or an office ("office:<code>").

    ``value`` None is unknown. ``evidence_on`` is the day of the youngest record it rests on; ``ids`` are the records
    that were counted, where they are few enough to be named.
    """

    scope: str
    value: float | None
    evidence_on: date | None = None
    ids: tuple[str, ...] = ()
    is_synthetic: bool = False


class Count(Protocol):
    """Counts what stood on a day. A day of which the records say nothing has no value, not 0."""

    def __call__(self, day: date, *, by: By, of: Sequence[str]) -> Sequence[Metric]:
        """Return the counts of the district, or one each town or office; ``of`` limits what is counted, by name."""


METRICS: dict[str, Count] = {}


def register(name: str, count: Count) -> None:
    """Add a metric; a name is registered once."""
    if METRICS.setdefault(name, count) is not count:
        raise ValueError(f"metric '{name}' is registered twice")


class Row(NamedTuple):
    """A record that is counted, or not (``holds``): its id, its town or office, its day, whether it is synthetic.

    One with an empty id is counted and not named.
    """

    id: str
    place: str
    holds: bool
    on: date | None
    is_synthetic: bool


MOST_IDS = 200
"""Of how many records a count still names each."""


def tally(rows: Iterable[Row], by: By, *, is_share: bool = False) -> list[Metric]:
    """Return how many of the rows hold, or which share of them: of the district, or of each town or office.

    The share of no rows is unknown.
    """
    places: dict[str, list[Row]] = {} if by != "none" else {"": []}
    for row in rows:
        if by == "none":
            places[""].append(row)
        elif row.place:
            places.setdefault(f"{by}:{row.place}", []).append(row)
    return [_tallied(scope, found, is_share) for scope, found in sorted(places.items())]


def _tallied(scope: str, rows: list[Row], is_share: bool) -> Metric:
    held = [row for row in rows if row.holds]
    value = len(held) / len(rows) if is_share and rows else None if is_share else float(len(held))
    named = tuple(row.id for row in held if row.id) if len(held) <= MOST_IDS else ()
    days = [row.on for row in rows if row.on]
    return Metric(scope, value, max(days, default=None), named, any(row.is_synthetic for row in rows))


def unknown() -> list[Metric]:
    """Return what is said of a day of which the records say nothing."""
    return [Metric("", None)]
