"""The numbers of a report, each with an id, and the inputs from which they follow.

A text holds a number as a mark, its id between two signs that no other text can hold (``mark``, ``parts``), so that
one text serves Word, PDF and Excel, and each keeps the number under its id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from liankit.plan.report.language import Expression, as_number, evaluate, rounded

_OPEN, _CLOSE = "\ue000", "\ue001"  # private signs: not printable, so no cleaned text holds them
_MARK = re.compile(f"{_OPEN}(\\w+){_CLOSE}")


@dataclass(frozen=True)
class Input:
    """What a number was computed from: a decimal, an ISO date or a word; None is unknown."""

    id: str
    label: str
    value: str | None
    source: str
    evidence: str = ""  # hash of the file that shows it


@dataclass(frozen=True)
class Number:
    """A number as the report prints it: ``value`` is ``scale`` times what ``how`` comes to, rounded to ``places``."""

    id: str
    label: str
    unit: str
    value: str | None  # None: unknown
    places: int
    scale: int
    how: Expression | None  # None: cannot be recomputed from the inputs, only traced to its source
    source: str = ""


class Ledger:
    """Keeps inputs and numbers in the order in which a report made them; ids count from 1."""

    def __init__(self) -> None:
        self.inputs: dict[str, Input] = {}
        self.numbers: dict[str, Number] = {}
        self._exact: dict[str, Fraction | None] = {}

    def input(self, label: str, value: object, source: str, *, evidence: str = "") -> str:
        """Keep an input; return its id. A float is kept as its shortest decimal."""
        name = f"inp_{len(self.inputs) + 1:04}"
        self.inputs[name] = Input(name, label, None if value is None else str(value), source, evidence)
        return name

    def number(self, label: str, how: Expression, *, unit: str = "", places: int = 0, scale: int = 1) -> str:
        """Keep a number that follows from inputs and earlier numbers; return its id."""
        exact = evaluate(how, self.value_of)
        value = None if exact is None else rounded(exact * scale, places)
        return self._keep(Number(self._next(), label, unit, value, places, scale, how), exact)

    def traced(self, label: str, value: float | None, source: str, *, unit: str = "", places: int = 0) -> str:
        """Keep a number that a model gave: whoever checks can follow it to its source and no further."""
        exact = as_number(None if value is None else str(value))
        shown = None if exact is None else rounded(exact, places)
        return self._keep(Number(self._next(), label, unit, shown, places, 1, None, source), exact)

    def value_of(self, name: str) -> str | Fraction | None:
        """Return an input as it was stated, or a number before it was rounded."""
        return self.inputs[name].value if name in self.inputs else self._exact[name]

    def _next(self) -> str:
        return f"num_{len(self.numbers) + 1:04}"

    def _keep(self, made: Number, exact: Fraction | None) -> str:
        self.numbers[made.id], self._exact[made.id] = made, exact
        return made.id


def mark(name: str) -> str:
    """Return the mark of a number, to be put into a text."""
    return f"{_OPEN}{name}{_CLOSE}"


def parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a text: ("", words) and (id of a number, "")."""
    for place, piece in enumerate(_MARK.split(text)):
        if place % 2:
            yield piece, ""
        elif piece:
            yield "", piece


def printable(text: str) -> str:
    """Return a text without control signs and marks: what a person may have typed, safe to print."""
    return "".join(sign for sign in text if sign.isprintable())
