"""Read cases: those a viewer sees, whose turn it is, one opened with its clocks and next actions.

Lists are QuerySets over the computed columns and the rows of parties, and replay nothing; ``opened`` replays one case.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case as Choice
from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.db.models.functions import Cast

from liandesk.base.accounts.access import visibility
from liandesk.base.accounts.roles import ScopeKind, Viewer
from liandesk.base.clock import today
from liandesk.base.definitions.models import Definition
from liandesk.base.work.columns import columns_of, zone
from liandesk.base.work.models import Case, CaseEvent, Named, Party, Stay
from liandesk.base.work.policies import CASE
from liankit.process import (
    Event,
    NextAction,
    Process,
    Reading,
    State,
    build_process,
    next_actions,
    opened_with,
    read_clocks,
    replay,
)

EARLIEST_DUE = (F("due").asc(nulls_last=True), "id")
"""The order of open cases on every database: what has no due day comes last."""
PERSON = "person"
"""The kind of scope that is one person, with the id ``user:7``."""


def persons_of(viewer: Viewer) -> frozenset[str]:
    """Return the persons a viewer acts for: themselves, and those they stand in for."""
    return viewer.acts_for | {viewer.actor}


def scopes_of(viewer: Viewer) -> frozenset[tuple[str, str]]:
    """Return the scopes a viewer acts for, as (kind, id): by their roles, and in person."""
    held = (
        (str(rows.scope_kind), scope_id)
        for role, rows in CASE.actions["act"].items()
        for scope_id in viewer.scope_ids(role, rows.scope_kind)
    )
    return frozenset(held) | {(PERSON, person) for person in persons_of(viewer)}


def _of_scopes(scopes: Iterable[tuple[str, str]]) -> Q:
    """Return the rows of parties that belong to one of these scopes."""
    by_kind: dict[str, set[str]] = {}
    for kind, scope_id in scopes:
        by_kind.setdefault(kind, set()).add(scope_id)
    found = Q(pk__in=[])
    for kind, ids in sorted(by_kind.items()):
        found |= Q(scope_kind=kind, scope_id__in=sorted(ids))
    return found


def cases(viewer: Viewer) -> QuerySet[Case]:
    """Return the cases the viewer may see; of the restricted ones only those that name them.

    What the viewer sees is looked up as a whole, for reading many; ``seen_by`` says the same of each row.
    """
    return Case.objects.filter((_in_scope(viewer) & Q(is_restricted=False)) | _named(viewer))


def seen_by(viewer: Viewer, case: str = "pk") -> Q:
    """Return the condition that the viewer sees the case of a row: each is probed, for one case or few of many.

    ``case`` is the field that holds the case; ``pk`` for rows that are cases.
    """
    parts = Party.objects.filter(case=OuterRef(case))
    persons = persons_of(viewer)
    named = Q(Exists(Named.objects.filter(case=OuterRef(case), person__in=persons)))
    named |= Q(Exists(parts.filter(scope_kind=PERSON, scope_id__in=persons)))
    public = Q(**{"is_restricted" if case == "pk" else f"{case}__is_restricted": False})
    if not visibility(viewer, CASE).everything:
        public &= Q(Exists(parts.filter(_of_scopes(_held_by_role(viewer)))))
    return public | named


def one_case(viewer: Viewer, pk: int | str) -> QuerySet[Case]:
    """Return one case, where it is there and the viewer may see it."""
    return Case.objects.filter(seen_by(viewer), pk=pk)


def _named(viewer: Viewer, case: str = "pk") -> Q:
    """Return the cases that name the viewer in person, or whom they act for; ``case`` is the field of the case."""
    persons = persons_of(viewer)
    named = Q(**{f"{case}__in": Named.objects.filter(person__in=persons).values("case")})
    as_party = Party.objects.filter(scope_kind=PERSON, scope_id__in=persons)
    return named | Q(**{f"{case}__in": as_party.values("case")})


def _in_scope(viewer: Viewer, **parts: bool) -> Q:
    """Return the cases in which the viewer's roles hold a part; ``parts`` narrows these to some of its columns."""
    if visibility(viewer, CASE).everything:
        return Q()
    return Q(pk__in=Party.objects.filter(_of_scopes(_held_by_role(viewer)), **parts).values("case"))


def _held_by_role(viewer: Viewer) -> list[tuple[str, str]]:
    return [scope for scope in scopes_of(viewer) if scope[0] != PERSON]


def holding(viewer: Viewer) -> QuerySet[Party]:
    """Return the parts that the viewer's scopes, or the viewer in person, hold in any case."""
    return Party.objects.filter(_of_scopes(scopes_of(viewer)))


def acting(viewer: Viewer) -> QuerySet[Party]:
    """Return the parts of the viewer that have something to do now, which the viewer may do in person."""
    return Party.objects.filter(_acting(viewer), is_open=True)


def _acting(viewer: Viewer) -> Q:
    found = Q(pk__in=[])
    for one in viewer.capacities:
        barred = Q(barred__contains=f"|{viewer.actor}|") | Q(barred__contains=f"|{one.actor}|")
        found |= _of_scopes(scopes_of(one)) & ~barred
    return found & Q(acts=True)


def mine(viewer: Viewer) -> QuerySet[Case]:
    """Return the open cases in which something is the viewer's to do, the earliest due first."""
    return _running(viewer, acting(viewer))


def of_office(viewer: Viewer) -> QuerySet[Case]:
    """Return the open cases in which an office or a town of the viewer holds a role, the earliest due first."""
    public = [scope for scope in scopes_of(viewer) if scope[0] in (ScopeKind.OFFICE, ScopeKind.TOWN)]
    return _running(viewer, Party.objects.filter(_of_scopes(public), is_open=True))


def in_hand(viewer: Viewer) -> QuerySet[Case]:
    """Return the open cases in which the viewer holds a role, the earliest due first."""
    return _running(viewer, holding(viewer).filter(is_open=True))


def waiting_on_others(viewer: Viewer) -> QuerySet[Case]:
    """Return the open cases in which the viewer holds a role and others have to act, the earliest due first."""
    return in_hand(viewer).exclude(pk__in=acting(viewer).values("case"))


def overdue(viewer: Viewer) -> QuerySet[Case]:
    """Return the open cases in which the viewer holds a role and the earliest due day has passed."""
    return in_hand(viewer).filter(due__lt=today())


def _running(viewer: Viewer, parts: QuerySet[Party]) -> QuerySet[Case]:
    """Return the open cases of parts that the viewer holds: these are in scope, the restricted ones if they name one.

    The parts are few against all, so they are looked up first.
    """
    seen = Q(is_restricted=False) | _named(viewer)
    return Case.objects.filter(seen, pk__in=parts.values("case"), ended_at=None).order_by(*EARLIEST_DUE)


@dataclass(frozen=True)
class Desk:
    """The open cases in which a viewer holds a role, by id, each once, the earliest due first."""

    overdue: list[int]
    mine: list[int]  # in time, and something is the viewer's to do
    others: list[int]  # in time, and others have to act


def desk(viewer: Viewer) -> Desk:
    """Return what is on a viewer's desk, read at once and plainly: the parts are few against all cases, but many."""
    turn = Choice(When(_acting(viewer), then=Value("mine")), default=Value(""))
    parts = holding(viewer).filter(Q(case__is_restricted=False) | _named(viewer, "case"), is_open=True)
    parts = parts.annotate(turn=turn, due=Cast("case__due", CharField()))
    dues: dict[int, str] = {}
    turns: set[int] = set()
    for case, due, is_turn in parts.values_list("case", "due", "turn"):
        dues[case] = due or "9999"
        if is_turn:
            turns.add(case)
    ordered, late = sorted(dues, key=lambda case: (dues[case], case)), today().isoformat()
    overdue = [case for case in ordered if dues[case] < late]
    in_time = ordered[len(overdue) :]
    return Desk(overdue, [c for c in in_time if c in turns], [c for c in in_time if c not in turns])


def on_desk(viewer: Viewer, ids: Sequence[int]) -> dict[int, Case]:
    """Return some cases of a viewer's desk, by id."""
    return _held(viewer).in_bulk(ids)


def changed_since(viewer: Viewer, moment: datetime) -> QuerySet[Case]:
    """Return the cases in which the viewer holds a role and something was entered since, the latest first."""
    return _held(viewer).filter(changed_at__gt=moment).order_by("-changed_at", "-id")


def _held(viewer: Viewer) -> QuerySet[Case]:
    """Return the cases in which the viewer holds a role and that they see; each is probed, for few of many."""
    held = Exists(holding(viewer).filter(case=OuterRef("pk")))
    return Case.objects.filter(held, Q(is_restricted=False) | _named(viewer))


def open_cases(viewer: Viewer) -> QuerySet[Case]:
    """Return every open case the viewer may see, the earliest due first."""
    seen = (_in_scope(viewer, is_open=True) & Q(is_restricted=False)) | _named(viewer)
    return Case.objects.filter(seen, ended_at=None).order_by(*EARLIEST_DUE)


def ended_cases(viewer: Viewer) -> QuerySet[Case]:
    """Return the cases that have ended, the latest first."""
    return cases(viewer).exclude(ended_at=None).order_by("-ended_at")


def about(viewer: Viewer, kind: str, subject_id: str) -> QuerySet[Case]:
    """Return the cases about one object, the open ones first, each group the youngest first."""
    found = Case.objects.filter(seen_by(viewer), subject_kind=kind, subject_id=subject_id)
    return found.order_by("ended_at", "-opened_at")


def in_stage(viewer: Viewer, process: str, stage: str) -> QuerySet[Case]:
    """Return the cases that stand in a stage of a process, or ended in it, the longest there first."""
    found = Case.objects.filter(seen_by(viewer), stays__process=process, stays__stage=stage, stays__left_at=None)
    return found.order_by("stays__entered_at", "stays__case")


def stage_counts(viewer: Viewer, process: str, stages: Collection[str]) -> dict[str, int]:
    """Return how many cases of a process the viewer sees in each of some stages; one without any is not there."""
    standing = Stay.objects.filter(process=process, stage__in=stages, left_at=None)
    seen = standing.filter(seen_by(viewer, "case"))
    return dict(seen.values_list("stage").annotate(count=Count("pk")).order_by("stage"))


def whose_turn(found: Iterable[Case]) -> dict[int, list[Party]]:
    """Return, by case, the parts that have something to do now; the cases were read by the viewer."""
    turns: dict[int, list[Party]] = {}
    for party in Party.objects.filter(case__in=[case.pk for case in found], acts=True).order_by("role", "id"):
        turns.setdefault(party.case_id, []).append(party)
    return turns


def roles_in(viewer: Viewer, case: Case) -> frozenset[str]:
    """Return the roles of a case that the viewer holds."""
    return frozenset(holding(viewer).filter(case=case).values_list("role", flat=True))


_PROCESSES: dict[str, Process] = {}
"""The processes built so far, by the hash of the version; a version never changes."""


def process_of(definition: Definition) -> Process:
    """Return the process of one version; it was checked when it was written and is built once."""
    if definition.hash not in _PROCESSES:
        _PROCESSES[definition.hash] = build_process(definition.body, str(definition))
    return _PROCESSES[definition.hash]


def processes_of(found: Iterable[Case]) -> Mapping[int, Process]:
    """Return the processes of many cases by the id of the version, in one query that reads no body twice."""
    wanted = Definition.objects.filter(pk__in={case.definition_id for case in found})
    return {version.pk: process_of(version) for version in wanted.defer("body")}


def events_of(case: Case) -> list[Event]:
    """Return the log of a case in the form that the interpreter reads."""
    return [as_event(row) for row in case.events.order_by("number")]


def versions_of(case: Case) -> QuerySet[Definition]:
    """Return the published versions of the process of a case."""
    return Definition.objects.filter(kind="process", key=case.process, published_at__isnull=False)


def processes_by_version(case: Case) -> Mapping[str, Process]:
    """Return what a case may go over to, by number of version."""
    return {str(version.version): process_of(version) for version in versions_of(case)}


def replayed(case: Case, events: Sequence[Event]) -> State:
    """Return the state that events of a case give, over all the versions it ran by."""
    first = opened_with(events)
    if first is None:
        return replay(process_of(case.definition), events)
    versions = processes_by_version(case)
    return replay(versions[str(first)], events, versions)


def state_of(case: Case) -> State:
    """Return the state of a case as its log gives it; of one without an event, that of nothing."""
    return replayed(case, events_of(case))


def as_event(row: CaseEvent) -> Event:
    """Return one row of the log as the interpreter reads it."""
    data = row.data
    if row.kind == "correct" and data.get("at"):
        data = {**data, "at": datetime.fromisoformat(data["at"])}
    holders = {role: tuple(held) for role, held in row.holders.items()}
    return Event(
        row.number,
        row.kind,  # type: ignore[arg-type]
        row.actor,
        row.at,
        row.name,
        data,
        row.reason,
        holders,
        tuple(row.on_behalf_of),
    )


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
        """The next actions of the viewer's roles."""
        return tuple(action for action in self.actions if action.is_for(self.roles))


def opened(viewer: Viewer, pk: int) -> Opened | None:
    """Return one case, or None when it is not there or not for the viewer."""
    found = one_case(viewer, pk).select_related("definition").first()
    if found is None:
        return None
    process, rows = process_of(found.definition), list(found.events.order_by("number"))
    state = replayed(found, [as_event(row) for row in rows])
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


def computed(case: Case) -> dict[str, object]:
    """Return the computed columns of a case as its log gives them now."""
    return columns_of(process_of(case.definition), state_of(case))


def in_force_today() -> dict[str, Definition]:
    """Return the version of each process that is in force today, by key; bodies are read when they are asked for."""
    published = Definition.objects.filter(kind="process", published_at__isnull=False, effective_from__lte=today())
    return {found.key: found for found in published.order_by("key", "effective_from", "version").defer("body")}


def process_keys() -> list[str]:
    """Return the keys of all processes."""
    return sorted(set(Definition.objects.filter(kind="process").values_list("key", flat=True)))
