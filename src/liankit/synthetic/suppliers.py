"""Who supplies what: for every item a ranked pool of coined makers abroad and at home.

Each family of items has two majors that lead many of its pools, so that concentration exists; the others are
drawn from the family's long tail. Pools grow with the square root of the number of organisations.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np

from liankit.synthetic.draws import Floats, Ints, pick
from liankit.synthetic.names import Coined, coin_abroad
from liankit.synthetic.vocabulary import Family, Vocabulary

MAJORS = 2  # leading makers of a family
_RANK_POWER = 1.2  # weight of the maker of rank r is r to the power of minus this; an assumption


@dataclass(frozen=True)
class Suppliers:
    """Makers by number; for each item (row) the numbers of its makers abroad and at home by rank (column).

    ``critical`` is the number of the one maker that is in no pool.
    """

    names: tuple[str, ...]
    countries: tuple[str, ...]
    abroad: Ints
    home: Ints
    critical: int


def pool_sizes(organisations: int) -> tuple[int, int]:
    """Return how many makers abroad and at home each item has.

    >>> pool_sizes(300)
    (6, 4)
    """
    abroad = 4 + round(sqrt(organisations) / 8)
    return abroad, ceil(abroad / 2) + 1


def makers_at_home(vocabulary: Vocabulary, organisations: int) -> int:
    """Return how many coined names the makers at home take."""
    _, home = pool_sizes(organisations)
    return sum(_tail(vocabulary, family, home) for family in vocabulary.families)


def draw_suppliers(
    vocabulary: Vocabulary, organisations: int, middles: Coined, critical_item: int, rng: np.random.Generator
) -> Suppliers:
    """Return the makers; ``middles`` are the coined names set aside for those at home."""
    sizes = pool_sizes(organisations)
    tails = {family: [_tail(vocabulary, family, size) for size in sizes] for family in vocabulary.families}
    words = coin_abroad(vocabulary.names, 1 + sum(abroad for abroad, _ in tails.values()), rng)
    made = _Register()
    abroad = np.zeros((len(vocabulary.items), sizes[0]), dtype=np.int64)
    home = np.zeros((len(vocabulary.items), sizes[1]), dtype=np.int64)
    at_word = at_middle = 0
    for key, family in vocabulary.families.items():
        rows = [at for at, item in enumerate(vocabulary.items) if item.family == key]
        tail_abroad, tail_home = tails[key]
        foreign = _foreign(vocabulary, family, words[at_word : at_word + tail_abroad], rng)
        local = _domestic(vocabulary, family, middles, range(at_middle, at_middle + tail_home), rng)
        abroad[rows] = _pools(made.add(foreign), len(rows), sizes[0], rng)
        home[rows] = _pools(made.add(local), len(rows), sizes[1], rng)
        at_word, at_middle = at_word + tail_abroad, at_middle + tail_home
    only = vocabulary.families[vocabulary.items[critical_item].family]
    critical = int(made.add(_foreign(vocabulary, only, words[at_word:], rng))[0])
    return Suppliers(tuple(made.names), tuple(made.countries), abroad, home, critical)


def ranks(uniform: Floats, size: int) -> Ints:
    """Return the rank of the maker that each uniform number falls to; the first ranks get most."""
    return pick(uniform, (np.arange(1, size + 1) ** -_RANK_POWER).tolist())


class _Register:
    """Numbers makers as they are added."""

    def __init__(self) -> None:
        self.names: list[str] = []
        self.countries: list[str] = []

    def add(self, makers: list[tuple[str, str]]) -> Ints:
        start = len(self.names)
        self.names += [name for name, _ in makers]
        self.countries += [country for _, country in makers]
        return np.arange(start, len(self.names))


def _tail(vocabulary: Vocabulary, family: str, size: int) -> int:
    """Return how many makers a family has: half as many as its pools have places, and enough for one pool."""
    items = sum(item.family == family for item in vocabulary.items)
    return max(size + MAJORS, ceil(items * size / 2))


def _foreign(
    vocabulary: Vocabulary, family: Family, words: list[str], rng: np.random.Generator
) -> list[tuple[str, str]]:
    countries = pick(rng.random(len(words)), family.countries.weights).tolist()
    trades = pick(rng.random(len(words)), [1.0] * len(family.trades)).tolist()
    made = []
    for word, at, trade in zip(words, countries, trades, strict=True):
        country = family.countries.values[at]
        form = vocabulary.names.legal_forms[country]
        made.append((f"{word} {family.trades[trade]} {form}", country))
    return made


def _domestic(
    vocabulary: Vocabulary, family: Family, middles: Coined, places: range, rng: np.random.Generator
) -> list[tuple[str, str]]:
    cities = pick(rng.random(len(places)), vocabulary.names.cities.weights).tolist()
    trades = pick(rng.random(len(places)), [1.0] * len(family.trades_zh)).tolist()
    form = vocabulary.names.limited_forms.values[0]
    made = []
    for place, city, trade in zip(places, cities, trades, strict=True):
        name = f"{vocabulary.names.cities.values[city]}{middles.zh[place]}{family.trades_zh[trade]}{form}"
        made.append((name, vocabulary.country))
    return made


def _pools(makers: Ints, items: int, size: int, rng: np.random.Generator) -> Ints:
    """Return one pool an item: a major first, another third in most, the rest from the tail."""
    majors, tail = makers[:MAJORS], makers[MAJORS:]
    pools = np.stack([rng.permutation(tail)[:size] for _ in range(items)])
    leads = np.stack([rng.permutation(majors) for _ in range(items)])
    pools[:, 0] = leads[:, 0]
    second = rng.random(items) < 0.7
    pools[second, 2] = leads[second, 1]
    return pools
