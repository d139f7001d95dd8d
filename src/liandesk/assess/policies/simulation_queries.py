"""Read simulations of drafts: what was asked, and the parts of an answer with names, by filter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import polars as pl
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from liandesk.assess.policies.definitions import POLICY, built, policies_on
from liandesk.assess.policies.models import Simulation
from liandesk.assess.policies.policies import SIMULATION
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import now, today
from liandesk.base.definitions.models import Definition
from liandesk.base.definitions.queries import definitions
from liandesk.base.errors import NotThere
from liandesk.base.snapshots import store
from liandesk.know.registry.models import Organisation
from liankit.process.definition import Text
from liankit.rules.benefits import Policy
from liankit.rules.drafts import Change, changes
from liankit.rules.policy_check import build_policy
from liankit.rules.simulate import VERDICTS

CNY = 100
_TABLES = ("moves", "clauses", "costs", "draws", "edges")


@dataclass(frozen=True)
class Answer:
    """The answer to a simulation; amounts in CNY. ``drawn`` are low, median, high of nine in ten draws."""

    draft: Policy
    before: Policy | None  # what stood in force under its key
    differences: list[Change]
    moves: pl.DataFrame
    clauses: pl.DataFrame
    edges: pl.DataFrame
    drawn: dict[str, tuple[float, float, float]]
    costs: dict[str, tuple[float, float]]  # of the drafted policy, before and after
    titles: dict[str, Text]  # of every clause by its key

    @property
    def counts(self) -> dict[str, int]:
        """How many gain, lose, stay and are open."""
        found = dict(self.moves["verdict"].value_counts().iter_rows())
        return {verdict: found[verdict] for verdict in VERDICTS if verdict in found}


def simulations(viewer: Viewer) -> QuerySet[Simulation]:
    """Return what was asked, newest first."""
    check(viewer, SIMULATION, "read")
    return Simulation.objects.select_related("job", "snapshot").order_by("-id")


def simulation(viewer: Viewer, pk: int) -> Simulation:
    """Return one simulation; raise NotThere when there is none."""
    found = simulations(viewer).filter(pk=pk).first()
    if found is None:
        raise NotThere(_("There is no simulation %(number)s. The page of simulations shows all.") % {"number": pk})
    return found


def just_ended(viewer: Viewer) -> QuerySet[Simulation]:
    """Return the viewer's own simulations that ended within a day."""
    return simulations(viewer).filter(asked_by=viewer.actor, job__finished_at__gte=now() - timedelta(days=1))


def answer_of(viewer: Viewer, pk: int) -> Answer:
    """Return the answer to a simulation; raise NotThere while there is none."""
    found = simulation(viewer, pk)
    if not found.is_answered:
        raise NotThere(_("There is no answer yet."))
    draft = build_policy(found.draft, found.title)
    policies = [built(one) for one in found.definitions[POLICY].values()]
    before = next((one for one in policies if one.key == draft.key), None)
    tables = {name: _in_cny(store.get_frame(found.tables[name])) for name in _TABLES}
    names = _names()
    return Answer(
        draft=draft,
        before=before,
        differences=changes(before, found.today, draft, found.law) if before else [],
        moves=tables["moves"].join(names, on="organisation", how="left", maintain_order="left"),
        clauses=tables["clauses"],
        edges=tables["edges"].join(names, on="organisation", how="left", maintain_order="left"),
        titles={clause.key: clause.title for one in (*policies, draft) for clause in one.clauses},
        drawn=_drawn(tables["draws"]),
        costs={side: (low, high) for side, low, high in tables["costs"].select("side", "low", "high").iter_rows()},
    )


def _in_cny(table: pl.DataFrame) -> pl.DataFrame:
    return table.with_columns((pl.col("^.*_fen$") / CNY).name.map(lambda name: name.removesuffix("_fen")))


def _names() -> pl.DataFrame:
    rows = Organisation.objects.filter(kind="enterprise").values_list("pk", "name", "is_synthetic")
    schema = {"organisation": pl.String, "name": pl.String, "is_synthetic": pl.Boolean}
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def _drawn(draws: pl.DataFrame) -> dict[str, tuple[float, float, float]]:
    both = draws.with_columns(difference=pl.col("after") - pl.col("before"))
    sides = ("before", "after", "asked_before", "asked_after", "difference")
    return {side: tuple(both[side].quantile(at, "linear") or 0.0 for at in (0.05, 0.5, 0.95)) for side in sides}  # type: ignore[misc]


def filtered(moves: pl.DataFrame, asked: dict[str, Any]) -> pl.DataFrame:
    """Return the enterprises of a verdict, a town and a size, whose name holds a text; nothing asks nothing."""
    for column in ("verdict", "town", "size"):
        if value := asked.get(column):
            moves = moves.filter(pl.col(column).is_null() if value == "unknown" else pl.col(column) == value)
    if text := asked.get("text"):
        moves = moves.filter(pl.col("name").str.contains(text, literal=True))
    return moves


def grouped(moves: pl.DataFrame, column: str) -> pl.DataFrame:
    """Return by town or size how many there are, gain, lose and are open, and the move of those of whom it is sure."""
    counts = [(pl.col("verdict") == verdict).sum().alias(verdict) for verdict in ("gains", "loses", "open")]
    sure = pl.col("verdict").is_in(["gains", "loses"])
    sums = pl.col("move_low", "move_high").filter(sure).sum()
    return moves.group_by(column).agg(pl.len().alias("count"), *counts, sums).sort(column, nulls_last=True)


def versions_to_change(viewer: Viewer) -> list[Definition]:
    """Return the versions of policies that a draft can begin with: in force, to come into force, or proposed."""
    check(viewer, SIMULATION, "ask")
    standing = {one.key for one in policies_on()}
    found = definitions(viewer).filter(kind=POLICY, withdrawn_at=None).order_by("key", "-version")
    kept = [one for one in found if one.key in standing or one.effective_from > today() or one.published_at is None]
    return kept[:50]
