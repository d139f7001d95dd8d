"""The small language in which a report says how each of its numbers follows from others.

An expression is a mapping: ``do`` names the operation, the other keys its arguments. An argument is the id of a
quantity, or a list of ids; ``equal``, ``counting`` and ``direction`` are words. Arithmetic is exact, on fractions, so
that two programs that recompute a report agree to the last digit. What follows from something unknown is unknown.

>>> evaluate({"do": "ratio", "of": "a", "by": "b"}, {"a": "2", "b": "3"}.get)
Fraction(2, 3)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from math import prod
from typing import Any

from liankit.errors import UserError, nearest

Value = str | Fraction | None
Expression = Mapping[str, Any]
WORDS = frozenset({"do", "equal", "counting", "direction"})
"""Keys of an expression whose value is a word; all others name quantities."""


ADDS_UP = ("cumulative", "within")
"""Ways of counting whose values only add up: their completion is of the whole goal, whatever the baseline."""


class Expressed:
    """The arguments of one expression: read by name, each as what the operation takes."""

    def __init__(self, expression: Expression, find: Callable[[str], Value]) -> None:
        self._expression, self._find = expression, find

    def word(self, name: str) -> str:
        return str(self._expression.get(name, ""))

    def number(self, name: str) -> Fraction | None:
        return as_number(self._find(self._expression[name])) if name in self._expression else None

    def day(self, name: str) -> Fraction | None:
        said = self._find(self._expression[name])
        return None if said is None else Fraction(date.fromisoformat(str(said)).toordinal())

    def texts(self) -> list[str | None]:
        return [None if said is None else str(said) for said in map(self._find, self._expression["of"])]

    def numbers(self, argument: str = "of") -> list[Fraction | None]:
        return [as_number(self._find(name)) for name in self._expression[argument]]


def evaluate(expression: Expression, find: Callable[[str], Value]) -> Fraction | None:
    """Return what an expression comes to; ``find`` gives a quantity by its id: a decimal, a date, a word or None.

    None: something it needs is unknown, or it divides by zero. Raises UserError for an expression that is none.
    """
    name = str(expression.get("do", ""))
    if name not in OPERATIONS:
        raise UserError(f"'{name}' is no operation of a report.{nearest(name, OPERATIONS)}")
    try:
        return OPERATIONS[name](Expressed(expression, find))
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"The operation '{name}' cannot be done: {error}.") from error


def needs(expression: Expression) -> list[str]:
    """Return the ids of the quantities that an expression names, in its order."""
    said = [value for key, value in expression.items() if key not in WORDS]
    return [name for value in said for name in ([value] if isinstance(value, str) else value)]


def as_number(value: Value) -> Fraction | None:
    """Return a quantity as an exact number; None stays None."""
    return None if value is None else Fraction(value)


def rounded(value: Fraction, places: int) -> str:
    """Return a number with so many decimal places, halves away from zero.

    >>> rounded(Fraction(2, 3), 2), rounded(Fraction(-5, 2), 0)
    ('0.67', '-3')
    """
    whole = int(abs(value) * 10**places + Fraction(1, 2))
    digits = str(whole).rjust(places + 1, "0")
    said = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{said}" if value < 0 and whole else said


def _all_known(found: Sequence[Fraction | None]) -> list[Fraction] | None:
    known = [one for one in found if one is not None]
    return known if len(known) == len(found) else None


def _sum(said: Expressed) -> Fraction | None:
    known = _all_known(said.numbers())
    return None if known is None else sum(known, Fraction())


def _max(said: Expressed) -> Fraction | None:
    return max(_all_known(said.numbers()) or [], default=None)


def _count(said: Expressed) -> Fraction | None:
    texts, equal = said.texts(), said.word("equal")
    return Fraction(sum(text == equal if equal else text is not None for text in texts))


def _difference(said: Expressed) -> Fraction | None:
    left, right = said.number("of"), said.number("less")
    return None if left is None or right is None else left - right


def _ratio(said: Expressed) -> Fraction | None:
    return _divided(said.number("of"), said.number("by"))


def _share(said: Expressed) -> Fraction | None:
    return _divided(said.number("part"), _sum(said))


def _completion(said: Expressed) -> Fraction | None:
    """Completion as the monitoring of plans reckons it: of the goal, or of the way from the baseline to the goal."""
    value, goal, baseline = said.number("value"), said.number("goal"), said.number("baseline")
    if value is None or goal is None:
        return None
    if baseline is not None and said.word("counting") not in ADDS_UP:
        return _divided(value - baseline, goal - baseline)
    return _divided(goal, value) if said.word("direction") == "down" else _divided(value, goal)


def _grade(said: Expressed) -> Fraction | None:
    """Four levels as ``liankit.plan.judgement`` gives them: 4 reached early, 3 ahead, 2 on track, 1 behind."""
    done, time, ahead, behind = (said.number(name) for name in ("completion", "time", "ahead", "behind"))
    if time is None or ahead is None or behind is None:
        return None
    if done is None:
        return Fraction(1) if time >= 1 else None
    if done >= 1:
        return Fraction(4 if time < 1 else 2)
    if time >= 1 or done - time < -behind:
        return Fraction(1)
    return Fraction(3 if done - time > ahead else 2)


def _weighted(said: Expressed) -> Fraction | None:
    """Mean by weights of what is known, which carries the weight of what is not, and what is added to it."""
    found, weights, plus = said.numbers(), said.numbers("weights"), _all_known(said.numbers("plus"))
    pairs = [(one, weight) for one, weight in zip(found, weights, strict=True) if one is not None]
    mean = _divided(
        sum((one * (weight or 0) for one, weight in pairs), Fraction()),
        sum((weight or Fraction() for _one, weight in pairs), Fraction()),
    )
    return None if mean is None or plus is None else mean + sum(plus, Fraction())


def _rank(said: Expressed) -> Fraction | None:
    """One more than how many of those known are greater; equal to a millionth is equal."""
    own = said.number("of")
    others = (one for one in said.numbers("among") if one is not None)
    return None if own is None else 1 + Fraction(sum(_millionths(one) > _millionths(own) for one in others))


def _reaching(said: Expressed) -> Fraction | None:
    """How many of those known are not less."""
    own = said.number("of")
    others = (one for one in said.numbers("among") if one is not None)
    return None if own is None else Fraction(sum(_millionths(one) >= _millionths(own) for one in others))


def _millionths(value: Fraction) -> int:
    return round(value * 1_000_000)


def _product(said: Expressed) -> Fraction | None:
    known = _all_known(said.numbers())
    return None if known is None else prod(known, start=Fraction(1))


def _days(said: Expressed) -> Fraction | None:
    start, end = said.day("start"), said.day("end")
    return None if start is None or end is None else end - start


def _time_progress(said: Expressed) -> Fraction | None:
    day, start, end = said.day("day"), said.day("start"), said.day("end")
    if day is None or start is None or end is None:
        return None
    gone = _divided(day - start, end - start)
    return None if gone is None else min(max(gone, Fraction()), Fraction(1))


def _divided(left: Fraction | None, right: Fraction | None) -> Fraction | None:
    return None if left is None or not right else left / right


OPERATIONS: Mapping[str, Callable[[Expressed], Fraction | None]] = {
    "take": lambda said: said.number("of"),
    "sum": _sum,
    "count": _count,
    "max": _max,
    "product": _product,
    "difference": _difference,
    "ratio": _ratio,
    "share": _share,
    "completion": _completion,
    "days": _days,
    "time_progress": _time_progress,
    "grade": _grade,
    "weighted": _weighted,
    "rank": _rank,
    "reaching": _reaching,
}
