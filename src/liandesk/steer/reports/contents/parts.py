"""The sections, tables and charts that reports are put together from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import pgettext as _c

from liandesk.base.ui.display import language
from liandesk.base.work.wording import said
from liandesk.steer.indicators.models import Colour
from liandesk.steer.plan.wording import programme_title
from liandesk.steer.reports.contents.gather import GREY, Gathered, TargetLine, office_name
from liandesk.steer.reports.wording import STANDINGS
from liandesk.steer.reports.writing.paper import Bars, Block, Rows, Section
from liandesk.steer.supervision.models import Row
from liandesk.steer.supervision.queries import RowState
from liankit.plan.report.ledger import mark, printable

WORSE = (Colour.RED.value, Colour.YELLOW.value, GREY)


def situation(found: Gathered) -> list[Block]:
    """How the plan stands as a whole, in words."""
    if not found.targets:
        return [_("This part of the plan has no target with a number."), *_coverage_words(found), *_task_words(found)]
    colours = list(found.colours.values())
    total = found.count(_("Targets with a number"), colours)
    counts = {
        colour: found.count(f"{_('Targets')}: {Colour(colour).label}", colours, colour) for colour in Colour.values
    }
    share = found.percent(_("Share of targets on track"), {"do": "ratio", "of": counts["green"], "by": total})
    words = {name: mark(number) for name, number in counts.items()}
    words |= {"day": day_words(found.day), "total": mark(total), "share": mark(share), "time": mark(found.time)}
    text = _(
        "On %(day)s, %(time)s%% of the plan's time is over. Of %(total)s targets with a number, %(green)s are on track "
        "(%(share)s%%), %(yellow)s behind, %(red)s far behind; of %(grey)s it is not known."
    )
    return [text % words, *_coverage_words(found), *_task_words(found)]


def _coverage_words(found: Gathered) -> list[Block]:
    ids = [one.input for one in found.clauses]
    if not ids:
        return []
    total = found.count(_("Measures and duties"), ids)
    covered = found.count(_("Measures and duties that something executes"), ids, "covered")
    share = found.percent(
        _("Share of measures and duties that something executes"), {"do": "ratio", "of": covered, "by": total}
    )
    words = {"total": mark(total), "covered": mark(covered), "share": mark(share)}
    return [
        _(
            "Of %(total)s measures and duties, %(covered)s (%(share)s%%) are bound to a list, process or register "
            "that carries them out."
        )
        % words
    ]


def _task_words(found: Gathered) -> list[Block]:
    ids = list(found.standings.values())
    if not ids:
        return [_("No task sheet of the year is frozen yet; how its tasks stand is unknown.")]
    total = found.count(_("Tasks of the year"), ids)
    counts = {key: found.count(f"{_('Tasks')}: {title}", ids, key) for key, title in STANDINGS.items()}
    words = {key: mark(number) for key, number in counts.items()} | {"total": mark(total)}
    text = _(
        "Of the year's %(total)s tasks, %(early)s were reached early, %(ahead)s are ahead, %(on_track)s on track and "
        "%(behind)s behind; of %(unknown)s it is not known."
    )
    return [text % words]


def target_table(found: Gathered) -> Rows:
    """Every target with its value against its goal and time, the light computed beside the one reported."""
    heads = [
        _("Target"),
        _("Value"),
        _("Goal"),
        _("Completion (%)"),
        _("Apart from time (points)"),
        _("Computed light"),
        _("Reported light"),
    ]
    cells = [
        [
            f"{one.title} ({one.unit})",
            mark(one.value),
            mark(one.goal),
            mark(one.completion),
            mark(one.apart),
            light(one.colour),
            light(one.reported) if one.reported else _("not reported"),
        ]
        for one in found.targets
    ]
    return Rows(_("Targets"), heads, cells, (7, 2, 2, 3, 3, 3, 3))


def target_words(found: Gathered, one: TargetLine) -> str:
    """One target in words: value, completion against time, what is missing, what the forecast says."""
    words = {
        name: mark(getattr(one, name))
        for name in ("value", "goal", "completion", "apart", "missing", "pace", "probability", "median")
    }
    words |= {
        "title": one.title,
        "unit": one.unit,
        "due": day_words(one.due),
        "light": light(one.colour),
        "lead": office_name(one.lead),
    }
    if found.ledger.numbers[one.value].value is None:
        return _("%(title)s (led by %(lead)s): no value is known; the goal is %(goal)s %(unit)s.") % words
    text = _(
        "%(title)s (led by %(lead)s): %(value)s of %(goal)s %(unit)s, completion %(completion)s%%, %(apart)s points "
        "from the time progress; computed light: %(light)s. %(missing)s %(unit)s are missing; by %(due)s that takes "
        "%(pace)s %(unit)s a year."
    )
    if not one.pace:
        over = _(
            "%(title)s (led by %(lead)s): %(value)s of %(goal)s %(unit)s, completion %(completion)s%%; computed light: "
            "%(light)s. It was due on %(due)s; %(missing)s %(unit)s are missing."
        )
        return over % words
    if not one.median:
        return in_one(text % words, _("Too little is known for a forecast."))
    forecast = _(
        "The forecast for that day is %(median)s %(unit)s, the probability of reaching the target %(probability)s%%."
    )
    return in_one(text % words, forecast % words)


def in_one(*sentences: str) -> str:
    """Return sentences as one paragraph."""
    return ("" if language() == "zh" else " ").join(filter(None, sentences))


def completion_chart(found: Gathered) -> Bars:
    """Completion of each target beside the time progress."""
    series = [
        (_("Completion"), [one.completion for one in found.targets]),
        (_("Time progress"), [one.time for one in found.targets]),
    ]
    says = _("Completion against the time progress of %(time)s%%.") % {"time": mark(found.time)}
    return Bars(_("How far is each target, against its time?"), says, [one.title for one in found.targets], series, "%")


def programme_table(found: Gathered) -> Rows:
    """Every programme: its lead, its targets and measures, how many of these something executes."""
    heads = [_("Programme"), _("Led by"), _("Targets"), _("Measures"), _("Executed"), _("Share (%)")]
    cells = []
    for one in found.plan.programmes:
        title = programme_title(one)
        clauses = [clause.input for clause in found.clauses if clause.id.startswith(f"{one.key}.")]
        targets = [found.colours[target.id] for target in found.targets if target.id.startswith(f"{one.key}.")]
        total = found.count(_("Measures: %(title)s") % {"title": title}, clauses)
        covered = found.count(_("Executed: %(title)s") % {"title": title}, clauses, "covered")
        share = found.percent(
            _("Share executed: %(title)s") % {"title": title}, {"do": "ratio", "of": covered, "by": total}
        )
        counted = found.count(_("Targets: %(title)s") % {"title": title}, targets)
        numbers = [mark(number) for number in (counted, total, covered, share)]
        cells.append([title, office_name(found.lead_of(one.key)), *numbers])
    return Rows(_("Programmes"), heads, cells, (7, 4, 2, 2, 2, 2))


def coverage_chart(found: Gathered) -> Bars:
    """Of each office that leads measures: how many are carried out by something, how many are open."""
    leads = _leads(found)
    series = []
    for state, title in (("covered", _("Executed")), ("open", _("Open"))):
        counts = []
        for lead in leads:
            ids = [one.input for one in found.clauses if one.lead == lead]
            counts.append(found.count(f"{office_name(lead)}: {title}", ids, state))
        series.append((title, counts))
    says = _("Measures and duties by the office that leads them.")
    return Bars(
        _("Whose measures are carried out by something?"),
        says,
        [office_name(lead) for lead in leads],
        series,
        _("measures"),
        is_stacked=True,
    )


def _leads(found: Gathered) -> list[str]:
    """Return the offices that lead measures, those with most first."""
    return [lead for lead, _count in Counter(one.lead for one in found.clauses).most_common()]


def task_table(found: Gathered) -> Rows:
    """The tasks of the year: goal where any has one of its own, lead, due, how they stand, what was last reported."""
    columns = [
        (_("Task"), 8, [printable(one.row.task) for one in found.tasks]),
        (_("Goal of the year"), 4, [_goal(one.row) for one in found.tasks]),
        (_("Led by"), 4, [office_name(one.row.lead) for one in found.tasks]),
        (_("Due"), 5, [one.row.due.isoformat() for one in found.tasks]),
        (_("Standing"), 3, [str(STANDINGS[one.standing]) for one in found.tasks]),
        (_("Completion as reported"), 4, [_reported(one) for one in found.tasks]),
    ]
    heads, widths, cells = zip(*(column for column in columns if any(column[2])), strict=True)
    return Rows(_("Tasks of the year"), heads, list(zip(*cells, strict=True)), widths)


def _goal(row: Row) -> str:
    return "" if row.goal == row.task else printable(row.goal)


def _reported(one: RowState) -> str:
    return printable(one.last_report.completion) if one.last_report else _("not reported")


def task_chart(found: Gathered) -> Bars:
    """How the year's tasks stand, by the office that leads them."""
    leads = sorted({one.row.lead for one in found.tasks})
    series = []
    for key, title in STANDINGS.items():
        counts = []
        for lead in leads:
            ids = [found.standings[one.row.number] for one in found.tasks if one.row.lead == lead]
            counts.append(found.count(f"{office_name(lead)}: {title}", ids, key))
        series.append((str(title), counts))
    says = _("Tasks of the year by the office that leads them.")
    return Bars(
        _("How do the year's tasks stand?"),
        says,
        [office_name(lead) for lead in leads],
        series,
        _("tasks"),
        is_stacked=True,
    )


def problem_table(found: Gathered) -> Rows:
    """What needs somebody: targets that are not on track, tasks behind, measures that nothing carries out."""
    heads = [_c("report", "What"), _("Office"), _("Why")]
    targets = [[one.title, office_name(one.lead), light(one.colour)] for one in found.targets if one.colour in WORSE]
    tasks = [
        [printable(one.row.task), office_name(one.row.lead), str(STANDINGS[one.standing])]
        for one in found.tasks
        if one.standing == "behind"
    ]
    open_ = [
        [one.title, office_name(one.lead), _("nothing carries it out yet")]
        for one in found.clauses
        if _is_open(found, one.input)
    ]
    return Rows(_("What needs somebody"), heads, [*targets, *tasks, *open_], (9, 4, 4))


def _is_open(found: Gathered, name: str) -> bool:
    return found.ledger.inputs[name].value == "open"


def problems(found: Gathered) -> list[Block]:
    """The table of problems with how many there are, or that there are none."""
    table = problem_table(found)
    if not table.cells:
        return [_("Nothing needs somebody: all targets are on track, no task is behind, every measure is carried out.")]
    kinds = [found.ledger.input(row[0], row[2], _("this report")) for row in table.cells]
    count = mark(found.count(_("Things that need somebody"), kinds))
    return [_("%(count)s things need somebody.") % {"count": count}, table]


def light(colour: str) -> str:
    """Return a light in words."""
    return str(Colour(colour).label)


def missing_programmes(found: Gathered) -> list[Block]:
    """Say which programmes are not known from the text of the plan."""
    missing = [programme_title(one) for one in found.plan.programmes if one.known == "missing"]
    if not missing:
        return []
    listed = ("、" if language() == "zh" else ", ").join(missing)
    return [_("Not known from the plan's text: %(listed)s.") % {"listed": listed}]


def sections(titled: Iterable[tuple[str, Sequence[Block]]]) -> list[Section]:
    """Return sections, leaving out those with nothing in them."""
    return [Section(title, blocks) for title, blocks in titled if blocks]


def day_words(day: date) -> str:
    """Return a day as official papers write it."""
    return f"{day.year}年{day.month}月{day.day}日" if language() == "zh" else day.isoformat()


def plan_source(found: Gathered) -> str:
    """Return what the plan was taken from."""
    return said(found.plan.source)
