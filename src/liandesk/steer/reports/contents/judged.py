"""The four levels of an evaluation: those that follow from completion and time, beside those that people gave."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from liandesk.steer.reports.contents.gather import Gathered, TargetLine, office_name, plain_text
from liandesk.steer.reports.wording import STANDINGS
from liandesk.steer.reports.writing.paper import Block, Rows
from liandesk.steer.supervision.evaluation import evaluated
from liandesk.steer.supervision.queries import margins
from liankit.plan.judgement import GRADES
from liankit.plan.report.ledger import mark, printable

_LEVELS: Mapping[str, str] = {str(len(GRADES) - place): grade for place, grade in enumerate(GRADES)}
"""The level that a number of the ledger stands for: 4 reached early, 3 ahead, 2 on track, 1 behind."""


@dataclass(frozen=True)
class Opinion:
    """What is said of a target or clause: the level of its tasks, the level that a person gave ("": none) and why."""

    proposed: str = "unknown"
    grade: str = ""
    reason: str = ""
    is_synthetic: bool = False


Opinions = Mapping[str, Opinion]


def opinions(found: Gathered, kind: str) -> Opinions:
    """Return what an evaluation says of each target and clause of the plan."""
    return {
        one.subject_id: Opinion(
            one.proposed.grade,
            one.judgement.grade if one.judgement else "",
            one.judgement.reason if one.judgement else "",
            one.is_synthetic or bool(one.judgement and one.judgement.is_synthetic),
        )
        for one in evaluated(found.viewer, kind)
    }


def judged(found: Gathered, of: Opinions) -> list[Block]:
    """The levels of targets and measures: counted in words, and each in a table."""
    found.has_synthetic |= any(one.is_synthetic for one in of.values())
    return [*_targets(found, of), *_clauses(found, of)]


def _targets(found: Gathered, of: Opinions) -> list[Block]:
    if not found.targets:
        return []
    ends = _margins(found)
    levels = {one.id: _level(found, one, ends) for one in found.targets}
    total = found.count(_("Targets with a number"), [one.goal for one in found.targets])
    known = found.count(_("Targets whose level is known"), levels.values())
    counts: dict[str, str] = {
        grade: found.count(_label(_("Targets"), grade), levels.values(), code) for code, grade in _LEVELS.items()
    }
    how = {"do": "difference", "of": total, "less": known}
    counts |= {"total": total, "unknown": found.ledger.number(_label(_("Targets"), "unknown"), how)}
    text = _(
        "Of %(total)s targets, by completion against time %(early)s were reached early, %(ahead)s are ahead, "
        "%(on_track)s on track and %(behind)s behind; of %(unknown)s it is not known. More than %(least)s points "
        "after its time a target is behind, more than %(most)s before it ahead."
    )
    words = _marked(counts | {"least": ends["behind"], "most": ends["ahead"]})
    return [text % words, *_given(found, of, levels), _target_table(found, of, levels)]


def _margins(found: Gathered) -> dict[str, str]:
    """Put how far completion may lie from time."""
    said, source = margins(), _("margins of the pack")
    titles = {"ahead": _("Margin: ahead"), "behind": _("Margin: behind")}
    inputs = {
        name: found.ledger.input(title, plain_text(getattr(said, name)), source) for name, title in titles.items()
    }
    return {name: found.percent(titles[name], {"do": "take", "of": made}) for name, made in inputs.items()}


def _level(found: Gathered, one: TargetLine, ends: Mapping[str, str]) -> str:
    label = _("Level (4 reached early, 3 ahead, 2 on track, 1 behind): %(title)s") % {"title": one.title}
    how = {"do": "grade", "completion": one.completion, "time": one.time, **ends}
    return found.ledger.number(label, how)


def _clauses(found: Gathered, of: Opinions) -> list[Block]:
    if not found.clauses:
        return []
    source = _("worst of the tasks of its latest year")
    ids = [found.ledger.input(one.title, _of(of, one.id).proposed, source) for one in found.clauses]
    counts = {grade: found.count(_label(_("Measures and duties"), grade), ids, grade) for grade in STANDINGS}
    counts["total"] = found.count(_("Measures and duties"), ids)
    text = _(
        "Of %(total)s measures and duties, by their tasks %(early)s were reached early, %(ahead)s are ahead, "
        "%(on_track)s on track and %(behind)s behind; of %(unknown)s it is not known."
    )
    return [text % _marked(counts), *_given(found, of, [one.id for one in found.clauses]), _clause_table(found, of)]


def _given(found: Gathered, of: Opinions, keys: Iterable[str]) -> list[Block]:
    """Say how people judged; that nobody did, where nobody did."""
    given = [_of(of, key).grade or None for key in keys]
    if not any(given):
        return [_("Nobody has judged them in this evaluation yet.")]
    ids = [
        found.ledger.input(_("Level given by a person"), grade, _("judgements of the evaluation")) for grade in given
    ]
    counts: dict[str, str] = {grade: found.count(_label(_("Judged"), grade), ids, grade) for grade in GRADES}
    counts["judged"] = found.count(_("Judged by a person"), ids)
    text = _(
        "People judged %(judged)s of them: %(early)s reached early, %(ahead)s ahead, %(on_track)s on track, "
        "%(behind)s behind."
    )
    return [text % _marked(counts)]


def _target_table(found: Gathered, of: Opinions, levels: Mapping[str, str]) -> Rows:
    heads = [
        _("Target"),
        _("Completion (%)"),
        _("Time progress (%)"),
        _("Apart (points)"),
        _("Computed level"),
        _("Level given"),
        _("Why"),
    ]
    cells = [
        [
            one.title,
            *(mark(number) for number in (one.completion, one.time, one.apart)),
            _word(_LEVELS.get(found.ledger.numbers[levels[one.id]].value or "", "unknown")),
            *_given_cells(_of(of, one.id)),
        ]
        for one in found.targets
    ]
    return Rows(_("Targets: computed level and level given"), heads, cells, (7, 3, 3, 3, 3, 3, 6))


def _clause_table(found: Gathered, of: Opinions) -> Rows:
    heads = [_("Measure or duty"), _("Led by"), _("Computed level"), _("Level given"), _("Why")]
    cells = [
        [one.title, office_name(one.lead), _word(_of(of, one.id).proposed), *_given_cells(_of(of, one.id))]
        for one in found.clauses
    ]
    return Rows(_("Measures and duties: computed level and level given"), heads, cells, (10, 4, 3, 3, 5))


def _given_cells(one: Opinion) -> list[str]:
    return [_word(one.grade) if one.grade else _("not judged"), printable(one.reason)]


def _of(of: Opinions, key: str) -> Opinion:
    return of.get(key, Opinion())


def _label(what: str, grade: str) -> str:
    return f"{what}: {_word(grade)}"


def _word(grade: str) -> str:
    return str(STANDINGS[grade])


def _marked(numbers: Mapping[str, str]) -> dict[str, str]:
    return {name: mark(number) for name, number in numbers.items()}
