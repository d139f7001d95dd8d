"""A policy as data: clauses that say who is entitled to what, and what a benefit is worth, in whole fen.

Money is counted in fen as integers; a share of it is rounded half up to the fen, once, and nothing is ever held as a
float. What is not known of an enterprise leaves an interval: from the least to the most that the clause could give.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Annotated, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Field

from liankit.process.definition import Coded, Key, Part, Text, Unit
from liankit.rules.scheme import Applies, Bound, Clause, Level, Parameter, Scheme, Source

Floats = npt.NDArray[np.float64]
Fen = npt.NDArray[np.int64]
Percent = Annotated[float, Field(ge=0, le=100)]
Positive = Annotated[float, Field(gt=0)]

DAYS_OF_A_YEAR = 360
"""Days by which banks divide a yearly rate (中国人民银行《人民币利率管理规定》: 日利率 = 年利率 ÷ 360)."""


class Fixed(Part):
    """The same for everybody who is entitled."""

    kind: Literal["fixed"]
    amount_cny: Bound


class Rate(Part):
    """A share of a quantity, at most so much."""

    kind: Literal["rate"]
    quantity: Key
    percent: Bound
    most_cny: Bound


class Interest(Part):
    """A discount on the interest of a loan: principal x percent a year x days / 360, at most so much."""

    kind: Literal["interest"]
    principal: Key
    days: Key
    percent: Bound
    most_cny: Bound


class Tier(Part):
    """What is given from a bound on; the bound itself belongs to it."""

    at_least: Bound
    amount_cny: Bound


class Tiered(Part):
    """What the highest band gives that the quantity reaches; below the lowest, nothing."""

    kind: Literal["tiered"]
    quantity: Key
    bands: Annotated[tuple[Tier, ...], Field(min_length=1)]


Benefit = Annotated[Fixed | Rate | Interest | Tiered, Field(discriminator="kind")]


class Group(Coded):
    """Clauses that are not simply added up for one enterprise.

    ``highest``: the one that gives most counts; ``exclude``: the first in the order of the policy to which the
    enterprise is entitled counts; ``cap``: they are added up in that order until ``most_cny``. ``joins`` are clauses of
    other policies, as "policy.clause", that stand in it after those of its own.
    """

    rule: Literal["highest", "exclude", "cap"]
    most_cny: Bound | None = None
    joins: tuple[str, ...] = ()


class Budget(Part):
    """What there is in all; ``proportional``: all are cut by the same share, ``stop``: first come, first served."""

    amount_cny: Bound
    when_short: Literal["proportional", "stop"]


class Window(Part):
    """When it can be claimed, both days included; None: not bounded."""

    start: date | None = Field(None, alias="from")
    until: date | None = Field(None, alias="to")

    def holds(self, on: date) -> bool:
        """Say whether a day lies in it."""
        return (self.start is None or self.start <= on) and (self.until is None or on <= self.until)


class Publication(Part):
    """How long what was checked is published 公示 before it may be listed for payment, and whence the days are."""

    days: Annotated[int, Field(ge=1, le=366)]
    unit: Unit = "working_days"
    source: Annotated[str, Field(min_length=1)]


class Review(Part):
    """The fair-competition review 公平竞争审查 of a clause: when, by which office, with what result, in which paper."""

    on: date | None = None
    office: str = ""
    result: Literal["no_harm", "harm_with_exception", "not_done"]
    document: str = ""


class PolicyClause(Coded):
    """What one clause gives to whom.

    ``quota`` is how many enterprises get it, first come first served. ``town_percent`` of it is paid by the town of the
    enterprise, the rest by the district. ``publication`` is None where no text gives its days: whoever publishes states
    them. ``source`` where it differs from the policy's.
    """

    text: Text
    when: Clause
    benefit: Benefit
    group: Key | None = None
    quota: Annotated[int, Field(ge=1)] | None = None
    budget: Budget | None = None
    town_percent: Percent = 0.0
    period: Window = Field(default_factory=lambda: Window.model_validate({}))
    claims: Window = Field(default_factory=lambda: Window.model_validate({}))
    review: Review
    publication: Publication | None = None
    source: Source | None = None


class Policy(Coded):
    """A policy of one level: its clauses, what stands against all of them, and what it may cost.

    ``office`` is in charge of it. ``vetoes`` refuse every clause as soon as one holds. Both days of ``period`` belong
    to it.
    """

    level: Level
    about: Text
    office: str
    source: Source
    period: Window
    parameters: tuple[Parameter, ...] = ()
    groups: tuple[Group, ...] = ()
    vetoes: tuple[Clause, ...] = ()
    budget: Budget | None = None
    clauses: Annotated[tuple[PolicyClause, ...], Field(min_length=1)]

    def clause(self, key: str) -> PolicyClause | None:
        """Return a clause by its key."""
        return next((clause for clause in self.clauses if clause.key == key), None)

    def number(self, bound: Bound, on: date) -> float:
        """Return a number of the policy on a day; raise KeyError where its parameter has no value that day."""
        if not isinstance(bound, str):
            return bound
        value = next(one for one in self.parameters if one.key == bound).on(on)
        if value is None:
            raise KeyError(bound)
        return value.value

    def is_claimable(self, clause: PolicyClause) -> bool:
        """Say whether anybody may rest a claim on a clause: not where it is made up."""
        return (clause.source or self.source).confidence != "synthetic"

    def scheme(self, clause: PolicyClause) -> Scheme:
        """Return who is entitled to a clause as a scheme of rules; the clause is what it grants."""
        return Scheme(
            key=self.key,
            title=clause.title,
            grants=clause.key,
            family="policy",
            level=self.level,
            about=clause.text,
            source=clause.source or self.source,
            applies=(Applies.model_validate({}),),
            parameters=self.parameters,
            clause=clause.when,
            vetoes=self.vetoes,
        )


@dataclass(frozen=True)
class Term:
    """One clause as the law of a day: what is given, and every number of it in force that day."""

    policy: Policy
    clause: PolicyClause
    on: date

    @property
    def key(self) -> tuple[str, str]:
        """The keys of the policy and of the clause."""
        return self.policy.key, self.clause.key

    def fen(self, bound: Bound) -> int:
        """Return an amount in CNY, or the parameter that holds one, in fen."""
        return fen_of(self.policy.number(bound, self.on))

    def share(self, percent: Bound) -> Fraction:
        """Return a number in percent, or the parameter that holds one, as an exact share."""
        return Fraction(str(self.policy.number(percent, self.on))) / 100


def terms(policies: tuple[Policy, ...], on: date) -> tuple[Term, ...]:
    """Return the clauses in force on a day, in the order of the policies."""
    return tuple(
        Term(policy, clause, on)
        for policy in policies
        if policy.period.holds(on)
        for clause in policy.clauses
        if clause.period.holds(on)
    )


def fen_of(cny: float) -> int:
    """Return CNY in whole fen.

    >>> fen_of(0.29)
    29
    """
    return int(np.rint(cny * 100))


def quantities_of(benefit: Benefit) -> Iterator[Key]:
    """Yield the quantities that an amount rests on."""
    if isinstance(benefit, Interest):
        yield from (benefit.principal, benefit.days)
    elif not isinstance(benefit, Fixed):
        yield benefit.quantity


def bounds_of(clause: PolicyClause) -> Iterator[Bound]:
    """Yield every number of a clause beside those of its condition."""
    benefit = clause.benefit
    if isinstance(benefit, Tiered):
        yield from (bound for band in benefit.bands for bound in (band.at_least, band.amount_cny))
    elif isinstance(benefit, Fixed):
        yield benefit.amount_cny
    else:
        yield from (benefit.percent, benefit.most_cny)
    if clause.budget:
        yield clause.budget.amount_cny


def worth(term: Term, values: Callable[[Key], Floats], size: int) -> tuple[Fen, Fen]:
    """Return the least and the most fen that each enterprise gets if it is entitled.

    ``values`` gives a quantity as f8[size], NaN where it is unknown; money in CNY, days in whole days. A quantity below
    0 gives nothing.
    """
    benefit = term.clause.benefit
    if isinstance(benefit, Fixed):
        amount = np.full(size, term.fen(benefit.amount_cny), dtype=np.int64)
        return amount, amount
    if isinstance(benefit, Tiered):
        return _tiered(term, benefit, values(benefit.quantity))
    most, share = term.fen(benefit.most_cny), term.share(benefit.percent)
    if isinstance(benefit, Rate):
        return _capped(take(_fen(values(benefit.quantity)), share), most, np.isnan(values(benefit.quantity)))
    principal, days = values(benefit.principal), values(benefit.days)
    whole_days = np.maximum(np.nan_to_num(days), 0).astype(np.int64)
    given = take(_fen(principal), share / DAYS_OF_A_YEAR, whole_days)
    return _capped(given, most, np.isnan(principal) | np.isnan(days))


def take(fen: Fen, share: Fraction, times: Fen | int = 1) -> Fen:
    """Return ``fen * share * times``, rounded half up to whole fen, exactly and without overflow.

    >>> take(np.array([1005]), Fraction(1, 10)).tolist()
    [101]
    """
    whole, rest = np.divmod(fen, share.denominator)
    up, down = share.numerator * times, share.denominator
    return np.asarray(whole * up + (2 * rest * up + down) // (2 * down), dtype=np.int64)


def _fen(cny: Floats) -> Fen:
    return np.rint(np.maximum(np.nan_to_num(cny), 0) * 100).astype(np.int64)


def _capped(amount: Fen, most: int, is_unknown: npt.NDArray[np.bool_]) -> tuple[Fen, Fen]:
    known = np.minimum(amount, most)
    return np.where(is_unknown, 0, known), np.where(is_unknown, most, known)


def _tiered(term: Term, benefit: Tiered, values: Floats) -> tuple[Fen, Fen]:
    bands = sorted((term.policy.number(one.at_least, term.on), term.fen(one.amount_cny)) for one in benefit.bands)
    amounts = np.array([0, *(amount for _, amount in bands)], dtype=np.int64)
    given = amounts[np.searchsorted([bound for bound, _ in bands], np.nan_to_num(values, nan=-np.inf), side="right")]
    unknown = np.isnan(values)
    return given, np.where(unknown, amounts.max(), given)
