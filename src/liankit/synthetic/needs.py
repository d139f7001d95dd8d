"""What each enterprise says it cannot do without: the table of critical inputs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from liankit.synthetic.draws import Bools, Floats, Ints, pick, skewed, stratified
from liankit.synthetic.planting import Plan
from liankit.synthetic.population import Population, product_name
from liankit.synthetic.suppliers import Suppliers, ranks
from liankit.synthetic.uses import chosen_products, product_share
from liankit.synthetic.vocabulary import MOST_INPUTS, Vocabulary, Weighted

_BLOCK = 20_000  # organisations at a time, to bound memory
_AGES = np.array([[0, 270], [365, 1095], [np.nan, np.nan]])  # days before the survey's end; of ``Calibration.stated``
_MOST_COST = 0.6  # of a product's output that one item may cost; an assumption


@dataclass(frozen=True)
class Needs:
    """One row a declared input: who, which item, and whether it is a second maker of the item before it."""

    owner: Ints
    item: Ints
    second: Bools
    paired: Bools  # either of the two rows of an item with two makers
    planted: Bools

    def __len__(self) -> int:
        return len(self.owner)


@dataclass(frozen=True)
class Makers:
    """Who supplies each row: a number in ``Suppliers``, or the place of an enterprise of the district, else -1."""

    imported: Bools
    number: Ints
    local: Ints


def draw_needs(
    vocabulary: Vocabulary, population: Population, can_use: Bools, plan: Plan, rng: np.random.Generator
) -> Needs:
    """Return who needs which item; every enterprise needs one to eight, larger ones tend to more."""
    enterprises = population.enterprises
    lists = _preferences(vocabulary, can_use, plan, rng)
    counts = np.minimum(_counts(vocabulary, population, plan, rng), can_use[enterprises].sum(axis=1))
    owner = np.repeat(enterprises, counts)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)
    item = lists[owner, place]
    before = np.concatenate([[-1], item[:-1]])
    second = (place % 2 == 1) & (rng.random(len(owner)) < vocabulary.calibration.second_supplier)
    second &= (item != plan.item) & (before != plan.item)
    item = np.where(second, before, item)
    paired = second | np.concatenate([second[1:], [False]])
    return Needs(owner, item, second, paired, item == plan.item)


def draw_makers(
    vocabulary: Vocabulary,
    population: Population,
    suppliers: Suppliers,
    needs: Needs,
    rng: np.random.Generator,
) -> Makers:
    """Return who supplies each row; the two makers of one item always differ."""
    chance = np.array([item.imported for item in vocabulary.items])[needs.item]
    imported = (stratified(rng, len(needs)) < chance) | needs.planted
    rank_abroad = _apart(ranks(rng.random(len(needs)), suppliers.abroad.shape[1]), needs.second, suppliers.abroad)
    rank_home = _apart(ranks(rng.random(len(needs)), suppliers.home.shape[1]), needs.second, suppliers.home)
    number = np.where(imported, suppliers.abroad[needs.item, rank_abroad], suppliers.home[needs.item, rank_home])
    number = np.where(needs.planted, suppliers.critical, number)
    local = _local_makers(vocabulary, population, needs, rng)
    kept = ~imported & ~needs.paired & (rng.random(len(needs)) < vocabulary.calibration.local_supplier)
    return Makers(imported, number, np.where(kept, local, -1))


def inputs_frame(
    vocabulary: Vocabulary,
    population: Population,
    suppliers: Suppliers,
    enterprise_names: list[str],
    needs: Needs,
    makers: Makers,
    rng: np.random.Generator,
) -> pl.DataFrame:
    """Return the critical inputs with the owner's place in ``owner`` instead of its name and code."""
    items = [vocabulary.items[at] for at in needs.item.tolist()]
    which = _products(vocabulary, population, needs, rng)
    answers = _sources(vocabulary, needs, rng)
    return pl.DataFrame(
        {
            "owner": needs.owner,
            "item": [item.name for item in items],
            "item_kind": [item.kind for item in items],
            "used_for": _product_names(vocabulary, population, needs.owner, which),
            **_maker_columns(suppliers, enterprise_names, makers, _unknown(vocabulary, needs, rng), vocabulary),
            **answers,
            **_times(vocabulary, needs, makers, rng),
            **_money(vocabulary, population, needs, which, rng),
            "code": [item.hs for item in items],
            **_opinions(vocabulary, makers, answers["another_source"], rng),
        },
        infer_schema_length=None,
    )


def draw_statement_days(
    vocabulary: Vocabulary, population: Population, needs: Needs, rng: np.random.Generator
) -> pl.Series:
    """Return ``as_of`` of each row: an enterprise fills in its sheet in one sitting, or does not say when (null)."""
    enterprises = population.enterprises
    sitting = pick(stratified(rng, len(enterprises)), vocabulary.calibration.stated)
    youngest, oldest = _AGES[sitting].T
    days = whole(youngest + (oldest - youngest) * rng.random(len(enterprises)))
    stated = pl.select(as_of=pl.lit(vocabulary.as_of) - pl.duration(days=pl.lit(days))).to_series()
    return stated.gather(np.searchsorted(enterprises, needs.owner))


def _counts(vocabulary: Vocabulary, population: Population, plan: Plan, rng: np.random.Generator) -> Ints:
    """Return how many inputs each enterprise hands in, in the order of ``population.enterprises``."""
    enterprises = population.enterprises
    size = np.argsort(np.argsort(np.nan_to_num(population.output[enterprises]), kind="stable"))
    mixed = np.argsort(np.argsort(size / len(size) + rng.random(len(size)), kind="stable"))
    counts = pick((mixed + 0.5) / len(size), vocabulary.calibration.inputs_per_enterprise) + 1
    twice = enterprises == plan.duplicate  # one of its rows goes to its other spelling
    return np.where(twice, np.maximum(counts, 3), counts)


def _preferences(vocabulary: Vocabulary, can_use: Bools, plan: Plan, rng: np.random.Generator) -> Ints:
    """Return for each organisation (row) eight items in order of choice, those it can use before all others.

    The planned buyers' item comes first in their lists. A race of exponential clocks draws by weight.
    """
    weights = np.array([vocabulary.item_kinds[item.kind].weight for item in vocabulary.items])
    lists = np.zeros((len(can_use), MOST_INPUTS), dtype=np.int64)
    for start in range(0, len(can_use), _BLOCK):
        rows = slice(start, start + _BLOCK)
        can = can_use[rows]
        clocks = np.where(can, -np.log1p(-rng.random(can.shape)) / weights, np.inf)
        buyers = plan.buyers[(plan.buyers >= start) & (plan.buyers < start + _BLOCK)] - start
        clocks[buyers, plan.item] = -1.0
        lists[rows] = np.argsort(clocks, axis=1, kind="stable")[:, :MOST_INPUTS]
    return lists


def _apart(rank: Ints, second: Bools, pool: Ints) -> Ints:
    """Return ranks in which a second maker stands one after the first of the same item."""
    after = np.concatenate([[0], rank[:-1]]) + 1
    return np.where(second, after % pool.shape[1], rank)


def _local_makers(vocabulary: Vocabulary, population: Population, needs: Needs, rng: np.random.Generator) -> Ints:
    """Return for each row an enterprise of the district that may make the item and is not the owner, else -1."""
    maker = np.full(len(needs), -1)
    kinds = np.array([item.kind for item in vocabulary.items])[needs.item]
    uniform = rng.random(len(needs))
    for kind in vocabulary.item_kinds:
        makes = [kind in segment.makes for segment in vocabulary.segments]
        known = np.flatnonzero(np.array([*makes, False])[population.segment])
        rows = np.flatnonzero(kinds == kind)
        if len(known):
            maker[rows] = known[np.floor(uniform[rows] * len(known)).astype(np.int64)]
    return np.where(maker == needs.owner, -1, maker)


def _products(vocabulary: Vocabulary, population: Population, needs: Needs, rng: np.random.Generator) -> Ints:
    """Return which main product each row goes into; a second maker's row the same as the first's."""
    uniform = np.where(needs.planted, 0.0, rng.random(len(needs)))
    uniform = np.where(needs.second, np.concatenate([[0.0], uniform[:-1]]), uniform)
    return chosen_products(vocabulary, population, needs.owner, needs.item, uniform)


def _product_names(vocabulary: Vocabulary, population: Population, owner: Ints, which: Ints) -> list[str]:
    rows = zip(owner.tolist(), which.tolist(), strict=True)
    return [product_name(vocabulary, population, place, number) for place, number in rows]


def _unknown(vocabulary: Vocabulary, needs: Needs, rng: np.random.Generator) -> Bools:
    return (rng.random(len(needs)) < vocabulary.calibration.country_unknown) & ~needs.planted


def _maker_columns(
    suppliers: Suppliers, enterprise_names: list[str], makers: Makers, unknown: Bools, vocabulary: Vocabulary
) -> dict[str, list[str | None]]:
    names: list[str | None] = []
    countries: list[str | None] = []
    for number, local, hidden in zip(makers.number.tolist(), makers.local.tolist(), unknown.tolist(), strict=True):
        names.append(enterprise_names[local] if local >= 0 else suppliers.names[number])
        country = vocabulary.country if local >= 0 else suppliers.countries[number]
        countries.append(None if hidden else country)
    return {"supplier": names, "supplier_country": countries}


def _sources(vocabulary: Vocabulary, needs: Needs, rng: np.random.Generator) -> dict[str, pl.Series]:
    """Return the share of purchases and whether there is another source; neither contradicts the other."""
    calibration = vocabulary.calibration
    sole, unknown = calibration.sole_source, calibration.source_unknown
    source = pick(stratified(rng, len(needs)), [sole, unknown, 1 - sole - unknown])
    source = np.where(needs.planted, 0, np.where(needs.paired, 2, source))
    share = np.where(source == 0, 100.0, np.round(30 + 60 * rng.random(len(needs))))
    hidden = (rng.random(len(needs)) < calibration.share_unknown) & ~needs.planted
    share = np.where(hidden | (source == 1), np.nan, share)
    share = np.where(needs.second, 100 - np.concatenate([[np.nan], share[:-1]]), share)
    return {
        "share_percent": whole(share),
        "another_source": pl.Series(["no", None, "yes"], dtype=pl.String).gather(source),
    }


def _times(vocabulary: Vocabulary, needs: Needs, makers: Makers, rng: np.random.Generator) -> dict[str, pl.Series]:
    calibration, size = vocabulary.calibration, len(needs)
    stock = np.maximum(1, np.round(skewed(stratified(rng, size), calibration.stock_median_days, 2.4, 720)))
    stock = np.where(needs.planted, np.round(12 + 18 * rng.random(size)), stock)
    median = np.where(makers.imported, calibration.lead_time_abroad_days, calibration.lead_time_home_days)
    lead = np.maximum(1, np.round(median * skewed(rng.random(size), 1.0, 3.0, 6.0)))
    months = np.array([vocabulary.item_kinds[item.kind].switch_months for item in vocabulary.items])[needs.item]
    switch = np.round(months[:, 0] + (months[:, 1] - months[:, 0]) * rng.random(size))
    switch = np.where(needs.planted, months[:, 1], switch)
    hide = [calibration.stock_unknown, calibration.lead_time_unknown, calibration.switch_unknown]
    hidden = [(rng.random(size) < chance) & ~needs.planted for chance in hide]
    return {
        "stock_days": whole(np.where(hidden[0], np.nan, stock)),
        "lead_time_days": whole(np.where(hidden[1], np.nan, lead)),
        "switch_months": whole(np.where(hidden[2], np.nan, switch)),
    }


def _money(
    vocabulary: Vocabulary, population: Population, needs: Needs, which: Ints, rng: np.random.Generator
) -> dict[str, pl.Series]:
    """Return the yearly purchase of the item and the output of the product that depends on it, both in CNY."""
    calibration, size = vocabulary.calibration, len(needs)
    product = population.output[needs.owner] * product_share(population, needs.owner, which)
    cost = np.array([vocabulary.item_kinds[item.kind].cost for item in vocabulary.items])[needs.item]
    part = np.minimum(_MOST_COST, cost * skewed(rng.random(size), 1.0, 2.0, 8.0))
    amount = np.maximum(1_000, np.round(product * part / 1_000) * 1_000)
    no_amount = rng.random(size) < calibration.amount_unknown
    no_product = (rng.random(size) < calibration.product_output_unknown) & ~needs.planted
    return {
        "amount_cny": whole(np.where(no_amount, np.nan, amount)),
        "output_cny": whole(np.where(no_product, np.nan, np.round(product / 10_000) * 10_000)),
    }


def _opinions(
    vocabulary: Vocabulary, makers: Makers, another_source: pl.Series, rng: np.random.Generator
) -> dict[str, pl.Series]:
    sole = (another_source == "no").fill_null(False).to_numpy()
    answers, size = vocabulary.answers, len(another_source)
    control, substitute, request = (rng.random(size) for _ in range(3))
    return {
        "control": _either(makers.imported, answers["control_imported"], answers["control_home"], control),
        "substitute": _either(sole, answers["substitute_sole"], answers["substitute_other"], substitute),
        "request": answered(answers["request"], request),
    }


def _either(first: Bools, when_true: Weighted, when_false: Weighted, uniform: Floats) -> pl.Series:
    return pl.select(
        pl.when(pl.Series(first)).then(answered(when_true, uniform)).otherwise(answered(when_false, uniform))
    ).to_series()


def answered(answers: Weighted, uniform: Floats) -> pl.Series:
    """Return the answer each uniform number falls to; an empty answer is null."""
    values = pl.Series([value or None for value in answers.values], dtype=pl.String)
    return values.gather(pick(uniform, answers.weights))


def whole(values: Floats) -> pl.Series:
    """Return whole numbers; nan, an unknown value, becomes null."""
    return pl.Series(values, nan_to_null=True).round().cast(pl.Int64)
