"""Cases on Home: what is overdue, one's turn, others' turn, changed; acting in the line.

Nothing is replayed for a line: it shows computed columns, and offers at once the steps that need no more than where the
case stands. Only the line that a person unfolds is replayed, for every step with its form.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import now, today
from liandesk.base.ui.panels import Button, InboxLine, Panel, Place, Shortcut
from liandesk.base.work import queries, shown
from liandesk.base.work.forms import step_form
from liandesk.base.work.models import Case, Party
from liandesk.base.work.opening import may_open
from liandesk.base.work.policies import OFFICIALS
from liandesk.base.work.wording import holder_name, said, titles
from liankit.process import Process
from liankit.process.definition import Coded, Transition

LINES = 20
"""How many cases a section names; the rest are counted, with the way to their list."""
REQUEST = "enterprise_request"
"""The process for which an enterprise comes here."""
COUNTED = 500
"""Up to how many cases Home counts."""
RECENT = timedelta(days=7)


def inbox(viewer: Viewer) -> Iterator[InboxLine]:
    """Yield the lines of a viewer's cases; one that is overdue is only there."""
    desk = queries.desk(viewer)
    sections = {"overdue": desk.overdue, "mine": desk.mine, "others": desk.others}
    rows = _rows(viewer, [pk for found in sections.values() for pk in found[:LINES]])
    for name, found in sections.items():
        yield from _section(viewer, name, found, rows)
    for case in queries.changed_since(viewer, now() - RECENT)[:LINES]:
        yield InboxLine("changed", case.title, reverse("case", args=[case.pk]), at=case.changed_at)


def shortcuts(viewer: Viewer) -> Iterator[Shortcut]:
    """Yield the way to the open cases of the viewer's office or town; for an enterprise to a request and its own."""
    if may_open(viewer, REQUEST) and not viewer.roles & OFFICIALS:
        yield Shortcut(_("Ask the district for help"), reverse("case_new", args=[REQUEST]), is_first=True)
        yield Shortcut(_("My requests"), f"{reverse('cases')}?show=open", counted(queries.open_cases(viewer)))
    count = counted(queries.of_office(viewer))
    if count:
        yield Shortcut(_("My office's cases"), f"{reverse('cases')}?show=office", count)


@dataclass(frozen=True)
class _Rows:
    """Cases by id, with what their lines need, read at once."""

    cases: Mapping[int, Case]
    processes: Mapping[int, Process]
    turns: Mapping[int, list[Party]]
    roles: Mapping[int, set[str]]


def _rows(viewer: Viewer, ids: Sequence[int]) -> _Rows:
    cases = queries.on_desk(viewer, ids)
    held: dict[int, set[str]] = {}
    for party in queries.acting(viewer).filter(case__in=cases):
        held.setdefault(party.case_id, set()).add(party.role)
    return _Rows(cases, queries.processes_of(cases.values()), queries.whose_turn(cases.values()), held)


def _section(viewer: Viewer, name: str, found: Sequence[int], rows: _Rows) -> Iterator[InboxLine]:
    place: Place = "others" if name == "others" else "due"
    for pk in found[:LINES]:
        if case := rows.cases.get(pk):
            yield _line(viewer, place, case, rows)
    rest = len(found) - LINES
    if rest > 0:
        title = ngettext("%(count)s further case", "%(count)s further cases", rest) % {"count": rest}
        yield InboxLine(place, title, f"{reverse('cases')}?show={name}", count=rest)


def counted(found: QuerySet[Case]) -> int:
    """Return how many cases there are, COUNTED where there are more: the desk of who sees all must not read all."""
    return found.order_by()[:COUNTED].count()


def _line(viewer: Viewer, place: Place, case: Case, rows: _Rows) -> InboxLine:
    process, roles = rows.processes[case.definition_id], rows.roles.get(case.pk, set())
    return InboxLine(
        place,
        case.title,
        reverse("case", args=[case.pk]),
        " · ".join(_details(case, process, rows.turns.get(case.pk, []), is_mine=bool(roles))),
        case.due,
        key=f"case-{case.pk}",
        buttons=buttons(case, process, roles),
        unfold=(lambda: unfolded(viewer, case.pk)) if roles else None,
    )


def _details(case: Case, process: Process, turn: Collection[Party], *, is_mine: bool) -> Iterator[str]:
    """Yield the process, the stage with its age, and, when it is others' turn, whose."""
    yield said(process.title)
    stages = "、".join(said(process.stage(key).title) for key in case.stages)
    yield f"{stages} {age(case)}".strip()
    if case.is_paused:
        yield _("paused")
    if turn and not is_mine:
        names = dict.fromkeys(holder_name(party.scope_kind, party.scope_id) for party in turn)
        yield _("waits for %(names)s") % {"names": "、".join(names)}


def age(case: Case) -> str:
    """Return since how many days a case is in its youngest stage."""
    if case.entered_at is None or case.ended_at:
        return ""
    days = (today() - timezone.localdate(case.entered_at)).days
    return ngettext("for %(count)s day", "for %(count)s days", days) % {"count": days} if days > 0 else ""


def buttons(case: Case, process: Process, roles: Collection[str]) -> list[Button]:
    """Return the steps that can be offered by the stage alone: nothing is asked, but perhaps a reason, or needed."""
    return [
        Button(
            said(step.title),
            reverse("case_do", args=[case.pk, step.key]),
            {"seen": case.events_count, "back": "home"},
            "reason",
            [(reason.key, said(reason.title)) for reason in _reasons(process, step)],
        )
        for step in process.transitions
        if set(step.taken) <= set(case.stages) and not roles_lack(process, step, roles) and _is_plain(step)
    ]


def roles_lack(process: Process, step: Transition, roles: Collection[str]) -> bool:
    return set(roles).isdisjoint(process.roles_of(step))


def _is_plain(step: Transition) -> bool:
    """Say whether a step depends on nothing but the stage: a form, evidence, a condition or persons want the state."""
    return not (step.form or step.needs or step.when or step.not_by or step.approval or step.answers_needed)


def _reasons(process: Process, step: Transition) -> list[Coded]:
    ends = (process.stage(key).outcome for key in step.given)
    return [reason for end in ends if end for reason in end.reasons]


def unfolded(viewer: Viewer, pk: int) -> Panel:
    """Return what was answered last in a case and every step of the viewer with its form, as Home shows them."""
    found = queries.opened(viewer, pk)
    if found is None:
        return Panel("", "work/_unfolded.html")
    steps = [
        (step, step_form(found, step, viewer, f"{step.transition.key}-{pk}", back="home"))
        for step in shown.in_order(found.mine)
    ]
    context = {"case": found.case, "steps": steps, "viewer": viewer, "titles": titles(found.process)}
    return Panel("", "work/_unfolded.html", {**context, "last": shown.last_answers(found)})
