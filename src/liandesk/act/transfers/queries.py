"""Read transfers: those a viewer may see, how far they came, who refused and why, what counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from liandesk.act.transfers.goal import Goal, goal
from liandesk.act.transfers.models import WAY, Mode, Stage, Transfer, Verdict
from liandesk.act.transfers.policies import TRANSFER
from liandesk.base.accounts.access import check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.work.queries import seen_by

SIDES = (Stage.REFUSED_BY_SUPPLY, Stage.REFUSED_BY_DEMAND, Stage.LAPSED)
"""The ends that bring nothing, whose reasons are told."""


@dataclass(frozen=True)
class Step:
    """A stage of the funnel: how many came that far or further, how many of those before it, who stands there now."""

    stage: Stage
    reached: int
    share: float | None  # of those that reached the stage before; None: nobody did, or it is the first
    standing: int


@dataclass(frozen=True)
class Tally:
    """What counts toward the goal of the plan, and of the others how many for which reason."""

    counted: int  # within the period of the goal
    outside: int  # counted, but on a day outside it
    verdicts: list[tuple[Verdict, int]]
    goal: Goal | None


def transfers(viewer: Viewer) -> QuerySet[Transfer]:
    """Return the transfers that the viewer may see; of those of restricted cases only where these name them."""
    seen = Transfer.objects.filter(visibility(viewer, TRANSFER).as_q())
    return seen.filter(Q(case__is_restricted=False) | seen_by(viewer, "case"))


def funnel(rows: QuerySet[Transfer]) -> list[Step]:
    """Return how far transfers between two sides came; one that a result's owner uses itself takes no such way."""
    shared = rows.exclude(mode=Mode.OWN_USE).order_by()
    ends = Counter(dict(shared.values_list("reached").annotate(many=Count("pk"))))
    standing = Counter(dict(shared.values_list("stage").annotate(many=Count("pk"))))
    steps: list[Step] = []
    for place, stage in enumerate(WAY):
        reached = sum(ends[later] for later in WAY[place:])
        before = steps[-1].reached if steps else 0
        steps.append(Step(stage, reached, reached / before if before else None, standing[stage]))
    return steps


def endings(rows: QuerySet[Transfer]) -> list[tuple[Stage, str, int]]:
    """Return how many ended without being implemented: by end, by the code of the reason, the most frequent first."""
    found = rows.filter(stage__in=SIDES).order_by().values_list("stage", "reason").annotate(many=Count("pk"))
    order = {stage: place for place, stage in enumerate(SIDES)}
    told = [(Stage(stage), reason, many) for stage, reason, many in found]
    return sorted(told, key=lambda one: (order[one[0]], -one[2], one[1]))


def tally(viewer: Viewer) -> Tally:
    """Return the number of the district toward the goal, of all transfers."""
    check(viewer, TRANSFER, "count")
    wanted = goal()
    days = [day for day in Transfer.objects.values_list("counted_on", flat=True) if day]
    inside = sum(1 for day in days if wanted is None or wanted.holds(day))
    many = dict(Transfer.objects.order_by().values_list("verdict").annotate(many=Count("pk")))
    return Tally(inside, len(days) - inside, [(one, many[one]) for one in Verdict if one in many], wanted)
