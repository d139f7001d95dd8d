"""Samples of pieces drawn with unequal chances, by a seed that anybody can draw again with, and what they say of all.

The chance of a piece is proportional to its weight; one that would have more than 1 is taken for certain and the rest
shared out anew. Drawn is systematically along the running sum of the chances (W. G. Madow, "On the theory of
systematic sampling, II", Annals of Mathematical Statistics 20, 1949) over an order shuffled by the seed (L. Goodman,
L. Kish, "Controlled selection", JASA 45, 1950; Y. Tillé, "Sampling Algorithms", 2006, chapter 7): the number drawn is
fixed and the chances hold exactly. All is reckoned in fractions, so every machine draws the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt

Piece = tuple[int, int]
"""A case and the number of its entry that gave the evidence."""

FEW = 30
"""With fewer pieces (in effect) an interval is wide, and its 95 % are rough."""

_Z = 1.96  # of a two-sided interval of 95 %


def place(seed: str, piece: Piece) -> bytes:
    """Return where a seed puts a piece: the SHA-256 of "seed:case:entry"; the smallest comes first."""
    return _digest(f"{seed}:{piece[0]}:{piece[1]}")


def chances(weights: Mapping[Piece, float], size: int) -> dict[Piece, Fraction]:
    """Return the exact chance of each piece to be among ``size`` drawn; they add up to ``size``, or to all there are.

    A weight counts as it is written in decimals. Raises ValueError where one is not above 0.
    """
    exact = {piece: Fraction(str(weight)) for piece, weight in weights.items()}
    if any(weight <= 0 for weight in exact.values()):
        raise ValueError("a weight must be above 0: without a chance a piece says nothing")
    left, certain = min(size, len(exact)), dict[Piece, Fraction]()
    while exact:
        total = sum(exact.values())
        above = [piece for piece, weight in exact.items() if left * weight >= total]
        if not above:
            return certain | {piece: left * weight / total for piece, weight in exact.items()}
        certain |= dict.fromkeys(above, Fraction(1))
        exact = {piece: weight for piece, weight in exact.items() if piece not in certain}
        left -= len(above)
    return certain


def draw(seed: str, weights: Mapping[Piece, float], size: int) -> dict[Piece, Fraction]:
    """Return the pieces that a seed draws, in its order, with the chance that each had."""
    found = chances(weights, size)
    reached = Fraction(int.from_bytes(_digest(f"{seed}:start")), 2**256)  # from 0 to below 1
    drawn = {}
    for piece in sorted(found, key=lambda one: place(seed, one)):
        before, reached = reached, reached + found[piece]
        if reached // 1 > before // 1:
            drawn[piece] = found[piece]
    return drawn


@dataclass(frozen=True)
class Estimate:
    """What the pieces checked say of all pieces that could have been drawn.

    ``share`` is the share that fails (Hájek), with an interval of about 95 %; ``total`` how many fail, without bias
    where every piece drawn was checked (Horvitz-Thompson). ``pieces`` is how many pieces of equal chance would say as
    much.
    """

    share: float
    low: float
    high: float
    total: float
    pieces: float

    @property
    def is_few(self) -> bool:
        return self.pieces < FEW and self.low < self.high


def estimate(checked: Sequence[tuple[float, bool]]) -> Estimate | None:
    """Estimate the failing share from the pieces checked, each with its chance and whether it fails; None of none.

    Assumes that those drawn and not checked fail as often as those checked. The interval is Wilson's with an effective
    number of pieces (E. Korn, B. Graubard, Survey Methodology 24, 1998): the smaller of Kish's and of what the variance
    says (J. Hájek's approximation, Tillé 2006, chapter 7), so that a few certain pieces cannot make it look exact.
    """
    if not checked:
        return None
    worth = [1 / chance for chance, _fails in checked]
    all_, total = sum(worth), sum(one for one, (_chance, fails) in zip(worth, checked, strict=True) if fails)
    share = total / all_
    if all(chance == 1 for chance, _fails in checked):
        return Estimate(share, share, share, total, float(len(checked)))
    pieces = all_**2 / sum(one**2 for one in worth)
    variance = _variance(checked, share) / all_**2
    if variance > 0:
        pieces = min(pieces, share * (1 - share) / variance)
    return Estimate(share, *_wilson(share, pieces), total, pieces)


def _variance(checked: Sequence[tuple[float, bool]], share: float) -> float:
    """Return Hájek's approximation of the variance of the sum of (fails - share) / chance."""
    count, open_ = len(checked), sum(1 - chance for chance, _fails in checked)
    if count < 2:
        return 0.0
    apart = [((fails - share) / chance, 1 - chance) for chance, fails in checked]
    mean = sum(value * rest for value, rest in apart) / open_
    return count / (count - 1) * sum(rest * (value - mean) ** 2 for value, rest in apart)


def _wilson(share: float, pieces: float) -> tuple[float, float]:
    """Return the score interval of a share of so many pieces (E. B. Wilson, JASA 22, 1927)."""
    scale = 1 + _Z**2 / pieces
    middle = (share + _Z**2 / (2 * pieces)) / scale
    half = _Z / scale * sqrt(share * (1 - share) / pieces + _Z**2 / (4 * pieces**2))
    return min(share, max(0.0, middle - half)), max(share, min(1.0, middle + half))


def _digest(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
