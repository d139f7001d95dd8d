"""Read the library: its lines, one enterprise board by board, the number by the day of the target, the scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.db.models import QuerySet
from django.http import Http404
from django.utils.timezone import localdate

from liandesk.assess.listing.boards import sets_of
from liandesk.assess.listing.counting import counting_if_any
from liandesk.assess.listing.models import Milestone, Outlook, Prospect
from liandesk.assess.listing.policies import LISTING, OUTLOOK
from liandesk.assess.listing.standing import Standing, standings
from liandesk.assess.rules import queries as rules
from liandesk.base.accounts.access import can, check, visibility
from liandesk.base.accounts.delegations import are_one
from liandesk.base.accounts.roles import Viewer
from liandesk.base.clock import today
from liandesk.base.snapshots import store
from liankit.risk.scores import ForecastScores, score_forecasts
from liankit.rules.evaluate import Grades
from liankit.rules.listed import brier, probability_of, quantile, ranked_score
from liankit.rules.missing import Missing, missing_clauses
from liankit.rules.scheme import Scheme
from liankit.rules.trajectory import OUTCOMES
from liankit.rules.versions import in_force

FAMILY = "listing"


@dataclass(frozen=True)
class Board:
    """One board for one enterprise: the scheme in force, its grading, what is missing, the sets, the forecast."""

    scheme: Scheme
    grades: Grades
    missing: Missing  # on the way that asks least
    sets: tuple[str, ...]  # keys of the sets that are met
    nearest: str  # key of the set that asks least; empty where there are no sets, or one is met
    span: dict[str, object] | None  # of ``boards.BOARDS``; None: nothing was forecast yet
    counts: bool  # whether being listed there counts towards the target

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


@dataclass(frozen=True)
class YearScore:
    """What forecasts of enterprises were worth, so many years ahead (0: all): those not scored are counted."""

    ahead: int
    scores: ForecastScores
    open: int  # something unknown decided: nothing was forecast
    unknown: int  # what came is not known


@dataclass(frozen=True)
class Came:
    """What was once said of an enterprise and a board, and what came."""

    grants: str
    made_on: date
    year: int
    likelihood: float | None
    came: bool | None


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


def may_confirm(viewer: Viewer, found: Prospect, step: Milestone) -> bool:
    """Say whether the viewer may be the second person of an entry that waits."""
    row = {"organisation": found.pk, "town": found.town}
    is_other = not are_one(step.entered_by, viewer.actor, localdate(step.entered_at))
    return step.waits and is_other and can(viewer, LISTING, "confirm", row)


def milestones(viewer: Viewer, organisation: str) -> QuerySet[Milestone]:
    """Return the way of one enterprise to a board, the first step first; Http404 where it is not for the viewer."""
    return prospect(viewer, organisation).milestones.all()


def waiting(viewer: Viewer) -> QuerySet[Milestone]:
    """Return the entries that wait for a second person, as far as the viewer may confirm any."""
    if not can(viewer, LISTING, "confirm"):
        return Milestone.objects.none()
    found = Milestone.objects.filter(is_proved=True, confirmed_at=None, prospect__in=prospects(viewer))
    return found.select_related("prospect").order_by("entered_at")


def boards_of(viewer: Viewer, found: Prospect) -> list[Board]:
    """Return how an enterprise stands board by board by the law of today; those that are met or nearest come first."""
    governing = in_force(board_schemes(), "new", today())
    graded = rules.grade_on(viewer, found.pk, of=governing)
    rule = counting_if_any()
    boards = [_board(found, one, rule.boards if rule else ()) for one in graded]
    return sorted(boards, key=lambda one: (not one.holds, not one.counts, one.missing.weight, one.scheme.grants))


def _board(found: Prospect, graded: Grades, counting: Sequence[str]) -> Board:
    missing, sets = missing_clauses(graded, 0), sets_of(graded)
    met = {one.node.key for one in graded.clauses if int(one.holds[0]) == 1}
    taken = "" if met & set(sets) else next((key for key in missing.ways if key in sets), "")
    grants = graded.scheme.grants
    return Board(
        scheme=graded.scheme,
        grades=graded,
        missing=missing,
        sets=tuple(key for key in sets if key in met),
        nearest=taken,
        span=found.boards.get(grants),
        counts=grants in counting,
    )


def numbers(viewer: Viewer) -> Numbers | None:
    """Return the last outlook as a distribution; None where none was made yet."""
    check(viewer, OUTLOOK, "read")
    last = Outlook.objects.first()
    return _numbers(last) if last else None


def count_of(viewer: Viewer) -> list[Standing]:
    """Return who counts as listed today and who, having to do with a listing, does not, with the reason."""
    check(viewer, OUTLOOK, "read")
    rule = counting_if_any()
    return standings(rule, today()) if rule else []


def forecast_scores(viewer: Viewer) -> list[YearScore]:
    """Return what the forecasts of enterprises were worth whose year has come: of all, then by the years ahead."""
    check(viewer, OUTLOOK, "read")
    table = _outcomes().with_columns(ahead=pl.col("year") - pl.col("made_on").dt.year()).collect()
    parts = [(ahead, table.filter(ahead=ahead)) for ahead in table["ahead"].unique().sort()]
    return [_year_score(ahead, part) for ahead, part in [(0, table), *parts]]


def _year_score(ahead: int, part: pl.DataFrame) -> YearScore:
    told = part.drop_nulls("likelihood")
    known = told.drop_nulls("came")
    found = score_forecasts(known["likelihood"], known["came"], clusters=known["enterprise"].to_numpy())
    return YearScore(ahead, found, part.height - told.height, told.height - known.height)


def came_of(viewer: Viewer, found: Prospect) -> list[Came]:
    """Return what was once said of one enterprise for years that have come, and what came; the last year first."""
    prospect(viewer, found.pk)
    rows = _outcomes().filter(pl.col("enterprise") == found.pk).sort("year", "grants", descending=[True, False])
    return [Came(**row) for row in rows.drop("enterprise").collect().iter_rows(named=True)]


def _outcomes() -> pl.LazyFrame:
    last = Outlook.objects.exclude(outcomes="").first()
    return store.scan_frame(last.outcomes) if last else pl.LazyFrame(schema=OUTCOMES)


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
