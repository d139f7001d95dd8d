"""Coined names: two syllables and a pair of the sexagenary cycle, so that none is a real organisation's."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product

import numpy as np

from liankit.errors import UserError
from liankit.synthetic.vocabulary import NameParts, Words

CYCLE = 60  # pairs of ten stems and twelve branches

Word = tuple[str, str]
"""A word and its English form."""


@dataclass(frozen=True)
class Coined:
    """The coined middles of names, all different: ``zh`` such as 澄禾甲子 and ``en`` such as Chenghe Jiazi."""

    zh: tuple[str, ...]
    en: tuple[str, ...]

    def after(self, count: int) -> Coined:
        """Return those that are left when the first ``count`` are taken."""
        return Coined(self.zh[count:], self.en[count:])


def coin(parts: NameParts, count: int, rng: np.random.Generator) -> Coined:
    """Return ``count`` different middles; no pair of syllables comes twice before every pair has come once.

    Raises ``UserError`` where the syllables of the vocabulary do not suffice.
    """
    pairs = list(product(_both(parts.first), _both(parts.second)))
    cycle = _cycle(parts)
    if count > len(pairs) * CYCLE:
        raise UserError(
            f"The syllables give {len(pairs) * CYCLE} names; {count} are needed. Add syllables or ask for fewer."
        )
    serial = np.arange(count)
    pair = rng.permutation(len(pairs))[serial % len(pairs)]
    shift = rng.permutation(len(pairs))[pair]
    turn = (serial // len(pairs) + shift) % CYCLE
    made = [_join(pairs[at], cycle[step]) for at, step in zip(pair.tolist(), turn.tolist(), strict=True)]
    return Coined(tuple(zh for zh, _ in made), tuple(en for _, en in made))


def coin_abroad(parts: NameParts, count: int, rng: np.random.Generator) -> list[str]:
    """Return ``count`` different coined words for makers abroad; raises ``UserError`` where syllables run out."""
    words = ["".join(chosen) for chosen in product(*parts.foreign)]
    if count > len(words):
        raise UserError(f"The foreign syllables give {len(words)} names; {count} are needed. Add syllables.")
    return [words[at] for at in rng.permutation(len(words))[:count].tolist()]


def full_name(place: Word, middle: Word, tail: Word, bracketed: bool) -> Word:
    """Return the full name, with the place in front or in full-width brackets, and its English form.

    >>> full_name(("杭州", "Hangzhou"), ("澄禾甲子", "Chenghe Jiazi"), ("药业有限公司", "Pharma Co., Ltd."), True)
    ('澄禾甲子（杭州）药业有限公司', 'Chenghe Jiazi (Hangzhou) Pharma Co., Ltd.')
    """
    (zh_place, en_place), (zh, en), (zh_tail, en_tail) = place, middle, tail
    if bracketed:
        return f"{zh}（{zh_place}）{zh_tail}", f"{en} ({en_place}) {en_tail}"
    return f"{zh_place}{zh}{zh_tail}", f"{en_place} {en} {en_tail}"


def respelled(name: str) -> str:
    """Return the name as another clerk would type it: with half-width brackets.

    >>> respelled("澄禾甲子（杭州）药业有限公司")
    '澄禾甲子(杭州)药业有限公司'
    """
    return name.replace("（", "(").replace("）", ")")


def _both(words: Words) -> list[Word]:
    return list(zip(words.zh, words.en, strict=True))


def _cycle(parts: NameParts) -> list[Word]:
    stems, branches = _both(parts.stems), _both(parts.branches)
    steps = [(stems[step % len(stems)], branches[step % len(branches)]) for step in range(CYCLE)]
    return [(stem[0] + branch[0], (stem[1] + branch[1]).capitalize()) for stem, branch in steps]


def _join(pair: tuple[Word, Word], step: Word) -> Word:
    first, second = pair
    return first[0] + second[0] + step[0], f"{first[1]}{second[1].lower()} {step[1]}"
