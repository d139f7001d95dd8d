"""What to ask an enterprise about its entitlements: only what can still change an amount, most money first."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np

from liankit.rules.benefits import quantities_of
from liankit.rules.decisive import decisive
from liankit.rules.evaluate import Grades, Judged
from liankit.rules.formulas import inputs_of
from liankit.rules.panel import Panel
from liankit.rules.policies import Entitled, stacks
from liankit.rules.quantities import value_of
from liankit.rules.scheme import Clause, Compare, Score
from liankit.rules.vocabulary import Input


class Question(NamedTuple):
    """An input that is not known, and how many fen hang on it and on what is asked beside it."""

    input: Input
    fen: int


def questions(entitled: Entitled, row: int) -> list[Question]:
    """Return what to ask one enterprise: the unknown inputs that can change what a clause gives it, most money first.

    Nothing is asked of a clause that is refused already, of a part of it that is decided, of one that a better one
    displaces whatever is answered, or of a quantity none of whose values changes an amount (``decisive``). Of equal
    stakes the input that more clauses wait for comes first, then the order of the vocabulary.
    """
    width = _widths(entitled, row)
    conditions = {at: frozenset(_open_of(entitled, at, row)) for at in width}
    changing = decisive(entitled, row, conditions)
    stakes: dict[str, int] = {}
    waiting: dict[str, int] = {}
    for at in width:
        asked = (conditions[at] & changing) | frozenset(_of_vetoes(entitled.grades[at], row))
        for name in _inputs(entitled.panel, asked, row):
            stakes[name] = stakes.get(name, 0) + width[at]
            waiting[name] = waiting.get(name, 0) + 1
    found = [one for one in entitled.panel.vocabulary.inputs if one.key in stakes]
    found.sort(key=lambda one: (-stakes[one.key], -waiting[one.key]))
    return [Question(one, stakes[one.key]) for one in found]


def _widths(entitled: Entitled, row: int) -> dict[int, int]:
    """Return the fen that are open by clause; an undecided one that gives nothing may displace one."""
    money, outcome = entitled.stages["stacking"], entitled.outcome[row]
    own = (money.high[row] - money.low[row]).tolist()
    width = {at: fen for at, fen in enumerate(own) if fen}
    for stack in stacks(entitled.terms):
        most = max(own[at] for at in stack.columns)
        width |= {at: most for at in stack.columns if most and not own[at] and outcome[at] == -1}
    return width


def _open_of(entitled: Entitled, column: int, row: int) -> Iterator[str]:
    """Yield the unknown quantities of a clause that are not decided: of its condition and of its amount."""
    grades, benefit = entitled.grades[column], entitled.terms[column].clause.benefit
    held = {id(judged.node): judged for judged in grades.clauses}
    yield from _open_quantities(grades.scheme.clause, held, row)
    yield from (key for key in quantities_of(benefit) if np.isnan(value_of(entitled.panel, key)[row]))


def _of_vetoes(grades: Grades, row: int) -> Iterator[str]:
    held = {id(judged.node): judged for judged in grades.clauses}
    for veto in grades.scheme.vetoes:
        yield from _open_quantities(veto, held, row)


def _inputs(panel: Panel, quantities: Collection[str], row: int) -> set[str]:
    formulas = {one.key: one.formula for one in panel.vocabulary.quantities}
    names = {name for key in quantities for name in inputs_of(key, formulas)}
    return {name for name in names if is_unknown(panel, name, row)}


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
