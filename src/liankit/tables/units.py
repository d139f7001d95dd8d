"""Units that a head row may name, as factors to the unit in which a column is stored.

Only units of the same quantity convert; months never become days, since no factor is true.
"""

from __future__ import annotations

import unicodedata

_UNITS: dict[str, dict[str, float]] = {
    "CNY": {
        "元": 1, "人民币": 1, "人民币元": 1, "rmb": 1, "cny": 1, "yuan": 1,
        "千元": 1e3, "万元": 1e4, "万": 1e4, "人民币万元": 1e4, "万元人民币": 1e4, "10000cny": 1e4, "10kcny": 1e4,
        "百万元": 1e6, "百万": 1e6, "millioncny": 1e6, "cnymillion": 1e6, "亿元": 1e8, "亿": 1e8,
    },
    "USD": {"usd": 1, "美元": 1, "万美元": 1e4, "亿美元": 1e8, "$": 1},
    "EUR": {"eur": 1, "欧元": 1, "万欧元": 1e4, "€": 1},
    "days": {"天": 1, "日": 1, "自然日": 1, "day": 1, "days": 1, "d": 1, "周": 7, "星期": 7, "week": 7, "weeks": 7},
    "months": {"月": 1, "个月": 1, "month": 1, "months": 1, "年": 12, "year": 12, "years": 12},
    "share": {"%": 0.01, "百分比": 0.01, "percent": 0.01, "百分数": 0.01, "0-1": 1, "‰": 0.001},
    "people": {"人": 1, "名": 1, "people": 1, "persons": 1, "万人": 1e4},
    "m": {"米": 1, "m": 1, "metre": 1, "metres": 1, "厘米": 0.01, "cm": 0.01, "毫米": 0.001, "mm": 0.001},
    "m2": {
        "平方米": 1, "平米": 1, "平方": 1, "sqm": 1, "万平方米": 1e4, "万平": 1e4, "万m2": 1e4, "公顷": 1e4, "ha": 1e4,
        "亩": 2000 / 3,
    },
    "t/m2": {"吨/平方米": 1, "吨/平米": 1, "吨/m2": 1, "公斤/平方米": 1e-3, "kg/m2": 1e-3, "千克/平方米": 1e-3},
    "kVA": {"千伏安": 1, "kva": 1, "mva": 1e3, "兆伏安": 1e3},
}  # fmt: skip

_LABELS: dict[tuple[str, float], tuple[str, str]] = {
    ("CNY", 1): ("元", "CNY"),
    ("CNY", 1e3): ("千元", "thousand CNY"),
    ("CNY", 1e4): ("万元", "10,000 CNY"),
    ("CNY", 1e6): ("百万元", "million CNY"),
    ("CNY", 1e8): ("亿元", "100 million CNY"),
    ("days", 1): ("天", "days"),
    ("months", 1): ("月", "months"),
    ("share", 0.01): ("%", "%"),
    ("share", 1): ("", ""),
    ("people", 1): ("人", "people"),
    ("m", 1): ("米", "m"),
    ("m2", 1): ("平方米", "m²"),
    ("t/m2", 1): ("吨/平方米", "t/m²"),
    ("kVA", 1): ("千伏安", "kVA"),
}


def unit_key(text: str) -> str:
    """Return the form in which units are compared: half-width, lower case, without spaces and commas."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(letter for letter in folded if letter not in " ,，\t\n")


def unit_factor(text: str, unit: str) -> float | None:
    """Return how many ``unit`` one ``text`` is, or None where they do not measure the same.

    >>> unit_factor("万元", "CNY")
    10000.0
    >>> unit_factor("月", "days") is None
    True
    """
    key = unit_key(text)
    factor = 1.0 if unit and key == unit_key(unit) else _UNITS.get(unit, {}).get(key)
    return None if factor is None else float(factor)


def is_unit(text: str) -> bool:
    """Say whether ``text`` is a unit of any known quantity."""
    return any(unit_key(text) in units for units in _UNITS.values())


def unit_label(unit: str, scale: float, language: str) -> str:
    """Return what a head row says of a column stored in ``unit`` and written in ``scale`` of it.

    >>> unit_label("CNY", 10000, "zh")
    '万元'
    """
    if (unit, scale) in _LABELS:
        return _LABELS[unit, scale][0 if language == "zh" else 1]
    return unit if scale == 1 else f"{scale:g} {unit}"
