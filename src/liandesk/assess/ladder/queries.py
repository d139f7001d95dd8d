"""Read the ladder: the board, where one enterprise stands and what is next, the shortest way up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import polars as pl
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from liandesk.assess.ladder.definitions import ladder
from liandesk.assess.ladder.models import Rung
from liandesk.assess.ladder.standings import movement
from liandesk.assess.rules import queries as rules
from liandesk.assess.rules.facts import TITLES
from liandesk.assess.rules.policies import GRADE
from liandesk.assess.rules.tables import NEW, RECHECK
from liandesk.assess.rules.wording import Line, Words
from liandesk.base.accounts.access import visibility
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer
from liandesk.base.clock import today
from liandesk.base.errors import NotThere
from liandesk.know.registry.models import Organisation
from liandesk.know.registry.queries import organisation
from liankit.process.definition import Text
from liankit.rules.coach import Goal, Way, apply_way, shortest_way
from liankit.rules.coach_trial import Choice
from liankit.rules.evaluate import Grades, grade
from liankit.rules.formulas import inputs_of
from liankit.rules.missing import missing_clauses
from liankit.rules.panel import Panel, build_panel
from liankit.rules.scheme import Scheme, nodes_of
from liankit.rules.shortfall import shortfall
from liankit.rules.versions import governing, in_force

FAMILY = "ladder"
_YEARS = 5  # of the movement over time


def rungs(viewer: Viewer) -> QuerySet[Rung]:
    """Return where the enterprises stand that the viewer may see."""
    return Rung.objects.filter(visibility(viewer, GRADE).as_q(), is_current=True)


def rung_of(viewer: Viewer, pk: str) -> Rung | None:
    """Return where one enterprise stands; one that nothing is known of stands nowhere. None: it may not be seen."""
    row = rungs(viewer).filter(pk=pk).first()
    found = organisation(viewer, pk) if row is None and rules.visible(viewer, [pk]) == {pk} else None
    return Rung(id=pk, name=found.name, town=found.town, zone=found.zone) if found else row


def expiring(viewer: Viewer) -> QuerySet[Rung]:
    """Return those whose title ends within the days of the reminder, or has ended."""
    until = today() + timedelta(days=ladder().remind_days)
    return rungs(viewer).filter(held_until__lte=until).order_by("held_until", "pk")


def title_names() -> dict[str, Text]:
    """Return what titles are called, by code."""
    found = next((one for one in rules.vocabulary().inputs if one.key == TITLES), None)
    return {code.code: code.title for code in found.codes} if found else {}


def goals() -> tuple[str, ...]:
    """Return the codes of titles that a way can be asked to: the rungs first, then what else this family grants."""
    granted = (one.grants for one in rules.schemes() if one.family == FAMILY)
    return tuple(dict.fromkeys((*ladder().rungs, *granted)))


@dataclass(frozen=True)
class BoardLine:
    """One rung: how many hold it as their highest, are computed to it, end soon, and are one clause short of it."""

    code: str
    held: int
    computed: int
    expiring: int
    near: int
    past: tuple[int, ...]


def board(viewer: Viewer, town: str = "", zone: str = "") -> tuple[list[BoardLine], list[date]]:
    """Return the rungs, the highest first, and the days of which ``past`` tells how many held them then."""
    where = Q(**{name: value for name, value in (("town", town), ("zone", zone)) if value})
    rows = list(rungs(viewer).filter(where).values_list("pk", "held", "computed", "next", "is_near"))
    ending = set(expiring(viewer).filter(where).values_list("pk", flat=True))
    days = [date(today().year - back, 12, 31) for back in range(_YEARS, 0, -1)] + [today()]
    moved = movement(rules.facts_of(viewer, [row[0] for row in rows]), ladder().rungs, days)
    lines = [
        BoardLine(
            code,
            held=sum(held == code for _pk, held, *_ in rows),
            computed=sum(computed == code for _pk, _held, computed, *_ in rows),
            expiring=sum(held == code and pk in ending for pk, held, *_ in rows),
            near=sum(coming == code and is_near for *_, coming, is_near in rows),
            past=tuple(moved[code]),
        )
        for code in reversed(ladder().rungs)
    ]
    return lines, days


@dataclass(frozen=True)
class Stand:
    """How an enterprise stands under one scheme, the least clauses that have to turn, and what is in the way."""

    scheme: Scheme
    outcome: bool | None
    failed: int
    unknown: int
    lines: list[Line]
    is_next: bool
    short: list[Line]


@dataclass(frozen=True)
class Title:
    """A title that is held: its code, since and until when, and how it stands by the scheme that governs re-checks."""

    code: str
    since: date | None
    until: date | None
    recheck: Stand | None


@dataclass(frozen=True)
class Standing:
    """One enterprise: what it holds, what it is computed to, and how it stands under each scheme of the ladder."""

    organisation: Organisation
    row: Rung | None
    titles: list[Title]
    stands: list[Stand]

    @property
    def next(self) -> Stand | None:
        return next((one for one in self.stands if one.is_next), None)


def standing(viewer: Viewer, pk: str, on: date | None = None, known: date | None = None) -> Standing | None:
    """Return how one enterprise stands by the law and the knowledge of two days; None where it may not be seen."""
    found = organisation(viewer, pk)
    if found is None or rules.visible(viewer, [pk]) != {pk}:
        return None
    day = on or today()
    facts = rules.facts_known(viewer, pk, known)
    row = rungs(viewer).filter(pk=pk).first()
    asked = [one for one in in_force(rules.schemes(day), "new", day) if one.family == FAMILY]
    words = rules.vocabulary(day)
    panel = build_panel(facts, words, day, pl.Series([pk]))
    graded = grade(asked, panel)
    coming = row.next if row else ""
    stands = [_stand(one, Words(one.scheme, words, day).graded(one), coming) for one in graded]
    return Standing(found, row, _titles(facts, panel), sorted(stands, key=_order))


def way(viewer: Viewer, pk: str, grants: str, by: date) -> tuple[Way, list[Stand]] | None:
    """Return the shortest way of one enterprise to a title by a day, and how it stands after its steps.

    None where the enterprise may not be seen; UserError where no scheme grants the title.
    """
    if rules.visible(viewer, [pk]) != {pk}:
        return None
    facts, words, schemes = rules.facts_of(viewer, [pk]), rules.vocabulary(by), rules.schemes(by)
    if facts.is_empty():
        return Way(Goal(grants, today(), by), "", None, questions=_unanswered(grants, by)), []
    found = shortest_way(schemes, facts, words, Goal(grants, today(), by))
    if found.on is None:
        return found, []
    changed = apply_way(found, facts, words)
    panel = build_panel(changed, words, found.on, changed["enterprise"].unique() if changed.height else pl.Series([pk]))
    law = [governing(schemes, code, "new", found.on) for code in dict.fromkeys((*ladder().rungs, grants))]
    graded = grade([one for one in law if one], panel)
    return found, [_stand(one, Words(one.scheme, words, found.on).graded(one), grants) for one in graded]


def choice(viewer: Viewer, pk: str, grants: str, day: date) -> Choice | None:
    """Return what one enterprise can change until it applies for a title on a day; None where no scheme governs it.

    NotThere where the enterprise may not be seen.
    """
    if rules.visible(viewer, [pk]) != {pk}:
        raise NotThere(_("There is no such enterprise."))
    scheme = governing(rules.schemes(day), grants, NEW, day)
    return Choice(scheme, rules.facts_of(viewer, [pk]), rules.vocabulary(day), today(), day) if scheme else None


@dataclass(frozen=True)
class Tried:
    """How an enterprise stands after changes that somebody picked, their effort, and the clauses that they turned."""

    stand: Stand
    effort: float
    wait: int
    turned: list[Line]


def tried(chosen: Choice, picked: Mapping[str, float], supposed: Mapping[str, float]) -> Tried:
    """Return what comes of changes (``liankit.rules.coach_trial``), against only waiting until the day."""
    words = Words(chosen.scheme, chosen.vocabulary, chosen.day)
    before, after = chosen.tried({}, {}), chosen.tried(picked, supposed)
    lines = words.graded(after.grades)
    turned = [
        new
        for old, new in zip(words.graded(before.grades), lines, strict=True)
        if new.holds is True and old.holds is not True and not new.is_item
    ]
    stand = _stand(after.grades, lines, chosen.scheme.grants)
    return Tried(stand, after.effort, (chosen.day - chosen.today).days, turned)


def _unanswered(grants: str, by: date) -> tuple[str, ...]:
    """Return the inputs that a title asks for, of an enterprise that nothing is known of."""
    scheme, words = governing(rules.schemes(by), grants, "new", by), rules.vocabulary(by)
    formulas = {one.key: one.formula for one in words.quantities}
    nodes = nodes_of(scheme) if scheme else ()
    asked = {name for node in nodes if (key := getattr(node, "quantity", None)) for name in inputs_of(key, formulas)}
    return tuple(sorted(asked))


def clause_titles(found: Way) -> list[Text]:
    """Return the titles of the clauses that nothing reaches on a way."""
    scheme = next((one for one in rules.schemes(found.goal.by) if one.key == found.scheme), None)
    titles = {node.key: node.title for node in nodes_of(scheme)} if scheme else {}
    return [titles[key] for key in found.blocked if key in titles]


def own_organisations(viewer: Viewer) -> list[str]:
    """Return the enterprises that somebody acts for."""
    return sorted(viewer.scope_ids(Role.ENTERPRISE, ScopeKind.ORGANISATION))


def _stand(found: Grades, lines: list[Line], coming: str) -> Stand:
    failed, unknown = shortfall(found)
    outcome = {1: True, 0: False}.get(int(found.outcome[0]))
    blocking = {id(one.node) for one in missing_clauses(found, 0).clauses}
    short = [line for line in lines if id(line.node) in blocking]
    return Stand(found.scheme, outcome, int(failed[0]), int(unknown[0]), lines, found.scheme.grants == coming, short)


def _order(one: Stand) -> tuple[int, str]:
    places: Sequence[str] = ladder().rungs
    return (places.index(one.scheme.grants) if one.scheme.grants in places else len(places), one.scheme.key)


def _titles(facts: pl.DataFrame, panel: Panel) -> list[Title]:
    held = rules.holders(facts, panel.on).sort("date", descending=True, nulls_last=True)
    lines = held.select("text", "date", "until").iter_rows()
    return [Title(code, since, until, _recheck(code, panel)) for code, since, until in lines]


def _recheck(code: str, panel: Panel) -> Stand | None:
    """Return how one enterprise stands by the scheme that re-checks of a title still stand under; None: none does."""
    scheme = governing(rules.schemes(panel.on), code, RECHECK, panel.on)
    if scheme is None:
        return None
    (graded,) = grade([scheme], panel)
    return _stand(graded, Words(scheme, panel.vocabulary, panel.on).graded(graded), "")
