"""Who is in the district: the numbers behind the table of enterprises, without their names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from liankit.synthetic.draws import Bools, Floats, Ints, exact_counts, pick, skewed, stratified
from liankit.synthetic.vocabulary import Calibration, Town, Vocabulary

ABOVE_SCALE_CNY = 20_000_000  # line of above-scale industry, National Bureau of Statistics
PRODUCT_SHARES = ((1.0,), (0.65, 0.35), (0.55, 0.30, 0.15))
"""Of an enterprise's output, by how many main products it has; an assumption."""


@dataclass(frozen=True)
class Population:
    """Arrays with one value an organisation; ``segment`` is -1 and ``output`` nan for all but enterprises."""

    kind: Ints
    segment: Ints
    town: Ints
    zone: tuple[str, ...]
    output: Floats  # CNY a year; nan: unknown
    employees: Floats  # nan: unknown
    age: Floats  # years
    listed: Bools
    products: Ints  # number of main products, one to three
    first_product: Ints  # place of the first in the segment's products
    sells: Mapping[int, str]  # item that a place sells to others of the district: its first main product

    @property
    def enterprises(self) -> Ints:
        """Places of the enterprises."""
        return np.flatnonzero(self.segment >= 0)

    def __len__(self) -> int:
        return len(self.kind)


def draw_population(vocabulary: Vocabulary, size: int, rng: np.random.Generator) -> Population:
    """Return ``size`` organisations in random order, at least one of each kind."""
    calibration = vocabulary.calibration
    counts = exact_counts([kind.weight for kind in vocabulary.kinds], size)
    kind = rng.permutation(np.repeat(np.arange(len(counts)), counts))
    enterprise = kind == 0
    town = pick(stratified(rng, size), [town.weight for town in vocabulary.towns])
    output = _spread(enterprise, _outputs(calibration, int(enterprise.sum()), rng))
    segments = _segments(vocabulary, int(enterprise.sum()), rng)
    return Population(
        kind=kind,
        segment=_spread(enterprise, segments, -1).astype(np.int64),
        town=town,
        zone=_zones(vocabulary.towns, town, rng.random(size)),
        output=output,
        employees=_employees(vocabulary, kind, output, rng),
        age=skewed(
            stratified(rng, size),
            calibration.age_median_years,
            calibration.age_shape,
            calibration.age_top_years,
        ),
        listed=_largest(output, max(1, round(calibration.listed * enterprise.sum()))),
        products=pick(stratified(rng, size), [4, 4, 2]) + 1,
        first_product=np.floor(rng.random(size) * 1000).astype(np.int64),
        sells={},
    )


def product_places(population: Population, owner: Ints, which: Ints | int, products: Ints | int) -> Ints:
    """Return the place of the owner's ``which``-th main product among as many ``products`` of its segment."""
    return (population.first_product[owner] + which) % products


def product_name(vocabulary: Vocabulary, population: Population, owner: int, which: int) -> str:
    """Return the name of the owner's ``which``-th main product."""
    if which == 0 and owner in population.sells:
        return population.sells[owner]
    products = vocabulary.segments[population.segment[owner]].products
    return products[(int(population.first_product[owner]) + which) % len(products)]


def _spread(where: Bools, values: Floats | Ints, empty: float = np.nan) -> Floats:
    """Return an array as long as ``where`` that holds ``values`` where it is true and ``empty`` elsewhere."""
    spread = np.full(len(where), empty)
    spread[where] = values
    return spread


def _segments(vocabulary: Vocabulary, size: int, rng: np.random.Generator) -> Ints:
    return pick(stratified(rng, size), [segment.weight for segment in vocabulary.segments])


def _outputs(calibration: Calibration, size: int, rng: np.random.Generator) -> Floats:
    """Return yearly outputs; only enterprises below the line of above-scale industry leave theirs out."""
    drawn = skewed(
        stratified(rng, size),
        calibration.output_median_cny,
        calibration.output_shape,
        calibration.output_top_cny,
    )
    unknown = (drawn < ABOVE_SCALE_CNY) & (rng.random(size) < calibration.output_unknown)
    return np.where(unknown, np.nan, np.maximum(10_000, np.round(drawn / 10_000) * 10_000))


def _employees(vocabulary: Vocabulary, kind: Ints, output: Floats, rng: np.random.Generator) -> Floats:
    calibration = vocabulary.calibration
    size = len(kind)
    each = skewed(stratified(rng, size), calibration.output_per_employee_cny, calibration.output_per_employee_shape)
    others = np.array([row.employees for row in vocabulary.kinds])[kind] * skewed(rng.random(size), 1.0, 2.0, 20.0)
    return np.maximum(2, np.round(np.where(kind == 0, output / each, others)))


def _zones(towns: tuple[Town, ...], town: Ints, uniform: Floats) -> tuple[str, ...]:
    zones = np.full(len(town), "", dtype=object)
    for at, row in enumerate(towns):
        here = np.flatnonzero(town == at)
        zones[here] = np.array(row.zones.values, dtype=object)[pick(uniform[here], row.zones.weights)]
    return tuple(zones.tolist())


def _largest(output: Floats, count: int) -> Bools:
    largest = np.argsort(np.nan_to_num(output), kind="stable")[-count:]
    return np.isin(np.arange(len(output)), largest)
