"""Dated figures of enterprises for the facts template: what a ladder of grades asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import numpy as np
import polars as pl

from liankit.synthetic.draws import Floats, Ints, skewed, stratified
from liankit.synthetic.figures_ladder import Answering, answering, ladder_columns
from liankit.synthetic.figures_listing import draw_listing
from liankit.synthetic.figures_per_mu import draw_per_mu
from liankit.synthetic.figures_policies import draw_policies
from liankit.synthetic.planting import Plan
from liankit.synthetic.population import Population
from liankit.synthetic.vocabulary import Vocabulary

FACT_SCHEMA = {
    "owner": pl.Int64,
    "attribute": pl.String,
    "value": pl.String,
    "unit": pl.String,
    "as_of": pl.Date,
    "note": pl.String,
}


def draw_facts(
    vocabulary: Vocabulary,
    population: Population,
    plan: Plan,
    near_miss: Mapping[str, float],
    rng: np.random.Generator,
) -> tuple[pl.DataFrame, Answering]:
    """Return one row a fact with the columns of ``FACT_SCHEMA``, and who answers what the ladder asks.

    ``owner`` is the enterprise's place.
    """
    owners = _reporting(vocabulary, population, plan, rng)
    figures = _figures(vocabulary, population, owners, rng)
    at = int(np.flatnonzero(owners == plan.near_miss)[0])
    for name, value in near_miss.items():
        figures[name][at] = value
    ends = [date(vocabulary.as_of.year - back, 12, 31) for back in (1, 2)]
    rows = [_rows(vocabulary, owners, *column) for column in _columns(vocabulary, figures, ends)]
    titles = _titles(vocabulary, owners, at, ends[0], rng)
    child = rng.spawn(1)[0]
    who = answering(vocabulary, owners, figures, plan.near_miss, child)
    drawn = pl.concat([*rows, titles, *_ladder(vocabulary, population, who, child)])
    return _with_others(vocabulary, drawn, owners, figures, rng), who


def _with_others(
    vocabulary: Vocabulary, drawn: pl.DataFrame, owners: Ints, figures: Mapping[str, Floats], rng: np.random.Generator
) -> pl.DataFrame:
    """Return what is drawn, then what land, boards and policies ask; of one figure of a day the first stands."""
    last, revenue = vocabulary.as_of.year - 1, figures["revenue_cny"]
    day = date(last, 12, 31)
    more = [
        _facts(vocabulary, one.owners, one.attribute, one.values, one.unit, day)
        for one in draw_per_mu(owners, revenue, last, rng.spawn(1)[0])
    ]
    for one in draw_listing(owners, revenue, figures["growth"], figures["margin"], rng.spawn(1)[0]):
        more.append(_facts(vocabulary, one.owners, one.attribute, one.values, one.unit, date(last - one.back, 12, 31)))
    policies = draw_policies(owners, revenue, rng.spawn(1)[0])
    more += [_facts(vocabulary, one.owners, one.attribute, one.values, one.unit, day) for one in policies]
    key = ["owner", "attribute", "as_of"]
    return pl.concat([drawn, *(lines.join(drawn, on=key, how="anti", maintain_order="left") for lines in more)])


def _reporting(vocabulary: Vocabulary, population: Population, plan: Plan, rng: np.random.Generator) -> Ints:
    """Return the enterprises that hand in figures, the near miss among them."""
    drawn = rng.random(len(population)) < vocabulary.calibration.facts_share
    drawn &= np.nan_to_num(population.output) >= vocabulary.calibration.facts_above_cny
    drawn[plan.near_miss] = True
    return np.flatnonzero(drawn & (population.segment >= 0))


def _figures(
    vocabulary: Vocabulary, population: Population, owners: Ints, rng: np.random.Generator
) -> dict[str, Floats]:
    """Return the figures by name; shares in percent, money in CNY, years in years."""
    size = len(owners)
    drawn = {
        name: skewed(stratified(rng, size), figure.median, figure.shape, figure.top)
        for name, figure in vocabulary.figures.items()
    }
    return {
        **drawn,
        "revenue_cny": population.output[owners] * (0.92 + 0.14 * rng.random(size)),
        "growth": -0.10 + 0.45 * rng.random(size),
        "margin": -0.16 + 0.45 * stratified(rng, size),  # about 35 in 100 at a loss
        "rd_share_before": drawn["rd_share"] * (0.85 + 0.25 * rng.random(size)),
        "main_business_share": 100.0 - drawn["side_business_share"],
        "market_years": np.maximum(1.0, population.age[owners] * (0.5 + 0.4 * rng.random(size))),
    }


def _columns(
    vocabulary: Vocabulary, figures: Mapping[str, Floats], ends: list[date]
) -> list[tuple[str, Floats, int, str, date]]:
    """Return attribute, values, decimals, unit and day of each kind of fact."""
    revenue, last, before = figures["revenue_cny"], ends[0], ends[1]
    earlier = revenue / (1 + figures["growth"])
    money = [
        ("revenue_cny", revenue, last),
        ("revenue_cny", earlier, before),
        ("rd_expense_cny", revenue * figures["rd_share"] / 100, last),
        ("rd_expense_cny", earlier * figures["rd_share_before"] / 100, before),
        ("net_profit_cny", revenue * figures["margin"], last),
    ]
    plain = ("rd_staff_share", "debt_ratio", "class_one_patents", "platform_score")
    specs = {name: vocabulary.figures[name] for name in plain}
    return [
        *((name, np.round(values / 1000) * 1000 + 0.0, 0, "CNY", day) for name, values, day in money),
        *((name, figures[name], spec.decimals, spec.unit, last) for name, spec in specs.items()),
        ("main_business_share", figures["main_business_share"], 1, "percent", last),
        ("market_years", np.floor(figures["market_years"]), 0, "years", last),
    ]


def _rows(
    vocabulary: Vocabulary,
    owners: Ints,
    attribute: str,
    values: Floats,
    decimals: int,
    unit: str,
    day: date,
) -> pl.DataFrame:
    return _facts(vocabulary, owners, attribute, [f"{value:.{decimals}f}" for value in values], unit, day)


def _titles(vocabulary: Vocabulary, owners: Ints, near_miss: int, day: date, rng: np.random.Generator) -> pl.DataFrame:
    """Return who holds the title below the grade; the near miss does."""
    holds = rng.random(len(owners)) < vocabulary.prior_title_share
    holds[near_miss] = True
    holders = owners[holds]
    return _facts(vocabulary, holders, "title", [vocabulary.prior_title] * len(holders), "", day)


def _ladder(
    vocabulary: Vocabulary, population: Population, who: Answering, rng: np.random.Generator
) -> list[pl.DataFrame]:
    """Return what the ladder asks, a table a column; what is left empty is not handed in."""
    last = vocabulary.as_of.year - 1
    return [
        _facts(vocabulary, who.owners, name, values, unit, date(last - back, 12, 31)).filter(pl.col("value") != "")
        for name, values, unit, back in ladder_columns(vocabulary, population, who, rng)
    ]


def _facts(
    vocabulary: Vocabulary, owners: Ints, attribute: str, values: list[str], unit: str, day: date
) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "owner": owners,
            "attribute": attribute,
            "value": values,
            "unit": unit,
            "as_of": day,
            "note": vocabulary.note,
        },
        schema=FACT_SCHEMA,
    )
