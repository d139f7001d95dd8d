"""Read the service windows: what can be asked for, what was asked and where it is, how much a window has to do.

The pack says which process stands at which window. Whoever may see a case, and open one, is as everywhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypedDict

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.urls import reverse

from liandesk.assess.per_mu.policies import PER_MU
from liandesk.assess.policies.queries import own_organisations
from liandesk.base.accounts.access import can, check
from liandesk.base.accounts.roles import ScopeKind, Viewer
from liandesk.base.clock import today
from liandesk.base.pack import ServiceWindow, pack
from liandesk.base.ui.display import language
from liandesk.base.work.cases_listing import processes
from liandesk.base.work.challenge_policies import CHALLENGE
from liandesk.base.work.models import Case, Party
from liandesk.base.work.opening import openable
from liandesk.base.work.policies import CASE
from liandesk.base.work.queries import cases, scopes_of
from liandesk.base.work.wording import said
from liankit.process import Process


@dataclass(frozen=True)
class Offer:
    """Something that the viewer may ask for, with the page where they do."""

    process: str
    title: str
    url: str


@dataclass(frozen=True)
class Window:
    """A window with what the viewer may ask for there."""

    code: str
    title: str
    office: str
    offers: tuple[Offer, ...]


@dataclass(frozen=True)
class Load:
    """How much of one process the viewer's offices have: open, overdue of these, ended since the year began."""

    window: str
    process: str
    title: str
    open: int
    overdue: int
    ended: int
    is_synthetic: bool


def own_scopes(viewer: Viewer) -> frozenset[str]:
    """Return the organisations that the viewer acts for."""
    return frozenset(scope_id for kind, scope_id in scopes_of(viewer) if kind == ScopeKind.ORGANISATION)


def _money(viewer: Viewer) -> str:
    own = own_organisations(viewer)
    return reverse("policy_money", args=[own[0][0]]) if own else ""


def _per_mu(viewer: Viewer) -> str:
    return reverse("per_mu") if own_scopes(viewer) and can(viewer, PER_MU, "read") else ""


def _challenges(viewer: Viewer) -> str:
    return reverse("challenges") if can(viewer, CHALLENGE, "read") else ""


_ELSEWHERE: Mapping[str, Callable[[Viewer], str]] = {
    "policy_claim": _money,
    "policy_appeal": _money,
    "per_mu_objection": _per_mu,
    "challenge_bid": _challenges,
}
"""Where a case that is about something is opened: on the page of that thing; no address where it is not theirs."""


def windows(viewer: Viewer) -> list[Window]:
    """Return the windows at which there is something for the viewer, in the order of the pack."""
    check(viewer, CASE, "read")
    known, may = processes(), {process.key for _definition, process in openable(viewer)}
    found = (_window(one, tuple(_offers(viewer, one, known, may))) for one in pack().services)
    return [window for window in found if window.offers]


def _window(window: ServiceWindow, offers: tuple[Offer, ...]) -> Window:
    office = pack().term("offices", window.office)
    assert office is not None  # the pack was checked
    return Window(window.code, window.text[language()], office.text[language()], offers)


def _offers(viewer: Viewer, window: ServiceWindow, known: Mapping[str, Process], may: set[str]) -> Iterator[Offer]:
    for key in window.processes:
        url = _page_of(viewer, key, may)
        if url and key in known:
            yield Offer(key, said(known[key].title), url)


def _page_of(viewer: Viewer, key: str, may: set[str]) -> str:
    if key in _ELSEWHERE:
        return _ELSEWHERE[key](viewer)
    return reverse("case_new", args=[key]) if key in may else ""


def served() -> dict[str, Process]:
    """Return the processes in force that stand at a window, by key."""
    at_windows = {key for window in pack().services for key in window.processes}
    return {key: process for key, process in processes().items() if key in at_windows}


def asked(viewer: Viewer) -> QuerySet[Case]:
    """Return what the viewer's own organisations asked for, with who can act in it as ``turn``."""
    check(viewer, CASE, "read")
    own = Party.objects.filter(case=OuterRef("pk"), scope_kind=ScopeKind.ORGANISATION, scope_id__in=own_scopes(viewer))
    asks = Q(pk__in=[])
    for key, process in served().items():
        asks |= Q(process=key) & Q(Exists(own.filter(role__in=_asking(process))))
    acting = Party.objects.filter(acts=True).order_by("role", "id")
    first = acting.filter(case=OuterRef("pk")).values("scope_id")[:1]
    found = cases(viewer).filter(asks).annotate(awaits=Subquery(first))
    return found.select_related("definition").prefetch_related(Prefetch("parties", queryset=acting, to_attr="turn"))


def _asking(process: Process) -> list[str]:
    """Return the roles of who asks: those who open it, or the organisation for whom another page opens it."""
    held = [role.key for role in process.roles if ScopeKind.ORGANISATION in role.held_by]
    return [key for key in process.opens_as if key in held] or held


def load(viewer: Viewer) -> list[Load]:
    """Return how much there is of each process at the windows, of the cases that the viewer sees."""
    check(viewer, CASE, "read")
    known = served()
    counts = _counts(viewer, list(known))
    return [
        Load(window.text[language()], key, said(known[key].title), **counts.get(key, _NOTHING))
        for window in pack().services
        for key in window.processes
        if key in known
    ]


class _Counts(TypedDict):
    open: int
    overdue: int
    ended: int
    is_synthetic: bool


_NOTHING: _Counts = {"open": 0, "overdue": 0, "ended": 0, "is_synthetic": False}


def _counts(viewer: Viewer, keys: list[str]) -> dict[str, _Counts]:
    """Return the numbers by process, read at once; the order of the model would split the groups."""
    is_open, year = Q(ended_at=None), date(today().year, 1, 1)
    found = cases(viewer).filter(process__in=keys).order_by().values("process")
    counted = found.annotate(
        open=Count("pk", filter=is_open),
        overdue=Count("pk", filter=is_open & Q(due__lt=today())),
        ended=Count("pk", filter=Q(ended_at__date__gte=year, ended_at__date__lte=today())),
        synthetic=Count("pk", filter=Q(is_synthetic=True)),
    )
    return {
        row["process"]: {
            "open": row["open"],
            "overdue": row["overdue"],
            "ended": row["ended"],
            "is_synthetic": row["synthetic"] > 0,
        }
        for row in counted
    }
