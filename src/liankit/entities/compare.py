"""What speaks for and against two names being one organisation's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from rapidfuzz.distance import OSA

from liankit.entities.alignment import align
from liankit.entities.parsed import ParsedName
from liankit.entities.vocabulary import latin
from liankit.yaml_text import read_yaml

Method = Literal["shortened", "full", "latin"]

# From so many letters (signs) on, so many slips make no other word. A word alone must be longer: Huahai is not Huahui.
_TYPO_ALONE = {8: 1, 10: 2}
_TYPO_BESIDE = {4: 1, 9: 2}
_TYPO_SIGNS = {3: 1}
_LONGER_BY = 20  # signs


@dataclass(frozen=True)
class Comparison:
    """The signs for and against, by name, with how strongly each holds (0 to 1, or a count); how it was compared."""

    method: Method
    signs: Mapping[str, float]

    @property
    def points(self) -> float:
        """The log-odds of one organisation, rivals left aside."""
        weights = _weights()[self.method]
        return weights["base"] + sum(weights[name] * value for name, value in self.signs.items())

    def contributions(self) -> dict[str, float]:
        """Return what each sign adds, in log-odds, the strongest first."""
        weights = _weights()[self.method]
        added = {name: weights[name] * value for name, value in self.signs.items()}
        return dict(sorted(added.items(), key=lambda pair: -abs(pair[1])))


def compare(left: ParsedName, right: ParsedName, rarity: float) -> Comparison | None:
    """Compare two names of one script; None where the right one is short for the left: that is judged from its side.

    ``rarity``: the part of what the left name is found by that the right one shares, rare things counting more.
    """
    if left.script == "latin":
        return Comparison("latin", _latin_signs(left, right))
    if left.is_full == right.is_full or left.branch != right.branch:
        return Comparison("full", _full_signs(left, right))
    return None if left.is_full else Comparison("shortened", _shortened_signs(left, right, rarity))


def contradict(left: ParsedName, right: ParsedName) -> bool:
    """Say whether two names of equal stem cannot be one's: place, form or number differ, or the trade of full names."""
    trades, more = set(left.trades), set(right.trades)
    return (
        left.region.contradicts(right.region)
        or _forms(left, right) == "differ"
        or (bool(left.legal_form and right.legal_form) and not (trades <= more or more <= trades))
        or left.numbers != right.numbers
    )


def _shortened_signs(short: ParsedName, full: ParsedName, rarity: float) -> dict[str, float]:
    lying = align(short, full)
    taken, kept = {at for at, _ in lying.pairs}, {at for _, at in lying.pairs}
    stem_open = any(sign.role == "stem" and at not in taken for at, sign in enumerate(lying.short))
    begins = [at in kept for at, sign in enumerate(lying.full) if sign.role == "stem" and sign.starts_word]
    last = lying.short[-1] if lying.short else None
    return {
        "explained": lying.share_of_short(),
        "stem_kept": lying.share_of_stem(),
        "breaks": lying.breaks() / max(1, len(lying.pairs)),
        "starts_alike": float(lying.starts_alike()),
        "rarity": rarity,
        "stem_unexplained": float(stem_open),
        "region_differs": float(short.region.contradicts(full.region)),
        "longer": max(0, len(full.text) - len(short.text)) / _LONGER_BY,
        "contained": float(short.text in full.text),
        "group_missing": float(short.is_group and not full.is_group),
        "stem_begins": float(begins[0]) if begins else 0.5,
        "ends_explained": float(
            bool(taken) and last is not None and (len(lying.short) - 1 in taken or last.role == "form")
        ),
    }


def _full_signs(left: ParsedName, right: ParsedName) -> dict[str, float]:
    same_trade = "same" if left.trades == right.trades else "differs" if left.trades and right.trades else "missing"
    signs = {f"stem_{_stems(left, right)}": 1.0, f"trade_{same_trade}": 1.0, f"region_{_regions(left, right)}": 1.0}
    differing = {
        "form_differs": left.legal_form != right.legal_form,
        "group_differs": left.is_group != right.is_group,
        "number_differs": left.numbers != right.numbers,
        "branch_differs": left.branch != right.branch,
    }
    return signs | {name: 1.0 for name, differs in differing.items() if differs}


def _stems(left: ParsedName, right: ParsedName) -> str:
    if left.stem == right.stem:
        return "same" if left.stem or left.region_text else "differs"
    return "typo" if is_typo(left.stem, right.stem, _TYPO_SIGNS) else "differs"


def _regions(left: ParsedName, right: ParsedName) -> str:
    if left.region == right.region:
        return "same"
    if "" in (left.region.province, right.region.province):
        return "missing"
    return "differs" if left.region.contradicts(right.region) else "within"


def _latin_signs(left: ParsedName, right: ParsedName) -> dict[str, float]:
    trades, more = set(left.trades), set(right.trades)
    same_trade = "same" if trades == more else "missing" if trades <= more or more <= trades else "differs"
    signs = _word_signs(left.words, right.words)
    signs |= {f"trade_{same_trade}": 1.0, f"region_{_regions(left, right)}": 1.0}
    forms = _forms(left, right)
    if forms != "same":
        signs[f"forms_{forms}"] = 1.0
    differing = {
        "arm_differs": same_trade == "missing" and _is_arm(left, right),
        "both_registered": _is_registered(left) and _is_registered(right) and trades != more,
        "number_differs": left.numbers != right.numbers,
        "branch_differs": left.branch != right.branch,
    }
    return signs | {name: 1.0 for name, differs in differing.items() if differs}


def _is_arm(left: ParsedName, right: ParsedName) -> bool:
    """Say whether the trade that only one name says makes it an arm of the other: several words, or one against a form.

    "Acme Technologies" is not "Acme GmbH", while "Acme" may be short for either.
    """
    longer, shorter = sorted((left, right), key=lambda name: -len(name.trades))
    more = set(longer.trades) - set(shorter.trades)
    return len(more) > 1 or (not longer.legal_form and bool(shorter.legal_form) and bool(more & latin().arms))


def _forms(left: ParsedName, right: ParsedName) -> Literal["same", "missing", "akin", "differ"]:
    """Compare legal forms; akin are those of one country ("Inc.", "LLC"). A mere "Co." or country says no more.

    In China "Ltd.", "Inc." and "LLC" are translations of one form, and differing in them says as little.
    """
    forms, others = set(left.legal_form.split()), set(right.legal_form.split())
    if forms == others:
        return "same"
    in_china = left.region == right.region and not left.region.province.isascii()
    if not forms or not others or forms & others or in_china:
        return "missing"
    countries = latin().form_families
    if not {countries.get(form, form) for form in forms} & {countries.get(form, form) for form in others}:
        return "differ"
    return "missing" if "co" in forms | others or not (_is_registered(left) and _is_registered(right)) else "akin"


def _is_registered(name: ParsedName) -> bool:
    """Say whether a name in Latin letters has a legal form, beside the country that stands for one."""
    return bool(set(name.legal_form.split()) - set(latin().form_families.values()))


def _word_signs(left: tuple[str, ...], right: tuple[str, ...]) -> dict[str, float]:
    """Compare the distinctive words, whatever their order; "Thermo Fisher" is "ThermoFisher"."""
    if not left or not right:
        return {"words_differ": 1.0}
    if sorted(left) == sorted(right) or "".join(left) == "".join(right):
        return {"words_same": 1.0}
    allowed = _TYPO_BESIDE if set(left) & set(right) else _TYPO_ALONE
    only_left, only_right = _unmatched(left, right, allowed), _unmatched(right, left, allowed)
    if only_left and only_right:
        return {"words_differ": 1.0}
    typos = float(sum(word not in right for word in left) - len(only_left))
    return {"words_missing" if only_left or only_right else "words_same": 1.0, "word_typo": typos}


def _unmatched(words: tuple[str, ...], others: tuple[str, ...], allowed: Mapping[int, int]) -> list[str]:
    return [word for word in words if word not in others and not any(is_typo(word, one, allowed) for one in others)]


def is_typo(word: str, other: str, allowed: Mapping[int, int]) -> bool:
    """Say whether two words differ by so few slips (letters changed, left out, swapped) that they may be one.

    ``allowed``: slips by the least number of letters.

    >>> is_typo("ajinomoto", "ajinomotto", {8: 1}), is_typo("sanol", "sanofi", {8: 1})
    (True, False)
    """
    length = min(len(word), len(other))
    slips = max((slips for letters, slips in allowed.items() if length >= letters), default=0)
    return word != other and slips > 0 and OSA.distance(word, other, score_cutoff=slips) <= slips


@cache
def _weights() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = read_yaml(
        (files("liankit") / "entities" / "weights.yaml").read_text(encoding="utf-8")
    )
    return found
