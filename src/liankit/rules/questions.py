"""What to ask an enterprise about its entitlements: only what can still change an amount, most money first."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from liankit.rules.benefits import Term, quantities_of
from liankit.rules.evaluate import Grades, Judged
from liankit.rules.formulas import inputs_of
from liankit.rules.panel import Panel
from liankit.rules.policies import Entitled
from liankit.rules.quantities import value_of
from liankit.rules.scheme import Clause, Compare, Score
from liankit.rules.vocabulary import Input


class Question(NamedTuple):
    """An input that is not known, and how many fen hang on it and on what is asked beside it."""

    input: Input
    fen: int


def questions(entitled: Entitled, row: int) -> list[Question]:
    """Return what to ask one enterprise: unknown inputs of clauses whose amount is open, most money first.

    Nothing is asked of a clause that is refused already, of a part of it that is decided, or of one that a better one
    displaces. Of equal stakes the input that more clauses wait for comes first, then the order of the vocabulary.
    """
    stakes: dict[str, int] = {}
    waiting: dict[str, int] = {}
    money = entitled.stages["stacking"]
    for column, term in enumerate(entitled.terms):
        width = int(money.high[row, column] - money.low[row, column])
        for name in _open_inputs(entitled, column, term, row) if width else ():
            stakes[name] = stakes.get(name, 0) + width
            waiting[name] = waiting.get(name, 0) + 1
    asked = [one for one in entitled.panel.vocabulary.inputs if one.key in stakes]
    asked.sort(key=lambda one: (-stakes[one.key], -waiting[one.key]))
    return [Question(one, stakes[one.key]) for one in asked]


def _open_inputs(entitled: Entitled, column: int, term: Term, row: int) -> set[str]:
    panel, grades = entitled.panel, entitled.grades[column]
    held = {id(judged.node): judged for judged in grades.clauses}
    quantities = {
        *(key for clause in _conditions(grades) for key in _open_quantities(clause, held, row)),
        *(key for key in quantities_of(term.clause.benefit) if np.isnan(value_of(panel, key)[row])),
    }
    formulas = {one.key: one.formula for one in panel.vocabulary.quantities}
    inputs = {name for key in quantities for name in inputs_of(key, formulas)}
    return {name for name in inputs if is_unknown(panel, name, row)}


def _conditions(grades: Grades) -> tuple[Clause, ...]:
    return (grades.scheme.clause, *grades.scheme.vetoes)


def _open_quantities(clause: Clause, held: dict[int, Judged], row: int) -> Iterator[str]:
    """Yield the quantities of the undecided leaves below undecided clauses."""
    if held[id(clause)].holds[row] != -1:
        return
    if isinstance(clause, Compare):
        yield clause.quantity
    elif isinstance(clause, Score):
        for item in clause.items:
            yield from (item.quantity,) if item.quantity else ()
            for case in (*item.first, *item.each):
                yield from _open_quantities(case.when, held, row)
    else:
        for part in clause.parts:
            yield from _open_quantities(part, held, row)


def is_unknown(panel: Panel, name: str, row: int) -> bool:
    """Say whether an input of an enterprise is not known; of a yearly one, one of the last two years."""
    if name in panel.yearly:
        last = panel.yearly[name][-2:, row]
        return bool(np.isnan(last).any() or len(last) < 2)
    if name in panel.single:
        return bool(np.isnan(panel.single[name][row]))
    if name in panel.coded:
        return bool(panel.coded[name][0][row] < 0)
    return not panel.events[name].is_known[row]
