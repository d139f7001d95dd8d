"""Numbers with their units as plans print them: 5家, 2.5万亿元, 15%, 千亿元, 15—20家, 翻一番."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache

from liankit.plan.parsing.words import any_of, chinese_number, words

_SCALES = {"百": 1e2, "千": 1e3, "万": 1e4, "十万": 1e5, "百万": 1e6, "千万": 1e7}
_SCALES |= {"亿": 1e8, "十亿": 1e9, "百亿": 1e10, "千亿": 1e11, "万亿": 1e12}
_CHINESE = "[一二两三四五六七八九十百千]"
# a small number in words is a target right behind these, else a way of speaking
_ASKING = "至少|新增|新建|创建|引进|培育"
_DOUBLING = {"番": lambda times: 2.0**times, "倍": float}


@dataclass(frozen=True)
class Quantity:
    """A number in the clean text: ``value`` as printed, with 万 and 亿 in ``unit``; ``amount`` without them."""

    start: int
    end: int
    value: float
    high: float | None
    unit: str
    amount: float
    amount_unit: str
    is_more: bool = False  # 余, 多: at least so many


def quantities(clean: str, start: int, end: int) -> list[Quantity]:
    """Return the quantities between two places of the clean text, in order."""
    found = [_quantity(one) for one in _pattern().finditer(clean, start, end)]
    found += [_words(one) for one in _doubling().finditer(clean, start, end)]
    return sorted((one for one in found if one), key=lambda one: one.start)


@cache
def _pattern() -> re.Pattern[str]:
    number = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
    scale = "|".join(sorted(_SCALES, key=len, reverse=True))
    unit = any_of(words()["units_of_count"])
    return re.compile(
        rf"(?<![\dA-Za-z./〔])(?:(?:(?P<low>{number})(?P<lowunit>(?:{scale})?(?:{unit})?)(?:[-—–~～]{{1,2}}|至|到))?"
        rf"(?:(?P<number>{number})(?P<more>[余多])?(?P<scale>{scale})?(?P<more2>[余多])?(?P<unit>{unit})?"
        rf"|(?P<said>{_CHINESE}{{1,4}}(?:万亿|亿))(?P<said_unit>元|美元)"
        rf"|(?P<count>{_CHINESE}{{1,4}})(?P<count_unit>[家名项户所座])(?=以上))(?![A-Za-z\d])"
        rf"|(?<={_ASKING})(?P<asked>{_CHINESE}{{1,4}})(?P<asked_unit>[家名项户所座个]))"
    )


@cache
def _doubling() -> re.Pattern[str]:
    return re.compile(rf"翻(?P<times>{_CHINESE}|\d)?(?P<kind>[番倍])|(?P<twofold>(?<!双)倍增)(?=[,。;、])|全覆盖(?!\()")


def _quantity(found: re.Match[str]) -> Quantity | None:
    if found["number"]:
        return _printed(found)
    if found["said"]:
        scale = "万亿" if found["said"].endswith("万亿") else "亿"
        value = float(chinese_number(found["said"].removesuffix(scale)) or 1)
        return _make(found, value, scale, found["said_unit"])
    value = float(chinese_number(found["count"] or found["asked"]))
    return _make(found, value, "", found["count_unit"] or found["asked_unit"])


def _printed(found: re.Match[str]) -> Quantity | None:
    """Return the quantity, or None for a bare number: a year, a standard, the number of a document."""
    if not found["unit"] and not found["scale"]:
        return None
    one = _make(found, _float(found["number"]), found["scale"] or "", found["unit"] or "")
    low = _float(found["low"] or "0")
    if not found["low"] or low >= one.value:
        return one
    return replace(one, start=found.start(), value=low, high=one.value, amount=one.amount * low / one.value)


def _make(found: re.Match[str], value: float, scale: str, unit: str) -> Quantity:
    start = next(found.start(name) for name in ("number", "said", "count", "asked") if found[name])
    more = bool(found["more"] or found["more2"])
    amount = value * _SCALES.get(scale, 1.0)
    return Quantity(start, found.end(), value, None, scale + unit, amount, unit, more)


def _words(found: re.Match[str]) -> Quantity:
    if found["twofold"]:
        return Quantity(found.start(), found.end(), 2.0, None, "倍", 2.0, "倍")
    if not found["kind"]:
        return Quantity(found.start(), found.end(), 100.0, None, "%", 100.0, "%")
    times = found["times"] or "一"
    count = int(times) if times.isdigit() else chinese_number(times)
    value = _DOUBLING[found["kind"]](count)
    return Quantity(found.start(), found.end(), value, None, "倍", value, "倍")


def _float(text: str) -> float:
    return float(text.replace(",", ""))
