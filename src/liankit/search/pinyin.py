"""Chinese names spelled in pinyin, a million signs a second: the dictionaries of pypinyin over one pass of Polars.

A sign has the reading of the longest phrase it stands in, else its most common one; ü is written v, as it is typed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

import polars as pl
from pypinyin.constants import PHRASES_DICT, PINYIN_DICT

_LONGEST_PHRASE = 4


def spell(names: pl.Series) -> pl.Series:
    """Return the pinyin of texts without tones, a capital beginning each sign; line breaks stay, other signs go.

    >>> spell(pl.Series(["杭州（重庆）", "绿谷2号"])).to_list()
    ['HangZhouChongQing', 'LvGuHao']
    >>> spell(pl.Series(["Acme Inc."])).to_list()
    ['']
    """
    frame = pl.DataFrame({"han": names.str.replace_all(r"[^\p{Han}\n]+", "")})
    readings = _readings(set(frame["han"].str.split("").explode().unique().drop_nulls()))
    if not readings:
        return frame["han"]
    spelled = pl.col("han").str.replace_many(list(readings), list(readings.values()), leftmost=True)
    return frame.select(spelled.str.replace_all(r"\p{Han}", "")).to_series()


def _readings(there: set[str]) -> dict[str, str]:
    """Return the readings of signs and phrases of these signs, the longest text first.

    Phrases only where a sign is read in another way than alone.
    """
    signs = {sign: _toneless(PINYIN_DICT[ord(sign)].split(",")[0]) for sign in there if ord(sign) in PINYIN_DICT}
    phrases = {
        phrase: _joined(syllables)
        for phrase, syllables in PHRASES_DICT.items()
        if len(phrase) <= _LONGEST_PHRASE and there.issuperset(phrase)
    }
    unusual = {text: said for text, said in phrases.items() if said != "".join(signs.get(sign, "") for sign in text)}
    return dict(sorted({**signs, **unusual}.items(), key=lambda pair: -len(pair[0])))


def _joined(syllables: Iterable[list[str]]) -> str:
    return "".join(_toneless(readings[0]) for readings in syllables)


def _toneless(syllable: str) -> str:
    """Return a syllable without its tone, its first letter a capital.

    >>> _toneless("lǜ")
    'Lv'
    """
    marks = unicodedata.normalize("NFD", syllable.replace("ê", "e")).replace("u\u0308", "v")
    letters = "".join(letter for letter in marks if letter.isascii() and letter.isalpha())
    return letters.capitalize()
