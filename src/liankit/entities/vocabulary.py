"""What ``vocabulary.yaml`` and ``regions.yaml`` say, in the form that parsing needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import opencc

from liankit.yaml_text import read_yaml

_CJK = range(0x4E00, 0xA000)


@dataclass(frozen=True)
class Region:
    """A place in a name: the province (or country code) and, below it, the city; "" where none is said."""

    province: str
    city: str = ""

    def contradicts(self, other: Region) -> bool:
        """Say whether two places cannot be one: a city lies in its province, the nation holds all."""
        if "" in (self.province, other.province):
            return False
        return self.province != other.province or (self.city != other.city and bool(self.city and other.city))


NOWHERE = Region("")


@dataclass(frozen=True)
class Chinese:
    """Chinese words of names by their role; every tuple runs from the longest word to the shortest."""

    legal_forms: Mapping[str, str]
    trades: frozenset[str]
    regions: Mapping[str, Region]
    abbreviations: Mapping[str, str]  # one sign to the full name of the province: 沪 to 上海
    longest_trade: int
    words: Mapping[str, tuple[str, ...]]  # status, group, branch, former, nation, area_marks


@dataclass(frozen=True)
class Latin:
    """Latin words of names by their role."""

    legal_forms: Mapping[str, str]
    form_families: Mapping[str, str]  # form to its country; the country itself to itself
    trades: Mapping[str, str]  # word to the first word of its group
    arms: frozenset[str]  # groups of trade words that name an arm of a group of companies
    regions: Mapping[str, Region]
    ordinals: Mapping[str, int]
    empty: frozenset[str]
    branch: frozenset[str]


@cache
def chinese() -> Chinese:
    """Return the Chinese vocabulary."""
    said = _read("vocabulary.yaml")["chinese"]
    trades = frozenset(word for line in said["trades"] for word in line.split())
    provinces = _read("regions.yaml")
    return Chinese(
        legal_forms=dict(sorted(said["legal_forms"].items(), key=lambda pair: -len(pair[0]))),
        trades=trades,
        regions=_chinese_regions(provinces) | dict.fromkeys(said["nation"], NOWHERE),
        abbreviations={sign: name for name, place in provinces.items() for sign in place["abbreviations"]},
        longest_trade=max(map(len, trades)),
        words={
            role: tuple(sorted(said[role], key=len, reverse=True))
            for role in ("status", "group", "branch", "former", "area_marks")
        },
    )


@cache
def latin() -> Latin:
    """Return the Latin vocabulary; Chinese divisions stand in it by their romanised names."""
    said = _read("vocabulary.yaml")["latin"]
    countries = {word: Region(code) for code, words in said["countries"].items() for word in words}
    return Latin(
        legal_forms=said["legal_forms"],
        form_families={form: country for country, forms in said["form_families"].items() for form in (country, *forms)},
        trades={word: group[0] for group in said["trades"] for word in group},
        arms=_groups_of(said["arms"], said["trades"]),
        regions=_latin_regions(_read("regions.yaml")) | countries,
        ordinals=said["ordinals"],
        empty=frozenset(said["empty"]),
        branch=frozenset(said["branch"]),
    )


@cache
def blind_words() -> frozenset[str]:
    """Return the words of which, with digits, a blind code consists, of both scripts."""
    return frozenset(word for words in _read("vocabulary.yaml")["blind"].values() for word in words)


@cache
def to_simplified() -> dict[int, str]:
    """Return the table for ``str.translate`` from traditional to simplified signs, one sign at a time."""
    convert = opencc.OpenCC("t2s").convert
    signs = "".join(map(chr, _CJK))
    return {ord(old): new for old, new in zip(signs, convert("\n".join(signs)).split("\n"), strict=True) if old != new}


def _groups_of(words: list[str], trades: list[list[str]]) -> frozenset[str]:
    return frozenset(group[0] for group in trades if set(group) & set(words))


def _chinese_regions(provinces: Mapping[str, Any]) -> dict[str, Region]:
    cities = {city: Region(name, city) for name, place in provinces.items() for city in place.get("cities", ())}
    return cities | {name: Region(name) for name in provinces}


def _latin_regions(provinces: Mapping[str, Any]) -> dict[str, Region]:
    found: dict[str, Region] = {}
    for name, place in provinces.items():
        for city, spelled in place.get("cities", {}).items():
            found.setdefault(_latin_word(spelled), Region(name, city))
    return found | {_latin_word(place["latin"]): Region(name) for name, place in provinces.items()}


def _latin_word(spelled: str) -> str:
    return spelled.lower().replace(" ", "").replace("'", "")


@cache
def _read(name: str) -> Any:
    return read_yaml((files("liankit") / "entities" / name).read_text(encoding="utf-8"))
