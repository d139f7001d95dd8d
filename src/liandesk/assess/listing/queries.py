"""Read the library: its lines, one enterprise board by board, the number by the day of the target, the scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from django.db.models import QuerySet
from django.http import Http404

from liandesk.assess.listing.models import Outlook, Prospect
from liandesk.assess.listing.policies import LISTING, OUTLOOK
from liandesk.assess.rules import queries as rules
from liandesk.base.accounts.access import can, check, visibility
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.snapshots import store
from liankit.rules.evaluate import Grades
from liankit.rules.listed import brier, probability_of, quantile, ranked_score
from liankit.rules.scheme import AnyOf, Scheme
from liankit.rules.trajectory import spans
from liankit.rules.versions import in_force

FAMILY, SETS = "listing", "sets"
"""The clause of a scheme that has its sets of standards as parts."""


@dataclass(frozen=True)
class Board:
    """One board for one enterprise: the scheme in force, its grading, the sets that are met, and the forecast."""

    scheme: Scheme
    grades: Grades
    sets: tuple[str, ...]  # keys of the sets that are met
    span: dict[str, object] | None  # of ``trajectory.spans``; None: nothing was forecast yet

    @property
    def holds(self) -> bool | None:
        outcome = int(self.grades.outcome[0])
        return None if outcome < 0 else bool(outcome)


@dataclass(frozen=True)
class Numbers:
    """The number of listed enterprises by the day of the target: the two ends of what is not known."""

    outlook: Outlook
    rows: list[dict[str, float]]  # number, low, high: probabilities
    low: tuple[int, int, int]  # 10, 50, 90 percent, were everything unknown against
    high: tuple[int, int, int]  # the same in favour
    reached: tuple[float, float]  # probability of the goal

    @property
    def most(self) -> float:
        return max(max(row["low"], row["high"]) for row in self.rows)


@dataclass(frozen=True)
class Score:
    """What one outlook was worth once the day of the target had come: 0 is best."""

    outlook: Outlook
    ranked: tuple[float, float]
    brier: tuple[float, float]


def board_schemes() -> list[Scheme]:
    """Return every version of the schemes of boards, those that govern later among them."""
    return [one for one in rules.schemes(today()) if one.family == FAMILY]


def prospects(viewer: Viewer) -> QuerySet[Prospect]:
    """Return the lines that the viewer may see."""
    return Prospect.objects.filter(visibility(viewer, LISTING).as_q(), is_current=True)


def prospect(viewer: Viewer, organisation: str) -> Prospect:
    """Return one line; Http404 where it is not there or not for the viewer."""
    found = prospects(viewer).filter(pk=organisation).first()
    if found is None:
        raise Http404
    return found


def hidden(viewer: Viewer) -> frozenset[str]:
    """Return the columns that the viewer is not shown."""
    return visibility(viewer, LISTING).hidden


def may_keep(viewer: Viewer, found: Prospect) -> bool:
    return can(viewer, LISTING, "keep", {"organisation": found.pk, "town": found.town})


def boards_of(viewer: Viewer, found: Prospect) -> list[Board]:
    """Return how an enterprise stands board by board by the law of today, with when it is forecast to meet it."""
    governing = in_force(board_schemes(), "new", today())
    graded = rules.grade_on(viewer, found.pk, of=governing)
    told = {str(row["grants"]): row for row in _spans_of(found).iter_rows(named=True)}
    return [Board(one.scheme, one, _sets_met(one), told.get(one.scheme.grants)) for one in graded]


def _sets_met(found: Grades) -> tuple[str, ...]:
    node = next((one.node for one in found.clauses if one.node.key == SETS), None)
    parts = [part.key for part in node.parts] if isinstance(node, AnyOf) else []
    met = {one.node.key for one in found.clauses if int(one.holds[0]) == 1}
    return tuple(key for key in parts if key in met)


def _spans_of(found: Prospect) -> pl.DataFrame:
    last = Outlook.objects.first()
    if last is None:
        return pl.DataFrame(schema={"grants": pl.String})
    return spans(store.scan_frame(last.years).filter(pl.col("enterprise") == found.pk).collect())


def numbers(viewer: Viewer) -> Numbers | None:
    """Return the last outlook as a distribution; None where none was made yet."""
    check(viewer, OUTLOOK, "read")
    last = Outlook.objects.first()
    return _numbers(last) if last else None


def _numbers(one: Outlook) -> Numbers:
    low, high = (_padded(one.numbers[side], one) for side in ("low", "high"))
    rows = [{"number": at, "low": a, "high": b} for at, (a, b) in enumerate(zip(low, high, strict=True))]
    ends = [pl.Series(side).to_numpy() for side in (low, high)]
    spread = [(quantile(side, 0.1), quantile(side, 0.5), quantile(side, 0.9)) for side in ends]
    reached = (probability_of(ends[0], one.goal), probability_of(ends[1], one.goal))
    return Numbers(one, rows, spread[0], spread[1], reached)


def _padded(some: Sequence[float], one: Outlook) -> list[float]:
    size = max(one.goal + 1, *(len(side) for side in one.numbers.values()))
    return [float(value) for value in some] + [0.0] * (size - len(some))


def scores(viewer: Viewer) -> list[Score]:
    """Return what the outlooks were worth of which the end is known, the last first."""
    check(viewer, OUTLOOK, "read")
    return [_score(one, one.came) for one in Outlook.objects.filter(came__isnull=False) if one.came is not None]


def _score(one: Outlook, came: int) -> Score:
    found, ends = _numbers(one), [pl.Series(one.numbers[side]).to_numpy() for side in ("low", "high")]
    is_reached = came >= one.goal
    ranked = (ranked_score(ends[0], came), ranked_score(ends[1], came))
    missed = (brier([(found.reached[0], is_reached)]) or 0.0, brier([(found.reached[1], is_reached)]) or 0.0)
    return Score(one, ranked, missed)
