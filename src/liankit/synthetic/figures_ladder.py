"""What the ladder of grades asks beside the first figures: three years, rights, institutions, answers, titles.

A share of the enterprises that hand in figures answers it; the one planted just below a grade does, and holds all
there but the clause it misses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

from liankit.entities import parse_name
from liankit.synthetic.draws import Bools, Floats, Ints, pick
from liankit.synthetic.population import Population
from liankit.synthetic.vocabulary import Rung, Vocabulary

_INDUSTRY_BELOW = "50"  # divisions of GB/T 4754 below it are industry or construction; no segment is construction
_TITLED_DAYS = 3 * 365  # titles are given within so many days before the survey


@dataclass(frozen=True)
class Answering:
    """The enterprises that answer, in the order of their places, with their figures by name."""

    owners: Ints
    near_miss: int  # which of them
    figures: Mapping[str, Floats]


def answering(
    words: Vocabulary, owners: Ints, figures: Mapping[str, Floats], near_miss: int, rng: np.random.Generator
) -> Answering:
    """Return the part of ``owners`` that answers; ``near_miss`` is the place of the planted one."""
    kept = (rng.random(len(owners)) < words.ladder.share) | (owners == near_miss)
    chosen = owners[kept]
    at = int(np.flatnonzero(chosen == near_miss)[0])
    return Answering(chosen, at, {name: values[kept] for name, values in figures.items()})


def ladder_columns(
    words: Vocabulary, population: Population, who: Answering, rng: np.random.Generator
) -> list[tuple[str, list[str], str, int]]:
    """Return attribute, values, unit and how many years before the last of each kind of fact."""
    return [*_money(who, rng), *_numbers(words, population, who, rng), *_answers(words, population, who, rng)]


def draw_titles(words: Vocabulary, who: Answering, rng: np.random.Generator) -> pl.DataFrame:
    """Return who holds which title of the ladder since and until when: owner, title, level, awarded_on, expires_on.

    A rung is climbed by a share of those on the rung below whose figures reach its least.
    """
    on_rung: Bools = np.ones(len(who.owners), dtype=bool)
    rows = []
    for step, rung in enumerate(words.ladder.rungs):
        able = np.all([who.figures[name] >= least for name, least in rung.least.items()], axis=0) & on_rung
        on_rung = able & (rng.random(len(who.owners)) < rung.share)
        on_rung[who.near_miss] = step == 0
        rows.append(_held(words, who.owners[on_rung], rung, rng))
    return pl.concat(rows)


def with_ladder_titles(
    listed: Mapping[str, pl.DataFrame], titles: pl.DataFrame, records: pl.DataFrame, near_miss: int
) -> dict[str, pl.DataFrame]:
    """Return the lists with these titles after those drawn; of the planted enterprise only these are left.

    Titles are given by code: an enterprise without one holds none here.
    """
    names = records.unique("owner", keep="first", maintain_order=True).select("owner", "uscc", organisation="name")
    name = names.filter(owner=near_miss)["organisation"].item()
    others = listed["titles"].filter(~pl.col("organisation").is_in([name, parse_name(name).core]))
    known = names.filter(pl.col("uscc").is_not_null() | (pl.col("owner") == near_miss))
    held = titles.join(known, on="owner", maintain_order="left").select(others.columns)
    return {**listed, "titles": pl.concat([others, held])}


def _held(words: Vocabulary, owners: Ints, rung: Rung, rng: np.random.Generator) -> pl.DataFrame:
    back = np.floor(rng.random(len(owners)) * _TITLED_DAYS).astype(int).tolist()
    awarded = [words.as_of - timedelta(days=days + 1) for days in back]
    return pl.DataFrame(
        {
            "owner": owners,
            "title": [rung.title] * len(owners),
            "level": [rung.level] * len(owners),
            "awarded_on": awarded,
            "expires_on": [_years_later(day, rung.years) for day in awarded],
        },
        schema={
            "owner": pl.Int64,
            "title": pl.String,
            "level": pl.String,
            "awarded_on": pl.Date,
            "expires_on": pl.Date,
        },
    )


def _years_later(day: date, years: int) -> date:
    """Return the last day of what is granted for so many years."""
    return date(day.year + years, day.month, min(day.day, 28)) - timedelta(days=1)


def _money(who: Answering, rng: np.random.Generator) -> list[tuple[str, list[str], str, int]]:
    """Return the third year of revenue, R&D and profit, and what rests on them."""
    figures, size = who.figures, len(who.owners)
    growth = -0.05 + 0.35 * rng.random(size)
    growth[who.near_miss] = figures["growth"][who.near_miss]
    revenue = [figures["revenue_cny"], figures["revenue_cny"] / (1 + figures["growth"])]
    revenue.append(revenue[1] / (1 + growth))
    margins = [figures["margin"], *(figures["margin"] * (0.8 + 0.25 * rng.random(size)) for _ in range(2))]
    main = figures["main_business_share"] / 100
    assets = figures["revenue_cny"] * (0.7 + 1.1 * rng.random(size))
    third = revenue[2] * figures["rd_share_before"] * (0.8 + 0.3 * rng.random(size)) / 100
    return [
        ("revenue_cny", _thousands(revenue[2]), "CNY", 2),
        ("rd_expense_cny", _thousands(third), "CNY", 2),
        *(("net_profit_cny", _thousands(revenue[back] * margins[back]), "CNY", back) for back in (1, 2)),
        *(("main_business_revenue_cny", _thousands(revenue[back] * main), "CNY", back) for back in (0, 1, 2)),
        ("costs_cny", _thousands(revenue[0] * (1 - margins[0])), "CNY", 0),
        ("total_assets_cny", _thousands(assets), "CNY", 0),
    ]


def _numbers(
    words: Vocabulary, population: Population, who: Answering, rng: np.random.Generator
) -> list[tuple[str, list[str], str, int]]:
    """Return rights, staff and the plain numbers of the vocabulary."""
    figures, size = who.figures, len(who.owners)
    rights = np.round(figures["class_one_patents"])
    own = np.ceil(rights * (0.4 + 0.6 * rng.random(size)))
    counts = {
        "class_one_own_patents": own,
        "class_one_high_value_patents": np.where(rng.random(size) < 0.08, np.minimum(own, 1), 0),
        "invention_patents": rights,
        "class_two_patents": np.floor(12 * rng.random(size) ** 2),
        "invention_patents_applied": own + np.floor(4 * rng.random(size)),
        "main_products": population.products[who.owners].astype(float),
        "employees": population.employees[who.owners],
    }
    technical = np.minimum(95, figures["rd_staff_share"] * (1 + 0.5 * rng.random(size)))
    drawn = {
        name: np.round(low + (high - low) * rng.random(size), 1) for name, (low, high) in words.ladder.ranges.items()
    }
    for name, value in words.ladder.near_miss.items():
        if name in drawn:
            drawn[name][who.near_miss] = float(value)
    return [
        *((name, [f"{value:.0f}" for value in values], "", 0) for name, values in counts.items()),
        ("tech_staff_share", [f"{value:.1f}" for value in technical], "percent", 0),
        *((name, [f"{value:g}" for value in values], "", 0) for name, values in drawn.items()),
    ]


def _answers(
    words: Vocabulary, population: Population, who: Answering, rng: np.random.Generator
) -> list[tuple[str, list[str], str, int]]:
    """Return what is answered by yes and no, or by one of some words; an empty word is left out later."""
    size = len(who.owners)
    codes = np.array([segment.industry_code for segment in words.segments])[population.segment[who.owners]]
    given = {"industry_group": ["industry" if code < _INDUSTRY_BELOW else "other" for code in codes.tolist()]}
    for name, share in words.ladder.flags.items():
        given[name] = np.where(rng.random(size) < share, "yes", "no").tolist()
    for name, choices in words.ladder.choices.items():
        given[name] = [choices.values[at] for at in pick(rng.random(size), choices.weights).tolist()]
    for name in given.keys() & words.ladder.near_miss.keys():
        given[name][who.near_miss] = words.ladder.near_miss[name]
    return [(name, values, "", 0) for name, values in given.items()]


def _thousands(values: Floats) -> list[str]:
    return [f"{value:.0f}" for value in np.round(values / 1000) * 1000 + 0.0]
