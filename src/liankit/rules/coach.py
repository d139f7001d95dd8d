"""The shortest way up: the least change, by effort, after which an enterprise meets a scheme by a day.

What can be moved, and at what effort, is said by the inputs of the vocabulary (``Change``); waiting has its price, too.
Each day on which the standing can change by itself is tried: on each the cheapest steps are found exactly, over the
steps that change the outcome of some clause. What is unknown counts as not met; only where no way leads up without it
are answers supposed, and then the way names the questions.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property, partial
from math import inf, prod

import numpy as np
import polars as pl

from liankit.errors import UserError, nearest
from liankit.rules.coach_days import days_to_try
from liankit.rules.coach_levers import Lever, Outset, Steps, outset
from liankit.rules.coach_program import OutOfTime, Program, Requirements, Worth
from liankit.rules.evaluate import Grades, bounds_on, grade
from liankit.rules.formulas import inputs_of
from liankit.rules.panel import Floats, build_panel
from liankit.rules.scheme import AllOf, Clause, Compare, Item, Scheme, nodes_of, nodes_under
from liankit.rules.versions import governing
from liankit.rules.vocabulary import Vocabulary

WAIT_EFFORT = 0.01
"""What a day of waiting weighs: a hundred are as much as one unit of effort."""
FULL_GRID = 6000
"""Up to so many combinations a clause of several levers is tried at every step of each."""

_SLACK = 1e-9

Candidates = tuple[tuple[int, ...], ...]
"""The steps of each lever that are tried."""
Rows = Mapping[tuple[int, ...], slice]
"""Which rows of a panel are the combinations of steps of which levers."""


@dataclass(frozen=True)
class Goal:
    """What is to be reached: a title, by an application between two days; ``clause`` narrows it to one clause."""

    grants: str
    on: date
    by: date
    application: str = "new"
    clause: str = ""


@dataclass(frozen=True)
class Step:
    """One change: how many steps of an input, from and to which value (None: it is no number), at what effort."""

    input: str
    steps: int
    before: float | None
    after: float | None
    unit: str
    effort: float


@dataclass(frozen=True)
class Way:
    """The cheapest way, or why there is none.

    ``on`` is the day of the application, ``wait`` the days until then, ``questions`` the inputs whose answers it
    supposes. Where there is no way ``on`` is None and ``blocked`` names the clauses that nothing reaches by then; with
    none named each can be reached, but not all together.
    """

    goal: Goal
    scheme: str
    on: date | None
    steps: tuple[Step, ...] = ()
    questions: tuple[str, ...] = ()
    effort: float = 0.0
    blocked: tuple[str, ...] = ()
    is_proven: bool = True  # false: the search for a cheaper one was given up

    @property
    def wait(self) -> int:
        """Return the days from today to the application."""
        return (self.on - self.goal.on).days if self.on else 0


def shortest_way(schemes: Sequence[Scheme], facts: pl.DataFrame, vocabulary: Vocabulary, goal: Goal) -> Way:
    """Return the cheapest way of one enterprise to a goal.

    ``facts`` are the lines of ``panel.FACTS`` of one enterprise as known on ``goal.on``. Raises UserError where no
    scheme grants the title, or none has the clause.
    """
    asked = [scheme for scheme in schemes if scheme.grants == goal.grants]
    if not asked:
        hint = nearest(goal.grants, {scheme.grants for scheme in schemes})
        raise UserError(f"No scheme grants '{goal.grants}'.{hint} Name one that is granted.")
    spoken_of = spoken_by(asked, vocabulary)
    known = facts.filter(pl.col("input").is_in([one.key for one in spoken_of.inputs]))
    days = [_Day(scheme, spoken_of, known, goal, day) for scheme, day in _governed(asked, known, spoken_of, goal)]
    if not days:
        return Way(goal, "", None)
    distinct = _distinct(days)
    last = distinct[-1]
    found = _cheapest(distinct, may_ask=False) or _cheapest(distinct, may_ask=True) or last.any_way()
    return found or Way(goal, last.scheme.key, None, blocked=tuple(last.blocked()))


def apply_way(way: Way, facts: pl.DataFrame, vocabulary: Vocabulary) -> pl.DataFrame:
    """Return the facts of the enterprise on the day of the application, after the steps of a way."""
    if way.on is None:
        raise UserError("There is no way to apply: ask for a later day or another goal.")
    start = outset(facts, vocabulary, way.goal.on, way.on)
    taken = {step.input: step.steps for step in way.steps}
    steps = np.array([[taken.get(lever.input.key, 0) for lever in start.levers]], dtype=np.int64)
    name = facts["enterprise"][0] if facts.height else ""
    return start.varied(steps).with_columns(enterprise=pl.lit(name))


def spoken_by(schemes: Iterable[Scheme], vocabulary: Vocabulary) -> Vocabulary:
    """Return the vocabulary with only those inputs that some schemes rest on."""
    formulas = {one.key: one.formula for one in vocabulary.quantities}
    inputs = frozenset[str]().union(*(_inputs_of(node, formulas) for scheme in schemes for node in nodes_of(scheme)))
    return vocabulary.model_copy(update={"inputs": tuple(one for one in vocabulary.inputs if one.key in inputs)})


def _governed(
    schemes: Sequence[Scheme], facts: pl.DataFrame, vocabulary: Vocabulary, goal: Goal
) -> Iterator[tuple[Scheme, date]]:
    for day in days_to_try(facts, vocabulary, schemes, goal.on, goal.by):
        scheme = governing(schemes, goal.grants, goal.application, day)
        if scheme:
            yield scheme, day


def _cheapest(days: Iterable[_Day], *, may_ask: bool) -> Way | None:
    """Return the cheapest way over the days, the earliest of equal ones; waiting alone rules the later days out."""
    best: Way | None = None
    for day in days:
        if best and day.waiting >= best.effort:
            break
        found = day.way(may_ask=may_ask, limit=best.effort - day.waiting if best and not best.questions else inf)
        if found and (best is None or (len(found.questions), found.effort) < (len(best.questions), best.effort)):
            best = found
    return best


def _distinct(days: Sequence[_Day]) -> list[_Day]:
    """Leave out the days on which all stands as on the day before."""
    kept: list[_Day] = []
    for day in days:
        if not kept or day.standing != kept[-1].standing:
            kept.append(day)
    return kept


class _Day:
    """One day of application: the tables of what each clause is worth, and the program over them."""

    def __init__(self, scheme: Scheme, vocabulary: Vocabulary, facts: pl.DataFrame, goal: Goal, day: date) -> None:
        self.scheme, self.vocabulary, self.goal, self.day = scheme, vocabulary, goal, day
        self.start: Outset = outset(facts, vocabulary, goal.on, day)
        self._known_tables: dict[Candidates, tuple[Grades, Rows]] = {}

    @property
    def waiting(self) -> float:
        return WAIT_EFFORT * (self.day - self.goal.on).days

    @cached_property
    def target(self) -> Clause:
        """The clause to be reached; the vetoes are refused in any case."""
        if not self.goal.clause:
            return self.scheme.clause
        clauses = {node.key: node for node in nodes_of(self.scheme) if not isinstance(node, Item)}
        if self.goal.clause not in clauses:
            hint = nearest(self.goal.clause, clauses)
            raise UserError(f"Scheme '{self.scheme.key}' has no clause '{self.goal.clause}'.{hint}")
        return clauses[self.goal.clause]

    @cached_property
    def leaves(self) -> tuple[Compare | Item, ...]:
        """The clauses that compare, and the items of scores; what is under an item is part of it."""
        return tuple(node for node in nodes_of(self.scheme, into_items=False) if isinstance(node, Compare | Item))

    @cached_property
    def inputs(self) -> Mapping[int, frozenset[str]]:
        """The inputs that each leaf rests on."""
        formulas = {one.key: one.formula for one in self.vocabulary.quantities}
        return {id(leaf): _inputs_of(leaf, formulas) for leaf in self.leaves}

    @cached_property
    def levers(self) -> Mapping[int, tuple[int, ...]]:
        """The places of the levers that each leaf rests on."""
        keys = [lever.input.key for lever in self.start.levers]
        return {leaf: tuple(at for at, key in enumerate(keys) if key in inputs) for leaf, inputs in self.inputs.items()}

    @cached_property
    def standing(self) -> tuple[object, ...]:
        """What is true on this day before any step: equal on two days where no step is worth more on one of them."""
        graded = self._graded(np.zeros((1, len(self.start.levers)), dtype=np.int64))
        told = (_told(graded, leaf, has_lever=bool(self.levers[id(leaf)])) for leaf in self.leaves)
        return (self.scheme.key, tuple(lever.input.key for lever in self.start.levers), *told)

    def way(self, *, may_ask: bool, limit: float) -> Way | None:
        """Return the cheapest way up on this day whose steps are worth at most ``limit`` in effort.

        A way over the turning points alone says how much effort is enough; then every step within it is tried.
        """
        coarse = self._way(self._turning, may_ask=may_ask)
        if coarse is None and may_ask:
            return None
        enough = min(coarse.effort - self.waiting, limit) if coarse else limit
        try:
            return self._way(self._within(enough), may_ask=may_ask) or coarse
        except OutOfTime:
            return replace(coarse, is_proven=False) if coarse else None

    def any_way(self) -> Way | None:
        """Return the cheapest way up on this day over every step there is, whatever has to be asked."""
        return self._way(self._within(inf), may_ask=True)

    def _way(self, candidates: Candidates, *, may_ask: bool) -> Way | None:
        program = self._program(candidates, [self.target], self.scheme.vetoes, may_ask=may_ask)
        solution = program.solve() if program else None
        if program is None or solution is None:
            return None
        steps = tuple(self._step(self.start.levers[at], n) for at, n in program.taken(solution).items() if n)
        effort = self.waiting + sum(step.effort for step in steps)
        return Way(self.goal, self.scheme.key, self.day, steps, program.asked(solution), effort)

    def blocked(self) -> Iterator[str]:
        """Yield the clauses that nothing that can be moved or asked makes true by this day."""
        parts = self.target.parts if isinstance(self.target, AllOf) else (self.target,)
        yield from (part.key for part in parts if not self._can(wanted=[part]))
        yield from (veto.key for veto in self.scheme.vetoes if not self._can(refused=[veto]))

    def _can(self, wanted: Sequence[Clause] = (), refused: Sequence[Clause] = ()) -> bool:
        program = self._program(self._within(inf), wanted, refused, may_ask=True)
        return program is not None and program.solve() is not None

    @staticmethod
    def _step(lever: Lever, steps: int) -> Step:
        one = lever.input
        return Step(one.key, steps, lever.value, lever.after(steps), one.unit, steps * lever.change.effort)

    def _program(
        self, candidates: Candidates, wanted: Sequence[Clause], refused: Sequence[Clause], *, may_ask: bool
    ) -> Program | None:
        """Return the program of what is wanted and refused; None where a clause cannot hold whatever is done."""
        program = Program()
        for at, lever in enumerate(self.start.levers):
            program.choose(at, candidates[at], lever.change.effort)
        worth = partial(self._worth, candidates)
        requirements = Requirements(program, worth, bounds_on(self.scheme, self.day), may_ask)
        if not all(requirements.can_hold(clause) for clause in wanted):
            return None
        for clause in wanted:
            requirements.require(clause)
        for clause in refused:
            requirements.refuse(clause)
        return program

    @cached_property
    def _turning(self) -> Candidates:
        """The steps of each lever, alone, at which a leaf turns; of one that shares a leaf the furthest, too."""
        if not self.start.levers:
            return ()
        shared = {at for levers in self.levers.values() if len(levers) > 1 for at in levers}
        spans = [range(lever.most + 1) for lever in self.start.levers]
        alone = {(at,): span for at, span in enumerate(spans)}
        graded, rows = self._graded_together({levers: (span,) for levers, span in alone.items()})
        found = [{0, span[-1]} if at in shared else {0} for at, span in enumerate(spans)]
        for leaf in self.leaves:
            low, high = _range(graded, leaf)
            for at in self.levers[id(leaf)]:
                found[at] |= _turns(low[rows[at,]], high[rows[at,]])
        return tuple(tuple(sorted(steps)) for steps in found)

    def _within(self, effort: float) -> Candidates:
        """Return the steps that cost no more than an effort: of levers that share a leaf all, of others the turning."""
        most = [
            min(lever.most, int(effort / lever.change.effort + _SLACK)) if effort < inf else lever.most
            for lever in self.start.levers
        ]
        found = [{step for step in steps if step <= most[at]} for at, steps in enumerate(self._turning)]
        for shared in {levers for levers in self.levers.values() if len(levers) > 1}:
            if prod(most[at] + 1 for at in shared) <= FULL_GRID:
                for at in shared:
                    found[at].update(range(most[at] + 1))
        return tuple(tuple(sorted(steps)) for steps in found)

    def _worth(self, candidates: Candidates, leaf: Compare | Item) -> Worth:
        """Return the table of a leaf over the candidate steps of its levers."""
        levers = self.levers[id(leaf)]
        graded, rows = self._tables(candidates)
        low, high = (side[rows[levers]] for side in _range(graded, leaf))
        steps = _combined([candidates[at] for at in levers])
        return Worth(levers, steps, low, high, tuple(sorted(self.inputs[id(leaf)] & self.unknown)))

    @cached_property
    def unknown(self) -> frozenset[str]:
        """The inputs of which nothing is known."""
        known = set(self.start.lines["input"].unique())
        return frozenset(one.key for one in self.vocabulary.inputs if one.key not in known and not one.is_complete)

    def _tables(self, candidates: Candidates) -> tuple[Grades, Rows]:
        """Grade every combination of the candidate steps of the levers of each leaf, once."""
        if candidates not in self._known_tables:
            wanted = {levers: tuple(candidates[at] for at in levers) for levers in set(self.levers.values())}
            self._known_tables[candidates] = self._graded_together(wanted)
        return self._known_tables[candidates]

    def _graded_together(self, wanted: Mapping[tuple[int, ...], Sequence[Iterable[int]]]) -> tuple[Grades, Rows]:
        """Grade the combinations of steps of several sets of levers in one panel; return where each set stands."""
        parts = {levers: self._rows(levers, steps) for levers, steps in wanted.items()}
        ends = np.cumsum([len(part) for part in parts.values()])
        rows = {levers: slice(end - len(part), end) for (levers, part), end in zip(parts.items(), ends, strict=True)}
        return self._graded(np.vstack(list(parts.values()))), rows

    def _rows(self, levers: tuple[int, ...], steps: Sequence[Iterable[int]]) -> Steps:
        grid = _combined(steps)
        rows = np.zeros((len(grid), len(self.start.levers)), dtype=np.int64)
        rows[:, list(levers)] = grid
        return rows

    def _graded(self, steps: Steps) -> Grades:
        every = pl.Series(np.arange(len(steps))).cast(pl.String)  # also the rows of which nothing is known
        panel = build_panel(self.start.varied(steps), self.vocabulary, self.day, every)
        return grade([self.scheme], panel)[0]


def _inputs_of(node: Clause | Item, formulas: Mapping[str, str]) -> frozenset[str]:
    """Return the inputs that a clause or an item, with all that is under it, rests on."""
    cases = [one for one in nodes_under(node) if isinstance(one, Compare | Item)]
    return frozenset[str]().union(*(inputs_of(one.quantity, formulas) for one in cases if one.quantity))


def _combined(choices: Sequence[Iterable[int]]) -> Steps:
    """Return every combination of some choices: (combinations, choices); one, of nothing, where there are none."""
    if not choices:
        return np.zeros((1, 0), dtype=np.int64)
    return np.array(np.meshgrid(*(list(choice) for choice in choices), indexing="ij")).reshape(len(choices), -1).T


def _turns(low: Floats, high: Floats) -> set[int]:
    """Return the steps at which a leaf is worth something else than a step before."""
    return set((1 + np.flatnonzero((low[1:] != low[:-1]) | (high[1:] != high[:-1]))).tolist())


def _range(graded: Grades, leaf: Compare | Item) -> tuple[Floats, Floats]:
    """Return what a leaf is at least and at most worth: 0 to 1 of a clause, its points of an item."""
    judged = next(one for one in graded.clauses if one.node is leaf)
    if isinstance(leaf, Item):
        return judged.low, judged.high
    return (judged.holds == 1).astype(float), (judged.holds != 0).astype(float)


def _told(graded: Grades, leaf: Compare | Item, *, has_lever: bool) -> tuple[object, ...]:
    """Return what tells two days apart: the value where steps can be taken on it, else the outcome."""
    judged = next(one for one in graded.clauses if one.node is leaf)
    return (int(judged.holds[0]), *(str(side[0]) for side in (judged.low, judged.high) if has_lever and len(side)))
