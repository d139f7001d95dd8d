"""Which interventions to pay for: those that save most within a budget, exactly, and what each budget buys.

The value of a choice is the sum over entries of what its best option saves, an option being a set of interventions
that is chosen as a whole (``effects``): what overlaps on an entry never adds up, it was computed together or the best
of it counts. As a mixed-integer programme only the choice is integer: with it fixed, each entry takes its best option.
The budget holds at the upper end of costs. HiGHS, by ``scipy.optimize.milp``, which is imported where it is needed.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from liankit.errors import UserError
from liankit.risk.muted import muted

STEPS = 6
"""Each budget of a frontier is less than the one before by this part of it at least, unless all are asked for."""
SECONDS = 5.0
"""What one budget may cost in time before the best choice found is taken, with the gap to the bound proven."""
CLOSED = 1e-9
"""The gap, as a share of the value, up to which a choice is exact."""
SMALL, CLOSE = 500, 1e-4
"""Options up to which the choice is exact; of more, the gap at which the search for a better one ends, if it can."""


class Option(NamedTuple):
    """On an entry, what a set of interventions (by place) saves when all of them are chosen."""

    entry: str
    members: frozenset[int]
    saves: float


@dataclass(frozen=True)
class Problem:
    """Interventions by name with their costs (whole CNY, at the upper end), and the options between them."""

    names: tuple[str, ...]
    costs: tuple[int, ...]
    options: tuple[Option, ...]
    locked: frozenset[int] = frozenset()
    excluded: frozenset[int] = frozenset()

    @cached_property
    def by_entry(self) -> Mapping[str, tuple[Option, ...]]:
        """Return the options of each entry, the best first."""
        found: dict[str, list[Option]] = {}
        for option in sorted(self.options, key=lambda one: -one.saves):
            found.setdefault(option.entry, []).append(option)
        return {entry: tuple(options) for entry, options in found.items()}

    def best(self, chosen: Collection[int]) -> list[Option]:
        """Return of each entry that a choice changes the option that saves most."""
        held = frozenset(chosen)
        best = (next((one for one in options if one.members <= held), None) for options in self.by_entry.values())
        return [option for option in best if option]

    def value(self, chosen: Collection[int]) -> float:
        """Return what a choice saves over all entries."""
        return math.fsum(option.saves for option in self.best(chosen))

    def cost(self, chosen: Collection[int]) -> int:
        """Return what a choice costs, in CNY."""
        return sum(self.costs[place] for place in chosen)


class Choice(NamedTuple):
    """What is chosen for a budget; no choice within the budget saves more than ``bound``."""

    chosen: tuple[int, ...]
    cost: int
    value: float
    bound: float

    @property
    def gap(self) -> float:
        """Return by which share of the value a better choice could save more; 0 where this is proven to be the best."""
        if self.bound <= self.value * (1 + CLOSED):
            return 0.0
        return (self.bound - self.value) / self.value if self.value > 0 else math.inf


def build_problem(
    costs: Mapping[str, float],
    effects: pl.DataFrame,
    weights: Mapping[str, float],
    *,
    end: str = "low",
    locked: Collection[str] = (),
    excluded: Collection[str] = (),
) -> Problem:
    """Return the problem of ``effects`` (``effects.EFFECT_SCHEMA``) at one end of losses, ``low`` or ``high``.

    ``weights`` says how much each entry's loss counts: its likelihood, for the expected loss; an entry without one is
    left out. ``costs`` are rounded up to whole CNY. Raises ``UserError`` for a name that is not among the costs, one
    that is locked and excluded, and a cost that is below 0 or unknown.
    """
    names = tuple(costs)
    place = {name: at for at, name in enumerate(names)}
    for name in (*locked, *excluded):
        if name not in place:
            raise UserError(f"'{name}' is no intervention of this portfolio. Check locked and excluded.")
    if both := sorted(set(locked) & set(excluded)):
        raise UserError(f"'{both[0]}' is both locked and excluded. Choose one.")
    if bad := [name for name, cost in costs.items() if not 0 <= cost < math.inf]:
        raise UserError(f"'{bad[0]}' has no cost of at least 0. Give it one.")
    options = tuple(_options(effects, weights, place, end))
    whole = tuple(math.ceil(cost) for cost in costs.values())
    return Problem(names, whole, options, *(frozenset(place[name] for name in part) for part in (locked, excluded)))


def _options(
    effects: pl.DataFrame, weights: Mapping[str, float], place: Mapping[str, int], end: str
) -> Iterator[Option]:
    for row in effects.iter_rows(named=True):
        before, after = row[f"before_{end}"], row[f"after_{end}"]
        weight = weights.get(row["entry"])
        if weight is None or before is None or after is None:
            continue
        if (saves := weight * (before - after)) > 0:
            yield Option(row["entry"], frozenset(place[name] for name in row["interventions"]), saves)


def choose(problem: Problem, budget: float, seconds: float = SECONDS) -> Choice:
    """Return the choice that saves most within a budget (CNY), exactly or with the bound proven in ``seconds``.

    What saves nothing is left out, unless it is locked. Raises ``UserError`` where what is locked costs more.
    """
    if problem.cost(problem.locked) > budget:
        raise UserError(f"What is locked costs {problem.cost(problem.locked):,} CNY, more than the budget.")
    usable = frozenset(range(len(problem.names))) - problem.excluded
    everything = problem.value(usable)
    if problem.cost(usable) <= budget:
        return _choice(problem, usable, everything)
    if not everything:
        return _choice(problem, problem.locked, 0.0)
    found, bound = _solve(problem, budget, seconds)
    return _choice(problem, _within(problem, found, budget), min(bound, everything) + 0.0)  # no minus zero


def _choice(problem: Problem, found: Collection[int], bound: float) -> Choice:
    """Return a choice without what no entry gains by, unless it is locked; no bound is below what is found."""
    kept = problem.locked.union(*(option.members for option in problem.best(found)))
    value = problem.value(kept)
    return Choice(tuple(sorted(kept)), problem.cost(kept), value, max(bound, value))


def _within(problem: Problem, found: set[int], budget: float) -> set[int]:
    """Drop what saves least for its cost while the whole costs more than the budget: a solver has its tolerance."""
    while problem.cost(found) > budget:
        value = problem.value(found)
        rates = {one: (value - problem.value(found - {one})) / problem.costs[one] for one in found - problem.locked}
        found = found - {min(rates, key=rates.__getitem__)}
    return found


def _solve(problem: Problem, budget: float, seconds: float) -> tuple[set[int], float]:
    """Return the choice that the solver finds and the most that any can save.

    Variables: the interventions (0 or 1), then each option's part of its entry, which is none above any of its members
    and in all at most 1 an entry. Costs are counted in their greatest common unit: a solver's tolerance is below it.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    size, options = len(problem.names), problem.options
    unit = math.gcd(*problem.costs) or 1
    scale = max(option.saves for option in options)
    gains = np.concatenate([np.zeros(size), [-option.saves / scale for option in options]])
    low, high = np.zeros(len(gains)), np.ones(len(gains))
    low[list(problem.locked)], high[list(problem.excluded)] = 1, 0
    costs = np.concatenate([np.array(problem.costs) // unit, np.zeros(len(options))])
    rows = [
        LinearConstraint(costs, ub=math.floor(budget / unit) + 0.5),  # costs are whole: half a unit lets nothing in
        LinearConstraint(_members(problem), ub=0),
        LinearConstraint(_entries(problem), ub=1),
    ]
    settings = {"time_limit": seconds, "mip_rel_gap": CLOSED if len(options) <= SMALL else CLOSE}
    is_whole = np.arange(len(gains)) < size
    with muted():
        found = milp(gains, integrality=is_whole, bounds=Bounds(low, high), constraints=rows, options=settings)
    bound = math.inf if found.mip_dual_bound is None else -found.mip_dual_bound * scale
    if found.x is None:
        return set(problem.locked), bound
    return set(np.flatnonzero(found.x[:size] > 0.5).tolist()), bound


def _members(problem: Problem) -> Any:
    """Return the rows "an option is at most each of its members", sparse."""
    size = len(problem.names)
    pairs = [(size + at, member) for at, option in enumerate(problem.options) for member in sorted(option.members)]
    columns = np.array(pairs).ravel()
    return _sparse(np.tile([1.0, -1.0], len(pairs)), np.repeat(np.arange(len(pairs)), 2), columns, problem)


def _entries(problem: Problem) -> Any:
    """Return the rows "the options of an entry are at most 1 in all", sparse."""
    place = {entry: at for at, entry in enumerate(problem.by_entry)}
    rows = np.array([place[option.entry] for option in problem.options])
    columns = len(problem.names) + np.arange(len(rows))
    return _sparse(np.ones(len(rows)), rows, columns, problem)


def _sparse(values: NDArray[Any], rows: NDArray[Any], columns: NDArray[Any], problem: Problem) -> Any:
    from scipy.sparse import csr_array

    shape = (int(rows.max(initial=-1)) + 1, len(problem.names) + len(problem.options))
    return csr_array((values, (rows, columns)), shape=shape)


Beat = Callable[[int, int], None]


def frontier(
    problem: Problem,
    steps: int | None = STEPS,
    seconds: float = SECONDS,
    beat: Beat = lambda done, total: None,
) -> list[Choice]:
    """Return what each budget buys: choices of which each saves more than any that costs less, the cheapest first.

    It goes down from the cost of everything useful to nothing: after each choice the next has to cost less, by at least
    the ``steps``-th part of it, or (None) by one unit, which gives the whole frontier. ``beat`` is called before each
    choice with how many are done, of how many (0: that is not known).
    """
    unit = math.gcd(*problem.costs) or 1
    budget = float(sum(problem.costs))
    found: list[Choice] = []
    while budget >= problem.cost(problem.locked):
        beat(len(found), 0)
        best = choose(problem, budget, seconds)
        if found and best.value >= found[-1].value:
            found.pop()  # the same for less
        found.append(best)
        budget = float(best.cost - max(unit, best.cost // steps if steps else 0))
    return found[::-1]


def frontier_table(problem: Problem, choices: Sequence[Choice]) -> pl.DataFrame:
    """Return the frontier as a table: cost_cny, saved, bound, gap, and the names of the interventions."""
    rows = [(*_figures(one), [problem.names[place] for place in one.chosen]) for one in choices]
    return pl.DataFrame(rows, FRONTIER_SCHEMA, orient="row")


FRONTIER_SCHEMA: dict[str, pl.DataType | type[pl.DataType]] = {
    "cost_cny": pl.Int64,
    "saved": pl.Float64,  # of the weighted losses, CNY a year
    "bound": pl.Float64,  # nothing within this cost saves more
    "gap": pl.Float64,  # share of ``saved``; 0: proven best
    "interventions": pl.List(pl.String),
}


def _figures(choice: Choice) -> tuple[int, float, float, float]:
    return choice.cost, choice.value, choice.bound, choice.gap
