"""How numbers read: amounts by size, intervals, shares. Text only; the template tags add the markup."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy as _c

from liankit.texts import Language

NO_BREAK = "\u00a0"
UNITS: Mapping[str, tuple[Promise, Promise]] = {
    "days": (_c("unit", "day"), _c("unit", "days")),
    "months": (_c("unit", "month"), _c("unit", "months")),
    "products": (_c("unit", "product"), _c("unit", "products")),
    "organisations": (_c("unit", "organisation"), _c("unit", "organisations")),
    "suppliers": (_c("unit", "supplier"), _c("unit", "suppliers")),
}
"""Units of the snapshot tables that are words, for one and for more; others are shown as they are."""


class Scale(NamedTuple):
    """A size of amounts: from where it is used, and how an amount is written in it."""

    above: float
    write: Callable[[str], str]


_SCALES: Mapping[Language, tuple[Scale, ...]] = {
    "zh": (
        Scale(1e8, lambda text: f"{text}{NO_BREAK}亿元"),
        Scale(1e4, lambda text: f"{text}{NO_BREAK}万元"),
        Scale(1, lambda text: f"{text}{NO_BREAK}元"),
    ),
    "en": (
        Scale(1e9, lambda text: f"CNY{NO_BREAK}{text}{NO_BREAK}bn"),
        Scale(1e6, lambda text: f"CNY{NO_BREAK}{text}{NO_BREAK}m"),
        Scale(1, lambda text: f"CNY{NO_BREAK}{text}"),
    ),
}


def plain(value: float) -> str:
    """Return a number with thousands separators and no more digits than it carries, at most four decimals.

    >>> plain(1234567), plain(0.25), plain(3.0)
    ('1,234,567', '0.25', '3')
    """
    text = f"{value:,.4f}"
    return text.rstrip("0").rstrip(".")


def short(value: float) -> str:
    """Return about three significant digits, never fewer than the whole part.

    >>> short(1234.5), short(12.345), short(1.2345), short(0)
    ('1,234', '12.3', '1.23', '0')
    """
    size = abs(value)
    decimals = 0 if size >= 100 else 1 if size >= 10 else 2
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(amount_cny: float, language: Language) -> str:
    """Return an amount by size: 元, 万元, 亿元; CNY, m, bn."""
    scale = _scale_of(amount_cny, language)
    return scale.write(short(amount_cny / scale.above))


def exact_money(amount_cny: float, language: Language) -> str:
    """Return an amount in whole cents, for the hover."""
    text = plain(round(amount_cny, 2))
    return f"{text}{NO_BREAK}元" if language == "zh" else f"CNY{NO_BREAK}{text}"


def percent(share: float, language: Language) -> str:
    """Return a share between 0 and 1 as a percentage; Chinese sets no space before the sign."""
    return _percent_sign(short(share * 100), language)


def span(low: float | None, high: float | None, unit: str, language: Language) -> str:
    """Return an interval in a unit: "48–75 %"; one number when the ends are equal; ≥ or ≤ when one is unknown.

    ``unit`` is "cny", "share" (0 to 1, written in percent), a code of ``UNITS``, or any other word. At least one end
    is known.
    """
    if low is not None and high is not None:
        write = _writer(unit, max(abs(low), abs(high)), language)
        return write(low, high)
    known = low if low is not None else high
    assert known is not None, "an interval has at least one known end"
    sign = "≥" if low is not None else "≤"
    return f"{sign}{NO_BREAK}{_writer(unit, abs(known), language)(known, known)}"


def estimate(value: float, low: float, high: float, unit: str, language: Language) -> str:
    """Return an estimate with its interval: "62 % (48–75)"."""
    if low == high:
        return span(value, value, unit, language)
    largest = max(abs(value), abs(low), abs(high))
    ends = _digits(low, high, _factor(unit, largest, language))
    return f"{_writer(unit, largest, language)(value, value)} ({ends})"


def _writer(unit: str, largest: float, language: Language) -> Callable[[float, float], str]:
    factor = _factor(unit, largest, language)
    return lambda low, high: _with_unit(_digits(low, high, factor), unit, largest, language)


def _factor(unit: str, largest: float, language: Language) -> float:
    if unit.lower() == "cny":
        return _scale_of(largest, language).above
    return 0.01 if unit == "share" else 1.0


def _digits(low: float, high: float, factor: float) -> str:
    first, last = short(low / factor), short(high / factor)
    return first if first == last else f"{first}–{last}"


def _with_unit(digits: str, unit: str, largest: float, language: Language) -> str:
    if unit.lower() == "cny":
        return _scale_of(largest, language).write(digits)
    if unit == "share":
        return _percent_sign(digits, language)
    one, more = UNITS.get(unit, (unit, unit))
    return f"{digits}{NO_BREAK}{one if digits == '1' else more}" if unit else digits


def _percent_sign(digits: str, language: Language) -> str:
    return f"{digits}%" if language == "zh" else f"{digits}{NO_BREAK}%"


def _scale_of(amount: float, language: Language) -> Scale:
    scales = _SCALES[language]
    return next((scale for scale in scales if abs(amount) >= scale.above), scales[-1])
