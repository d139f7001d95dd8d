"""Which known names share rare things with a name: an inverted index over what names are found by.

A Chinese name is found by its ordered pairs of signs, so that a short name, which leaves signs out but keeps their
order, shares pairs with the full one. A Latin name is found by its words and by the letters of the distinctive ones,
four at a time, so that slips and joined words do not hide it.
"""

from __future__ import annotations

import math
from array import array
from collections import defaultdict
from collections.abc import Iterable

import numpy as np

from liankit.entities.alignment import signs_of
from liankit.entities.parsed import ParsedName
from liankit.entities.vocabulary import chinese

_LONGEST = 14  # signs of a Chinese name that are looked at: 91 pairs
_LETTERS = 4


def keys_of(name: ParsedName) -> frozenset[str]:
    """Return what a name is found by; nothing for a blind code.

    >>> from liankit.entities.parse import parse_name
    >>> sorted(keys_of(parse_name("澄禾医药")))
    ['医药', '澄医', '澄禾', '澄药', '禾医', '禾药']
    """
    if name.is_blind:
        return frozenset()
    return _pairs(name) if name.script == "zh" else _words_and_letters(name)


def _pairs(name: ParsedName) -> frozenset[str]:
    text = "".join(sign.sign for sign in signs_of(name) if sign.role != "form") or name.text
    text = (
        (chinese().abbreviations.get(text[0], text[0]) + text[1:])[:_LONGEST] if not name.is_full else text[:_LONGEST]
    )
    pairs = {text[i] + text[j] for i in range(len(text)) for j in range(i + 1, len(text))}
    return frozenset(pairs)


def _words_and_letters(name: ParsedName) -> frozenset[str]:
    joined = "".join(name.words)
    letters = {joined[at : at + _LETTERS] for at in range(len(joined) - _LETTERS + 1)}
    return frozenset(letters | {f"{word} " for word in (*name.words, *name.trades)})


class Postings:
    """Names by what they are found by; numbered from 0 in the order in which they were added."""

    def __init__(self) -> None:
        self._names: defaultdict[str, array[int]] = defaultdict(lambda: array("I"))
        self._size = 0

    def add(self, keys: Iterable[str]) -> int:
        """Add one name and return its number."""
        number = self._size
        for key in keys:
            self._names[key].append(number)
        self._size += 1
        return number

    def shared_part(self, keys: frozenset[str], others: frozenset[str]) -> float:
        """Return the part of ``keys`` that is also among ``others``, a key weighing by the logarithm of its rarity."""
        whole = sum(map(self._weight, keys))
        return sum(map(self._weight, keys & others)) / whole if whole else 0.0

    def _weight(self, key: str) -> float:
        return math.log1p(self._size / max(1, len(self._names.get(key, ()))))

    def nearest(self, keys: frozenset[str], limit: int, most: int) -> list[tuple[int, float]]:
        """Return up to ``limit`` names that share the rarest keys, nearest first, each with the part it shares.

        The part weighs a key by the logarithm of its rarity. No more than ``most`` places are looked at in all (but
        the rarest key's always), so that common keys cost nothing where rare ones decide.
        """
        known = sorted((len(self._names[key]), key) for key in keys if key in self._names)
        weights = [math.log1p(self._size / count) for count, _ in known]
        whole = sum(weights) + math.log1p(self._size) * (len(keys) - len(known)) or 1.0
        looked = _within(known, most)
        if not looked:
            return []
        numbers = np.concatenate([np.frombuffer(self._names[key], dtype=np.uint32) for _, key in known[:looked]])
        each = np.repeat(weights[:looked], [count for count, _ in known[:looked]])
        found, inverse = np.unique(numbers, return_inverse=True)
        shared = np.bincount(inverse, weights=each) / whole
        order = np.lexsort((found, -shared))[:limit]
        return [(int(found[at]), float(shared[at])) for at in order]


def _within(known: list[tuple[int, str]], most: int) -> int:
    """Return how many of the keys, from the rarest, stay within ``most`` places; at least one if there is any."""
    total = 0
    for at, (count, _) in enumerate(known):
        total += count
        if total > most:
            return max(1, at)
    return len(known)
