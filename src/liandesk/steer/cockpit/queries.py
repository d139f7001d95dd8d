"""What is out of order, kind by kind: each line says what, why, whose, since when, and where it is put right.

A kind is a function of the viewer; it reads the queries of its app, so nobody is shown more here than there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlencode

from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import get_current_timezone, localdate
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.assess.backups.panels import SUBJECT as BACKUP_ROW
from liandesk.assess.backups.queries import STANDING, overdue_drills
from liandesk.assess.backups.queries import technologies as backup_rows
from liandesk.assess.incidents.policies import INCIDENT
from liandesk.assess.incidents.queries import incidents
from liandesk.assess.incidents.queries import unsettled as unsettled_entries
from liandesk.assess.lists.models import EntryState, Level
from liandesk.assess.lists.queries import current
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.ui.display import language
from liandesk.base.work.models import Case, Party
from liandesk.base.work.opening import may_open
from liandesk.base.work.queries import ended_cases, open_cases, whose_turn
from liandesk.base.work.wording import holder_name
from liandesk.know.survey.models import Round
from liandesk.know.survey.queries import rounds
from liandesk.steer.cockpit.policies import COCKPIT
from liandesk.steer.indicators.models import Colour, Divergence
from liandesk.steer.indicators.progress import progress_of_all
from liandesk.steer.plan.queries import plan
from liandesk.steer.plan.shown import office_name
from liandesk.steer.supervision.queries import RowState, behind


@dataclass(frozen=True)
class Line:
    """One thing out of order. ``since``: from which day; ``office``: in words, "" where nobody is named.

    ``about`` is what an instruction about it names as its subject, "kind:id"; "" where it is nothing a case can name.
    """

    title: str
    why: str
    url: str
    since: date | None
    office: str
    is_synthetic: bool
    about: str = ""

    @property
    def instruction(self) -> str:
        """Return what the form of an instruction about this begins with, as the query of its address."""
        said = {"title": self.title[:200], "task": f"{self.title}: {self.why}", "origin": "exception"}
        return urlencode({"about": self.about} | said)

    def is_new(self, day: date) -> bool:
        """Say whether it has been so only since a day."""
        return self.since is not None and self.since >= day


@dataclass(frozen=True)
class Kind:
    """A kind of exception: its name, where all of it is listed, and what finds it."""

    code: str
    title: str
    url: str
    lines: list[Line]


INSTRUCTION = "instruction"
"""The process by which an exception is handed to an office."""


def may_instruct(viewer: Viewer) -> bool:
    """Say whether the viewer may give an instruction about what is out of order."""
    return may_open(viewer, INSTRUCTION)


def exceptions(viewer: Viewer) -> list[Kind]:
    """Return the kinds that have lines, in the order in which a meeting takes them."""
    check(viewer, COCKPIT, "read")
    found = (make(viewer) for make in _KINDS)
    return [kind for kind in found if kind.lines]


def _targets(viewer: Viewer) -> Kind:
    """Targets whose computed light is red, and those whose office reports another light than the computed one."""
    found = [one for one in progress_of_all(viewer) if one.light == "red" or one.divergence]
    standing = plan(viewer)
    lines = [
        Line(
            getattr(standing.targets[one.target].text, language()) if standing else one.target,
            _differs(one.divergence) if one.divergence else _("The computed light is red."),
            reverse("target_light", args=[one.target]),
            one.divergence.opened_on if one.divergence else one.value_on,
            office_name(one.divergence.office) if one.divergence else "",
            one.is_synthetic,
            f"target:{one.target}",
        )
        for one in found
    ]
    return Kind("target", _("Targets in danger, or told otherwise"), reverse("plan"), lines)


def _differs(found: Divergence) -> str:
    lights = {"computed": Colour(found.computed).label, "reported": Colour(found.report.colour).label}
    said = _("Computed %(computed)s, reported %(reported)s.") % lights
    return f"{said} {found.reply or _('The office has not replied in time.')}"


def _tasks(viewer: Viewer) -> Kind:
    """Tasks of the yearly sheet that are behind."""
    lines = [
        Line(
            one.row.task,
            _behind(one),
            reverse("task_row", args=[one.row.pk]),
            one.row.due,
            office_name(one.row.lead),
            one.row.sheet.is_synthetic,
            f"{one.row.subject_kind}:{one.row.subject_id}",
        )
        for one in behind(viewer)
    ]
    return Kind("task", _("Tasks of the year that are behind"), reverse("task_sheets"), lines)


def _behind(one: RowState) -> str:
    late = [milestone.title for milestone in one.milestones if milestone.is_late]
    if late:
        return _("Missed: %(milestones)s") % {"milestones": "、".join(late)}
    return _("Its report of the last quarter is missing.") if one.is_report_missing else _("It is behind its time.")


def _rooms(viewer: Viewer) -> Kind:
    """Open incident rooms."""
    may_read = can(viewer, INCIDENT, "read")  # the auditor has the rest
    found = incidents(viewer).filter(case__ended_at=None).select_related("case") if may_read else ()
    lines = [
        Line(
            room.case.title,
            _unsettled(len(unsettled_entries(room))),
            reverse("incident", args=[room.pk]),
            room.began_on,
            "",
            room.case.is_synthetic,
            f"incident:{room.pk}",
        )
        for room in found
    ]
    return Kind("room", _("Open incident rooms"), reverse("incidents"), lines)


def _unsettled(count: int) -> str:
    if not count:
        return _("Every grave entry has a task that is done, or a reason: it can be closed.")
    return ngettext(
        "%(count)s grave entry has neither a task that is done nor a reason.",
        "%(count)s grave entries have neither a task that is done nor a reason.",
        count,
    ) % {"count": count}


def _risks(viewer: Viewer) -> Kind:
    """Admitted red entries for whose item no backup stands."""
    red = Q(level=Level.RED) | Q(level="", computed_level=Level.RED)
    backed = backup_rows(viewer).filter(state=STANDING, backups__state=STANDING).values("item")
    found = current(viewer).filter(red, state=EntryState.ADMITTED).exclude(item__in=backed).order_by("position")
    lines = [
        Line(
            str(entry),
            entry.measure or _("No backup is on the list and no measure is told."),
            reverse("risk", args=[entry.key]),
            entry.listed_on,
            office_name(entry.owner_office),
            entry.is_synthetic,
            f"entry:{entry.key}",
        )
        for entry in found
    ]
    query = urlencode({"state": EntryState.ADMITTED, "computed_level": Level.RED})
    return Kind("risk", _("Red risks without a backup"), f"{reverse('risks')}?{query}", lines)


def _cases(viewer: Viewer) -> Kind:
    """Cases whose earliest day has passed, the longest first; those of the year's tasks stand there."""
    found = list(open_cases(viewer).filter(due__lt=today(), sheet_row=None))
    turns = whose_turn(found)
    lines = [_case(case, turns.get(case.pk, [])) for case in found]
    return Kind("case", _("Cases that are overdue"), reverse("cases"), lines)


def _case(case: Case, turns: Iterable[Party]) -> Line:
    holders = "、".join(dict.fromkeys(holder_name(part.scope_kind, part.scope_id) for part in turns))
    late = (today() - case.due).days if case.due else 0
    why = ngettext("%(count)s day late", "%(count)s days late", late) % {"count": late}
    url, about = reverse("case", args=[case.pk]), f"case:{case.pk}"
    return Line(case.title, why, url, case.due, holders, case.is_synthetic, about)


def _drills(viewer: Viewer) -> Kind:
    """Drills that were due."""
    lines = [
        Line(
            f"{held.technology.name} · {held}",
            _("The drill was due; until it is held, readiness counts less."),
            reverse("backup_row", args=[held.technology_id]),
            held.next_drill,
            office_name(held.owner_office),
            held.is_synthetic,
            f"{BACKUP_ROW}:{held.technology_id}",
        )
        for held in overdue_drills(viewer)
    ]
    return Kind("drill", _("Drills that are overdue"), f"{reverse('backups')}?drill=overdue", lines)


def _surveys(viewer: Viewer) -> Kind:
    """Rounds past their deadline that are not closed."""
    late = rounds(viewer).filter(deadline__lt=today(), closed_at=None, opened_at__isnull=False)
    return Kind("survey", _("Survey rounds past their deadline"), reverse("surveys"), list(map(_survey, late)))


def _survey(held: Round) -> Line:
    counts = {"returned": held.returned, "invited": held.invited}  # type: ignore[attr-defined]
    why = _("%(returned)s of %(invited)s forms are back; chase the rest or close it.") % counts
    return Line(held.title, why, reverse("survey", args=[held.pk]), held.deadline, "", held.is_synthetic)


_KINDS: tuple[Callable[[Viewer], Kind], ...] = (_targets, _tasks, _rooms, _risks, _cases, _drills, _surveys)


def ended_since(viewer: Viewer, day: date) -> list[Line]:
    """Return the cases that ended on a day or after it, the latest first."""
    check(viewer, COCKPIT, "read")
    moment = datetime.combine(day, time.min, get_current_timezone())
    return [_ended(case) for case in ended_cases(viewer).filter(ended_at__gte=moment)]


def _ended(case: Case) -> Line:
    day = localdate(case.ended_at) if case.ended_at else None
    return Line(case.title, "", reverse("case", args=[case.pk]), day, "", case.is_synthetic)
