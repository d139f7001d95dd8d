"""Examples of a scheme as its tests: grade what each says, and tell where what comes out is not what it expects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from liankit.rules.evaluate import Grades, Judged, grade
from liankit.rules.example_facts import facts_of
from liankit.rules.formulas import inputs_of
from liankit.rules.panel import build_panel
from liankit.rules.scheme import Example, Item, Scheme, Score, quantities_in
from liankit.rules.vocabulary import Vocabulary

_TOLD = {1: "yes", 0: "no", -1: "unknown"}


@dataclass(frozen=True)
class Ran:
    """What an example came to: the outcome, that of every clause, the points; ``differences`` from what it expects."""

    example: Example
    outcome: str
    clauses: Mapping[str, str]
    points: Mapping[str, tuple[float, float]]
    differences: tuple[str, ...]


def run_all(scheme: Scheme, vocabulary: Vocabulary) -> list[Ran]:
    """Return what the examples of a scheme came to, in their order.

    An application that the scheme does not govern on the day comes to "no": it is not taken under this scheme.
    Raises FactError where a fact is not of the kind of its input.
    """
    ran = {
        place: _ran(scheme, scheme.examples[place], grades, row)
        for grades, places in graded(scheme, vocabulary)
        for row, place in enumerate(places)
    }
    return [ran[place] for place in range(len(scheme.examples))]


def graded(scheme: Scheme, vocabulary: Vocabulary) -> Iterator[tuple[Grades, tuple[int, ...]]]:
    """Yield the grades of the examples of each day, and their places among the examples of the scheme."""
    facts = facts_of(scheme, scheme.examples, vocabulary)
    vocabulary = spoken_by(scheme, vocabulary)
    for day in sorted({one.on for one in scheme.examples}):
        places = tuple(place for place, one in enumerate(scheme.examples) if one.on == day)
        enterprises = pl.Series(map(str, places), dtype=pl.String)
        yield grade([scheme], build_panel(facts, vocabulary, day, enterprises))[0], places


def spoken_by(scheme: Scheme, vocabulary: Vocabulary) -> Vocabulary:
    """Return the vocabulary with only the inputs that a scheme rests on: a panel, or a file, costs by input."""
    formulas = vocabulary.formulas
    asked = frozenset[str]().union(*(inputs_of(key, formulas) for key in quantities_in(scheme)))
    return vocabulary.model_copy(update={"inputs": tuple(one for one in vocabulary.inputs if one.key in asked)})


def _ran(scheme: Scheme, example: Example, grades: Grades, row: int) -> Ran:
    is_taken = scheme.governs(example.application, example.on)
    outcome = _TOLD[int(grades.outcome[row])] if is_taken else "no"
    clauses = {one.node.key: _TOLD[int(one.holds[row])] for one in grades.clauses if not isinstance(one.node, Item)}
    counted = [one for one in grades.clauses if isinstance(one.node, Score | Item)]
    points = {one.node.key: (float(one.low[row]), float(one.high[row])) for one in counted}
    ran = Ran(example, outcome, clauses, points, ())
    why = _why(grades, row) if is_taken else f"this scheme governs no such application on {example.on}"
    return Ran(example, outcome, clauses, points, tuple(_differences(ran, why)))


def _differences(ran: Ran, why: str) -> Iterator[str]:
    example = ran.example
    if ran.outcome != example.expect:
        yield f"the outcome is {ran.outcome}, not {example.expect}; {why}"
    for key, expected in example.clauses.items():
        if ran.clauses.get(key) != expected:
            yield f"the clause {key} is {ran.clauses.get(key, 'no clause')}, not {expected}"
    for key, number in example.points.items():
        low, high = ran.points[key]
        if not np.allclose([low, high], number, rtol=0, atol=1e-4):
            yield f"the points of {key} are {low:g}{'' if low == high else f' to {high:g}'}, not {number:g}"


def _why(grades: Grades, row: int) -> str:
    """Name the clauses without parts that do not hold, or are not known."""
    said = {0: "not met: ", -1: "not known: "}
    leaves = [one for one in grades.clauses if not hasattr(one.node, "parts") and not isinstance(one.node, Item)]
    told = [
        word + ", ".join(_named(one, row) for one in leaves if one.holds[row] == truth)
        for truth, word in said.items()
        if any(one.holds[row] == truth for one in leaves)
    ]
    return "; ".join(told) or "every clause holds"


def _named(judged: Judged, row: int) -> str:
    value = judged.low[row] if len(judged.low) else np.nan
    return judged.node.key if np.isnan(value) else f"{judged.node.key} ({value:g})"
