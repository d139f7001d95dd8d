"""Keep how far an enterprise is, mark it for mergers, and publish what is forecast."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.assess.listing import queries
from liandesk.assess.listing.counting import counting
from liandesk.assess.listing.models import Merger, Outlook, Prospect, Stage
from liandesk.assess.listing.policies import LISTING, OUTLOOK
from liandesk.assess.rules import queries as rules
from liandesk.base.accounts.access import barred, check
from liandesk.base.accounts.roles import Viewer, system_viewer
from liandesk.base.audit.actions import record
from liandesk.base.clock import today
from liandesk.base.errors import Conflict, UserError
from liandesk.base.snapshots import store
from liandesk.base.snapshots.queries import published
from liandesk.know.registry.models import Organisation
from liankit.rules.evaluate import grade
from liankit.rules.listed import CountingRule, Listing, chance_by, distribution, is_counted
from liankit.rules.panel import Panel, build_panel
from liankit.rules.scheme import Scheme
from liankit.rules.trajectory import forecast_years, missing_inputs, spans
from liankit.rules.versions import in_force

YEARS = 6
"""How many coming years are drawn: beyond, the figures of a few years tell nothing."""
SEED = 20240930


@dataclass(frozen=True)
class Kept:
    """What an officer keeps of an enterprise."""

    stage: str = Stage.NONE
    stage_on: date | None = None
    merger: str = Merger.NONE
    merger_reason: str = ""
    is_relocated: bool = False
    is_subsidiary: bool = False
    left_on: date | None = None


@transaction.atomic
def keep(organisation: str, kept: Kept, *, version: int, by: Viewer) -> Prospect:
    """Keep the state of the coaching and the mark for mergers of one enterprise.

    Raises Conflict when somebody wrote it since it was read, UserError for a mark without a reason or a day to come.
    """
    found = queries.prospect(by, organisation)
    check(by, LISTING, "keep", {"organisation": found.pk, "town": found.town})
    row = Prospect.objects.select_for_update().get(pk=found.pk)
    if row.version != version:
        raise Conflict(_("Somebody else changed this line. Look at it again, then keep yours."))
    if kept.stage not in Stage.values or kept.merger not in Merger.values:
        raise UserError(_("There is no such state, or no such mark. Choose one of those offered."))
    if kept.merger != Merger.NONE and not kept.merger_reason.strip():
        raise UserError(_("Say why it is a candidate."))
    if any(day and day > today() for day in (kept.stage_on, kept.left_on)):
        raise UserError(_("A state is reached on a day that has come. Take today or an earlier one."))
    for name, value in vars(kept).items():
        setattr(row, name, value)
    row.version += 1
    row.save()
    record("listing.keep", "listing", row.pk, by=by, stage=row.stage, merger=row.merger, version=row.version)
    return row


@transaction.atomic
def publish_forecasts(*, by: Viewer) -> Outlook:
    """Forecast every enterprise on what is published today, keep it as of today, and write the projections.

    Of one day the last counts. UserError where no refresh has graded anything yet.
    """
    check(by, OUTLOOK, "forecast")
    snapshot, rule = published(), counting()
    if snapshot is None or "rule_facts" not in snapshot.tables:
        raise UserError(_("No refresh has graded enterprises yet. Refresh the lists on the page of runs first."))
    _settle(rule)
    panel, schemes = _panel(), queries.board_schemes()
    years = forecast_years(schemes, panel, YEARS, seed=SEED)
    _project(panel, schemes, years, rule)
    chances, counted = _chances(years, rule)
    made, _is_new = Outlook.objects.update_or_create(
        made_on=today(),
        defaults={
            "snapshot": snapshot.key,
            "until": rule.by,
            "goal": rule.goal,
            "counted": counted,
            "numbers": {side: _trimmed(some) for side, some in chances.items()},
            "years": store.put_frame(years),
            "is_synthetic": snapshot.is_synthetic,
        },
    )
    record("listing.forecast", "listing_outlook", made.pk, by=by, snapshot=snapshot.key, lines=years.height)
    return made


def _panel() -> Panel:
    ids = Organisation.objects.filter(kind="enterprise", is_current=True).order_by("pk").values_list("pk", flat=True)
    names = pl.Series(list(ids), dtype=pl.String)
    return build_panel(rules.facts_of(system_viewer("listing")), rules.vocabulary(), today(), names)


def _project(panel: Panel, schemes: list[Scheme], years: pl.DataFrame, rule: CountingRule) -> None:
    """Write the computed columns of every line; what people keep stays."""
    ids = panel.enterprises.to_list()
    known = Organisation.objects.in_bulk(ids)
    met, best = _met(years), {str(row["enterprise"]): row for row in _best(years, rule).iter_rows(named=True)}
    sure = _by_target(years, rule)
    graded = {one.scheme.grants: one for one in grade(in_force(schemes, "new", today()), panel)}
    rows = []
    for place, key in enumerate(ids):
        one, first = known[key], best[key]
        probability, possible = sure.get(key, (0.0, 1.0))
        is_open = bool(first["is_open"])
        rows.append(
            Prospect(
                organisation=key,
                name=one.name,
                town=one.town,
                is_synthetic=one.is_synthetic,
                met=barred(met.get(key, [])),
                board=first["grants"],
                **{name: None if is_open else first[name] for name in ("low", "median", "high")},
                probability=probability if np.isclose(probability, possible, atol=0.05) else None,
                missing=len(missing_inputs(graded[first["grants"]], place)) if is_open else 0,
            )
        )
    Prospect.objects.exclude(pk__in=ids).update(is_current=False)
    written = ["name", "town", "is_synthetic", "is_current", "met", "board", "low", "median", "high", "probability"]
    Prospect.objects.bulk_create(
        rows, 1000, update_conflicts=True, unique_fields=["organisation"], update_fields=[*written, "missing"]
    )


def _met(years: pl.DataFrame) -> dict[str, list[str]]:
    today_met = years.filter(pl.col("year") == today().year, pl.col("probability") == 1).sort("grants")
    grouped = today_met.group_by("enterprise").agg("grants")
    return {str(key): list(grants) for key, grants in grouped.iter_rows()}


def _best(years: pl.DataFrame, rule: CountingRule) -> pl.DataFrame:
    """Return of each enterprise the board that counts and is met first, as far as is known."""
    told = spans(years.filter(pl.col("grants").is_in(rule.boards)))
    order = ["median", "probability", "possible", "grants"]
    ranked = told.sort(order, descending=[False, True, True, False], nulls_last=True)
    return ranked.unique("enterprise", keep="first", maintain_order=True)


def _by_target(years: pl.DataFrame, rule: CountingRule) -> dict[str, tuple[float, float]]:
    """Return how likely each meets a board that counts by the year of the target: as known, and at most."""
    due = years.filter(pl.col("grants").is_in(rule.boards), pl.col("year") <= rule.by.year)
    most = due.group_by("enterprise").agg(pl.col("probability", "possible").max())
    return {str(key): (float(low), float(high)) for key, low, high in most.iter_rows()}


def _chances(years: pl.DataFrame, rule: CountingRule) -> tuple[dict[str, np.ndarray], int]:
    """Return the number listed by the day of the target as two distributions, and how many are listed today."""
    held, standards = _held(), _by_target(years, rule)
    stages = {one.key: one for one in rule.stages}
    counted = 0
    low: list[float] = []
    high: list[float] = []
    for one in Prospect.objects.filter(is_current=True).order_by("pk"):
        if is_counted(rule, _listing(one, held.get(one.pk, ())), today()):
            counted += 1
        elif one.stage != Stage.LISTED:
            ends = standards.get(one.pk, (0.0, 1.0))
            sides = [chance_by(stages[one.stage], today(), rule.by, share) for share in ends]
            low, high = [*low, sides[0]], [*high, sides[1]]
    sure = [1.0] * counted
    return {
        "low": distribution([*sure, *filter(None, low)]),
        "high": distribution([*sure, *filter(None, high)]),
    }, counted


def _held() -> dict[str, tuple[str, ...]]:
    found = rules.titles_of(system_viewer("listing")).group_by("enterprise").agg("text")
    return {str(key): tuple(codes) for key, codes in found.iter_rows()}


def _listing(one: Prospect, titles: tuple[str, ...]) -> Listing:
    """Return what counting asks; an officer's word that it is listed stands for a title of the board."""
    said = counting().counts[:1] if one.stage == Stage.LISTED else ()
    since = one.stage_on if one.stage == Stage.LISTED else None
    return Listing((*titles, *said), since, one.left_on, one.is_relocated, one.is_subsidiary)


def _trimmed(numbers: np.ndarray) -> list[float]:
    kept = np.flatnonzero(numbers > 1e-9)
    return [float(value) for value in numbers[: int(kept.max()) + 1]]


def _settle(rule: CountingRule) -> None:
    """Write what came of the outlooks whose day has come."""
    due = Outlook.objects.filter(until__lte=today(), came=None)
    if due.exists():
        held = _held()
        rows = Prospect.objects.filter(is_current=True)
        for one in due:
            one.came = sum(is_counted(rule, _listing(row, held.get(row.pk, ())), one.until) for row in rows)
            one.save(update_fields=["came"])
