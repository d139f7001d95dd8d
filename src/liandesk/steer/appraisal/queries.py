"""Read appraisals. Assessors read everything, a unit its own result and how its group lies, everybody else nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from django.utils.translation import gettext as _

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.definitions.queries import in_force
from liandesk.base.errors import NotThere
from liandesk.steer.appraisal import standing
from liandesk.steer.appraisal.models import Appraisal, Formula, Given, Result
from liandesk.steer.appraisal.policies import APPRAISAL, FORMULA, UNIT
from liankit.definitions import Difference, differences
from liankit.plan.appraisal import Floats, Scored
from liankit.plan.appraisal_ranks import WayUp, quartiles, rank_intervals, ways_up, weight_sensitivity
from liankit.plan.appraisal_reasons import reasons_of_item
from liankit.plan.appraisal_scheme import Adjustment, Group, Item
from liankit.reasons import Reason
from liankit.risk.ranks import RankSets

KIND = "appraisal"


def appraisals(viewer: Viewer) -> list[Appraisal]:
    """Return the years that have a frozen formula, the latest first."""
    check(viewer, FORMULA, "read")
    return list(Appraisal.objects.prefetch_related("formulas__definition", "results"))


def appraisal(viewer: Viewer, pk: int) -> Appraisal:
    """Return one year; raise NotThere when there is none."""
    found = next((one for one in appraisals(viewer) if one.pk == pk), None)
    if found is None:
        raise NotThere(_("There is no such appraisal. The page of appraisals shows all."))
    return found


def formula_of(found: Appraisal) -> Formula:
    """Return the formula that stands; a year has one from the beginning."""
    return found.formulas.select_related("definition", "appraisal").order_by("-number")[0]


def result_of(found: Appraisal, number: int | None = None) -> Result | None:
    """Return a publication, by default the last; None where there is none yet."""
    results = found.results.select_related("appraisal", "formula__definition", "formula__appraisal").order_by("-number")
    return (results if number is None else results.filter(number=number)).first()


@dataclass(frozen=True)
class Frozen:
    """A frozen formula: whether its content is still what was frozen, and what it changed of the one before it."""

    formula: Formula
    is_intact: bool
    changes: list[Difference]


@dataclass(frozen=True)
class Formulas:
    """All formulas of a year, the newest first, and whether a newer version is in force that nobody has frozen."""

    appraisal: Appraisal
    frozen: list[Frozen]
    is_outdated: bool
    may_freeze: bool


def formulas(viewer: Viewer, pk: int) -> Formulas:
    """Return the formulas of a year with what each changed."""
    found = appraisal(viewer, pk)
    rows = list(found.formulas.select_related("definition", "appraisal"))
    before: Formula | None = None
    frozen = []
    for row in rows:
        changes = differences(before.definition.body, row.definition.body) if before else []
        frozen.append(Frozen(row, standing.is_intact(row), changes))
        before = row
    now_in_force = in_force(KIND, found.scheme)
    is_outdated = now_in_force is not None and now_in_force.hash != rows[-1].hash
    return Formulas(found, frozen[::-1], is_outdated, can(viewer, FORMULA, "freeze"))


@dataclass(frozen=True)
class GroupResult:
    """The result of a group as those read it who appraise."""

    scored: Scored

    @property
    def group(self) -> Group:
        return self.scored.group

    @cached_property
    def intervals(self) -> RankSets:
        return rank_intervals(self.scored)

    @cached_property
    def sensitivity(self) -> pl.DataFrame:
        return weight_sensitivity(self.scored)

    @property
    def order(self) -> list[int]:
        """Return the rows of the units, the best first, those without a rank last."""
        return [int(row) for row in np.argsort(np.where(np.isnan(self.scored.ranks), np.inf, self.scored.ranks))]


@dataclass(frozen=True)
class Opened:
    """A year worked out: what was published, or, where ``result`` is None, what stands at this moment."""

    appraisal: Appraisal
    formula: Formula
    result: Result | None
    groups: list[GroupResult]
    is_as_published: bool  # False: worked out again, the totals are not those that were published
    is_newer_given: bool  # values or formulas have come since the publication
    is_synthetic: bool
    may_give: bool
    may_publish: bool
    differing: list[tuple[Given, Given]]  # entered values that stand, beside what the records give


def opened(viewer: Viewer, pk: int, number: int | None = None) -> Opened:
    """Return what was published under a number (0: what stands now; none: the last publication, else what stands)."""
    check(viewer, APPRAISAL, "read")
    found = appraisal(viewer, pk)
    result = result_of(found, number) if number != 0 else None
    if number and result is None:
        raise NotThere(_("There is no such publication."))
    formula = result.formula if result else formula_of(found)
    held = standing.held_rows(found, result.last_given if result else None)
    rows = held.standing
    scored = standing.score(formula, rows)
    return Opened(
        found,
        formula,
        result,
        [GroupResult(one) for one in scored.values()],
        result is None or standing.totals_of(scored) == result.totals,
        result is not None and _has_newer(found, result),
        any(row.is_synthetic for row in rows.values()),
        can(viewer, APPRAISAL, "give"),
        can(viewer, APPRAISAL, "publish"),
        held.differing,
    )


def _has_newer(found: Appraisal, result: Result) -> bool:
    newer = found.given.filter(pk__gt=result.last_given).exists()
    return newer or formula_of(found).pk != result.formula_id


@dataclass(frozen=True)
class Line:
    """One item of a unit: what is known, its points, its part of the total, how the group lies, the arithmetic.

    ``row`` is what stands (None: nothing was ever given), ``recorded`` what the records give where it differs.
    """

    item: Item
    value: float | None
    goal: float | None
    base: float | None
    row: Given | None
    recorded: Given | None
    points: float | None
    weight: float
    quartiles: tuple[float, float, float] | None
    way: WayUp | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Added:
    """An addition or deduction of a unit; points None: nobody stated how many."""

    adjustment: Adjustment
    times: float | None
    points: float | None


@dataclass(frozen=True)
class UnitResult:
    """What a unit reads of a publication: its own detail, and of the others only how the group lies."""

    result: Result
    group: Group
    unit: str
    name: str
    total: float | None
    rank: int | None
    units: int
    lines: list[Line]
    added: list[Added]
    quartiles: tuple[float, float, float] | None
    missing: list[tuple[Item, int]]  # what is missing in the group, and of how many units
    is_first: bool
    may_object: bool


@dataclass(frozen=True)
class PublishedUnit:
    """A unit in the last publication of a year, with its group and its name."""

    result: Result
    group: Group
    unit: str
    name: str

    @property
    def may_object(self) -> bool:
        return today() <= self.result.objections_until


def published_unit(viewer: Viewer, pk: int, unit: str) -> PublishedUnit:
    """Return the last publication that a unit stands in; raise NotThere where there is none, or none for the viewer."""
    missing = NotThere(_("There is no published result of this unit for you."))
    result = result_of(appraisal(viewer, pk))
    if not can(viewer, UNIT, "read", {"unit": unit}) or result is None:
        raise missing
    group = next((one for one in standing.scheme_of(result.formula).groups if unit in standing.units_of(one)), None)
    if group is None:
        raise missing
    return PublishedUnit(result, group, unit, standing.unit_name(group, unit))


def of_unit(viewer: Viewer, pk: int, unit: str) -> UnitResult:
    """Return the published result of a unit; raise as ``published_unit``."""
    found = published_unit(viewer, pk, unit)
    held = standing.held_rows(found.result.appraisal, found.result.last_given)
    scored = standing.score(found.result.formula, held.standing)[found.group.key]
    return _unit_result(found.result, scored, unit, held)


def _unit_result(result: Result, scored: Scored, unit: str, held: standing.Held) -> UnitResult:
    row = scored.place(unit)
    rank = _number(scored.ranks[row])
    return UnitResult(
        result,
        scored.group,
        unit,
        standing.unit_name(scored.group, unit),
        _number(scored.totals[row]),
        None if rank is None else int(rank),
        len(scored.units),
        list(_lines(scored, unit, row, held)),
        list(_added(scored, row)),
        quartiles(scored.totals, scored.scheme.distribution_from),
        _missing(scored),
        rank == 1,
        today() <= result.objections_until,
    )


def _lines(scored: Scored, unit: str, row: int, held: standing.Held) -> Iterator[Line]:
    ways = {way.item: way for way in ways_up(scored, unit)}
    rows, differing = held.standing, {entered.key: drawn for entered, drawn in held.differing}
    for place, item in enumerate(scored.group.items):
        known, key = scored.known[place], (scored.group.key, unit, item.key)
        yield Line(
            item,
            _number(known.value[row]),
            _number(known.goal[row]),
            _number(known.base[row]),
            rows.get(key),
            differing.get(key),
            _number(scored.scores[row, place]),
            float(scored.weights[row, place]),
            quartiles(scored.scores[:, place], scored.scheme.distribution_from),
            ways.get(item.key),
            reasons_of_item(scored, unit, item.key),
        )


def _added(scored: Scored, row: int) -> Iterator[Added]:
    counted = scored.known[len(scored.group.items) :]
    for place, (one, known) in enumerate(zip(scored.group.adjustments, counted, strict=True)):
        yield Added(one, _number(known.value[row]), _number(scored.points[row, place]))


def _missing(scored: Scored) -> list[tuple[Item, int]]:
    counts = Counter(key for _unit, key in scored.missing)
    return [(item, counts[item.key]) for item in scored.group.items if counts[item.key]]


def _number(value: float | Floats) -> float | None:
    return None if np.isnan(value) else float(value)


def own_units(viewer: Viewer) -> Iterator[PublishedUnit]:
    """Return the units of the last publications that the viewer reads as one of theirs, not as an assessor."""
    if can(viewer, APPRAISAL, "read") or not can(viewer, FORMULA, "read"):
        return
    for found in appraisals(viewer):
        result = result_of(found)
        for group in standing.scheme_of(result.formula).groups if result else ():
            for unit in standing.units_of(group):
                if can(viewer, UNIT, "read", {"unit": unit}):
                    assert result is not None
                    yield PublishedUnit(result, group, unit, standing.unit_name(group, unit))


def history_of(viewer: Viewer, pk: int, unit: str, item: str) -> list[Given]:
    """Return every value that was given of a unit for an item, the oldest first."""
    check(viewer, APPRAISAL, "read")
    return list(appraisal(viewer, pk).given.filter(unit=unit, item=item))


def decided_by(subject: str) -> frozenset[str]:
    """Return who took part in the result of a unit ("pk.unit"): gave its values, published it."""
    pk, _dot, unit = subject.partition(".")
    if not pk.isdecimal():
        return frozenset()
    gave = Given.objects.filter(appraisal=int(pk), unit=unit).values_list("given_by", flat=True)
    published = Result.objects.filter(appraisal=int(pk)).values_list("published_by", flat=True)
    return frozenset(gave) | frozenset(published)
