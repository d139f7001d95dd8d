"""From what is known of enterprises to the table that a method judges, and a method's own examples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from liankit.process.check import Fault, unknown
from liankit.rules.panel import Panel
from liankit.rules.per_mu import Assessment, assess
from liankit.rules.per_mu_method import Example, Method
from liankit.rules.quantities import codes_of, value_of
from liankit.rules.vocabulary import Vocabulary

TOLERANCE = 5e-5
"""Published scores have four decimals."""


@dataclass(frozen=True)
class Ran:
    """An example with the score that came out, an interval."""

    example: Example
    low: float
    high: float

    @property
    def holds(self) -> bool:
        """Say whether that is the score it names."""
        told = self.example.score
        low, high = told if isinstance(told, tuple) else (told, told)
        return abs(self.low - low) <= TOLERANCE and abs(self.high - high) <= TOLERANCE


def table_of(method: Method, panel: Panel) -> pl.DataFrame:
    """Return the quantities of a method for every enterprise of a panel, as ``per_mu.assess`` takes them.

    Raises FormulaError where the vocabulary lacks a quantity.
    """
    columns: dict[str, object] = {"enterprise": panel.enterprises.cast(pl.String)}
    columns |= {name: value_of(panel, name) for name in method.quantities}
    if method.plot_owner:
        places, codes = codes_of(panel, method.plot_owner)
        columns[method.plot_owner] = pl.Series([*codes, None], dtype=pl.String).gather(
            np.where(places < 0, len(codes), places)
        )
    return pl.DataFrame(columns)


def unknown_quantities(method: Method, vocabulary: Vocabulary) -> Iterator[Fault]:
    """Yield a fault for each name of a method that no input and no quantity has."""
    names = [one.key for one in (*vocabulary.inputs, *vocabulary.quantities)]
    yield from unknown("quantities", method.quantities, names, "quantity")
    yield from unknown("plot_owner", [method.plot_owner] if method.plot_owner else [], names, "input")


def run_examples(method: Method) -> tuple[Ran, ...]:
    """Score each example of a method, alone in its group."""
    return tuple(_run(method, example) for example in method.examples)


def _run(method: Method, example: Example) -> Ran:
    found = worked(method, example)
    return Ran(example, float(found.low[0]), float(found.high[0]))


def worked(method: Method, example: Example) -> Assessment:
    """Return the scoring of an example, alone in its group: its reasons are the steps of the calculation.

    The one enterprise of its table is called as the example is.
    """
    group = method.group(example.group).model_copy(update={"when": (), "tenants": "together"})
    alone = method.model_copy(update={"groups": (group,), "exclusions": (), "adjustments": (), "steps": ()})
    alone = alone.model_copy(update={"tenant": None, "plot_owner": None})
    values = {name: [example.values.get(name)] for name in alone.quantities}
    table = pl.DataFrame({"enterprise": [example.name], **values})
    return assess(alone, table, example.year)
