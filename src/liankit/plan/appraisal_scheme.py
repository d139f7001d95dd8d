"""How units are appraised, as data: peer groups, items with their method and weight, additions and deductions.

A method is two steps. The measure makes one number of what is known of a unit: the value itself, the completion of a
goal, the growth on a base, the share in the group's growth. The scale makes points of it: percent, the efficacy
coefficient, against the best of the group, by rank. Every item says between which points it is cut off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field

from liankit.process.check import DefinitionError, Fault, build_part
from liankit.process.definition import Coded, Key, Part, Text

Measure = Literal["value", "completion", "growth", "contribution"]
Scale = Literal["percent", "efficacy", "benchmark", "ranking"]
Direction = Literal["up", "down"]
Positive = Annotated[float, Field(gt=0)]
WEIGHTS_SUM = 100.0


class Efficacy(Part):
    """The two constants of the efficacy coefficient: ``d`` points at the unacceptable, ``c`` more at the good one."""

    c: Positive = 40.0
    d: Annotated[float, Field(ge=0)] = 60.0


class Source(Part):
    """Where a number is read from: an indicator, or a count of records (``metric``) with which of them it counts.

    ``times`` brings it into the unit of the item: a share times 100 is percent.
    """

    indicator: Key | None = None
    metric: Key | None = None
    of: tuple[str, ...] = ()
    times: Positive = 1.0

    @property
    def name(self) -> str:
        """Return the key of the indicator or of the count."""
        return self.indicator or self.metric or ""


class Draws(Part):
    """The records that the numbers of an item are drawn from; its base is the value of a year before."""

    value: Source
    goal: Source | None = None


class Item(Coded):
    """One item: what is measured, how it becomes points, and how much it weighs.

    ``counting`` of a completion: ``cumulative`` is value over goal, ``level`` the part of the way from base to goal.
    ``good`` and ``bad`` are the standards of the efficacy coefficient: numbers, or the best and worst of the group.
    """

    weight: Positive
    measure: Measure
    scale: Scale
    direction: Direction = "up"
    counting: Literal["cumulative", "level"] = "cumulative"
    unit: str = ""
    limits: tuple[float, float]
    good: float | Literal["best"] = "best"
    bad: float | Literal["worst"] = "worst"
    draws: Draws | None = None  # None: entered by hand

    @property
    def needs(self) -> tuple[str, ...]:
        """What has to be known of a unit for this item."""
        if self.measure == "completion":
            return ("value", "goal", "base") if self.counting == "level" else ("value", "goal")
        return ("value",) if self.measure == "value" else ("value", "base")


class Adjustment(Coded):
    """Points added (above 0) or taken off (below 0) for each of what is counted, ``most`` points in all."""

    points: float
    most: Positive
    unit: str = ""


class Group(Coded):
    """Units that are compared with each other: those of a kind, or the ones that are named."""

    of: Literal["towns", "zones", "offices"]
    units: tuple[str, ...] = ()
    items: Annotated[tuple[Item, ...], Field(min_length=1)]
    adjustments: tuple[Adjustment, ...] = ()
    most_bonus: Annotated[float, Field(ge=0)] = 0.0
    most_penalty: Annotated[float, Field(ge=0)] = 0.0

    @property
    def parts(self) -> tuple[Item | Adjustment, ...]:
        """Return the items, then the adjustments."""
        return (*self.items, *self.adjustments)

    def part(self, key: str) -> Item | Adjustment | None:
        """Return the item or adjustment of a key, None where there is none."""
        return next((part for part in self.parts if part.key == key), None)


class Scheme(Coded):
    """A whole formula.

    ``objection_days`` are working days after the publication. ``distribution_from`` is the size of a group from which
    on its distribution is shown to its units: in a smaller one it would tell what the others have.
    ``concentration`` says how sure the weights are (``liankit.risk.resampling.draw_weighted``).
    """

    source: Text
    objection_days: Annotated[int, Field(ge=1)]
    distribution_from: Annotated[int, Field(ge=2)] = 5
    concentration: Positive = 50.0
    efficacy: Efficacy = Efficacy()
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]

    def group(self, key: str) -> Group | None:
        """Return the group of a key, None where there is none."""
        return next((group for group in self.groups if group.key == key), None)


def build_scheme(body: Any, file: str) -> Scheme:
    """Return the formula that a parsed body says; raise DefinitionError with every mistake."""
    scheme = build_part(Scheme, body, file)
    faults = [*_repeated("groups", [group.key for group in scheme.groups])]
    faults += [fault for group in scheme.groups for fault in _of_group(group)]
    if faults:
        raise DefinitionError(file, faults)
    return scheme


def _repeated(where: str, keys: list[str]) -> Iterator[Fault]:
    for key, times in Counter(keys).items():
        if times > 1:
            yield Fault(f"{where}.{key}", "a key stands once.")


def _of_group(group: Group) -> Iterator[Fault]:
    where = f"groups.{group.key}"
    yield from _repeated(where, [part.key for part in group.parts])
    total = sum(item.weight for item in group.items)
    if abs(total - WEIGHTS_SUM) > 1e-6:
        yield Fault(f"{where}.items", f"the weights sum to {total:g}, not to {WEIGHTS_SUM:g}.")
    for item in group.items:
        yield from _of_item(f"{where}.items.{item.key}", item)
        yield from _of_draws(f"{where}.items.{item.key}.draws", group, item)
    for one in group.adjustments:
        if one.points == 0:
            yield Fault(f"{where}.adjustments.{one.key}.points", "0 would neither add nor take off.")


def _of_item(where: str, item: Item) -> Iterator[Fault]:
    if item.limits[0] >= item.limits[1]:
        yield Fault(f"{where}.limits", "the lower limit comes first.")
    if item.scale == "percent" and item.measure not in ("completion", "contribution"):
        yield Fault(f"{where}.scale", "percent is for a completion or a contribution. Take efficacy or benchmark.")
    if item.scale != "efficacy" and (item.good, item.bad) != ("best", "worst"):
        yield Fault(f"{where}.good", "only the efficacy coefficient has standards.")
    if item.good == item.bad:
        yield Fault(f"{where}.good", "it is the same as bad.")


def _of_draws(where: str, group: Group, item: Item) -> Iterator[Fault]:
    if item.draws is None:
        return
    if group.of == "zones":
        yield Fault(where, "records are kept by town and by office, not by zone. Enter it by hand.")
    if item.draws.goal and "goal" not in item.needs:
        yield Fault(f"{where}.goal", "the item is measured by no goal.")
    for name, source in (("value", item.draws.value), ("goal", item.draws.goal)):
        if source and (source.indicator is None) == (source.metric is None):
            yield Fault(f"{where}.{name}", "name an indicator or a metric, one of them.")
        if source and source.indicator and source.of:
            yield Fault(f"{where}.{name}.of", "an indicator says itself what it counts.")
