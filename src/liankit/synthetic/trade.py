"""Trade within the district: what enterprises sell to each other, and what each buys in a year."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl

from liankit.synthetic.needs import Makers, Needs
from liankit.synthetic.planting import Plan
from liankit.synthetic.population import Population
from liankit.synthetic.vocabulary import Vocabulary


def with_sellers(
    vocabulary: Vocabulary, population: Population, needs: Needs, makers: Makers, plan: Plan
) -> Population:
    """Return the population in which whoever supplies others of the district makes that item as its first product.

    So what it lacks itself stops what the others need of it. What is planted stays as it is.
    """
    planted = {plan.duplicate, plan.near_miss, *plan.buyers.tolist()}
    sells: dict[int, str] = {}
    for seller, item in zip(makers.local.tolist(), needs.item.tolist(), strict=True):
        if seller >= 0 and seller not in planted:
            sells.setdefault(seller, vocabulary.items[item].name)
    return replace(population, sells=sells)


def draw_purchases(vocabulary: Vocabulary, inputs: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Return ``owner`` and ``purchases_cny``, what it buys in a year: more than what its declared inputs cost.

    Unknown where no cost of an input is known. ``inputs`` has ``owner`` and ``amount_cny``, null unknown.
    """
    known = inputs.group_by("owner").agg(pl.col("amount_cny").sum()).filter(pl.col("amount_cny") > 0).sort("owner")
    least, unknown = vocabulary.calibration.least_covered, vocabulary.calibration.purchases_unknown
    covered = pl.Series(least + (1 - least) * rng.random(known.height))
    kept = pl.Series(rng.random(known.height) >= unknown)
    purchases = ((pl.col("amount_cny") / covered / 1_000).ceil() * 1_000).cast(pl.Int64)
    return known.select("owner", purchases_cny=purchases).filter(kept)
