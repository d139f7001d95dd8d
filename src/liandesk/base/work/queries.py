"""Read cases: those a viewer sees, one opened with its clocks and next actions, what waits for somebody."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from liandesk.base.accounts.access import visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.definitions.models import Definition
from liandesk.base.work.models import Case, CaseEvent, Party
from liandesk.base.work.policies import CASE
from liankit.process import Event, NextAction, Process, Reading, State, build_process, next_actions, read_clocks, replay


def zone() -> ZoneInfo:
    """Return the time zone in which days are counted."""
    return ZoneInfo(settings.TIME_ZONE)


def cases(viewer: Viewer) -> QuerySet[Case]:
    """Return the cases the viewer may see; of the restricted ones only those that name them."""
    named = Party.objects.filter(scope_id=viewer.actor).values("case")
    open_to_scope = Q(pk__in=Case.objects.filter(visibility(viewer, CASE).as_q()).values("pk"), is_restricted=False)
    return Case.objects.filter(open_to_scope | Q(pk__in=named))


def holding(viewer: Viewer) -> QuerySet[Party]:
    """Return the parts that the viewer's scopes, or the viewer in person, hold in any case."""
    scopes = {grant.scope_id for grant in viewer.grants if grant.scope_id}
    return Party.objects.filter(scope_id__in=scopes | {viewer.actor})


def roles_in(viewer: Viewer, case: Case) -> frozenset[str]:
    """Return the roles of a case that the viewer holds."""
    return frozenset(holding(viewer).filter(case=case).values_list("role", flat=True))


def process_of(definition: Definition) -> Process:
    """Return the process of one version; it was checked when it was written."""
    return build_process(definition.body, str(definition))


def events_of(case: Case) -> list[Event]:
    """Return the log of a case in the form that the interpreter reads."""
    return [as_event(row) for row in case.events.order_by("number")]


def as_event(row: CaseEvent) -> Event:
    """Return one row of the log as the interpreter reads it."""
    return Event(row.number, row.kind, row.actor, row.at, row.name, row.data, row.reason)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Opened:
    """One case with what its events give, and what this viewer may do next."""

    case: Case
    process: Process
    state: State
    clocks: tuple[Reading, ...]
    actions: tuple[NextAction, ...]
    roles: frozenset[str]
    events: list[CaseEvent]
    parties: list[Party]

    @property
    def mine(self) -> tuple[NextAction, ...]:
        """The next actions that are this viewer's to take."""
        return tuple(action for action in self.actions if action.is_for(self.roles))


def opened(viewer: Viewer, pk: int) -> Opened | None:
    """Return one case, or None when it is not there or not for the viewer."""
    found = cases(viewer).select_related("definition").filter(pk=pk).first()
    if found is None:
        return None
    process, rows = process_of(found.definition), list(found.events.order_by("number"))
    state = replay(process, map(as_event, rows))
    return Opened(
        found,
        process,
        state,
        read_clocks(process, state, today(), zone()),
        next_actions(process, state),
        roles_in(viewer, found),
        rows,
        list(found.parties.order_by("id")),
    )


def in_hand(viewer: Viewer) -> QuerySet[Case]:
    """Return the open cases in which the viewer holds a role, the earliest due first."""
    held = holding(viewer).values("case")
    return cases(viewer).filter(pk__in=held, ended_at=None).order_by("due", "id")


def computed(case: Case, events: Iterable[Event], process: Process) -> dict[str, object]:
    """Return the computed columns of a case as its events give them."""
    state = replay(process, events)
    clocks = read_clocks(process, state, today(), zone())
    due = [reading.due for reading in clocks if reading.due and not reading.stopped]
    return {
        "stages": list(state.active),
        "opened_at": state.opened,
        "ended_at": state.ended,
        "outcome": state.outcome,
        "reason": state.reason,
        "due": None if state.ended else min(due, default=None),
    }


def open_cases(viewer: Viewer) -> QuerySet[Case]:
    """Return every open case the viewer may see, the earliest due first."""
    return cases(viewer).filter(ended_at=None).order_by("due", "id")


def ended_cases(viewer: Viewer) -> QuerySet[Case]:
    """Return the cases that have ended, the latest first."""
    return cases(viewer).exclude(ended_at=None).order_by("-ended_at")


def process_keys() -> list[str]:
    """Return the keys of all processes."""
    return sorted(set(Definition.objects.filter(kind="process").values_list("key", flat=True)))
