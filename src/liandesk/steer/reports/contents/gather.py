"""What a report counts, put into its ledger as one viewer may see it: targets, clauses, tasks of the year."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils.translation import gettext as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.numbers import plain
from liandesk.base.work.wording import said
from liandesk.steer.indicators.progress import Progress, progress_of_all
from liandesk.steer.indicators.queries import Value, known, values
from liandesk.steer.plan import wording
from liandesk.steer.plan.queries import plan
from liandesk.steer.supervision.queries import RowState, rows, standing_sheet
from liankit.plan.model import Measure, Plan, Target
from liankit.plan.report.ledger import Ledger

GREY = "grey"
_YEAR_DAYS = "365.25"
_MOST_RECORDS = 300  # a value counted from more records is taken as it stands


@dataclass(frozen=True)
class TargetLine:
    """A target; the texts are words to print, the rest are ids of its numbers."""

    id: str
    title: str
    wanted: str
    due: date
    unit: str
    lead: str
    colour: str  # computed
    reported: str  # "" where none is told to this reader
    value: str
    goal: str
    completion: str
    time: str
    apart: str
    missing: str
    pace: str
    median: str  # "" where nothing is forecast
    probability: str
    history: Sequence[Value]  # the oldest first


@dataclass(frozen=True)
class Clause:
    """A measure or a duty: its words, who leads, whether something here executes it."""

    id: str
    title: str
    lead: str
    input: str


class Gathered:
    """A plan as one viewer sees it, its numbers in a ledger; ``office`` limits it to what that office leads.

    ``sealed`` gives the values of an indicator where the plan is sealed; nothing is forecast then.
    """

    def __init__(
        self, viewer: Viewer, day: date, office: str = "", sealed: Callable[[str], list[Value]] | None = None
    ) -> None:
        found = plan(viewer)
        if found is None:
            raise UserError(_("No plan is in force, so there is nothing to report on."))
        self.plan: Plan = found
        self.viewer, self.day, self.office, self.sealed = viewer, day, office, sealed
        self.has_synthetic = False  # set by the parts that report on more than the plan
        self.ledger = Ledger()
        self.source = _("the plan, %(title)s") % {"title": said(found.title)}
        self._day = self.ledger.input(_("Day of the report"), day.isoformat(), _("this report"))
        self._start = self.ledger.input(_("First day of the plan"), found.period.start.isoformat(), self.source)
        self._end = self.ledger.input(_("Last day of the plan"), found.period.end.isoformat(), self.source)
        self.year_days = self.ledger.input(_("Days of a year"), _YEAR_DAYS, _("convention"))

    @cached_property
    def is_synthetic(self) -> bool:
        """Whether any of what is counted was made by a generator."""
        return (
            self.has_synthetic
            or any(one.is_synthetic for one in self._progress.values())
            or any(one.row.sheet.is_synthetic for one in self.tasks)
        )

    @cached_property
    def time(self) -> str:
        """The share of the plan's time that is over."""
        how = {"do": "time_progress", "day": self._day, "start": self._start, "end": self._end}
        return self.percent(_("Time progress of the plan"), how)

    @cached_property
    def _progress(self) -> Mapping[str, Progress]:
        return {one.target: one for one in progress_of_all(self.viewer)}

    @cached_property
    def targets(self) -> list[TargetLine]:
        """The targets, in the order of the plan; those that nothing measures, too."""
        return [self._target(key, one) for key, one in self.plan.targets.items() if self._is_led(key)]

    @cached_property
    def colours(self) -> Mapping[str, str]:
        """The input that says the computed light of each target."""
        source = _("computed light, see the page of the target")
        return {
            one.id: self.ledger.input(_("Light: %(title)s") % {"title": one.title}, one.colour, source)
            for one in self.targets
        }

    @cached_property
    def clauses(self) -> list[Clause]:
        """The measures and duties, each with an input that says "covered" or "open"."""
        return [self._clause(key, one) for key, one in self.plan.clauses.items() if self._is_led(key)]

    @cached_property
    def tasks(self) -> list[RowState]:
        """The tasks of the year's sheet; none where there is no sheet yet."""
        sheet = standing_sheet(self.viewer, self.plan.key, self.day.year)
        found = rows(self.viewer, sheet) if sheet else []
        return [one for one in found if self.office in ("", one.row.lead)]

    @cached_property
    def standings(self) -> Mapping[int, str]:
        """The input that says how each task stands, by its number in the sheet."""
        source = _("task sheet of %(year)s") % {"year": self.day.year}
        return {one.row.number: self.ledger.input(one.row.task, one.standing, source) for one in self.tasks}

    def count(self, label: str, ids: Iterable[str], equal: str = "") -> str:
        """Put a number that counts inputs, those that say ``equal`` or all."""
        how = {"do": "count", "of": list(ids)} | ({"equal": equal} if equal else {})
        return self.ledger.number(label, how)

    def percent(self, label: str, how: Mapping[str, object]) -> str:
        """Put a share as a number of per cent with one place."""
        return self.ledger.number(label, how, unit="%", places=1, scale=100)

    def lead_of(self, key: str) -> str:
        """Return the office that leads a programme, target or clause; "" where none does."""
        return next((unit.office for unit in self.plan.units_of(key) if unit.is_lead), "")

    def _is_led(self, key: str) -> bool:
        return self.office in ("", self.lead_of(key))

    def _clause(self, key: str, one: Measure) -> Clause:
        state = "covered" if one.executes else "open"
        made = self.ledger.input(said(one.text), state, _("coverage of the plan"))
        return Clause(key, said(one.text), self.lead_of(key), made)

    def _target(self, key: str, target: Target) -> TargetLine:
        ledger, title, unit = self.ledger, said(target.text), wording.unit(target.unit)
        found = None if self.sealed else self._progress.get(key)
        history = self._history(target)
        value = self.value(title, unit, history[-1] if history else None)
        places = _places(target.value, history[-1].value if history else None)
        goal_input = ledger.input(_("Goal: %(title)s") % {"title": title}, plain_text(target.value), self.source)
        goal = ledger.number(
            _("Goal: %(title)s") % {"title": title}, {"do": "take", "of": goal_input}, unit=unit, places=places
        )
        completion = self._completion(title, target, value, goal)
        time = self._time(title, target)
        how = {"do": "difference", "of": completion, "less": time}
        apart = self.percent(_("Completion less time progress: %(title)s") % {"title": title}, how)
        how = {"do": "difference", "of": goal, "less": value}
        missing = ledger.number(_("Still missing: %(title)s") % {"title": title}, how, unit=unit, places=places)
        return TargetLine(
            key,
            title,
            wording.wanted(target),
            target.by,
            unit,
            self.lead_of(key),
            found.light if found else GREY,
            found.report.colour if found and found.report else "",
            value,
            goal,
            completion,
            time,
            apart,
            missing,
            self._pace(title, target, missing, unit) if self.day < target.by else "",
            *self._forecast(title, found, unit),
            history,
        )

    def _history(self, target: Target) -> list[Value]:
        """Return what is known of the indicator up to the day, the oldest first; nothing where none is named."""
        if target.indicator is None:
            return []
        found = self.sealed(target.indicator) if self.sealed else values(self.viewer, target.indicator)
        return sorted((one for one in found if one.on <= self.day and one.value is not None), key=lambda one: one.on)

    def _time(self, title: str, target: Target) -> str:
        """Put the share of the time of a target that is over: that of the plan where it is due when the plan ends."""
        if target.by == self.plan.period.end:
            return self.time
        due = self.ledger.input(_("Due: %(title)s") % {"title": title}, target.by.isoformat(), self.source)
        how = {"do": "time_progress", "day": self._day, "start": self._start, "end": due}
        return self.percent(_("Time progress: %(title)s") % {"title": title}, how)

    def value(self, title: str, unit: str, found: Value | None) -> str:
        """Put a value: counted again where the records that it was counted from are known, else as it stands."""
        label = _("Value: %(title)s") % {"title": title}
        if found is None:
            return self.ledger.number(
                label, {"do": "take", "of": self.ledger.input(label, None, _("nothing is known"))}, unit=unit
            )
        label = f"{label}, {found.on.isoformat()}"
        if found.value == len(found.ids) <= _MOST_RECORDS:
            ids = [self.ledger.input(one, one, _("record that was counted")) for one in found.ids]
            return self.ledger.number(label, {"do": "count", "of": ids}, unit=unit)
        made = self.ledger.input(label, plain_text(found.value), _source(found), evidence=found.evidence)
        return self.ledger.number(label, {"do": "take", "of": made}, unit=unit, places=_places(found.value))

    def _completion(self, title: str, target: Target, value: str, goal: str) -> str:
        how = {
            "do": "completion",
            "value": value,
            "goal": goal,
            "counting": target.counting,
            "direction": _direction(target),
        }
        if target.baseline.value is not None:
            label = _("Baseline: %(title)s") % {"title": title}
            how["baseline"] = self.ledger.input(label, plain_text(target.baseline.value), self.source)
        return self.percent(_("Completion: %(title)s") % {"title": title}, how)

    def _pace(self, title: str, target: Target, missing: str, unit: str) -> str:
        """Put what is needed a year from now until the day the target is due."""
        ledger = self.ledger
        due = ledger.input(_("Due: %(title)s") % {"title": title}, target.by.isoformat(), self.source)
        days = ledger.number(
            _("Days left: %(title)s") % {"title": title}, {"do": "days", "start": self._day, "end": due}
        )
        how = {"do": "ratio", "of": days, "by": self.year_days}
        years = ledger.number(_("Years left: %(title)s") % {"title": title}, how, places=2)
        how = {"do": "ratio", "of": missing, "by": years}
        return ledger.number(_("Needed a year: %(title)s") % {"title": title}, how, unit=unit, places=1)

    def _forecast(self, title: str, found: Progress | None, unit: str) -> tuple[str, str]:
        """Put what is forecast for the day a target is due and the probability of reaching it; "" where unknown."""
        if found is None or found.interval is None or found.probability is None:
            return "", ""
        put, source = self.ledger.traced, _model(found)
        label = _("Forecast for the day it is due: %(title)s") % {"title": title}
        median = put(label, found.interval[1], source, unit=unit, places=1)
        label = _("Probability of reaching it: %(title)s") % {"title": title}
        return median, put(label, found.probability[1] * 100, source, unit="%")

    def forecast_ends(self, one: TargetLine) -> tuple[str, str]:
        """Put the least and the most that are forecast for a target of which anything is."""
        found = self._progress[one.id]
        assert found.interval is not None
        labels = (
            _("Least forecast for the day it is due: %(title)s"),
            _("Greatest forecast for the day it is due: %(title)s"),
        )
        low, _median, high = found.interval
        least, most = (
            self.ledger.traced(label % {"title": one.title}, end, _model(found), unit=one.unit, places=1)
            for label, end in zip(labels, (low, high), strict=True)
        )
        return least, most


def _model(found: Progress) -> str:
    said = {"model": found.computed["model"], "points": plain(found.computed["points"])}
    return _("forecast by the model %(model)s from %(points)s values") % said


def office_name(code: str) -> str:
    """Return an office in the report's language."""
    term = pack().term("offices", code)
    return term.text[language()] if term else code or _("nobody")


def plain_text(value: float | None) -> str | None:
    """Return a number as its shortest decimal, without digits behind a whole one."""
    return None if value is None else str(int(value)) if value == int(value) else repr(value)


def _places(*amounts: float | None) -> int:
    return 0 if all(one is None or one == int(one) for one in amounts) else 2


def _direction(target: Target) -> str:
    return known(target.indicator).direction if target.indicator else "up"


def _source(found: Value) -> str:
    if found.claim is None:
        return _("counted from records, %(day)s") % {"day": found.on.isoformat()}
    return _("claim %(number)s, approved") % {"number": found.claim}
