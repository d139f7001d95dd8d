"""What each kind of report says."""

from __future__ import annotations

from django.utils.translation import gettext as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.pack import pack
from liandesk.base.ui.copies import mark_of
from liandesk.base.ui.display import language
from liandesk.base.work.wording import said
from liandesk.steer.plan.queries import the_plan
from liandesk.steer.reports.contents import appraised, final, judged, movement, parts
from liandesk.steer.reports.contents.gather import Gathered, office_name
from liandesk.steer.reports.models import Kind, Report
from liandesk.steer.reports.writing.paper import Bars, Block, Lines, Paper, Rows, Section
from liandesk.steer.supervision.models import EvaluationKind


def paper_of(report: Report, viewer: Viewer) -> tuple[Paper, bool]:
    """Return a report as ``viewer`` may see it, and whether any of its data is synthetic; in the active language.

    Raises UserError where no plan is in force, and for the final evaluation of a plan that is not sealed.
    """
    if report.kind == Kind.FINAL:
        found, sections = _final(report, viewer)
    else:
        found = Gathered(viewer, report.day, report.office)
        sections = _SECTIONS[Kind(report.kind)](found)
    title = _title(report, found, sections)
    subtitle = f"{office_name(pack().chain_office)}\u3000{parts.day_words(report.day)}"
    about = [
        (_("Source of the plan"), parts.plan_source(found)),
        (_("Day"), parts.day_words(report.day)),
        *(
            [(_("Synthetic data"), _("Some or all of the data is synthetic: made by a generator, about nobody."))]
            if found.is_synthetic
            else []
        ),
        (
            _("Numbers"),
            _(
                "Each has an id; the bundle of this report holds what it was computed from, and "
                "`liandesk verify-report` checks it."
            ),
        ),
        (_("Note"), _("This system takes no state secrets; do not add any to this copy.")),
    ]
    return Paper(
        title, subtitle, mark_of(found.is_synthetic), language(), sections, found.ledger, about
    ), found.is_synthetic


def _title(report: Report, found: Gathered, sections: list[Section]) -> str:
    plan, year = said(found.plan.title), report.day.year
    if report.kind == Kind.ANNUAL:
        return _("%(plan)s: monitoring of %(year)s") % {"plan": plan, "year": year}
    if report.kind == Kind.MIDTERM:
        return _("%(plan)s: mid-term evaluation") % {"plan": plan}
    if report.kind == Kind.FINAL:
        return _("%(plan)s: final evaluation") % {"plan": plan}
    if report.kind == Kind.LETTER:
        return _("To %(office)s: how its part of the plan stands") % {"office": office_name(report.office)}
    blocks = [block for section in sections for block in section.blocks]
    counts = {
        "charts": sum(isinstance(one, Bars | Lines) for one in blocks),
        "lists": sum(isinstance(one, Rows) for one in blocks),
    }
    return _("%(plan)s: %(charts)s charts and %(lists)s lists") % {"plan": plan, **counts}


def _annual(found: Gathered) -> list[Section]:
    tasks: list[Block] = [parts.task_chart(found), parts.task_table(found)] if found.tasks else []
    return parts.sections(
        [
            (_("How the plan stands"), [*parts.situation(found), *parts.missing_programmes(found)]),
            (_("Targets"), [parts.target_table(found), parts.completion_chart(found), *_target_words(found)]),
            (_("Programmes"), [parts.programme_table(found), parts.coverage_chart(found)]),
            (_("Tasks of the year"), tasks),
            (_("Appraisal"), appraised.appraisal(found)),
            (_("What needs somebody"), parts.problems(found)),
        ]
    )


def _midterm(found: Gathered) -> list[Section]:
    return parts.sections(
        [
            (_("How the plan stands"), [*parts.situation(found), *parts.missing_programmes(found)]),
            (_("Targets against their time"), [parts.target_table(found), parts.completion_chart(found)]),
            (_("How each target moved and where it goes"), movement.movements(found)),
            (_("Levels of the evaluation"), judged.judged(found, judged.opinions(found, EvaluationKind.MIDTERM))),
            (_("Programmes"), [parts.programme_table(found), parts.coverage_chart(found)]),
            (_("What needs somebody"), parts.problems(found)),
        ]
    )


def _final(report: Report, viewer: Viewer) -> tuple[Gathered, list[Section]]:
    """Gather what the seal of the plan holds, as of its last day at the latest."""
    sealed = final.Sealed(viewer)
    found = Gathered(viewer, min(report.day, the_plan(viewer).period.end), sealed=sealed.values)
    found.has_synthetic = sealed.seal.is_synthetic
    ended = parts.sections(
        [
            (_("How the plan ended"), [*final.ending(found, sealed), *parts.missing_programmes(found)]),
            (_("How each target moved"), movement.charts(found, found.targets)),
            (_("Levels of the evaluation"), judged.judged(found, sealed.opinions())),
            (_("Hand-over to the next plan"), final.handover(found, sealed)),
        ]
    )
    return found, ended


def _letter(found: Gathered) -> list[Section]:
    targets = [parts.target_table(found), *movement.movements(found)] if found.targets else []
    return parts.sections(
        [
            (_("How your part stands"), parts.situation(found)),
            (_("Your targets"), targets),
            (_("Your tasks of the year"), [parts.task_table(found)] if found.tasks else []),
            (_("Your appraisal"), appraised.own_appraisal(found)),
            (_("What needs you"), parts.problems(found)),
        ]
    )


def _pack(found: Gathered) -> list[Section]:
    task_chart = [parts.task_chart(found)] if found.tasks else []
    task_table = [parts.task_table(found)] if found.tasks else []
    moved = movement.charts(found, found.targets)
    tables = [parts.target_table(found), parts.programme_table(found), *task_table, parts.problem_table(found)]
    return parts.sections(
        [
            (_("Charts"), [parts.completion_chart(found), parts.coverage_chart(found), *task_chart, *moved]),
            (_("Lists"), tables),
        ]
    )


def _target_words(found: Gathered) -> list[Block]:
    return [parts.target_words(found, one) for one in found.targets]


_SECTIONS = {Kind.ANNUAL: _annual, Kind.MIDTERM: _midterm, Kind.LETTER: _letter, Kind.PACK: _pack}
