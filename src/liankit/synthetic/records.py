"""The table of enterprises: names, codes and everything else a registry holds, one row a record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

import numpy as np
import polars as pl

from liankit.synthetic.draws import Floats, Ints, pick, stratified
from liankit.synthetic.identifiers import reserved_codes
from liankit.synthetic.names import Coined, Word, full_name, respelled
from liankit.synthetic.needs import whole
from liankit.synthetic.planting import Plan
from liankit.synthetic.population import Population, product_name
from liankit.synthetic.vocabulary import Vocabulary, Words

RECORD_SCHEMA = {
    "name": pl.String,
    "name_en": pl.String,
    "former_name": pl.String,
    "uscc": pl.String,
    "kind": pl.String,
    "country": pl.String,
    "town": pl.String,
    "zone": pl.String,
    "industry_code": pl.String,
    "segment": pl.String,
    "main_products": pl.String,
    "output_cny": pl.Int64,
    "employees": pl.Int64,
    "founded": pl.Date,
    "stock_code": pl.String,
}
T = TypeVar("T")
_TWICE_KEPT = ("kind", "country", "town", "zone", "industry_code", "segment", "main_products")


@dataclass(frozen=True)
class Names:
    """Names of the organisations, in the order of the population; null where there was no former one."""

    zh: list[str]
    en: list[str]
    former: list[str | None]


def draw_names(
    vocabulary: Vocabulary, population: Population, middles: Coined, plan: Plan, rng: np.random.Generator
) -> Names:
    """Return the names; the one that will be written twice has its place in brackets."""
    size, parts = len(population), vocabulary.names
    bracketed = (stratified(rng, size) < vocabulary.calibration.bracketed_place) & (population.segment >= 0)
    bracketed[plan.duplicate] = True
    places = _chosen(parts.places, pick(rng.random(size), parts.place_weights))
    tails = _tails(vocabulary, population, rng)
    words = list(zip(places, _words(middles, size), tails, bracketed.tolist(), strict=True))
    full = [full_name(*word) for word in words]
    earlier = _any(parts.earlier_trades, rng.random(size))
    renamed = rng.random(size) < vocabulary.calibration.former_name
    form = parts.limited_forms.values[0]
    former = [
        full_name(place, middle, (trade + form, ""), False)[0] if had else None
        for (place, middle, *_), (trade, _), had in zip(words, earlier, renamed.tolist(), strict=True)
    ]
    return Names([zh for zh, _ in full], [en for _, en in full], former)


def records_frame(
    vocabulary: Vocabulary, population: Population, names: Names, plan: Plan, rng: np.random.Generator
) -> pl.DataFrame:
    """Return the records in a random order, with the owner's place in ``owner``.

    The last owner, one past the population, is the second record of the enterprise written twice: its basic
    facts under another spelling, without a code.
    """
    size, calibration = len(population), vocabulary.calibration
    frame = pl.DataFrame(
        {
            "name": names.zh,
            "name_en": _left_out(names.en, calibration.english_name_unknown, rng),
            "former_name": names.former,
            "uscc": _codes(vocabulary, population, plan, rng),
            **_place_columns(vocabulary, population),
            **_business_columns(vocabulary, population),
            "output_cny": whole(population.output),
            "employees": _left_out(whole(population.employees), calibration.employees_unknown, rng),
            "founded": _left_out(_founded(vocabulary, population.age), calibration.founded_unknown, rng),
            "stock_code": _stock_codes(vocabulary, population),
        },
        schema=RECORD_SCHEMA,
    )
    twin = {**dict.fromkeys(RECORD_SCHEMA), **{name: frame[name][plan.duplicate] for name in _TWICE_KEPT}}
    twin["name"] = respelled(names.zh[plan.duplicate])
    both = pl.concat([frame, pl.DataFrame([twin], schema=RECORD_SCHEMA)])
    return both.with_columns(owner=pl.int_range(size + 1, dtype=pl.Int64))[rng.permutation(size + 1)]


def _tails(vocabulary: Vocabulary, population: Population, rng: np.random.Generator) -> list[Word]:
    """Return what names end in: trade and legal form of an enterprise, the form of any other organisation."""
    parts, uniform = vocabulary.names, rng.random(len(population))
    forms = pick(rng.random(len(population)), parts.limited_forms.weights)
    tails: list[Word] = []
    for at, form in enumerate(forms.tolist()):
        if population.segment[at] < 0:
            tails.append(_at(vocabulary.kinds[population.kind[at]].forms, uniform[at]))
            continue
        zh, en = _at(vocabulary.segments[population.segment[at]].trades, uniform[at])
        ending = parts.listed_form if population.listed[at] else parts.limited_forms.values[form]
        tails.append((zh + ending, f"{en} Co., Ltd."))
    return tails


def _codes(vocabulary: Vocabulary, population: Population, plan: Plan, rng: np.random.Generator) -> list[str | None]:
    """Return the codes; a few are not known, but the planted enterprises' are."""
    prefixes = [vocabulary.kinds[at].uscc_prefix for at in population.kind.tolist()]
    codes = reserved_codes(prefixes, vocabulary.uscc_regions, rng)
    unknown = rng.random(len(population)) < vocabulary.calibration.uscc_unknown
    unknown[[plan.duplicate, plan.near_miss, *plan.buyers.tolist()]] = False
    return [None if hidden else code for code, hidden in zip(codes, unknown.tolist(), strict=True)]


def _left_out(values: Iterable[T], chance: float, rng: np.random.Generator) -> list[T | None]:
    """Return the values with some not known."""
    known = list(values)
    empty = (rng.random(len(known)) < chance).tolist()
    return [None if hidden else value for value, hidden in zip(known, empty, strict=True)]


def _place_columns(vocabulary: Vocabulary, population: Population) -> dict[str, list[str | None] | str]:
    return {
        "kind": [vocabulary.kinds[at].code for at in population.kind.tolist()],
        "country": [vocabulary.country] * len(population),
        "town": [vocabulary.towns[at].code for at in population.town.tolist()],
        "zone": [zone or None for zone in population.zone],
    }


def _business_columns(vocabulary: Vocabulary, population: Population) -> dict[str, list[str | None]]:
    rows = list(zip(population.kind.tolist(), population.segment.tolist(), strict=True))
    segments, kinds = vocabulary.segments, vocabulary.kinds
    return {
        "industry_code": [segments[at].industry_code if at >= 0 else kinds[kind].industry_code for kind, at in rows],
        "segment": [segments[at].zh if at >= 0 else kinds[kind].segment for kind, at in rows],
        "main_products": [_products(vocabulary, population, row) for row in range(len(population))],
    }


def _products(vocabulary: Vocabulary, population: Population, row: int) -> str | None:
    if population.segment[row] < 0:
        return None
    count = int(population.products[row])
    return "、".join(product_name(vocabulary, population, row, which) for which in range(count))


def _founded(vocabulary: Vocabulary, age: Floats) -> list[date]:
    return [vocabulary.as_of - timedelta(days=days) for days in np.round(age * 365.25).astype(int).tolist()]


def _stock_codes(vocabulary: Vocabulary, population: Population) -> list[str | None]:
    """Return six digits for the listed ones, under a prefix that no exchange has allotted."""
    codes: list[str | None] = [None] * len(population)
    for number, at in enumerate(np.flatnonzero(population.listed).tolist(), start=1):
        codes[at] = f"{vocabulary.stock_code_prefix}{number:0{6 - len(vocabulary.stock_code_prefix)}d}"
    return codes


def _words(middles: Coined, size: int) -> list[Word]:
    return list(zip(middles.zh[:size], middles.en[:size], strict=True))


def _chosen(words: Words, at: Ints) -> list[Word]:
    return [(words.zh[index], words.en[index]) for index in at.tolist()]


def _any(words: Words, uniform: Floats) -> list[Word]:
    return _chosen(words, np.floor(uniform * len(words.zh)).astype(np.int64))


def _at(words: Words, uniform: float) -> Word:
    index = int(uniform * len(words.zh))
    return words.zh[index], words.en[index]
