"""Which item goes into which product, so that a scanner needs an X-ray tube and a ventilator does not."""

from __future__ import annotations

import numpy as np

from liankit.errors import UserError
from liankit.synthetic.draws import Bools, Floats, Ints
from liankit.synthetic.population import PRODUCT_SHARES, Population, product_places
from liankit.synthetic.vocabulary import FEWEST_ITEMS, Segment, Vocabulary


def items_into(vocabulary: Vocabulary, segment: Segment) -> Bools:
    """Return for each product of the segment (row) which items (column) go into it."""
    table = np.zeros((len(segment.products), len(vocabulary.items)), dtype=np.bool_)
    for at, item in enumerate(vocabulary.items):
        if segment.code in item.used_by:
            named = np.array([product in item.into for product in segment.products])
            table[:, at] = named if named.any() else True
    return table


def check_uses(vocabulary: Vocabulary) -> None:
    """Raise ``UserError`` for a product that fewer than ``FEWEST_ITEMS`` items go into."""
    for segment in vocabulary.segments:
        counts = items_into(vocabulary, segment).sum(axis=1).tolist()
        for product, count in zip(segment.products, counts, strict=True):
            if count < FEWEST_ITEMS:
                raise UserError(
                    f"{count} items go into the product {product}; it needs {FEWEST_ITEMS}. Add items or uses."
                )


def usable_items(vocabulary: Vocabulary, population: Population) -> Bools:
    """Return for each organisation (row) which items (column) go into some main product of it."""
    can = np.zeros((len(population), len(vocabulary.items)), dtype=np.bool_)
    for at, segment in enumerate(vocabulary.segments):
        rows = np.flatnonzero(population.segment == at)
        table = items_into(vocabulary, segment)
        for slot in range(len(PRODUCT_SHARES)):
            made = rows[population.products[rows] > slot]
            can[made] |= table[product_places(population, made, slot, len(table))]
    return can


def chosen_products(vocabulary: Vocabulary, population: Population, owner: Ints, item: Ints, uniform: Floats) -> Ints:
    """Return which main product of its owner each item goes into, larger products more often.

    A uniform number of 0 gives the largest product the item goes into.
    """
    weights = np.zeros((len(owner), len(PRODUCT_SHARES)))
    for at, segment in enumerate(vocabulary.segments):
        rows = np.flatnonzero(population.segment[owner] == at)
        table = items_into(vocabulary, segment)
        for slot in range(len(PRODUCT_SHARES)):
            places = product_places(population, owner[rows], slot, len(table))
            weights[rows, slot] = table[places, item[rows]] * _share(population, owner[rows], slot)
    edges = np.cumsum(weights, axis=1)
    return (uniform[:, None] * edges[:, -1:] >= edges).sum(axis=1).clip(max=len(PRODUCT_SHARES) - 1)


def product_share(population: Population, owner: Ints, which: Ints) -> Floats:
    """Return the share of the owner's output that its ``which``-th main product makes."""
    table = np.zeros((len(PRODUCT_SHARES) + 1, len(PRODUCT_SHARES)))
    for count, shares in enumerate(PRODUCT_SHARES, start=1):
        table[count, :count] = shares
    return table[population.products[owner], which]


def _share(population: Population, owner: Ints, slot: int) -> Floats:
    return product_share(population, owner, np.full(len(owner), slot))
