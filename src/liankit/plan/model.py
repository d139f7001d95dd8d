"""A plan as a definition: programmes 工程, targets 实施目标, measures 实施重点, units 责任单位, duties 保障措施.

The id of a target is ``programme.target``, of a measure ``programme.measure``, of a duty ``duties.measure``; within a
programme, targets and measures share one space of keys. What the plan leaves open stays None.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field

from liankit.definitions import parse_body
from liankit.process.check import DefinitionError, Fault, build_part
from liankit.process.definition import Coded, Key, Part, Text

KIND = "plan"
"""The kind of definition that a plan is filed under."""

DUTIES = "duties"
"""What stands in the id of a duty where a measure has its programme."""

Role = Literal["lead", "presumed_lead", "with"]
Comparator = Literal[">=", "<=", ">", "<", "="]
Counting = Literal["cumulative", "within", "level", "rate"]
BindingKind = Literal["process", "list", "rule", "indicator", "report", "register"]
Known = Literal["full", "part", "missing"]


class Period(Part):
    """The first and the last day that a plan is for."""

    start: date = Field(alias="from")
    end: date = Field(alias="to")


class Unit(Part):
    """An office that answers for something: ``lead`` 牵头, ``presumed_lead`` (named first), ``with`` 配合."""

    office: Key
    role: Role

    @property
    def is_lead(self) -> bool:
        """Say whether it leads, or is presumed to."""
        return self.role != "with"


class Binding(Part):
    """What executes a clause: the kind of thing, and its key."""

    kind: BindingKind
    key: Key

    def __str__(self) -> str:
        return f"{self.kind}/{self.key}"


class Step(Part):
    """What a trajectory asks for on a day."""

    on: date
    value: float


class Baseline(Part):
    """The value that a target starts from; None: unknown."""

    value: float | None = None
    on: date | None = None
    source: Text | None = None


class Target(Part):
    """A target with its number. ``value`` is in ``unit``; without ``indicator`` nothing measures it.

    ``counting``: ``cumulative`` 累计到, ``within`` the period 规划期内新增, ``level``, ``rate``. An empty ``path``
    means the straight one.
    """

    key: Key
    indicator: Key | None = None
    text: Text
    comparator: Comparator
    value: float
    unit: Key
    by: date
    counting: Counting
    binding: Literal["binding", "anticipatory", "unstated"]
    commitment: Literal["ensure", "plain", "strive", "explore"]
    baseline: Baseline = Baseline()
    path: tuple[Step, ...] = ()


class Measure(Part):
    """A clause that somebody has to carry out; without units of its own, those of its programme answer."""

    key: Key
    text: Text
    units: tuple[Unit, ...] = ()
    executes: tuple[Binding, ...] = ()


class Programme(Part):
    """A programme; ``numbered`` says whether its number is stated in the text, inferred, or unknown (no number).

    ``known``: in full, in part, or missing from the text that the plan was taken from: then only its place is known.
    """

    key: Key
    number: Annotated[int, Field(ge=1)] | None = None
    numbered: Literal["stated", "inferred", "unknown"]
    title: Text | None = None
    known: Known
    goal: Text | None = None
    units: tuple[Unit, ...] = ()
    targets: tuple[Target, ...] = ()
    measures: tuple[Measure, ...] = ()


class Plan(Coded):
    """A whole plan; ``source`` says what it was taken from and what is missing."""

    period: Period
    source: Text
    programmes: Annotated[tuple[Programme, ...], Field(min_length=1)]
    duties: tuple[Measure, ...] = ()

    @cached_property
    def targets(self) -> Mapping[str, Target]:
        """The targets by id."""
        return {f"{one.key}.{target.key}": target for one in self.programmes for target in one.targets}

    @cached_property
    def clauses(self) -> Mapping[str, Measure]:
        """The measures and the duties by id."""
        measures = {f"{one.key}.{measure.key}": measure for one in self.programmes for measure in one.measures}
        return measures | {f"{DUTIES}.{duty.key}": duty for duty in self.duties}

    def programme(self, key: str) -> Programme | None:
        """Return the programme with a key."""
        return next((one for one in self.programmes if one.key == key), None)

    def programme_of(self, part: str) -> Programme | None:
        """Return the programme that a target or a measure belongs to, by its id; None for a duty."""
        return self.programme(part.partition(".")[0])

    def units_of(self, part: str) -> tuple[Unit, ...]:
        """Return who answers for a programme, a target or a clause, by its key or id: its own, else its programme's."""
        clause = self.clauses.get(part)
        if clause is not None and clause.units:
            return clause.units
        programme = self.programme_of(part)
        return programme.units if programme else ()

    @property
    def offices(self) -> tuple[str, ...]:
        """The offices that answer for anything, in the order in which the plan names them."""
        of_programmes = (unit for one in self.programmes for unit in one.units)
        of_clauses = (unit for clause in self.clauses.values() for unit in clause.units)
        return tuple(dict.fromkeys(unit.office for unit in (*of_programmes, *of_clauses)))


def read_plan(text: str, file: str) -> Plan:
    """Return the plan that a YAML text defines; raise DefinitionError with every mistake.

    ``file`` is only named in messages.
    """
    try:
        body = parse_body(text)
    except yaml.YAMLError as error:
        raise DefinitionError(file, [Fault("(the file)", f"This is no YAML: {error}")]) from None
    return build_plan(body, file)


def build_plan(body: Any, file: str) -> Plan:
    """Return the plan of a parsed body, as ``read_plan``."""
    plan = build_part(Plan, body, file)
    faults = [*_doubled(plan), *_numbers(plan), *_days(plan), *_what_is_known(plan)]
    if faults:
        raise DefinitionError(file, faults)
    return plan


def _doubled(plan: Plan) -> Iterator[Fault]:
    """A key is permanent and names one thing: in the plan, in a programme, among the duties."""
    yield from _more_than_once("programmes", [one.key for one in plan.programmes])
    yield from _more_than_once(DUTIES, [duty.key for duty in plan.duties])
    for one in plan.programmes:
        yield from _more_than_once(
            f"programmes.{one.key}",
            [*(target.key for target in one.targets), *(measure.key for measure in one.measures)],
        )
        if one.key == DUTIES:
            yield Fault(f"programmes.{one.key}", "this key is kept for the duties. Choose another.")


def _more_than_once(where: str, keys: Iterable[str]) -> Iterator[Fault]:
    for key, count in Counter(keys).items():
        if count > 1:
            yield Fault(f"{where}.{key}", f"the key stands {count} times. Give each its own.")


def _numbers(plan: Plan) -> Iterator[Fault]:
    held: dict[int, str] = {}
    for one in plan.programmes:
        where = f"programmes.{one.key}.number"
        if (one.number is None) != (one.numbered == "unknown"):
            yield Fault(where, "exactly a programme that is numbered 'unknown' has no number.")
        if one.number is not None and held.setdefault(one.number, one.key) != one.key:
            yield Fault(where, f"'{held[one.number]}' has the number {one.number} already.")


def _days(plan: Plan) -> Iterator[Fault]:
    if plan.period.end <= plan.period.start:
        yield Fault("period.to", "a plan ends after it begins.")
    for name, target in plan.targets.items():
        where, days = f"targets.{name}", [step.on for step in target.path]
        if target.by <= plan.period.start:
            yield Fault(f"{where}.by", f"it is due before the plan begins ({plan.period.start}).")
        if target.baseline.on and target.baseline.on >= target.by:
            yield Fault(f"{where}.baseline.on", f"a baseline lies before the day it is due ({target.by}).")
        if days != sorted(set(days)) or (days and days[-1] > target.by):
            yield Fault(f"{where}.path", f"its days follow each other and end by {target.by}.")


def _what_is_known(plan: Plan) -> Iterator[Fault]:
    for one in plan.programmes:
        said = [name for name in ("title", "goal", "targets", "measures") if getattr(one, name)]
        if one.known == "missing" and said:
            yield Fault(f"programmes.{one.key}.known", f"it is missing and yet has: {', '.join(said)}.")
        if one.known == "full" and not (one.title and one.goal and one.measures):
            yield Fault(f"programmes.{one.key}.known", "known in full means title, goal and measures; else say 'part'.")
