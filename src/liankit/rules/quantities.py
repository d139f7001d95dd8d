"""Quantities of enterprises, vectorised: what the functions of formulas compute over a panel.

A series is (years, enterprises) and ends with the last year that has ended; a value is (enterprises). NaN is unknown,
and whatever rests on something unknown is unknown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce

import numpy as np
import numpy.typing as npt

from liankit.rules.formulas import Binary, Call, Formula, FormulaError, Name, Number, parse_formula
from liankit.rules.panel import UNDATED, Floats, Ints, Panel, day_number


def value_of(panel: Panel, key: str) -> Floats:
    """Return a quantity, or an input, of every enterprise of a panel: (enterprises,), NaN where it is unknown.

    Raises FormulaError where no input or quantity has the name, or its formula cannot be computed.
    """
    return _last(series_of(panel, key))


def series_of(panel: Panel, key: str) -> Floats:
    """Return what a name stands for, as a series where it is one; computed once a panel."""
    if key not in panel.computed:
        panel.computed[key] = _named(panel, key)
    return panel.computed[key]


def codes_of(panel: Panel, key: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Return the codes of a category as places in a table (-1: unknown), and the table."""
    if key not in panel.coded:
        raise FormulaError(f"'{key}' is no category. Name one.")
    return panel.coded[key]


def _named(panel: Panel, key: str) -> Floats:
    for kind in (panel.yearly, panel.single):
        if key in kind:
            return kind[key]
    formula = panel.formulas.get(key)
    if formula is None:
        raise FormulaError(f"'{key}' has no value of its own: it is no quantity, and no input that is a number.")
    return _computed(panel, parse_formula(formula))


def _computed(panel: Panel, formula: Formula) -> Floats:
    if isinstance(formula, Number):
        return np.full(len(panel), formula.value)
    if isinstance(formula, Name):
        return series_of(panel, formula.key)
    if isinstance(formula, Binary):
        return _joined(formula.operator, _computed(panel, formula.left), _computed(panel, formula.right))
    return FUNCTIONS[formula.function].compute(panel, formula)


def _joined(operator: str, left: Floats, right: Floats) -> Floats:
    if operator == "/":
        return _ratio(left, right)
    return {"+": np.add, "-": np.subtract, "*": np.multiply}[operator](left, right)


def _ratio(left: Floats, right: Floats) -> Floats:
    """Divide; what is over nothing is unknown."""
    return np.divide(left, right, out=np.full(np.broadcast_shapes(left.shape, right.shape), np.nan), where=right != 0)


def _last(values: Floats) -> Floats:
    return values[-1] if values.ndim == 2 else values


def _window(values: Floats, years: float, call: Call) -> Floats:
    """Return the last years of a series, as many as asked; those before the panel's first are unknown."""
    if values.ndim != 2:
        raise FormulaError(f"{call.function} is taken over years: give it something yearly.")
    size = int(years)
    missing = np.full((max(0, size - len(values)), values.shape[1]), np.nan)
    return np.concatenate([missing, values[-size:]]) if len(missing) else values[-size:]


def _over_years(compute: Callable[[Floats], Floats], extra: int = 0) -> Callable[[Panel, Call], Floats]:
    """Return a function of the last n years (``f(x, n)``); ``extra`` years before them are needed, too."""

    def computed(panel: Panel, call: Call) -> Floats:
        return compute(_window(_computed(panel, call.parts[0]), _years(call) + extra, call))

    return computed


def _years(call: Call) -> float:
    """Return how many years a call is over: its second part, a number."""
    if len(call.parts) < 2:
        return 1.0
    years = call.parts[1]
    if not isinstance(years, Number) or years.value < 1:
        raise FormulaError(f"{call.function} is over a whole number of years, 1 or more. Write {call.function}(x, 2).")
    return years.value


def _cagr(window: Floats) -> Floats:
    first, last = window[0], window[-1]
    is_sound = (first > 0) & (last >= 0)
    ratio = _ratio(np.where(is_sound, last, np.nan), first)
    return 100 * (ratio ** (1 / (len(window) - 1)) - 1)


def _rates(window: Floats) -> Floats:
    """Return the yearly growth in percent; on a base of 0 or less there is none."""
    base = np.where(window[:-1] > 0, window[:-1], np.nan)
    return 100 * (window[1:] - window[:-1]) / base  # 15 percent of 100 is 15: a rate less 1 would fall short of it


def _rises(window: Floats) -> Floats:
    """One known year that did not grow settles it, whatever the others were."""
    steps = np.diff(window, axis=0)
    grew = np.where(np.isnan(steps).any(axis=0), np.nan, 1.0)
    return np.where((steps <= 0).any(axis=0), 0.0, grew)


def _pairwise(times: float) -> Callable[[Panel, Call], Floats]:
    def computed(panel: Panel, call: Call) -> Floats:
        left, right = (_computed(panel, part) for part in call.parts)
        return _ratio(times * left, right)

    return computed


def _before(panel: Panel, call: Call) -> Floats:
    return _window(_computed(panel, call.parts[0]), 2, call)[0]


@dataclass(frozen=True)
class _Counted:
    """The events that a call names: those that count, and of each enterprise how many may or may not."""

    row: Ints
    number: Floats
    is_known: npt.NDArray[np.bool_]
    open: npt.NDArray[np.intp]


def _events(panel: Panel, call: Call) -> _Counted:
    """Return the events that count by code, window and last day; without a code or day it is open whether one does."""
    name = call.parts[0]
    if not isinstance(name, Name) or name.key not in panel.events:
        raise FormulaError(f"{call.function} is of events. Name an input that is a list of them.")
    events = panel.events[name.key]
    counts = may = events.until >= day_number(panel.on)
    if call.codes:
        is_meant = _are_meant(events.codes, call.codes)[events.code]
        counts, may = counts & is_meant, may & (is_meant | (events.code < 0))
    years = call.option("years")
    if years is not None:
        is_late = events.day > day_number(years_before(panel.on, int(years)))
        counts, may = counts & is_late, may & (is_late | (events.day == UNDATED))
    left_open = np.bincount(events.row[may & ~counts], minlength=len(panel))
    return _Counted(events.row[counts], events.number[counts], events.is_known, left_open)


def _are_meant(codes: Sequence[str], wanted: Sequence[str]) -> npt.NDArray[np.bool_]:
    """Say of each code of a table whether a call means it; no code, which stands last, is never meant."""
    exact, starts = set(wanted), tuple(one[:-1] for one in wanted if one.endswith("*"))
    return np.array([*(code in exact or code.startswith(starts) for code in codes), False])


def years_before(day: date, years: int) -> date:
    """Return the same day so many years before; 28 February for 29 February in a year without."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)


def _count(panel: Panel, call: Call) -> Floats:
    events = _events(panel, call)
    found = np.bincount(events.row, minlength=len(panel)).astype(float)
    return np.where(events.is_known & (events.open == 0), found, np.nan)


def _amount(panel: Panel, call: Call) -> Floats:
    """Sum the numbers; an event without one makes the sum unknown."""
    events = _events(panel, call)
    found = np.bincount(events.row, weights=events.number, minlength=len(panel))
    return np.where(events.is_known & (events.open == 0), found, np.nan)


def _holds(panel: Panel, call: Call) -> Floats:
    events = _events(panel, call)
    found = np.bincount(events.row, minlength=len(panel)) > 0
    return np.where(found, 1.0, np.where(events.is_known & (events.open == 0), 0.0, np.nan))


def _since(step: int) -> Callable[[Panel, Call], Floats]:
    """Return a function of a day: whole steps of so many months, and the part of the step that has begun since."""

    def computed(panel: Panel, call: Call) -> Floats:
        since = _computed(panel, call.parts[0])
        is_known = ~np.isnan(since)
        distinct, place = np.unique(since[is_known], return_inverse=True)  # of many enterprises few days: the slow part
        days, today = distinct.astype("datetime64[D]"), np.datetime64(panel.on, "D")
        steps = (today.astype("datetime64[M]") - days.astype("datetime64[M]")).astype(int) // step
        steps = steps - (_months_after(days, step * steps) > today)
        last, following = (_months_after(days, step * (steps + more)) for more in (0, 1))
        found = np.full(len(panel), np.nan)
        found[is_known] = (steps + (today - last).astype(float) / (following - last).astype(float))[place]
        return found

    return computed


def _months_after(days: np.ndarray, months: np.ndarray) -> np.ndarray:
    """Return the same day of a later month; its last day where it has no such day (Civil Code, article 202)."""
    first = days.astype("datetime64[M]")
    start = (first + months).astype("datetime64[D]")
    last = (first + months + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    return np.minimum(start + (days - first.astype("datetime64[D]")), last)


def _days_since(panel: Panel, call: Call) -> Floats:
    return day_number(panel.on) - _computed(panel, call.parts[0])


def _is_one_of(panel: Panel, call: Call) -> Floats:
    name = call.parts[0]
    places, codes = codes_of(panel, name.key if isinstance(name, Name) else "")
    return np.where(places < 0, np.nan, _are_meant(codes, call.codes)[places].astype(float))


def _either(panel: Panel, call: Call) -> Floats:
    """Return the first that is known."""
    values = [_last(_computed(panel, part)) for part in call.parts]
    return reduce(lambda first, other: np.where(np.isnan(first), other, first), values)


@dataclass(frozen=True)
class Function:
    """A function of formulas: what it computes, from how many parts, and whether it takes codes and a window."""

    compute: Callable[[Panel, Call], Floats]
    parts: tuple[int, int]
    takes_codes: bool = False
    options: tuple[str, ...] = ()


FUNCTIONS: Mapping[str, Function] = {
    "last": Function(lambda panel, call: _last(_computed(panel, call.parts[0])), (1, 1)),
    "before": Function(_before, (1, 1)),
    "sum": Function(_over_years(lambda window: window.sum(axis=0)), (2, 2)),
    "mean": Function(_over_years(lambda window: window.mean(axis=0)), (2, 2)),
    "least": Function(_over_years(lambda window: window.min(axis=0)), (2, 2)),
    "most": Function(_over_years(lambda window: window.max(axis=0)), (2, 2)),
    "ratio": Function(_pairwise(1.0), (2, 2)),
    "share": Function(_pairwise(100.0), (2, 2)),
    "cagr": Function(_over_years(_cagr, extra=1), (2, 2)),
    "growth": Function(_over_years(lambda window: _rates(window).mean(axis=0), extra=1), (1, 2)),
    "rises": Function(_over_years(_rises, extra=1), (2, 2)),
    "count": Function(_count, (1, 1), True, ("years",)),
    "amount": Function(_amount, (1, 1), True, ("years",)),
    "holds": Function(_holds, (1, 1), True, ("years",)),
    "years_since": Function(_since(12), (1, 1)),
    "months_since": Function(_since(1), (1, 1)),
    "days_since": Function(_days_since, (1, 1)),
    "is_one_of": Function(_is_one_of, (1, 1), True),
    "either": Function(_either, (1, 9)),
}
"""Everything that a formula may call."""
