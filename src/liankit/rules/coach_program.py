"""The shortest way up on one day as a mixed-integer linear program, solved by HiGHS.

A lever takes one of its candidate steps (a binary each, one of them 1). What a clause or an item of a score is worth
is read from a table over the steps of the levers it depends on, computed by the evaluator itself, so that the program
knows nothing of formulas; a clause of several levers has a joint variable a combination, which the binaries fix.
Clauses are joined by the usual linear forms: ``all`` is at most each part, ``any`` at most their sum.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from liankit.errors import UserError
from liankit.rules.scheme import AllOf, AnyOf, Clause, Compare, Item, LeastOf, Score

Expression = dict[int, float]
"""A linear expression: variable -> coefficient."""
SETTLED = 1e4
"""What a question weighs beside any effort: a way that needs no answer comes first, then the one that needs fewest."""
_SECONDS = 10.0
_TIME_IS_UP = 1


class OutOfTime(UserError):
    """The search for the cheapest way was given up."""


@dataclass(frozen=True)
class Worth:
    """What a clause (0 false to 1 true) or an item (its points) is worth at least and at most, a row a combination.

    ``levers`` are the places of the levers that it depends on, ``steps`` (rows, levers) what is taken of each;
    ``unknown`` are the inputs that are not known of the enterprise.
    """

    levers: tuple[int, ...]
    steps: npt.NDArray[np.int64]
    low: npt.NDArray[np.float64]
    high: npt.NDArray[np.float64]
    unknown: tuple[str, ...]


@dataclass
class Program:
    """Variables with their costs, and rows of ``low <= sum(coefficient * variable) <= high``."""

    costs: list[float] = field(default_factory=list)
    integral: list[bool] = field(default_factory=list)
    rows: list[tuple[Expression, float, float]] = field(default_factory=list)
    _joint: dict[tuple[int, ...], dict[tuple[int, ...], int]] = field(default_factory=dict)
    _chosen: dict[int, dict[int, int]] = field(default_factory=dict)
    _questions: dict[str, int] = field(default_factory=dict)

    def add(self, cost: float = 0.0, *, integral: bool = True) -> int:
        """Add a variable between 0 and 1; return its place."""
        self.costs.append(cost)
        self.integral.append(integral)
        return len(self.costs) - 1

    def hold(self, row: Expression, low: float = 0.0, high: float = np.inf) -> None:
        """Require a row to lie between two bounds."""
        self.rows.append((row, low, high))

    def choose(self, lever: int, steps: Iterable[int], effort: float) -> None:
        """Add the choice of how many steps of a lever are taken, at an effort a step."""
        self._chosen[lever] = {step: self.add(effort * step) for step in steps}
        self.hold(dict.fromkeys(self._chosen[lever].values(), 1.0), 1.0, 1.0)

    def question(self, name: str) -> int:
        """Return the variable of a question that has to be settled."""
        if name not in self._questions:
            self._questions[name] = self.add(SETTLED)
        return self._questions[name]

    def combinations(self, levers: tuple[int, ...]) -> dict[tuple[int, ...], int]:
        """Return the variable of each combination of steps of some levers; the choices of the levers fix them."""
        if len(levers) == 1:
            return {(step,): variable for step, variable in self._chosen[levers[0]].items()}
        if levers not in self._joint:
            self._joint[levers] = self._joined(levers)
        return self._joint[levers]

    def _joined(self, levers: tuple[int, ...]) -> dict[tuple[int, ...], int]:
        grid = np.array(np.meshgrid(*(list(self._chosen[lever]) for lever in levers), indexing="ij"))
        joint = {tuple(steps): self.add(integral=False) for steps in grid.reshape(len(levers), -1).T.tolist()}
        for at, lever in enumerate(levers):
            for step, variable in self._chosen[lever].items():
                row = {place: 1.0 for steps, place in joint.items() if steps[at] == step}
                self.hold({**row, variable: -1.0}, 0.0, 0.0)
        return joint

    def weighed(self, worth: Worth, values: npt.NDArray[np.float64]) -> tuple[Expression, float]:
        """Return the value of a table as an expression and a constant."""
        if not worth.levers:
            return {}, float(values[0])
        variables = self.combinations(worth.levers)
        rows = zip(worth.steps.tolist(), values.tolist(), strict=True)
        return {variables[tuple(steps)]: value for steps, value in rows if value}, 0.0

    def solve(self) -> npt.NDArray[np.float64] | None:
        """Return the value of every variable in the cheapest solution; None where there is none.

        Raises OutOfTime where neither was shown in ten seconds.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp  # only who asks for a way pays for the import
        from scipy.sparse import csr_array

        if not self.costs:  # nothing can be chosen
            return np.empty(0) if all(low <= 0 <= high for _, low, high in self.rows) else None
        cells = [(at, place, value) for at, (row, _, _) in enumerate(self.rows) for place, value in row.items()]
        at, places, values = np.array(cells).reshape(-1, 3).T
        matrix = csr_array((values, (at.astype(int), places.astype(int))), shape=(len(self.rows), len(self.costs)))
        limits = LinearConstraint(matrix, [low for _, low, _ in self.rows], [high for *_, high in self.rows])
        found = milp(
            self.costs,
            integrality=np.array(self.integral, dtype=int),
            bounds=Bounds(0, 1),
            constraints=limits,
            options={"time_limit": _SECONDS, "mip_rel_gap": 0.0},
        )
        if found.status == _TIME_IS_UP:
            raise OutOfTime("The shortest way was not found in time. Ask for a single clause, or for a nearer day.")
        return found.x if found.status == 0 else None

    def taken(self, solution: npt.NDArray[np.float64]) -> dict[int, int]:
        """Return how many steps of each lever a solution takes."""
        return {
            lever: next(step for step, variable in steps.items() if solution[variable] > 0.5)
            for lever, steps in self._chosen.items()
        }

    def asked(self, solution: npt.NDArray[np.float64]) -> tuple[str, ...]:
        """Return the questions that a solution needs settled."""
        return tuple(name for name, variable in self._questions.items() if solution[variable] > 0.5)


@dataclass(frozen=True)
class Requirements:
    """Clauses of a scheme put into a program; ``worth`` gives the table of a clause or item.

    ``bounds`` gives a bound of the scheme as the number in force.
    """

    program: Program
    worth: Callable[[Compare | Item], Worth]
    bounds: Mapping[str, float]
    may_ask: bool

    def can_hold(self, clause: Clause) -> bool:
        """Say whether a clause could hold if every part of it had its own steps: where not, nothing need be solved."""
        if isinstance(clause, Compare):
            return self._best(clause) >= 1.0
        if isinstance(clause, Score):
            most = {item.key: self._best(item) for item in clause.items}
            parts = {item.key: item.part for item in clause.items}
            of_parts = {part: sum(most[key] for key, own in parts.items() if own == part) for part in parts.values()}
            enough = (of_parts[part] >= self._bound(bound) for part, bound in clause.parts_at_least.items())
            return sum(most.values()) >= self._bound(clause.at_least) and all(enough)
        return sum(self.can_hold(part) for part in clause.parts) >= _needed(clause)

    def _best(self, leaf: Compare | Item) -> float:
        worth = self.worth(leaf)
        return float((worth.high if self.may_ask else worth.low).max())

    def require(self, clause: Clause) -> None:
        """Require a clause to hold."""
        self.program.hold(*_at_least(self._holds(clause), 1.0))

    def refuse(self, clause: Clause) -> None:
        """Require a clause not to hold, for sure."""
        self.program.hold(*_at_least(self._fails(clause), 1.0))

    def _holds(self, clause: Clause) -> tuple[Expression, float]:
        if isinstance(clause, Compare):
            return self._leaf(clause, 1.0)
        whole = self.program.add()
        if isinstance(clause, Score):
            self._scored(whole, clause)
            return {whole: 1.0}, 0.0
        self._joined(whole, [self._holds(part) for part in clause.parts], _needed(clause))
        return {whole: 1.0}, 0.0

    def _fails(self, clause: Clause) -> tuple[Expression, float]:
        if isinstance(clause, Compare):
            return self._leaf(clause, 0.0)
        assert not isinstance(clause, Score), "a veto is no score: check_scheme refuses it"
        whole = self.program.add()
        needed = len(clause.parts) - _needed(clause) + 1
        self._joined(whole, [self._fails(part) for part in clause.parts], needed)
        return {whole: 1.0}, 0.0

    def _joined(self, whole: int, parts: list[tuple[Expression, float]], needed: int) -> None:
        """Let ``whole`` be 1 only where at least so many parts are."""
        if needed == len(parts):
            for expression, constant in parts:
                self.program.hold(_plus(expression, {whole: -1.0}), -constant)
            return
        total = _sum(expression for expression, _ in parts)
        self.program.hold(_plus(total, {whole: -float(needed)}), -sum(constant for _, constant in parts))

    def _leaf(self, clause: Compare, wanted: float) -> tuple[Expression, float]:
        worth = self.worth(clause)
        sure = np.where((worth.low == wanted) & (worth.high == wanted), 1.0, 0.0)
        perhaps = np.where((worth.low <= wanted) & (worth.high >= wanted), 1.0, 0.0)
        return self._settled(worth, sure, perhaps)

    def _scored(self, whole: int, clause: Score) -> None:
        """Let ``whole`` be 1 only where the points, and those of each section, are enough."""
        points = {item.key: self._points(item) for item in clause.items}
        self._enough(whole, list(points.values()), self._bound(clause.at_least))
        for part, bound in clause.parts_at_least.items():
            self._enough(whole, [points[item.key] for item in clause.items if item.part == part], self._bound(bound))

    def _points(self, item: Item) -> tuple[Expression, float]:
        worth = self.worth(item)
        return self._settled(worth, worth.low, worth.high)

    def _enough(self, whole: int, points: list[tuple[Expression, float]], bound: float) -> None:
        """Let ``whole`` be 1 only where the points sum to the bound; no sum of points is below the least, 0 or less."""
        constant = sum(constant for _, constant in points)
        total = _sum(expression for expression, _ in points)
        least = min(constant + sum(value for value in total.values() if value < 0), 0.0)
        self.program.hold(_plus(total, {whole: least - bound}), least - constant)

    def _settled(
        self, worth: Worth, sure: npt.NDArray[np.float64], perhaps: npt.NDArray[np.float64]
    ) -> tuple[Expression, float]:
        """Return what is sure, or, where it may be asked, a variable that is more once the questions are settled."""
        expression, constant = self.program.weighed(worth, sure)
        if not self.may_ask or not worth.unknown or (sure == perhaps).all():
            return expression, constant
        most, most_constant = self.program.weighed(worth, perhaps)
        whole, gain = float(perhaps.max()), float((perhaps - sure).max())
        told = self.program.add(integral=False)
        self.program.hold(_plus(most, {told: -whole}), -most_constant)
        for name in worth.unknown:
            asked = self.program.question(name)
            self.program.hold(_plus(expression, {told: -whole, asked: gain}), -constant)
        return {told: whole}, 0.0

    def _bound(self, bound: float | str) -> float:
        return self.bounds[bound] if isinstance(bound, str) else bound


def _needed(clause: AllOf | AnyOf | LeastOf) -> int:
    """Return how many parts have to hold."""
    if isinstance(clause, LeastOf):
        return clause.count
    return len(clause.parts) if isinstance(clause, AllOf) else 1


def _plus(first: Expression, second: Expression) -> Expression:
    return _sum((first, second))


def _sum(expressions: Iterable[Expression]) -> Expression:
    total: Expression = {}
    for expression in expressions:
        for variable, value in expression.items():
            total[variable] = total.get(variable, 0.0) + value
    return total


def _at_least(expression: tuple[Expression, float], bound: float) -> tuple[Expression, float]:
    terms, constant = expression
    return terms, bound - constant
