"""Read numbers as offices write them: 约300万, 3-5天, 1.2亿元. What is read so is never read silently.

A unit in the cell goes before that of the head. A range counts with its middle. A bound (30天以上, ≥30) is no number:
nothing says how far beyond it lies.
"""

from __future__ import annotations

import re
import unicodedata

from liankit.tables.contract import Column
from liankit.tables.units import unit_factor

APPROXIMATE, RANGE, UNIT = "approximate_value", "range_as_middle", "unit_in_cell"
LOOSE = frozenset({APPROXIMATE, RANGE, UNIT})
"""Codes of the warnings with which a number is read loosely."""

_NUMBER = r"[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"
_BEFORE = r"(?P<before>约|大约|大概|近|将近|左右|~|≈)?\s*"
_AFTER = r"(?P<after>左右|上下|余|多)?"
_ONE = re.compile(rf"{_BEFORE}(?P<low>{_NUMBER})\s*(?P<more>余|多)?\s*(?P<unit>[^\d\s,.]*?)\s*{_AFTER}")
_TWO = re.compile(
    rf"{_BEFORE}(?P<low>{_NUMBER})\s*(?P<unit_low>[^\d\s,.~至到—–-]*)\s*(?:-|—+|–|~|至|到)\s*"
    rf"(?P<high>{_NUMBER})\s*(?P<unit>[^\d\s,.]*?)\s*{_AFTER}"
)


def loose_number(text: str, column: Column, factor: float) -> tuple[float, str] | None:
    """Return the number that ``text`` means in the stored unit, and the code of how it was read; None for no number.

    ``factor`` is what one of the sheet's is worth in the stored unit, where the cell names no unit.

    >>> from liankit.tables.contract import Column
    >>> amount = Column("amount_cny", unit="CNY")
    >>> loose_number("约300万", amount, 1.0)
    (3000000.0, 'approximate_value')
    >>> loose_number("3-5天", Column("stock_days", unit="days"), 1.0)
    (4.0, 'range_as_middle')
    >>> loose_number("30天以上", Column("stock_days", unit="days"), 1.0) is None
    True
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    if found := _TWO.fullmatch(folded):
        return _range(found, column, factor)
    if found := _ONE.fullmatch(folded):
        return _single(found, column, factor)
    return None


def _single(found: re.Match[str], column: Column, factor: float) -> tuple[float, str] | None:
    is_about = any(found[part] for part in ("before", "more", "after"))
    worth = _worth(found["unit"], column, factor)
    if worth is None or not (is_about or found["unit"]):
        return None
    return _scaled(_figure(found["low"]), worth), APPROXIMATE if is_about else UNIT


def _range(found: re.Match[str], column: Column, factor: float) -> tuple[float, str] | None:
    low, high = _figure(found["low"]), _figure(found["high"])
    worth = _worth(found["unit"], column, factor)
    before = _worth(found["unit_low"], column, factor) if found["unit_low"] else worth
    if worth is None or before is None or low * before >= high * worth:
        return None
    return (_scaled(low, before) + _scaled(high, worth)) / 2, RANGE


def _worth(unit: str, column: Column, factor: float) -> float | None:
    """Return what one of ``unit`` is worth; None where it measures something else than the column."""
    return unit_factor(unit, column.unit) if unit else factor


def _figure(text: str) -> float:
    return float(text.replace(",", ""))


def _scaled(number: float, factor: float) -> float:
    """Multiply as decimals are multiplied: 0.07 万元 are 700 CNY, not 700.0000000000001."""
    return float(f"{number * factor:.15g}")
