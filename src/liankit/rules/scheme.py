"""A scheme as data: a tree of clauses over quantities, dated parameters, and the applications it governs when.

Every clause is true, false or unknown; unknown is carried up by the strong logic of three values (S. Kleene,
"Introduction to Metamathematics", 1952, section 64): ``all`` is false as soon as one part is, ``any`` true as soon as
one is. Bounds are inclusive where the text says "or more", "or less" (以上、以下含本数); a value on the edge of two
bands earns the better one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag, field_validator, model_validator

from liankit.process.definition import Coded, Key, Part, Text

Confidence = Literal["verified", "recalled_high", "recalled_medium", "recalled_low", "synthetic"]
"""Read in a public text; known from memory, with what trust; or made up here, and never a ground for a claim."""
Family = Literal["ladder", "size", "listing", "talent", "brand", "policy"]
Level = Literal["national", "provincial", "municipal", "district", "exchange"]
SHORTEST_NAME = 4
"""Signs of the name of an example; Chinese says a case in few."""
Bound = float | Key
"""A number, or the key of a parameter."""


class Source(Part):
    """Where a rule or a figure is from, and how sure that is."""

    title: Text
    clause: str = ""
    url: str = ""
    confidence: Confidence


class Value(Part):
    """A value of a parameter, from and until when the law has it (both days included; None: not bounded)."""

    value: float
    start: date | None = Field(None, alias="from")
    until: date | None = Field(None, alias="to")
    source: Source | None = None  # None: the scheme's

    def holds(self, on: date) -> bool:
        """Say whether it is in force on a day."""
        return (self.start is None or self.start <= on) and (self.until is None or on <= self.until)


class Parameter(Coded):
    """A number of the scheme that the law may change."""

    unit: str = ""
    values: Annotated[tuple[Value, ...], Field(min_length=1)]

    def on(self, day: date) -> Value | None:
        """Return the value in force on a day; None where there is none."""
        return next((value for value in self.values if value.holds(day)), None)


class Node(Coded):
    """What every clause has beside its condition; ``source`` where it differs from the scheme's."""

    text: Text | None = None  # what the clause says, in our words; the title where it is short
    source: Source | None = None


class AllOf(Node):
    """Every part has to hold."""

    parts: Annotated[tuple[Clause, ...], Field(min_length=1, alias="all")]


class AnyOf(Node):
    """One part has to hold: direct routes, sets of standards."""

    parts: Annotated[tuple[Clause, ...], Field(min_length=1, alias="any")]


class LeastOf(Node):
    """At least ``count`` of the parts have to hold."""

    count: Annotated[int, Field(ge=1, alias="at_least_of")]
    parts: Annotated[tuple[Clause, ...], Field(min_length=1, alias="of")]


class Compare(Node):
    """A quantity against a bound: exactly one of the five ways of comparing.

    ``is`` compares a flag; ``one_of`` a category with codes.
    """

    quantity: Key
    at_least: Bound | None = None
    more_than: Bound | None = None
    at_most: Bound | None = None
    less_than: Bound | None = None
    is_: bool | None = Field(None, alias="is")
    one_of: tuple[str, ...] | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Compare:
        ways = (self.at_least, self.more_than, self.at_most, self.less_than, self.is_, self.one_of)
        if sum(way is not None for way in ways) != 1:
            raise ValueError("compare in one way: at_least, more_than, at_most, less_than, is or one_of.")
        return self


class Band(Part):
    """Points for a value that reaches a bound."""

    bound: Bound
    points: float


class Case(Part):
    """Points where a clause holds."""

    when: Clause
    points: float


class Item(Coded):
    """One line of a score table, in exactly one of four forms.

    ``at_least`` / ``at_most``: bands of ``quantity``, the best band that the value reaches counts, none earns 0;
    ``first``: the points of the first case that holds; ``each``: the points of all cases that hold, together at most
    ``most``; ``per``: ``points`` for every full ``per`` of ``quantity``, at most ``most``. ``part`` is its section.
    """

    part: Key | None = None
    quantity: Key | None = None
    at_least: tuple[Band, ...] = ()
    at_most: tuple[Band, ...] = ()
    first: tuple[Case, ...] = ()
    each: tuple[Case, ...] = ()
    per: float | None = None
    points: float | None = None
    most: float | None = None

    @model_validator(mode="after")
    def _one_form(self) -> Item:
        if sum(map(bool, (self.at_least, self.at_most, self.first, self.each, self.per))) != 1:
            raise ValueError("give points in one form: at_least, at_most, first, each or per.")
        if bool(self.at_least or self.at_most or self.per) != bool(self.quantity):
            raise ValueError("bands and per speak of a quantity; cases name theirs themselves.")
        if self.per and (self.points is None or self.most is None):
            raise ValueError("per needs points and most.")
        return self


class Score(Node):
    """A score table: the sum of its items against ``at_least``, and the sums of its sections against theirs.

    An unknown item is worth anything between its least and its most points; the clause is unknown while that decides.
    """

    items: Annotated[tuple[Item, ...], Field(min_length=1, alias="score")]
    at_least: Bound
    parts_at_least: Mapping[Key, Bound] = Field(default_factory=dict)


def _form(body: Any) -> str:
    """Name the kind of a clause by the key that only it has."""
    if isinstance(body, Node):
        return type(body).__name__
    kinds = {"all": "AllOf", "any": "AnyOf", "at_least_of": "LeastOf", "score": "Score"}
    return (
        next((kind for key, kind in kinds.items() if key in body), "Compare")
        if isinstance(body, Mapping)
        else "Compare"
    )


Clause = Annotated[
    Annotated[AllOf, Tag("AllOf")]
    | Annotated[AnyOf, Tag("AnyOf")]
    | Annotated[LeastOf, Tag("LeastOf")]
    | Annotated[Compare, Tag("Compare")]
    | Annotated[Score, Tag("Score")],
    Discriminator(_form),
]


class Applies(Part):
    """A kind of application that the scheme governs, from and until when (both days included; None: not bounded)."""

    application: Literal["new", "recheck"] = "new"
    start: date | None = Field(None, alias="from")
    until: date | None = Field(None, alias="to")

    def holds(self, application: str, on: date) -> bool:
        """Say whether it governs an application of a day."""
        begun = self.start is None or self.start <= on
        return self.application == application and begun and (self.until is None or on <= self.until)


class Example(Part):
    """A case in words with what is known of it and what follows; ``name`` says it in prose, a word is too short.

    A name of one language stands for both. ``facts`` maps an input to its value (yearly: year -> number; events: list
    of {date, code, number, until}).
    ``expect`` is the outcome; ``clauses`` the outcome of single clauses by key; ``points`` the total of a score by key.
    """

    name: Text
    on: date
    application: Literal["new", "recheck"] = "new"
    facts: Mapping[Key, Any] = Field(default_factory=dict)
    like: str = ""  # the English name of another: its facts, with these in place of those of the same name
    expect: Literal["yes", "no", "unknown"]
    clauses: Mapping[Key, Literal["yes", "no", "unknown"]] = Field(default_factory=dict)
    points: Mapping[Key, float] = Field(default_factory=dict)

    @field_validator("name", mode="before")
    @classmethod
    def _in_both(cls, name: Any) -> Any:
        return {"zh": name, "en": name} if isinstance(name, str) else name

    @field_validator("name")
    @classmethod
    def _in_prose(cls, name: Text) -> Text:
        if min(len(name.zh), len(name.en)) < SHORTEST_NAME:
            raise ValueError(f"say in prose what the case is, in {SHORTEST_NAME} signs or more.")
        return name


class Scheme(Coded):
    """One version of the rules for one title, set of standards or clause of a policy.

    ``grants`` is the title it leads to: several schemes, each with its own time, may grant the same. ``vetoes`` refuse
    as soon as one holds. ``valid_years`` is how long what is granted lasts. ``claimable`` is whether anyone may rest a
    claim on it: made-up thresholds are not.
    """

    grants: Key
    family: Family
    level: Level
    about: Text  # what it is for
    source: Source
    applies: Annotated[tuple[Applies, ...], Field(min_length=1)]
    valid_years: float | None = None
    parameters: tuple[Parameter, ...] = ()
    clause: Clause
    vetoes: tuple[Clause, ...] = ()
    examples: tuple[Example, ...] = ()

    @property
    def is_synthetic(self) -> bool:
        """Say whether its thresholds are made up here."""
        return self.source.confidence == "synthetic"

    def governs(self, application: str, on: date) -> bool:
        """Say whether it is the law for an application of a day."""
        return any(one.holds(application, on) for one in self.applies)


_FORMS = {AllOf: "all", AnyOf: "any", LeastOf: "at_least_of", Compare: "compare", Score: "score", Item: "item"}


def form_of(node: Clause | Item) -> str:
    """Return the name of the form of a clause or item: all, any, at_least_of, compare, score, item."""
    return _FORMS[type(node)]


def nodes_of(scheme: Scheme, *, into_items: bool = True) -> Iterator[Clause | Item]:
    """Yield every clause and item of a scheme, each before its parts, the vetoes last.

    ``into_items`` yields the clauses of an item's cases, too.
    """
    for clause in (scheme.clause, *scheme.vetoes):
        yield from nodes_under(clause, into_items)


def quantities_in(scheme: Scheme) -> tuple[str, ...]:
    """Return the quantities that clauses and items of a scheme speak of, each once, in their order."""
    spoken = (node.quantity for node in nodes_of(scheme) if isinstance(node, Compare | Item))
    return tuple(dict.fromkeys(name for name in spoken if name))


def nodes_under(node: Clause | Item, into_items: bool = True) -> Iterator[Clause | Item]:
    """Yield a clause or item, and those that it is made of, each before its parts."""
    yield node
    if into_items or not isinstance(node, Item):
        for part in parts_of(node):
            yield from nodes_under(part, into_items)


def parts_of(node: Clause | Item) -> tuple[Clause | Item, ...]:
    """Return what a clause or item is made of: parts, the items of a score, the clauses of an item's cases."""
    if isinstance(node, AllOf | AnyOf | LeastOf):
        return node.parts
    if isinstance(node, Score):
        return node.items
    return tuple(case.when for case in (*node.first, *node.each)) if isinstance(node, Item) else ()


def sources_of(scheme: Scheme) -> dict[str, Source]:
    """Return the source of every clause and item by key: its own, else that of what it is a part of."""
    found: dict[str, Source] = {}
    for clause in (scheme.clause, *scheme.vetoes):
        _source(clause, scheme.source, found)
    return found


def _source(node: Clause | Item, above: Source, found: dict[str, Source]) -> None:
    found[node.key] = own = (None if isinstance(node, Item) else node.source) or above
    for part in parts_of(node):
        _source(part, own, found)


for _model in (AllOf, AnyOf, LeastOf, Case, Item, Score, Scheme):
    _model.model_rebuild()
