"""How a shortened Chinese name lies in a full one: which signs of the short name are taken from where.

A short name keeps the order of the full one (97 % of the short names of Chinese exchanges) and takes first of all the
stem, then the first signs of the trade words, seldom the place and the legal form. The alignment is the one of
greatest worth, where a sign is worth more in the stem, at the start of a word, and next to the sign before it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from liankit.entities.parsed import ParsedName
from liankit.entities.vocabulary import chinese

Role = Literal["region", "stem", "trade", "form"]

_WORTH: dict[Role, float] = {"region": 0.5, "stem": 1.0, "trade": 0.6, "form": 0.15}
_ADJACENT, _STARTS_WORD = 0.3, 0.2


@dataclass(frozen=True)
class Sign:
    """One sign of a name: its role, and whether a word begins with it."""

    sign: str
    role: Role
    starts_word: bool

    @property
    def worth(self) -> float:
        return _WORTH[self.role]


@dataclass(frozen=True)
class Alignment:
    """Signs of two names and the pairs of places, in order, that were matched."""

    short: tuple[Sign, ...]
    full: tuple[Sign, ...]
    pairs: tuple[tuple[int, int], ...]

    def share_of_short(self) -> float:
        """Return the worth of the short name's signs that are found in the full one, from 0 to 1."""
        return _share(self.short, {at for at, _ in self.pairs})

    def share_of_stem(self) -> float:
        """Return the part of the full name's stem that the short name keeps; 1 where the full name has no stem."""
        stem = [at for at, sign in enumerate(self.full) if sign.role == "stem"]
        kept = {at for _, at in self.pairs}
        return sum(at in kept for at in stem) / len(stem) if stem else 1.0

    def breaks(self) -> int:
        """Return how often the signs taken leave a gap in the full name."""
        return sum(after[1] != before[1] + 1 for before, after in zip(self.pairs, self.pairs[1:], strict=False))

    def starts_alike(self) -> bool:
        """Say whether the first sign of the short name begins the place or the stem of the full one."""
        if not self.pairs or self.pairs[0][0] != 0:
            return False
        sign = self.full[self.pairs[0][1]]
        return (sign.starts_word and sign.role in ("region", "stem")) or self.pairs[0][1] == 0


def align(short: ParsedName, full: ParsedName) -> Alignment:
    """Return the alignment of greatest worth of two Chinese names, in time of the product of their lengths."""
    left, right = signs_of(short), signs_of(full)
    left = _with_province(left, full)
    return Alignment(left, right, _best_pairs(left, right))


@lru_cache(maxsize=1 << 12)
def signs_of(name: ParsedName) -> tuple[Sign, ...]:
    """Return the signs of a Chinese name, without status and branch, each with its role."""
    text = name.text.removesuffix(name.branch)
    signs = [Sign(sign, "form", False) for sign in text]
    at = 0
    for role, part in _parts(name):
        start = text.find(part, at)
        if start < 0:
            continue
        at = start + len(part)
        signs[start:at] = [Sign(sign, role, place == 0) for place, sign in enumerate(part)]
    return tuple(signs)


def _parts(name: ParsedName) -> list[tuple[Role, str]]:
    stem: list[tuple[Role, str]] = [("stem", word) for word in name.words]
    trades: list[tuple[Role, str]] = [("trade", word) for word in name.trades]
    return [("region", name.region_text), *stem, *trades] if name.region_text else [*stem, *trades]


def _with_province(short: tuple[Sign, ...], full: ParsedName) -> tuple[Sign, ...]:
    """Write out a leading 沪 as 上海 where the full name lies there and does not have the sign itself."""
    province = chinese().abbreviations.get(short[0].sign) if short else None
    if province is None or full.region.province != province or short[0].sign in full.text:
        return short
    written = province if full.region_text.startswith(province) else full.region_text[:2]
    return (*(Sign(sign, "region", at == 0) for at, sign in enumerate(written)), *short[1:])


def _best_pairs(left: tuple[Sign, ...], right: tuple[Sign, ...]) -> tuple[tuple[int, int], ...]:
    """Find the matching of greatest worth; ``best[i][j]`` is that of the first i signs ending in a match at j."""
    best: dict[tuple[int, int], tuple[float, tuple[int, int] | None]] = {}
    for i, sign in enumerate(left):
        for j, other in enumerate(right):
            if sign.sign == other.sign:
                best[i, j] = _best_before(best, i, j, sign.worth + other.worth + _STARTS_WORD * other.starts_word)
    at = max(best, key=lambda pair: best[pair][0], default=None)
    pairs = []
    while at is not None:
        pairs.append(at)
        at = best[at][1]
    return tuple(reversed(pairs))


def _best_before(
    best: dict[tuple[int, int], tuple[float, tuple[int, int] | None]], i: int, j: int, worth: float
) -> tuple[float, tuple[int, int] | None]:
    """Choose the match that comes before (i, j); one directly before it in both names is worth more."""
    chosen, before = worth, None
    for (k, m), (value, _) in best.items():
        if k < i and m < j:
            total = value + worth + (_ADJACENT if (k, m) == (i - 1, j - 1) else 0.0)
            if total > chosen:
                chosen, before = total, (k, m)
    return chosen, before


def _share(signs: tuple[Sign, ...], kept: set[int]) -> float:
    whole = sum(sign.worth for sign in signs)
    return sum(sign.worth for at, sign in enumerate(signs) if at in kept) / whole if whole else 0.0
