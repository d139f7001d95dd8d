"""How many enterprises will be listed by a day: who counts, how likely each is, and the number as a distribution.

Who counts is a rule of data, for boards and circumstances differ in what an office counts. Each enterprise is listed by
the day or not, on its own: the number is Poisson binomial, and its distribution the exact convolution (M. Fernandez and
S. Williams, "Closed-form expression for the Poisson-binomial probability density function", IEEE TAES 46, 2010).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field, model_validator

from liankit.process.check import build_part
from liankit.process.definition import Coded, Key, Part, Text

Floats = npt.NDArray[np.float64]
MONTH = 365.25 / 12


class Stage(Coded):
    """A state on the way to a listing: the chance that one who is there is ever listed, and the months that takes.

    Half of those who will be listed are by ``median_months``; ``needs_standards`` says that they have yet to be met.
    """

    chance: Annotated[float, Field(ge=0, le=1)]
    median_months: Annotated[float, Field(gt=0)]
    needs_standards: bool = True


class CountingRule(Part):
    """Who counts as listed, what is assumed of those on the way, and the number that is wanted by a day."""

    key: Key
    title: Text
    source: Text
    goal: Annotated[int, Field(ge=0)]
    by: date
    counts: tuple[str, ...]  # titles of enterprises that are listed
    boards: tuple[Key, ...]  # titles that schemes grant and that lead to one of these
    counts_relocated: bool  # moved here after it was listed
    counts_delisted: bool  # listed once and no longer
    counts_subsidiaries: bool  # of a listed group, itself not listed
    counts_acquired: bool = False  # acquired by a listed company, itself not listed
    counts_acquirers: bool = False  # took control of a listed company, itself not listed
    stages: Annotated[tuple[Stage, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _once(self) -> CountingRule:
        keys = [one.key for one in self.stages]
        if len(set(keys)) != len(keys):
            raise ValueError("a stage stands once.")
        return self


Deal = Literal["acquired", "acquirer"]
Verdict = Literal[
    "counted", "not_listed", "other_market", "relocated", "delisted", "subsidiary", "acquired", "acquirer"
]
"""Counted, or why not: ``other_market`` holds only titles of markets that do not count, such as NEEQ."""


@dataclass(frozen=True)
class Listing:
    """One enterprise on a day: its titles of listing, since and until when, and what is special of it.

    ``deal``: it was acquired by a listed company, or took control of one, by the day.
    """

    titles: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    is_relocated: bool = False
    is_subsidiary: bool = False
    deal: Deal | None = None


def build_rule(body: Any, file: str) -> CountingRule:
    """Return the counting rule of a parsed body; raise DefinitionError with every mistake."""
    return build_part(CountingRule, body, file)


def verdict(rule: CountingRule, one: Listing, on: date) -> Verdict:
    """Say whether an enterprise counts as listed on a day, and why not."""
    if not any(title in rule.counts for title in one.titles) or (one.since is not None and one.since > on):
        return _unlisted(rule, one)
    if one.until is not None and one.until < on and not rule.counts_delisted:
        return "delisted"
    return "relocated" if one.is_relocated and not rule.counts_relocated else "counted"


def _unlisted(rule: CountingRule, one: Listing) -> Verdict:
    """Say of an enterprise that is not listed itself whether it counts by what ties it to one that is."""
    ties: dict[Verdict, tuple[bool, bool]] = {
        "acquirer": (one.deal == "acquirer", rule.counts_acquirers),
        "acquired": (one.deal == "acquired", rule.counts_acquired),
        "subsidiary": (one.is_subsidiary, rule.counts_subsidiaries),
    }
    held = {name: counts for name, (holds, counts) in ties.items() if holds}
    if any(held.values()):
        return "counted"
    is_elsewhere = any(title not in rule.counts for title in one.titles)
    return next(iter(held), "other_market" if is_elsewhere else "not_listed")


def chance_by(stage: Stage, today: date, by: date, standards: float) -> float:
    """Return how likely an enterprise in a state is listed by a day; ``standards`` is how likely it meets them in time.

    The months still needed are exponential: half of those that will be listed are by the median.
    """
    months = max((by - today).days / MONTH, 0.0)
    return stage.chance * (1 - 0.5 ** (months / stage.median_months)) * (standards if stage.needs_standards else 1.0)


def distribution(chances: Iterable[float]) -> Floats:
    """Return how likely each number 0..n of independent events is, exactly; chances from 0 to 1.

    >>> distribution([0.5, 0.5]).tolist()
    [0.25, 0.5, 0.25]
    """
    found = np.ones(1)
    for chance in chances:
        if not 0 <= chance <= 1:
            raise ValueError(f"A chance lies between 0 and 1; this one is {chance}.")
        found = np.convolve(found, [1 - chance, chance])
    return found


def probability_of(numbers: Floats, goal: float) -> float:
    """Return how likely the number reaches a goal.

    >>> probability_of(distribution([0.5, 0.5]), 1)
    0.75
    """
    first = max(0, int(np.ceil(goal)))
    return float(min(1.0, numbers[first:].sum()))


def quantile(numbers: Floats, level: float) -> int:
    """Return the least number that is not exceeded with this probability.

    >>> quantile(distribution([0.5, 0.5]), 0.5)
    1
    """
    return int(np.searchsorted(np.cumsum(numbers), level - 1e-12))


def brier(forecasts: Sequence[tuple[float, bool]]) -> float | None:
    """Return the mean squared error of probabilities against what came (G. Brier 1950): 0 is best; None of none.

    >>> brier([(1.0, True), (0.5, False)])
    0.125
    """
    return float(np.mean([(chance - came) ** 2 for chance, came in forecasts])) if forecasts else None


def ranked_score(numbers: Floats, came: int) -> float:
    """Return the ranked probability score of a distribution of numbers (E. Epstein 1969): CRPS of counts, 0 is best.

    >>> ranked_score(distribution([1.0, 1.0]), 2)
    0.0
    """
    reached = np.arange(max(len(numbers), came + 1))
    cumulated = np.cumsum(np.pad(numbers, (0, len(reached) - len(numbers))))
    return float(((cumulated - (reached >= came)) ** 2).sum())


def stage_of(rule: CountingRule, key: str) -> Stage:
    """Return a state by its key."""
    stages: Mapping[str, Stage] = {one.key: one for one in rule.stages}
    return stages[key]
