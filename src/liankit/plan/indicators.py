"""An indicator as data: what is counted, in what unit, from which records, and which office answers for it."""

from __future__ import annotations

from typing import Any, Literal

from liankit.process.check import DefinitionError, Fault, build_part
from liankit.process.definition import Coded, Key, Part, Text

Counting = Literal["cumulative", "within", "level", "rate", "growth"]
Period = Literal["month", "quarter", "year"]
MONTHS = {"month": 1, "quarter": 3, "year": 12}
"""Months of a period."""


class Computed(Part):
    """A source of records: the name of the metric that counts them, and ``of`` which of them, by name."""

    metric: Key
    of: tuple[str, ...] = ()


class Indicator(Coded):
    """One indicator. A ``unit`` of share is a number from 0 to 1; ``numerator`` and ``denominator`` say of what."""

    definition: Text
    unit: Text | Literal["share"]
    numerator: Text | None = None
    denominator: Text | None = None
    direction: Literal["up", "down"] = "up"
    counting: Counting
    period: Period
    disaggregation: Literal["none", "town", "office"] = "none"
    source: Computed | Literal["entered"]
    owner: Key
    contributors: tuple[Key, ...] = ()
    needs_approval: bool = True

    @property
    def is_entered(self) -> bool:
        """Whether people enter its values; else they are counted from records."""
        return self.source == "entered"

    @property
    def offices(self) -> tuple[str, ...]:
        """The owner and those that contribute."""
        return (self.owner, *self.contributors)


def build_indicator(body: Any, file: str) -> Indicator:
    """Return the indicator that a parsed body says; raise DefinitionError with every mistake.

    >>> build_indicator({"key": "listed"}, "listed.yaml")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    liankit.process.check.DefinitionError: listed.yaml: ... to mend, nothing was taken over...
    """
    found = build_part(Indicator, body, file)
    if (found.unit == "share") != (found.denominator is not None):
        raise DefinitionError(
            file, [Fault("denominator", "a share names what it is a share of; nothing else has one.")]
        )
    return found
