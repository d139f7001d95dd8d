"""How land is judged by what it yields (亩均论英雄): indicators, groups, base values, classes, all as data.

The province sets the frame (浙政发〔2018〕5号); weights, base values and lines are set by each county, each year.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import Field, model_validator

from liankit.process.check import DefinitionError, Fault, build_part, unknown
from liankit.process.definition import Coded, Key, Part, Text
from liankit.rules.scheme import Compare, Source

Percent = Annotated[float, Field(gt=0, lt=100)]
Weight = Annotated[float, Field(ge=0)]


class Indicator(Coded):
    """What is measured; ``weighted_by`` is what it is per (亩, 人 …): the weights of the average over a group.

    ``negative``: below zero it earns nothing, or counts as it is. ``missing``: what is not known is worth anything the
    indicator can be worth (``unknown``), or what it is worth on average among those ranked with it (``group_mean``).
    """

    quantity: Key
    weighted_by: Key
    unit: str = ""
    note: Text | None = None
    negative: Literal["zero", "as_is"] = "zero"
    missing: Literal["unknown", "group_mean"] = "unknown"


class Group(Coded):
    """Enterprises that are ranked among each other: all of ``when`` hold; of several groups the first counts.

    ``bases`` are published base values by indicator and year; where there is none, the average over the group is it.
    ``cap`` is the most that an indicator is worth, in multiples of its weight; None: no cap. ``until`` is the share in
    percent down to which each class reaches, counted from the best; the last class has the rest. Without it nobody is
    classed. ``tenants``: ranked together with owners, ranked apart, or given the class of the owner of the plot.
    """

    when: tuple[Compare, ...]
    weights: Annotated[Mapping[Key, Weight], Field(min_length=1)]
    bases: Mapping[Key, Mapping[int, Annotated[float, Field(gt=0)]]] = Field(default_factory=dict)
    cap: Annotated[float, Field(gt=0)] | None = None
    until: Mapping[Key, Percent] = Field(default_factory=dict)
    tenants: Literal["together", "apart", "follow_plot"] = "together"


class Adjustment(Coded):
    """Points beside the indicators: ``first`` from ``start`` on, ``each`` for one more, at most ``most`` in all."""

    quantity: Key
    start: float = Field(1.0, alias="from")
    first: float
    each: float = 0.0
    most: Annotated[float, Field(gt=0)] | None = None
    groups: tuple[Key, ...] = ()  # none: all


class Step(Coded):
    """What moves a class when it holds: straight ``to`` a class, to at best ``at_best``, or ``up`` by so many."""

    when: Compare
    to: Key | None = None
    at_best: Key | None = None
    up: Annotated[int, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if sum(way is not None for way in (self.to, self.at_best, self.up)) != 1:
            raise ValueError("move a class in one way: to, at_best or up.")
        return self


class Objections(Part):
    """How many working days after publishing an enterprise may object, and where that is written.

    None: no text at hand gives the days; then they may object until the results are final.
    """

    working_days: Annotated[int, Field(ge=1)] | None = None
    source: Source


class Example(Part):
    """A case in words: the values of one enterprise of a group, and its score (two numbers: from, to)."""

    name: Annotated[str, Field(min_length=10)]
    group: Key
    year: int
    values: Mapping[Key, float | None]
    score: float | tuple[float, float]


class Method(Coded):
    """One county's way of judging. ``form``: points against a base value, or between the least and the most of a group.

    ``floor`` is the share in percent that the least is worth in the latter form. ``rounding`` says how many places a
    share of the enterprises is, ``ties`` which class those get who share a place across a line.
    """

    about: Text
    source: Source
    status: Literal["in_use", "model", "history"]
    form: Literal["base", "min_max"] = "base"
    floor: Annotated[float, Field(ge=0, lt=100)] = 20.0
    indicators: Annotated[tuple[Indicator, ...], Field(min_length=1)]
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    classes: tuple[Coded, ...] = ()  # the best first
    rounding: Literal["down", "half_up", "up"] = "half_up"
    ties: Literal["better", "worse"] = "better"
    exclusions: tuple[Compare, ...] = ()
    adjustments: tuple[Adjustment, ...] = ()
    steps: tuple[Step, ...] = ()
    tenant: Key | None = None
    plot_owner: Key | None = None
    objections: Objections | None = None
    examples: tuple[Example, ...] = ()

    def group(self, key: str) -> Group:
        """Return a group by its key."""
        return next(group for group in self.groups if group.key == key)

    def indicator(self, key: str) -> Indicator:
        """Return an indicator by its key."""
        return next(one for one in self.indicators if one.key == key)

    @property
    def conditions(self) -> tuple[Compare, ...]:
        """Every comparison that it makes."""
        of_groups = (one for group in self.groups for one in group.when)
        return (*of_groups, *self.exclusions, *(step.when for step in self.steps))

    @property
    def quantities(self) -> tuple[str, ...]:
        """The quantities that it asks for, each once."""
        asked = [one.quantity for one in self.indicators]
        asked += [one.quantity for one in self.conditions]
        asked += [one.quantity for one in self.adjustments]
        asked += [one.weighted_by for one in self.indicators]
        return tuple(dict.fromkeys([*asked, *([self.tenant] if self.tenant else [])]))

    @property
    def is_synthetic(self) -> bool:
        """Say whether its figures are made up here."""
        return self.source.confidence == "synthetic"


def build_method(body: Any, file: str) -> Method:
    """Return the method that a parsed body defines; raise DefinitionError with every mistake."""
    method = build_part(Method, body, file)
    faults = [fault for look in _LOOKS for fault in look(method)]
    if faults:
        raise DefinitionError(file, faults)
    return method


def _twice(method: Method) -> Iterator[Fault]:
    parts: dict[str, Iterable[Coded]] = {
        "indicators": method.indicators,
        "groups": method.groups,
        "classes": method.classes,
        "adjustments": method.adjustments,
        "steps": method.steps,
    }
    for name, ones in parts.items():
        keys = [one.key for one in ones]
        for key in sorted({key for key in keys if keys.count(key) > 1}):
            yield Fault(f"{name}.{key}", f"the key stands {keys.count(key)} times. Give each its own.")


def _names(method: Method) -> Iterator[Fault]:
    indicators, groups = [one.key for one in method.indicators], [one.key for one in method.groups]
    for group in method.groups:
        yield from unknown(f"groups.{group.key}.weights", group.weights, indicators, "indicator")
        yield from unknown(f"groups.{group.key}.bases", group.bases, list(group.weights), "weighted indicator")
    for one in method.adjustments:
        yield from unknown(f"adjustments.{one.key}.groups", one.groups, groups, "group")
    classes = [one.key for one in method.classes]
    for step in method.steps:
        named = [name for name in (step.to, step.at_best) if name]
        yield from unknown(f"steps.{step.key}", named, classes, "class")
    quantities = [one.quantity for one in method.indicators]
    for example in method.examples:
        yield from unknown(f"examples.{example.name}.group", [example.group], groups, "group")
        yield from unknown(f"examples.{example.name}.values", example.values, quantities, "quantity")


def _shares(method: Method) -> Iterator[Fault]:
    """The shares name every class but the last, and rise from class to class."""
    wanted = [one.key for one in method.classes[:-1]]
    for group in method.groups:
        shares = [group.until.get(name, math.nan) for name in wanted]
        if group.until and (set(group.until) != set(wanted) or shares != sorted(shares)):
            said = f"give rising shares of {', '.join(wanted)}, in percent; the last class has the rest."
            yield Fault(f"groups.{group.key}.until", said)


def _tenants(method: Method) -> Iterator[Fault]:
    for group in method.groups:
        if group.tenants != "together" and not method.tenant:
            yield Fault(f"groups.{group.key}.tenants", "say in `tenant` which flag tells that an enterprise rents.")
        if group.tenants == "follow_plot" and not method.plot_owner:
            yield Fault(
                f"groups.{group.key}.tenants", "say in `plot_owner` which category names the owner of the plot."
            )


def _bounds(method: Method) -> Iterator[Fault]:
    for one in method.conditions:
        ways = (one.at_least, one.more_than, one.at_most, one.less_than)
        if one.one_of is not None or any(isinstance(way, str) for way in ways):
            yield Fault(one.key, "compare a number with a number here, or a flag by `is`.")


_LOOKS: tuple[Callable[[Method], Iterator[Fault]], ...] = (_twice, _names, _shares, _tenants, _bounds)


def base_year(on: date) -> int:
    """Return the year that is judged on a day: the last that has ended.

    >>> base_year(date(2024, 9, 30))
    2023
    """
    return on.year - 1


def places(count: int, percent: float, rounding: str) -> int:
    """Return how many places a share of so many enterprises is.

    >>> [places(13, 20, rounding) for rounding in ("down", "half_up", "up")]
    [2, 3, 3]
    """
    exact = round(count * percent / 100, 9)  # 0.2 x 15 is 3, not 3.0000000000000004
    return {"down": math.floor, "up": math.ceil, "half_up": lambda share: math.floor(share + 0.5)}[rounding](exact)
