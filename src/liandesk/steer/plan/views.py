"""Pages of the plan: the tree, a programme, a target, a measure, an office, and how far the plan is covered."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import FileResponse, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.http import Request
from liandesk.base.clock import today
from liandesk.base.errors import NotThere
from liandesk.base.pack import pack
from liandesk.base.ui.decorators import page
from liandesk.base.work.models import Case
from liandesk.base.work.tables import stage_titles
from liandesk.steer.plan import queries, shown, wording
from liandesk.steer.plan.copies import COPIES, send_clauses, send_programmes
from liandesk.steer.plan.lights import lights_of
from liandesk.steer.plan.policies import PLAN
from liankit.plan.lint import coverage
from liankit.plan.model import DUTIES

MOST_CASES = 30


@require_safe
@page
def plan(request: Request) -> HttpResponse:
    """The plan as a tree: programmes with targets and lights, then the duties, and who answers."""
    check(request.viewer, PLAN, "read")
    found = queries.plan(request.viewer)
    if found is None:
        return render(request, "plan/none.html")
    lines = shown.clause_lines(request.viewer, found)
    context = {
        "plan": found,
        "programmes": shown.programme_lines(request.viewer, found, lines),
        "duties": [line for line in lines if line.clause.kind == "duty"],
        "covered": sum(line.clause.is_covered for line in lines),
        "total": len(lines),
        "answering": shown.answering(found),
        "others": [one for one in queries.plans(request.viewer) if one.key != found.key],
        "has_ended": found.period.end < today(),
        "copies": COPIES,
        "may_check": can(request.viewer, PLAN, "check"),
    }
    return render(request, "plan/plan.html", context)


@require_safe
@page
def plan_export(request: Request, kind: str) -> FileResponse:
    """Send the table of programmes and who answers for them."""
    found = queries.the_plan(request.viewer)
    lines = shown.programme_lines(request.viewer, found, shown.clause_lines(request.viewer, found))
    return send_programmes(found, lines, kind, by=request.viewer)


@require_safe
@page
def programme(request: Request, key: str) -> HttpResponse:
    """One programme: its text, targets, measures, owners, and the cases about them."""
    one = queries.programme(request.viewer, key)
    found = queries.the_plan(request.viewer)
    lines = shown.programme_lines(request.viewer, found, shown.clause_lines(request.viewer, found))
    parts = [name for name in (*found.targets, *found.clauses) if name.startswith(f"{key}.")]
    context = {
        "plan": found,
        "line": next(line for line in lines if line.programme is one),
        "cases": _cases(queries.cases_of(request.viewer, parts)),
        "number_said": wording.NUMBERED.get(one.numbered, ""),
    }
    return render(request, "plan/programme.html", context)


def _cases(found: QuerySet[Case]) -> list[tuple[Case, str]]:
    """Return cases, each with the titles of the stages it is in."""
    return [(case, "、".join(stage_titles(case))) for case in found.select_related("definition")[:MOST_CASES]]


@require_safe
@page
def target(request: Request, target_id: str) -> HttpResponse:
    """One target: what it asks for, by when, from where."""
    found = queries.the_plan(request.viewer)
    one = found.targets.get(target_id)
    if one is None:
        raise NotThere(target_id)
    context = {
        "plan": found,
        "line": shown.target_line(target_id, one, lights_of(request.viewer, [target_id])),
        "programme": found.programme_of(target_id),
        "programme_title": shown.part_of(found, target_id),
        "clause": shown.clause_line(request.viewer, found, target_id),
        "units": found.units_of(target_id),
    }
    return render(request, "plan/target.html", context)


@require_safe
@page
def measure(request: Request, measure_id: str) -> HttpResponse:
    """One measure or duty: who answers, and what executes it."""
    queries.measure(request.viewer, measure_id)
    found = queries.the_plan(request.viewer)
    context = {
        "plan": found,
        "line": shown.clause_line(request.viewer, found, measure_id),
        "programme": None if measure_id.startswith(f"{DUTIES}.") else found.programme_of(measure_id),
        "programme_title": shown.part_of(found, measure_id),
    }
    return render(request, "plan/measure.html", context)


@require_safe
@page
def office(request: Request, code: str) -> HttpResponse:
    """One office: its names, what it leads and co-operates in, its targets and its cases."""
    found = queries.the_plan(request.viewer)
    one = next((office for office in pack().offices if office.code == code), None)
    if one is None:
        raise NotThere(code)
    leads, partners = shown.parts_of_office(found, code)
    held = (*leads, *partners)
    of_office = {name: target for name, target in found.targets.items() if name.partition(".")[0] in held}
    lights = lights_of(request.viewer, list(of_office))
    context = {
        "plan": found,
        "office": one,
        "leads": [(part, *shown.part_title(found, part)) for part in leads],
        "partners": [(part, *shown.part_title(found, part)) for part in partners],
        "targets": [shown.target_line(name, target, lights) for name, target in of_office.items()],
        "kinds": [kind for kind in pack().item_kinds if kind.owner == code],
        "cases": _cases(queries.cases_of_office(request.viewer, code)),
    }
    return render(request, "plan/office.html", context)


@require_safe
@page
def plan_coverage(request: Request) -> HttpResponse:
    """How far the plan is covered, and everything that is wrong or open in it."""
    findings = queries.findings(request.viewer)
    found = queries.the_plan(request.viewer)
    lines = shown.clause_lines(request.viewer, found)
    context = {
        "plan": found,
        "rows": [
            (one, wording.programme_title(one.programme) if one.programme else "")
            for one in coverage(found, [line.clause for line in lines])
        ],
        "covered": sum(line.clause.is_covered for line in lines),
        "total": len(lines),
        "faults": shown.grouped(found, [one for one in findings if one.severity == "fault"]),
        "gaps": shown.grouped(found, [one for one in findings if one.severity == "gap"]),
        "fault_count": sum(one.severity == "fault" for one in findings),
        "gap_count": sum(one.severity == "gap" for one in findings),
        "copies": COPIES,
    }
    return render(request, "plan/coverage.html", context)


@require_safe
@page
def plan_coverage_export(request: Request, kind: str) -> FileResponse:
    """Send every clause with what executes it."""
    check(request.viewer, PLAN, "check")
    found = queries.the_plan(request.viewer)
    return send_clauses(found, shown.clause_lines(request.viewer, found), kind, by=request.viewer)
