"""Read policies in force, what enterprises are owed under them, and what is fulfilled.

Entitlements are computed for all enterprises at once, as quotas and budgets are shared, and then shown to whom they
concern. They follow from the published facts, the definitions in force and who confirmed first.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
import polars as pl
from django.db.models import Count, QuerySet, Sum
from django.utils.translation import gettext as _

from liandesk.assess.policies.definitions import hashes, policies_on
from liandesk.assess.policies.facts import enterprises, with_towns
from liandesk.assess.policies.models import Fulfilment
from liandesk.assess.policies.policies import FULFILMENT, POLICY
from liandesk.assess.rules.queries import facts_of, visible, vocabulary
from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Role, ScopeKind, Viewer, system_viewer
from liandesk.base.clock import today
from liandesk.base.errors import NotThere
from liandesk.base.snapshots.queries import published
from liandesk.know.registry.models import Organisation
from liandesk.know.registry.queries import organisation_name
from liankit.process.definition import Text
from liankit.reasons import Reason
from liankit.rules.benefits import Policy, Term
from liankit.rules.evaluate import Grades, grade
from liankit.rules.panel import build_panel
from liankit.rules.policies import Entitled, entitle
from liankit.rules.questions import Question, questions
from liankit.rules.replay import CAME, places_of
from liankit.rules.vocabulary import Vocabulary

PROGRAM = system_viewer("policies")
CNY = 100


@dataclass(frozen=True)
class Line:
    """What one enterprise is owed under one clause, in CNY; ``holds`` is None where that is unknown.

    ``is_sure``: it gets something, unless others use up quota or budget before it.
    """

    term: Term
    organisation: str
    name: str
    town: str
    holds: bool | None
    low: float
    high: float
    is_sure: bool
    case: Fulfilment | None
    is_synthetic: bool

    @property
    def may_be_claimed(self) -> bool:
        """What is made up is for made-up enterprises only: nobody may rest a claim on it."""
        return self.is_synthetic or self.term.policy.is_claimable(self.term.clause)


@dataclass(frozen=True)
class Clause:
    """One clause of the catalogue, with what is spent of its budget by what was listed and paid; amounts in CNY."""

    term: Term
    is_claimable: bool
    budget: float | None
    used: float

    @property
    def confidence(self) -> str:
        return (self.term.clause.source or self.term.policy.source).confidence


def entitled_today() -> Entitled:
    """Return what every enterprise is owed today; for programs and for queries, which show each to whom it concerns."""
    snapshot = published()
    return _entitled((hashes(), snapshot.key if snapshot else ""), today(), _came())


@lru_cache(maxsize=4)
def _entitled(key: object, on: date, came: tuple[tuple[str, str, str], ...]) -> Entitled:
    """``key`` names the definitions and the snapshot that it follows from."""
    rows = pl.Series(list(enterprises()), dtype=pl.String)
    panel = build_panel(_facts(), vocabulary(on), on, rows)
    return entitle(policies_on(on), panel, places_of(pl.DataFrame(came, schema=CAME, orient="row"), rows))


def _facts() -> pl.DataFrame:
    return with_towns(facts_of(PROGRAM), enterprises())


def _came() -> tuple[tuple[str, str, str], ...]:
    """Return who confirmed this year, the first first: organisation, policy, clause."""
    found = Fulfilment.objects.filter(year=today().year, confirmed_at__isnull=False, reason__in=["", *_PAID])
    return tuple(found.order_by("confirmed_at", "pk").values_list("organisation", "policy", "clause"))


_PAID = ("paid_in_full", "paid_in_part")


def catalogue(viewer: Viewer) -> list[Clause]:
    """Return the clauses in force today, in the order of their policies."""
    check(viewer, POLICY, "read")
    return [_clause(term) for term in entitled_today().terms]


def clause_of(viewer: Viewer, policy: str, clause: str) -> Clause:
    """Return one clause in force today; NotThere where there is none."""
    for one in catalogue(viewer):
        if one.term.key == (policy, clause):
            return one
    raise NotThere(_("No such clause is in force today."))


def _clause(term: Term) -> Clause:
    budget, policy = term.clause.budget, term.policy
    limit = term.fen(budget.amount_cny) / CNY if budget else None
    return Clause(term, policy.is_claimable(term.clause), limit, used_fen(*term.key) / CNY)


def used_fen(policy: str, clause: str) -> int:
    """Return what was listed or paid this year under a clause; for the catalogue and for the checks of programs."""
    spent = spent_on(policy, clause).aggregate(listed=Sum("amount_fen"))["listed"]
    return int(spent or 0)


def spent_on(policy: str, clause: str = "") -> QuerySet[Fulfilment]:
    """Return what was listed for payment or paid this year under a policy, or one clause of it."""
    found = Fulfilment.objects.filter(policy=policy, year=today().year, stage__in=["listed", "paid"])
    return found.filter(clause=clause) if clause else found


def fulfilments(viewer: Viewer) -> QuerySet[Fulfilment]:
    """Return what is fulfilled, as far as the viewer may see it."""
    return Fulfilment.objects.filter(visibility(viewer, FULFILMENT).as_q()).select_related("case")


def owed_under(viewer: Viewer, policy: str, clause: str) -> list[Line]:
    """Return who is, or may be, entitled to a clause: of the enterprises whose grades the viewer may see."""
    found = entitled_today()
    column = found.place(policy, clause)
    rows = np.flatnonzero(found.outcome[:, column] == 1).tolist()
    return _lines(viewer, found, [(row, column) for row in rows])


def owed_to(viewer: Viewer, organisation: str) -> list[Line]:
    """Return every clause in force with what it gives one enterprise; NotThere for one the viewer may not see."""
    found, row = _row(viewer, organisation)
    return _lines(viewer, found, [(row, column) for column in range(len(found.terms))])


def check_visible(viewer: Viewer, organisation: str) -> None:
    """Raise NotThere for an enterprise whose money the viewer may not see."""
    _row(viewer, organisation)


def _row(viewer: Viewer, organisation: str) -> tuple[Entitled, int]:
    found = entitled_today()
    rows = np.flatnonzero((found.panel.enterprises == organisation).to_numpy())
    if visible(viewer, [organisation]) != {organisation} or not len(rows):
        raise NotThere(_("There is no such enterprise for you."))
    return found, int(rows[0])


def _lines(viewer: Viewer, found: Entitled, cells: list[tuple[int, int]]) -> list[Line]:
    ids = found.panel.enterprises.to_list()
    seen = visible(viewer, [ids[row] for row, _column in cells])
    named = Organisation.objects.in_bulk([ids[row] for row, _column in cells])
    cases = {
        (one.policy, one.clause, one.organisation): one
        for one in fulfilments(viewer).filter(year=today().year, organisation__in=list(named)).order_by("pk")
    }
    return [
        _line(found, row, column, named[ids[row]], cases.get((*found.terms[column].key, ids[row])))
        for row, column in cells
        if (seen is None or ids[row] in seen) and ids[row] in named
    ]


def _line(found: Entitled, row: int, column: int, whose: Organisation, case: Fulfilment | None) -> Line:
    outcome = {1: True, 0: False, -1: None}[int(found.outcome[row, column])]
    low, high = (int(side[row, column]) / CNY for side in found.owed)
    is_sure = bool(found.stages["stacking"].low[row, column] > 0)
    whom = (whose.pk, whose.name, whose.town)
    return Line(found.terms[column], *whom, outcome, low, high, is_sure, case, whose.is_synthetic)


def total_of(viewer: Viewer, organisation: str) -> tuple[float, float]:
    """Return what an enterprise is owed in all, at least and at most, in CNY."""
    found, row = _row(viewer, organisation)
    total = found.total()
    return int(total.low[row]) / CNY, int(total.high[row]) / CNY


def why_owed(viewer: Viewer, organisation: str, policy: str, clause: str) -> tuple[Grades, tuple[Reason, ...]]:
    """Return how the rule of a clause comes out for one enterprise alone, and what its amount follows from."""
    found, row = _row(viewer, organisation)
    column = found.place(policy, clause)
    own = _facts().filter(pl.col("enterprise") == organisation)
    (graded,) = grade([found.grades[column].scheme], build_panel(own, vocabulary(), today(), pl.Series([organisation])))
    return graded, found.amount_reasons(row, column)


@dataclass(frozen=True)
class Calculated:
    """What the answers come to: each clause as a line without a name, the total, and what is still to be asked."""

    lines: list[tuple[Term, bool | None, float, float]]
    total: tuple[float, float]
    questions: list[Question]


def calculate(viewer: Viewer, answers: pl.DataFrame, organisation: str = "") -> Calculated:
    """Return what somebody with these answers (``FACTS`` of the enterprise "") is owed; facts of one's own stand below.

    Quotas and budgets are taken as untouched: nobody else is looked at.
    """
    check(viewer, POLICY, "read")
    known = _own_facts(viewer, organisation) if organisation else answers.clear()
    answered = answers["input"].unique().to_list()
    said = pl.concat([known.filter(~pl.col("input").is_in(answered)).with_columns(enterprise=pl.lit("")), answers])
    panel = build_panel(said, vocabulary() if organisation else _asked_of_everybody(), today(), pl.Series([""]))
    found = entitle(policies_on(), panel)
    low, high = (side[0] / CNY for side in found.stages["stacking"])
    outcomes = ({1: True, 0: False, -1: None}[one] for one in found.outcome[0].tolist())
    lines = list(zip(found.terms, outcomes, low.tolist(), high.tolist(), strict=True))
    return Calculated(lines, (float(low.sum()), float(high.sum())), questions(found, 0))


def _asked_of_everybody() -> Vocabulary:
    """Return the vocabulary for somebody whom no register knows: what a register would tell has to be asked."""
    words = vocabulary()
    return words.model_copy(
        update={"inputs": tuple(one.model_copy(update={"is_complete": False}) for one in words.inputs)}
    )


def _own_facts(viewer: Viewer, organisation: str) -> pl.DataFrame:
    _row(viewer, organisation)
    towns = {organisation: enterprises().get(organisation, "")}
    return with_towns(facts_of(viewer, [organisation]), towns)


def catalogue_policies(viewer: Viewer) -> list[Policy]:
    """Return the policies in force today."""
    check(viewer, POLICY, "read")
    return list(policies_on())


def own_organisations(viewer: Viewer) -> list[tuple[str, str]]:
    """Return the enterprises that the viewer acts for: id and name."""
    ids = viewer.scope_ids(Role.ENTERPRISE, ScopeKind.ORGANISATION) & set(enterprises())
    return [(pk, organisation_name(pk)) for pk in sorted(ids)]


def title_of(one: Fulfilment) -> Text | None:
    """Return the title of the clause that is fulfilled; None where it is not in force any more."""
    titles = {(policy.key, clause.key): clause.title for policy in policies_on() for clause in policy.clauses}
    return titles.get((one.policy, one.clause))


def stage_counts(found: QuerySet[Fulfilment]) -> dict[str, int]:
    """Return how many stand in each stage."""
    return dict(found.order_by().values_list("stage").annotate(Count("pk")))
