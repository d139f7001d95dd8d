"""Drawing by weight: exact chances, the same by the same seed, and estimates that the weights do not bias."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from statistics import fmean

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liankit.plan.sampling import Piece, chances, draw, estimate

PIECES = st.dictionaries(
    st.tuples(st.integers(1, 99), st.integers(1, 9)), st.sampled_from([1.0, 1.5, 2.0, 3.3, 40.0]), min_size=1
)
WORLD: dict[Piece, float] = {(1, n): (1.0, 1.5, 3.0, 12.0)[n % 4] for n in range(24)}
FAILS = {piece: piece[1] % 3 == 0 for piece in WORLD}


@given(PIECES, st.integers(1, 30), st.text(max_size=6))
@settings(max_examples=60)
def test_chances_add_up_and_a_seed_draws_that_many(weights: dict[Piece, float], size: int, seed: str) -> None:
    found = chances(weights, size)
    assert set(found) == set(weights) and all(0 < chance <= 1 for chance in found.values())
    assert sum(found.values()) == min(size, len(weights))
    drawn = draw(seed, weights, size)
    assert len(drawn) == min(size, len(weights)) and drawn.items() <= found.items()
    assert {piece for piece, chance in found.items() if chance == 1} <= set(drawn)
    assert draw(seed, dict(reversed(weights.items())), size) == drawn


def test_equal_weights_give_equal_chances_and_a_heavy_piece_is_certain() -> None:
    assert set(chances({(1, n): 2.5 for n in range(7)}, 3).values()) == {Fraction(3, 7)}
    found = chances({(1, 1): 100, (1, 2): 1, (1, 3): 1, (1, 4): 2}, 2)
    assert found == {(1, 1): 1, (1, 2): Fraction(1, 4), (1, 3): Fraction(1, 4), (1, 4): Fraction(1, 2)}
    with pytest.raises(ValueError, match="above 0"):
        chances({(1, 1): 0.0}, 1)


def test_over_many_seeds_pieces_come_as_often_as_told_and_the_total_is_unbiased() -> None:
    told, seeds = chances(WORLD, 6), 1500
    drawn = [draw(str(seed), WORLD, 6) for seed in range(seeds)]
    came = Counter(piece for one in drawn for piece in one)
    assert all(abs(came[piece] / seeds - chance) < 0.04 for piece, chance in told.items())
    found = [estimate([(float(chance), FAILS[piece]) for piece, chance in one.items()]) for one in drawn]
    totals = [one.total for one in found if one]
    assert fmean(totals) == pytest.approx(sum(FAILS.values()), rel=0.05)
    shares = fmean(one.share for one in found if one)
    truth = fmean(FAILS.values())
    assert abs(shares - truth) < 0.06
    assert fmean(one.low <= truth <= one.high for one in found if one) > 0.93


def test_an_interval_is_never_narrower_than_what_was_seen() -> None:
    assert estimate([]) is None
    none_fails = estimate([(0.2, False)] * 9)
    assert none_fails and none_fails.low == 0 and none_fails.high > 0.25 and none_fails.is_few
    one_certain = estimate([(1.0, True), *[(0.2, False)] * 9])
    assert one_certain and one_certain.share == pytest.approx(1 / 46) and one_certain.high > 0.25
    all_of_them = estimate([(1.0, True), (1.0, False)])
    assert all_of_them and (all_of_them.low, all_of_them.high) == (0.5, 0.5) and not all_of_them.is_few
