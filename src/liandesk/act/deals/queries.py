"""Read deals: those a viewer may see, and by weak link what they would close. A restricted one only who is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from liandesk.act.deals.models import Deal, Evidence, Kind, Stage
from liandesk.act.deals.policies import DEAL
from liandesk.assess.lists import queries as lists
from liandesk.assess.lists.levels import scheme, shown_level
from liandesk.assess.lists.models import ListEntry
from liandesk.base.accounts.access import can, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.work.of_cases import cases_seen
from liandesk.base.work.queries import seen_by
from liankit.risk.levels import LEVELS, level_after

ENDED = (Stage.ENDED, Stage.GIVEN_UP, Stage.FALLEN)
MOST_LINKS = 50


@dataclass(frozen=True)
class Levels:
    """The level of what a deal is about without it and with its switch proven; "": not known, or not for the viewer."""

    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Line:
    """A deal as the board shows it; ``may_open``: the viewer may open its case."""

    deal: Deal
    levels: Levels
    may_open: bool


@dataclass(frozen=True)
class WeakLink:
    """What deals would close; ``entry`` is the key of the entry where the viewer sees it."""

    name: str
    entry: str
    level: str
    lines: tuple[Line, ...]


def deals(viewer: Viewer) -> QuerySet[Deal]:
    """Return the deals that the viewer may see; of those of restricted cases only where these name them."""
    if not can(viewer, DEAL, "read"):
        return Deal.objects.none()
    open_ones = visibility(viewer, DEAL).as_q() & Q(case__is_restricted=False)
    found = Deal.objects.filter(open_ones | (seen_by(viewer, "case") & Q(case__is_restricted=True)))
    return found.select_related("entry", "case")


def entries_seen(viewer: Viewer) -> frozenset[str]:
    """Return the keys of the entries with deals that the viewer may open."""
    return frozenset(lists.entries(viewer).filter(deals__in=deals(viewer)).values_list("pk", flat=True))


def sees_levels(viewer: Viewer) -> bool:
    """Say whether the levels of entries are for the viewer."""
    return "computed_level" not in lists.hidden(viewer)


def levels_of(deal: Deal) -> Levels:
    """Return the level without and with the deal: as it was when the switch was proven, else as it would be today."""
    if deal.evidenced_on or deal.entry is None:
        return Levels(deal.level_before, deal.level_after)
    known = scheme()
    after = level_after(deal.entry.computed_level, deal.switch_by, 0, known) if known else ""
    return Levels(shown_level(deal.entry), "" if deal.evidence == Evidence.LOST else deal.entry.level or after)


def about_entry(viewer: Viewer, key: str) -> list[Line]:
    """Return the deals about an entry that the viewer sees, those that go on first."""
    return sorted(lines(viewer, deals(viewer).filter(entry=key)), key=lambda one: one.deal.stage in ENDED)


def by_weak_link(viewer: Viewer, rows: Iterable[Deal]) -> list[WeakLink]:
    """Return what the deals would close, the gravest first; at most ``MOST_LINKS``."""
    seen, knows = entries_seen(viewer), sees_levels(viewer)
    groups: dict[tuple[str, str], list[Line]] = {}
    for line in lines(viewer, rows):
        groups.setdefault((line.deal.entry_id or "", line.deal.weak_link), []).append(line)
    links = [_link(key, name, lines, key in seen, knows) for (key, name), lines in groups.items()]
    return sorted(links, key=lambda one: (_gravity(one.level), one.name))[:MOST_LINKS]


def _link(key: str, name: str, lines: list[Line], is_seen: bool, knows: bool) -> WeakLink:
    entry: ListEntry | None = lines[0].deal.entry
    level = shown_level(entry) if entry and is_seen and knows else ""
    return WeakLink(name, key if is_seen else "", level, tuple(lines))


def _gravity(level: str) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def lines(viewer: Viewer, rows: Iterable[Deal]) -> list[Line]:
    may_open, seen = cases_seen(viewer, "deal"), entries_seen(viewer)
    knows = sees_levels(viewer)
    none = Levels()
    return [
        Line(one, levels_of(one) if knows and one.entry_id in seen else none, one.case_id in may_open) for one in rows
    ]


def by_kind(rows: QuerySet[Deal]) -> list[tuple[Kind, list[tuple[Evidence, int]], int]]:
    """Return the kinds with how many deals each has by how far they came, and together."""
    counted = rows.order_by().values_list("kind", "evidence").annotate(many=Count("pk"))
    found: dict[str, dict[str, int]] = {}
    for kind, evidence, many in counted:
        found.setdefault(kind, {})[evidence] = many
    return [
        (kind, [(one, found[kind].get(one, 0)) for one in Evidence], sum(found[kind].values()))
        for kind in Kind
        if kind in found
    ]
