"""What the records hold of the items that name their source: counted, or claimed and approved, on the last day.

Nothing is guessed. A value that nobody approved, a town of which nothing is counted, a year without records: each
stays unknown. The last day is that of the year, or today while the year runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.metrics import METRICS, By
from liandesk.steer.appraisal import queries, standing
from liandesk.steer.appraisal.models import Appraisal, Given
from liandesk.steer.appraisal.policies import APPRAISAL
from liandesk.steer.indicators.approved import approved_claims, waiting_claims
from liandesk.steer.indicators.definitions import all_indicators
from liandesk.steer.indicators.models import Claim
from liankit.definitions import digest
from liankit.plan.appraisal_scheme import Group, Item, Source
from liankit.plan.indicators import Computed

PLACES = 6
_BY: Mapping[str, By] = {"towns": "town", "offices": "office"}


@dataclass(frozen=True)
class Number:
    """One number of a unit; ``claims`` are the approved ones it is, ``ids`` the records that were counted."""

    value: float | None
    claims: tuple[int, ...] = ()
    ids: tuple[str, ...] = ()
    is_synthetic: bool = False

    def told(self, source: Source, on: date) -> dict[str, Any]:
        """Return where it comes from, as it is kept with the row."""
        kind = "indicator" if source.indicator else "metric"
        said = {"from": kind, "name": source.name, "on": on.isoformat(), "number": self.value}
        return {**said, "claims": list(self.claims), "ids": list(self.ids)}


UNKNOWN = Number(None)


@dataclass(frozen=True)
class Read:
    """What a source holds on a day, by unit; ``waiting`` are claims that would count if somebody approved them."""

    numbers: Mapping[str, Number] = field(default_factory=dict)
    waiting: tuple[Claim, ...] = ()


@dataclass(frozen=True)
class Draw:
    """What the records hold of a unit for an item: each number it needs, and where that comes from.

    ``entered`` and ``before`` are the rows that are held already: entered, and drawn at the time before.
    """

    group: Group
    unit: str
    item: Item
    numbers: Mapping[str, float | None]
    drawn: Mapping[str, dict[str, Any]]
    is_synthetic: bool
    waiting: tuple[Claim, ...]
    entered: Given | None
    before: Given | None

    @property
    def is_known(self) -> bool:
        """Say whether the records hold any of its numbers."""
        return any(number is not None for number in self.numbers.values())

    @property
    def is_news(self) -> bool:
        """Say whether it would be written: the records say another thing than at the last time."""
        return self.is_known if self.before is None else self.before.drawn != self.drawn

    @property
    def source(self) -> str:
        """Return where it comes from in one line, the same in every language."""
        return "; ".join(dict.fromkeys(f"{one['name']} {one['on']}" for one in self.drawn.values()))


def has_begun(found: Appraisal) -> bool:
    """Say whether there can be anything to draw."""
    return found.year <= today().year


def day_of(found: Appraisal) -> date:
    """Return the day as of which a year is drawn that has begun."""
    return min(date(found.year, 12, 31), today())


def draws(viewer: Viewer, pk: int) -> list[Draw]:
    """Return what the records hold of each unit for each item that names its source; nothing before the year begins."""
    check(viewer, APPRAISAL, "give")
    found = queries.appraisal(viewer, pk)
    if not has_begun(found):
        return []
    day, held = day_of(found), standing.held_rows(found)
    scheme = standing.scheme_of(queries.formula_of(found))
    named = ((group, item) for group in scheme.groups for item in group.items if item.draws)
    return [one for group, item in named for one in _of_item(group, item, day, held)]


def seen_of(found: list[Draw]) -> str:
    """Return the hash of what is looked at before it is written."""
    return digest([[one.group.key, one.unit, one.item.key, dict(one.drawn), one.is_news] for one in found])


def _of_item(group: Group, item: Item, day: date, held: standing.Held) -> Iterator[Draw]:
    asked = dict(_asked(item, day))
    read = {name: _read(source, _BY[group.of], on) for name, (source, on) in asked.items()}
    for unit in standing.units_of(group):
        found = {name: one.numbers.get(unit, UNKNOWN) for name, one in read.items()}
        key = (group.key, unit, item.key)
        yield Draw(
            group,
            unit,
            item,
            {name: one.value for name, one in found.items()},
            {name: one.told(*asked[name]) for name, one in found.items()},
            any(one.is_synthetic for one in found.values()),
            tuple(claim for one in read.values() for claim in one.waiting if claim.scope == _scope(group, unit)),
            held.entered.get(key),
            held.drawn.get(key),
        )


def _scope(group: Group, unit: str) -> str:
    return f"{_BY[group.of]}:{unit}"


def _asked(item: Item, day: date) -> Iterator[tuple[str, tuple[Source, date]]]:
    """Yield each number that an item draws, its source and the day as of which it is read."""
    assert item.draws is not None  # that is how it was chosen
    yield "value", (item.draws.value, day)
    if item.draws.goal:
        yield "goal", (item.draws.goal, day)
    if "base" in item.needs:
        yield "base", (item.draws.value, _year_before(day))


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


def _read(source: Source, by: By, day: date) -> Read:
    if source.metric:
        return Read(_count(source.metric, source.of, by, day, source.times))
    indicator = all_indicators().get(source.name)
    if indicator is None or indicator.disaggregation != by:
        return Read()
    if isinstance(indicator.source, Computed):
        return Read(_count(indicator.source.metric, indicator.source.of, by, day, source.times))
    year_began = date(day.year - 1, 12, 31)
    claims = approved_claims({indicator.key: indicator}, after=year_began, until=day)
    numbers = {
        one.scope.removeprefix(f"{by}:"): Number(_times(one.value, source.times), (one.pk,), (), one.is_synthetic)
        for one in claims
    }
    return Read(numbers, tuple(waiting_claims(indicator.key, after=year_began, until=day)))


def _count(metric: str, of: tuple[str, ...], by: By, day: date, times: float) -> dict[str, Number]:
    count = METRICS.get(metric)
    return {
        one.scope.removeprefix(f"{by}:"): Number(_times(one.value, times), (), one.ids, one.is_synthetic)
        for one in (count(day, by=by, of=of) if count else ())
        if one.value is not None
    }


def _times(value: float | None, times: float) -> float | None:
    return None if value is None else round(value * times, PLACES)
