"""How far a plan is covered, and what is open or wrong in it: like test coverage, and like a linter.

A clause (target, measure, duty) is covered when something that is here executes it. A finding is a ``fault``
(somebody made a mistake) or a ``gap`` (nobody has said it yet). Texts of the codes: ``texts/plan.yaml``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Literal, NamedTuple

from liankit.plan.model import DUTIES, Binding, Plan, Programme, Target, Unit
from liankit.process.definition import Text
from liankit.reasons import Scalar
from liankit.texts import Language, render

ClauseKind = Literal["target", "measure", "duty"]
Severity = Literal["fault", "gap"]


@dataclass(frozen=True)
class Here:
    """What there is to bind to: keys by kind of binding; ``contributors`` the offices of each indicator.

    A kind that is not among ``things`` cannot be looked up: bindings of it are taken as alive.
    """

    things: Mapping[str, Collection[str]] = field(default_factory=dict)
    contributors: Mapping[str, Collection[str]] = field(default_factory=dict)

    def has(self, binding: Binding) -> bool:
        """Say whether the thing that is bound to is here."""
        return binding.kind not in self.things or binding.key in self.things[binding.kind]


class Clause(NamedTuple):
    """A clause with what executes it: ``bindings`` that are alive, ``dead`` ones that name nothing here."""

    id: str
    kind: ClauseKind
    programme: str  # "" for a duty
    text: Text
    units: tuple[Unit, ...]
    bindings: tuple[Binding, ...]
    dead: tuple[Binding, ...]

    @property
    def is_covered(self) -> bool:
        """Say whether anything executes it."""
        return bool(self.bindings)


class Finding(NamedTuple):
    """One thing that is wrong or open: its code, where (a programme's key or a clause's id), parameters of the text."""

    code: str
    where: str
    severity: Severity
    params: Mapping[str, Scalar]

    def said(self, language: Language) -> str:
        """Return the finding as one line: severity, place, and what it says."""
        return f"{self.severity}: {self.where}: {render(self.code, self.params, language)}"


def clauses(plan: Plan, here: Here) -> list[Clause]:
    """Return every clause of a plan: of each programme its targets and measures, then the duties."""
    found: list[Clause] = []
    for name, target in plan.targets.items():
        bound = (Binding(kind="indicator", key=target.indicator),) if target.indicator else ()
        found.append(_clause(plan, here, name, "target", target.text, bound))
    for name, measure in plan.clauses.items():
        kind: ClauseKind = "duty" if name.startswith(f"{DUTIES}.") else "measure"
        found.append(_clause(plan, here, name, kind, measure.text, measure.executes))
    order = {one.key: place for place, one in enumerate(plan.programmes)}
    return sorted(found, key=lambda clause: order.get(clause.programme, len(order)))  # stable


def _clause(plan: Plan, here: Here, name: str, kind: ClauseKind, text: Text, bound: Collection[Binding]) -> Clause:
    alive = tuple(one for one in bound if here.has(one))
    dead = tuple(one for one in bound if not here.has(one))
    programme = "" if kind == "duty" else name.partition(".")[0]
    return Clause(name, kind, programme, text, plan.units_of(name), alive, dead)


def lint_plan(plan: Plan, here: Here) -> list[Finding]:
    """Return what is wrong (first) and what is open in a plan, each in the order of the plan."""
    found = [*_of_programmes(plan), *_of_targets(plan, here), *_of_clauses(plan, here)]
    return sorted(found, key=lambda finding: finding.severity != "fault")


def _of_programmes(plan: Plan) -> Iterator[Finding]:
    for one in plan.programmes:
        if one.known != "full":
            yield Finding(f"plan_programme_{one.known}", one.key, "gap", {"number": one.number})
        if one.goal and not one.targets:
            yield Finding("plan_goal_without_target", one.key, "gap", {})
        if one.known != "missing":
            yield from _of_units(one.key, one.units)


def _of_units(where: str, units: Collection[Unit]) -> Iterator[Finding]:
    leads = [unit.office for unit in units if unit.is_lead]
    if not units:
        yield Finding("plan_no_owner", where, "gap", {})
    elif not leads:
        yield Finding("plan_no_lead", where, "gap", {})
    if len(set(leads)) > 1:
        yield Finding("plan_two_leads", where, "fault", {"offices": ", ".join(leads)})
    for office, count in Counter(unit.office for unit in units).items():
        if count > 1:
            yield Finding("plan_named_twice", where, "fault", {"office": office})
    for unit in units:
        if unit.role == "presumed_lead":
            yield Finding("plan_presumed_lead", where, "gap", {"office": unit.office})


def _of_targets(plan: Plan, here: Here) -> Iterator[Finding]:
    for name, target in plan.targets.items():
        for code in _missing_of(target, here):
            yield Finding(code, name, "gap", {})


def _missing_of(target: Target, here: Here) -> Iterator[str]:
    if target.baseline.value is None:
        yield "plan_no_baseline"
    elif target.baseline.source is None:
        yield "plan_no_source"
    if not target.path:
        yield "plan_no_path"
    contributors = here.contributors.get(target.indicator or "")
    if contributors is not None and not contributors:
        yield "plan_no_contributors"


def _of_clauses(plan: Plan, here: Here) -> Iterator[Finding]:
    for clause in clauses(plan, here):
        if not (clause.bindings or clause.dead):
            yield Finding(f"plan_uncovered_{clause.kind}", clause.id, "gap", {})
        for binding in clause.dead:
            yield _dead(clause.id, binding, here.things[binding.kind])
        if clause.kind == "duty" or _has_own_units(plan, clause.id):
            yield from _of_units(clause.id, clause.units)


def _dead(where: str, binding: Binding, things: Collection[str]) -> Finding:
    close = get_close_matches(binding.key, things, n=1)
    if close:
        return Finding("plan_misspelt_binding", where, "fault", {"binding": str(binding), "meant": close[0]})
    return Finding("plan_dead_binding", where, "fault", {"binding": str(binding)})


def _has_own_units(plan: Plan, name: str) -> bool:
    return name in plan.clauses and bool(plan.clauses[name].units)


class Coverage(NamedTuple):
    """How many clauses there are, and how many something executes."""

    programme: Programme | None  # None: the duties
    covered: int
    total: int


def is_clean(findings: Collection[Finding], *, is_strict: bool) -> bool:
    """Say whether a check passes: no fault, and where it is strict no gap either."""
    return not any(is_strict or one.severity == "fault" for one in findings)


def coverage(plan: Plan, found: Collection[Clause]) -> list[Coverage]:
    """Return the coverage of each programme, then of the duties; a missing programme has no clause to count."""
    total = Counter(clause.programme for clause in found)
    covered = Counter(clause.programme for clause in found if clause.is_covered)
    parts = [(one.key, one) for one in plan.programmes]
    return [Coverage(one, covered[key], total[key]) for key, one in (*parts, ("", None))]
