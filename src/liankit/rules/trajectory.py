"""When an enterprise first meets a board's standards: its figures drawn forward, every path graded by the rules.

A plain model, said in full. Revenue grows by a rate of its own, on logarithms; profit, cash flow and R&D are shares of
revenue at levels of their own. Each is the enterprise's mean shrunk to the group's as empirical Bayes has it (Efron and
Morris, "Data analysis using Stein's estimator", JASA 1975): the fewer its years, the more it is like the others. A path
draws the level from what is left unsure of it, and each year's deviation from those of the group.
What is not drawn stays as it was last known, what is unknown stays unknown; nothing knows of cycles, of mergers, or of
a change of the law that is not in the schemes. The scores of kept forecasts (``listed``) show what it is worth.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from liankit.rules.evaluate import grade
from liankit.rules.formulas import inputs_of
from liankit.rules.panel import Events, Floats, Panel
from liankit.rules.scheme import Compare, Item, Scheme, nodes_of
from liankit.rules.versions import governing

REVENUE = "revenue_cny"
SHARES = ("net_profit_cny", "operating_cash_flow_cny", "rd_expense_cny")
"""What is drawn as a share of revenue."""
ACCOUNTS_DUE = (4, 30)
"""By this day of a year the accounts of the last one are out: coming years are graded on it."""
DRAWS = 200
FORECASTS: dict[str, type[pl.DataType]] = {
    "enterprise": pl.String,
    "grants": pl.String,
    "year": pl.Int32,
    "probability": pl.Float64,  # standards met by this year, as far as known
    "possible": pl.Float64,  # the same, were everything unknown in its favour
}
"""Columns of forecasts: a line an enterprise, a board and a year."""
_OPEN = 0.1  # what is unknown moves the probability by more: then nothing is forecast
_ROWS = 40_000  # paths graded at once: some 100 MB
_CLIP = (1, 99)  # percentiles of the group beyond which a share of revenue counts as that percentile


@dataclass(frozen=True)
class Level:
    """What is known of one series of every enterprise: its level, how unsure it is, and the group's deviations."""

    centre: Floats
    spread: Floats
    residuals: Floats


def shrunk(values: Floats) -> Level:
    """Return the level of each enterprise from values (years, enterprises); NaN where none of its own is known.

    Where nobody has two values, what lies between enterprises and within one is taken to be alike.

    >>> level = shrunk(np.array([[0.1, 0.3, np.nan], [0.2, 0.2, np.nan]]))
    >>> level.centre.round(3).tolist()
    [0.2, 0.2, nan]
    """
    known = ~np.isnan(values)
    count = known.sum(axis=0)
    own = np.divide(np.where(known, values, 0.0).sum(axis=0), count, out=np.full(len(count), np.nan), where=count > 0)
    group = float(own[count > 0].mean()) if known.any() else np.nan
    within, between = _variances(values, own, count)
    weight = count * between / np.maximum(count * between + within, 1e-12)
    centre = group + weight * (own - group)
    spread = np.sqrt(within * between / np.maximum(count * between + within, 1e-12))
    residuals = (values - centre)[known]
    return Level(centre, spread, residuals - residuals.mean() if len(residuals) else np.zeros(1))


def _variances(values: Floats, own: Floats, count: np.ndarray) -> tuple[float, float]:
    """Return the variance within an enterprise, and between enterprises, by the method of moments."""
    told = own[count > 0]
    total = float(told.var(ddof=1)) if len(told) > 1 else 0.0
    freedom = int((count - 1)[count > 1].sum())
    if not freedom:
        return total / 2, total / 2
    within = float(np.nansum((values - own) ** 2) / freedom)
    return within, max(total - within * float((1 / count[count > 0]).mean()), 0.0)


def draw_paths(panel: Panel, years: int, draws: int = DRAWS, seed: int = 0) -> dict[str, Floats]:
    """Return coming figures by input, each (years, enterprises, draws); NaN where too little is known.

    Revenue needs two known years, the last among them; a share needs one. The same seed gives the same paths.
    """
    rng = np.random.default_rng(seed)
    revenue = _known(panel, REVENUE)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(revenue > 0, np.log(revenue), np.nan)
        steps = _drawn(np.diff(logs, axis=0), years, draws, rng)
        paths = {REVENUE: np.exp(logs[-1][None, :, None] + np.cumsum(steps, axis=0))}
        for name in SHARES:
            share = _clipped(_known(panel, name) / np.where(revenue > 0, revenue, np.nan))
            paths[name] = paths[REVENUE] * _drawn(share, years, draws, rng)
    paths["rd_expense_cny"] = np.maximum(paths["rd_expense_cny"], 0.0)
    return paths


def _known(panel: Panel, name: str) -> Floats:
    return panel.yearly.get(name, np.full((len(panel.years), len(panel)), np.nan))


def _clipped(share: Floats) -> Floats:
    known = share[~np.isnan(share)]
    return np.clip(share, *np.percentile(known, _CLIP)) if len(known) else share


def _drawn(values: Floats, years: int, draws: int, rng: np.random.Generator) -> Floats:
    """Return draws of a series for coming years, (years, enterprises, draws)."""
    level = shrunk(values)
    size = (years, values.shape[1], draws)
    centre = level.centre[:, None] + level.spread[:, None] * rng.standard_normal(size[1:])
    return centre + rng.choice(level.residuals, size=size)


def forecast_years(
    schemes: Sequence[Scheme], panel: Panel, years: int, *, draws: int = DRAWS, seed: int = 0
) -> pl.DataFrame:
    """Return how likely each enterprise meets each board's standards by this and each of the coming ``years``.

    ``panel`` is what is known on its day; that year is graded as it is, a coming one on ``ACCOUNTS_DUE`` by the law of
    that day, as known now. The result has the columns of ``FORECASTS``; an enterprise whose revenue cannot be drawn has
    no lines of coming years.
    """
    paths = draw_paths(panel, years, draws, seed)
    can_draw = ~np.isnan(paths[REVENUE][0, :, 0]) if years else np.zeros(len(panel), dtype=bool)
    parts = [_today(schemes, panel)]
    size = max(1, _ROWS // draws)
    drawn = np.flatnonzero(can_draw)
    for first in range(0, len(drawn), size):
        some = drawn[first : first + size]
        parts.append(_coming(schemes, panel, some, {name: values[:, some] for name, values in paths.items()}))
    return pl.concat(parts).sort("enterprise", "grants", "year", maintain_order=True)


def _today(schemes: Sequence[Scheme], panel: Panel) -> pl.DataFrame:
    found = grade(_governing(schemes, panel.on), panel, with_reasons=False)
    lines = [
        _lines(one.scheme.grants, panel.on.year, panel.enterprises, one.outcome == 1, one.outcome != 0) for one in found
    ]
    return pl.concat(lines) if lines else pl.DataFrame(schema=FORECASTS)


def _coming(schemes: Sequence[Scheme], panel: Panel, some: np.ndarray, paths: Mapping[str, Floats]) -> pl.DataFrame:
    """Grade the paths of some enterprises year by year; a path that has met a board's standards once has met them."""
    years, count, draws = paths[REVENUE].shape
    rows = np.repeat(some, draws)
    needed = _inputs(schemes, panel)
    met: dict[str, tuple[np.ndarray, np.ndarray]] = {}
    for one in grade(_governing(schemes, panel.on), panel, with_reasons=False):
        met[one.scheme.grants] = (one.outcome[rows] == 1, one.outcome[rows] != 0)
    lines = []
    for at in range(years):
        later = _later(
            panel, rows, needed, {name: values[: at + 1].reshape(at + 1, -1) for name, values in paths.items()}
        )
        for one in grade(_governing(schemes, later.on), later, with_reasons=False):
            before = met.get(one.scheme.grants, (np.zeros(len(rows), bool),) * 2)
            met[one.scheme.grants] = (before[0] | (one.outcome == 1), before[1] | (one.outcome != 0))
        for grants, sides in met.items():
            sure, possible = (side.reshape(count, draws).mean(axis=1) for side in sides)
            lines.append(_lines(grants, later.on.year, panel.enterprises.gather(some), sure, possible))
    return pl.concat(lines) if lines else pl.DataFrame(schema=FORECASTS)


def _later(panel: Panel, rows: np.ndarray, needed: frozenset[str], paths: Mapping[str, Floats]) -> Panel:
    """Return the panel of a coming year with a row a path; what is not drawn stays as it was last known."""
    ahead = next(iter(paths.values())).shape[0]
    first = panel.on.year
    gains = {one.key: one.yearly_gain for one in panel.vocabulary.inputs}
    yearly = {}
    for name in needed & panel.yearly.keys():
        past = panel.yearly[name][:, rows]
        steps = np.arange(1, ahead + 1)[:, None] * gains[name]
        yearly[name] = np.concatenate([past, paths.get(name, _latest(past) + steps)])
    return Panel(
        pl.Series("enterprise", np.arange(len(rows)).astype(str)),
        date(first + ahead, *ACCOUNTS_DUE),
        panel.vocabulary,
        (*panel.years, *range(first, first + ahead)),
        yearly,
        {name: values[rows] for name, values in panel.single.items() if name in needed},
        {name: (places[rows], codes) for name, (places, codes) in panel.coded.items() if name in needed},
        {name: _spread_out(events, rows) for name, events in panel.events.items() if name in needed},
    )


def _latest(values: Floats) -> Floats:
    """Return the last known value of each column."""
    last = np.full(values.shape[1], np.nan)
    for row in values:
        last = np.where(np.isnan(row), last, row)
    return last


def _spread_out(events: Events, rows: np.ndarray) -> Events:
    """Return the events of some enterprises, again for each of their paths."""
    order = np.argsort(events.row, kind="stable")
    first, end = (np.searchsorted(events.row[order], rows, side) for side in ("left", "right"))
    count = end - first
    row = np.repeat(np.arange(len(rows)), count)
    place = order[np.repeat(first - np.cumsum(count) + count, count) + np.arange(count.sum())]
    return Events(
        row.astype(np.int32), events.day[place], events.until[place], events.number[place], events.code[place],
        events.codes, events.is_known[rows],
    )  # fmt: skip


def _governing(schemes: Sequence[Scheme], on: date) -> list[Scheme]:
    titles = dict.fromkeys(one.grants for one in schemes)
    return [found for title in titles if (found := governing(schemes, title, "new", on))]


def _inputs(schemes: Sequence[Scheme], panel: Panel) -> frozenset[str]:
    nodes = (node for one in schemes for node in nodes_of(one))
    quantities = {node.quantity for node in nodes if isinstance(node, Compare | Item) and node.quantity}
    return frozenset[str]().union(*(inputs_of(name, panel.formulas) for name in quantities))


def _lines(grants: str, year: int, enterprises: pl.Series, sure: np.ndarray, possible: np.ndarray) -> pl.DataFrame:
    columns = {"enterprise": enterprises, "probability": sure.astype(float), "possible": possible.astype(float)}
    return (
        pl.DataFrame(columns)
        .with_columns(grants=pl.lit(grants), year=pl.lit(year))
        .select(pl.col(name).cast(kind) for name, kind in FORECASTS.items())
    )


def spans(forecasts: pl.DataFrame, levels: tuple[float, float, float] = (0.1, 0.5, 0.9)) -> pl.DataFrame:
    """Return the years by which the standards are met with each of three probabilities, a line an enterprise and board.

    Columns: enterprise, grants, low, median, high (null: not by the last year); until, the last year, with its
    probability and possible; ``is_open``: something unknown decides, so that there is no forecast.
    """
    years = [
        pl.col("year").filter(pl.col("probability") >= level).min().alias(name)
        for level, name in zip(levels, ("low", "median", "high"), strict=True)
    ]
    ends = [pl.col(name).sort_by("year").last() for name in ("probability", "possible")]
    found = forecasts.group_by("enterprise", "grants", maintain_order=True).agg(
        *years, pl.col("year").max().alias("until"), *ends
    )
    return found.with_columns(is_open=pl.col("possible") - pl.col("probability") > _OPEN)


OUTCOMES: dict[str, type[pl.DataType]] = {
    "made_on": pl.Date,
    "enterprise": pl.String,
    "grants": pl.String,
    "year": pl.Int32,
    "likelihood": pl.Float64,  # null: something unknown decided, so that nothing was forecast
    "came": pl.Boolean,  # null: what came is not known
}
"""Columns of forecasts whose year has come."""


def outcomes(kept: pl.DataFrame) -> pl.DataFrame:
    """Return what came of kept forecasts whose year has come, a line of ``OUTCOMES`` each.

    ``kept`` has the columns of ``FORECASTS`` and ``made_on``, the day on which each line was said. What came is what
    was said of the year on a day within it: it comes once the accounts are out (``ACCOUNTS_DUE``). Of each year of
    making the first day counts, and an enterprise that met the standards on that day already is left out.
    """
    told = kept.with_columns(
        sure=pl.col("probability") == 1, never=pl.col("possible") == 0, made=pl.col("made_on").dt.year()
    )
    seen = told.filter(pl.col("year") == pl.col("made"))
    first = pl.col("made_on") == pl.col("made_on").min().over("made")
    asked = told.filter(first, pl.col("year") > pl.col("made"))
    met = seen.filter("sure").group_by("enterprise", "grants").agg(first_met=pl.col("made_on").min())
    due = pl.date(pl.col("made"), *ACCOUNTS_DUE)
    last = seen.filter(pl.col("made_on") >= due).sort("made_on")
    ends = last.group_by("enterprise", "grants", year=pl.col("made").cast(pl.Int32)).agg(failed=pl.col("never").last())
    found = asked.join(ends, on=["enterprise", "grants", "year"]).join(met, on=["enterprise", "grants"], how="left")
    is_met = (pl.col("first_met").dt.year() <= pl.col("year")).fill_null(False)
    is_open = pl.col("possible") - pl.col("probability") > _OPEN
    came = pl.when(is_met).then(True).when("failed").then(False)
    return (
        found.filter((pl.col("first_met") > pl.col("made_on")).fill_null(True))
        .with_columns(likelihood=pl.when(~is_open).then("probability"), came=came)
        .select(pl.col(name).cast(kind) for name, kind in OUTCOMES.items())
        .sort("made_on", "enterprise", "grants", "year")
    )
