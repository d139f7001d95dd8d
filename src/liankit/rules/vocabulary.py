"""What schemes speak of: inputs that are known of an enterprise, and named quantities as formulas over them.

A formula is written as in a spreadsheet (``share(rd_expense_cny, revenue_cny)``); ``quantities`` says what it may hold.
Vocabularies of several packs and families are joined into one; a name means one thing.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from liankit.process.definition import Coded, Key, Part, Text

InputKind = Literal["yearly", "standing", "flag", "date", "category", "events"]
"""What an input is.

yearly: a number a calendar year (a fact dated within the year); standing: the latest number by the day of the law;
flag: the latest yes or no; date: a day; category: the latest of some codes; events: dated rows, each with a code, an
amount and a last day where it has them (patents, awards, rounds of equity, titles).
"""
Direction = Literal["up", "down", "none"]
"""Whether more is better, less is, or neither."""


class Change(Part):
    """How an input can be moved, for the shortest way up: what one step costs and how long it takes.

    ``effort`` is the weight of one step, ``step`` its size in the unit of the input (below 0: it is brought down; of
    events: the number that one more carries), ``days`` the least calendar days until it counts, ``most`` the steps that
    can be taken. ``code`` is the code that a new event, or the changed category, carries.
    """

    effort: Annotated[float, Field(gt=0)]
    step: float = 1.0
    days: Annotated[int, Field(ge=0)] = 0
    most: Annotated[int, Field(ge=1, le=200)] = 10
    code: str = ""


class Code(Part):
    """A code of a category or of events with its title; ``names`` are what tables call it beside the Chinese title."""

    code: Key
    title: Text
    names: tuple[str, ...] = ()


class Input(Coded):
    """Something that is known, or not, of an enterprise; ``ask`` is the question that settles it.

    ``complete`` events are a register: who is not in it has none. Other events of an enterprise are unknown until one
    row names it; a row with the text ``none`` says that there are none. ``yearly_gain`` is what a calendar year adds to
    a yearly input by itself (years in a market: 1). ``codes`` are those that a category or events can carry.
    """

    kind: InputKind
    unit: str = ""
    ask: Text
    codes: tuple[Code, ...] = ()
    is_complete: bool = Field(False, alias="complete")
    yearly_gain: float = 0.0
    change: Change | None = None


class Quantity(Coded):
    """A formula over inputs with the unit of its value; ``direction`` says which way is better."""

    formula: Annotated[str, Field(min_length=1, alias="is")]
    unit: str = ""
    direction: Direction = "up"


class Vocabulary(Part):
    """Inputs and quantities of one family of schemes; an input's name is also a quantity: its value, last year's."""

    key: Key
    title: Text
    inputs: tuple[Input, ...] = ()
    quantities: tuple[Quantity, ...] = ()

    @property
    def formulas(self) -> dict[str, str]:
        """The formulas of quantities by key."""
        return {one.key: one.formula for one in self.quantities}

    @property
    def names(self) -> tuple[str, ...]:
        """The keys of inputs and quantities: what a clause can speak of."""
        return tuple(one.key for one in (*self.inputs, *self.quantities))
