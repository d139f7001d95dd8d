"""What the plan's pages and copies show: programmes with lights and coverage, who answers for what, clauses."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from django.urls import reverse

from liandesk.base.accounts.roles import Viewer
from liandesk.base.pack import Office, pack
from liandesk.base.ui.display import language, term_name
from liandesk.base.work.wording import said
from liandesk.steer.plan import wording
from liandesk.steer.plan.executors import Bound, Executing, executing
from liandesk.steer.plan.lights import Light, lights_of
from liankit.plan.lint import Clause, Finding, clauses
from liankit.plan.model import DUTIES, Plan, Programme, Target, Unit
from liankit.texts import render


class TargetLine(NamedTuple):
    """A target with what it asks for in words, and its light."""

    id: str
    target: Target
    wanted: str
    light: Light


@dataclass(frozen=True)
class ClauseLine:
    """A clause with what executes it as the viewer may open it, looked up when it is shown."""

    clause: Clause
    viewer: Viewer
    things: Executing

    @cached_property
    def bound(self) -> list[Bound]:
        return [self.things.bound(self.viewer, one, language()) for one in self.clause.bindings]

    @cached_property
    def dead(self) -> list[Bound]:
        """The bindings to nothing."""
        return [self.things.bound(self.viewer, one, language()) for one in self.clause.dead]


@dataclass(frozen=True)
class ProgrammeLine:
    """A programme of the tree."""

    programme: Programme
    title: str
    targets: Sequence[TargetLine]
    measures: Sequence[ClauseLine]
    covered: int
    total: int

    @property
    def lead(self) -> str:
        """The offices that lead, or are presumed to, as a column of a copy has them."""
        return offices_named(self.programme.units, is_lead=True)

    @property
    def partners(self) -> str:
        """The offices that co-operate."""
        return offices_named(self.programme.units, is_lead=False)


@dataclass(frozen=True)
class Answering:
    """How much an office leads and co-operates in: programmes, and clauses with units of their own."""

    office: Office
    leads: int
    partners: int


def programme_lines(viewer: Viewer, plan: Plan, lines: Sequence[ClauseLine]) -> list[ProgrammeLine]:
    """Return the programmes of the tree in the order of the plan, with the clauses that ``clause_lines`` gave."""
    lights = lights_of(viewer, list(plan.targets))
    by_programme = {one.key: [line for line in lines if line.clause.programme == one.key] for one in plan.programmes}
    return [_programme_line(one, by_programme[one.key], lights) for one in plan.programmes]


def _programme_line(one: Programme, lines: Sequence[ClauseLine], lights: Mapping[str, Light]) -> ProgrammeLine:
    return ProgrammeLine(
        one,
        wording.programme_title(one),
        [target_line(f"{one.key}.{target.key}", target, lights) for target in one.targets],
        [line for line in lines if line.clause.kind == "measure"],
        sum(line.clause.is_covered for line in lines),
        len(lines),
    )


def target_line(target_id: str, target: Target, lights: Mapping[str, Light]) -> TargetLine:
    """Return a target as a line."""
    return TargetLine(target_id, target, wording.wanted(target), lights[target_id])


def clause_lines(viewer: Viewer, plan: Plan) -> list[ClauseLine]:
    """Return every clause with what executes it."""
    things = executing()
    return [ClauseLine(clause, viewer, things) for clause in clauses(plan, things.here)]


def clause_line(viewer: Viewer, plan: Plan, part: str) -> ClauseLine:
    """Return one clause, by its id."""
    return next(line for line in clause_lines(viewer, plan) if line.clause.id == part)


def answering(plan: Plan) -> list[Answering]:
    """Return the offices that the plan names, those that lead the most first."""
    of_clauses = (clause.units for clause in plan.clauses.values())
    units = [unit for held in (*(one.units for one in plan.programmes), *of_clauses) for unit in held]
    leads = Counter(unit.office for unit in units if unit.is_lead)
    partners = Counter(unit.office for unit in units if not unit.is_lead)
    found = [Answering(office, leads[office.code], partners[office.code]) for office in _offices(plan.offices)]
    return sorted(found, key=lambda one: (-one.leads, -one.partners))


def _offices(codes: Iterable[str]) -> list[Office]:
    known = {office.code: office for office in pack().offices}
    return [known[code] for code in codes if code in known]


def parts_of_office(plan: Plan, office: str) -> tuple[list[str], list[str]]:
    """Return the programmes, and the clauses with units of their own, that an office leads and co-operates in."""
    units = {one.key: one.units for one in plan.programmes} | {key: one.units for key, one in plan.clauses.items()}
    held = [(key, unit) for key, named in units.items() for unit in named if unit.office == office]
    return [key for key, unit in held if unit.is_lead], [key for key, unit in held if not unit.is_lead]


def part_title(plan: Plan, part: str) -> tuple[str, str]:
    """Return the title of a programme, a target or a clause, and the name of the route of its page."""
    programme = plan.programme(part)
    if programme:
        return wording.programme_title(programme), "plan_programme"
    if part in plan.targets:
        return said(plan.targets[part].text), "plan_target"
    return said(plan.clauses[part].text), "plan_measure"


def part_of(plan: Plan, part: str) -> str:
    """Return what a target or a clause belongs to: the title of its programme, "" for a duty."""
    programme = plan.programme_of(part)
    return "" if part.startswith(f"{DUTIES}.") or programme is None else wording.programme_title(programme)


class Place(NamedTuple):
    """Where a finding is: the title and the address of a programme, a target or a clause."""

    title: str
    url: str


def grouped(plan: Plan, findings: Iterable[Finding]) -> list[tuple[str, list[Place]]]:
    """Return what findings say, each text once with the places it is said of."""
    found: dict[str, list[Place]] = {}
    for one in findings:
        title, route = part_title(plan, one.where)
        found.setdefault(finding_said(one), []).append(Place(title, reverse(route, args=[one.where])))
    return list(found.items())


def finding_said(one: Finding) -> str:
    """Return what a finding says, with the names of offices for their codes."""
    named = {
        name: ", ".join(office_name(code) for code in str(value).split(", "))
        for name, value in one.params.items()
        if name in ("office", "offices")
    }
    return render(one.code, {**one.params, **named}, language())


def offices_named(units: Iterable[Unit], *, is_lead: bool) -> str:
    """Return the names of the offices of a role, joined as the reader's language joins."""
    names = [office_name(unit.office) for unit in units if unit.is_lead == is_lead]
    return ("、" if language() == "zh" else ", ").join(names)


def office_name(code: str) -> str:
    """Return the name of an office; one the pack does not have by its code."""
    return term_name("offices", code)
