"""Days, months, quarters and halves of a year as Chinese notices write them, in the common era or that of the Republic.

A year below 1000 is counted from 1911 (民國, as official documents in Taiwan do): 114年 is 2025.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_THIRDS = {"上旬": (1, 10), "中旬": (11, 20), "下旬": (21, 31), "底": (21, 31), "初": (1, 10), "中": (11, 20)}
_PERIOD = re.compile(
    r"(?P<year>\d{2,4})\s*(?:年|(?=第\s*[一二三四1-4]\s*季))\s*(?:"
    r"(?P<month>\d{1,2})\s*月\s*(?:(?P<day>\d{1,2})\s*日|(?P<third>[上中下]旬|底|初|中(?!旬)))?"
    r"|第?\s*(?P<quarter>[一二三四1-4])\s*季"
    r"|(?P<half>[上下])半年"
    r"|(?P<close>年?底|年?末|初|中(?!旬))"
    r")?"
)
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
_REPUBLIC = 1911


@dataclass(frozen=True)
class Period:
    """A stated period: its first and last day, and the characters that state it."""

    first: date
    last: date
    start: int
    end: int


def find_periods(text: str) -> list[Period]:
    """Return the periods that a text states, in order; a date that no calendar has is left out.

    >>> [one.last.isoformat() for one in find_periods("預計115年第二季恢復，2026年1月下旬到貨")]
    ['2026-06-30', '2026-01-31']
    """
    found = []
    for match in _PERIOD.finditer(text.translate(_WIDE)):
        days = _days(match)
        if days:
            found.append(Period(*days, match.start(), match.end()))
    return found


def _days(match: re.Match[str]) -> tuple[date, date] | None:
    year = int(match["year"])
    year += _REPUBLIC if year < 1000 else 0
    try:
        if match["month"]:
            return _in_month(year, int(match["month"]), match["day"], match["third"])
        first, last = _months(match)
        return date(year, first, 1), date(year, last, monthrange(year, last)[1])
    except ValueError:
        return None


def _in_month(year: int, month: int, day: str | None, third: str | None) -> tuple[date, date]:
    if day:
        return date(year, month, int(day)), date(year, month, int(day))
    length = monthrange(year, month)[1] if 1 <= month <= 12 else 31
    first, last = _THIRDS[third] if third else (1, length)
    return date(year, month, first), date(year, month, min(last, length))


def _months(match: re.Match[str]) -> tuple[int, int]:
    """Return the first and last month of a quarter, a half, an end of a year or the whole year."""
    if match["quarter"]:
        quarter = _QUARTERS[match["quarter"]]
        return 3 * quarter - 2, 3 * quarter
    if match["half"]:
        return (1, 6) if match["half"] == "上" else (7, 12)
    close = (match["close"] or "").removeprefix("年")
    return {"底": (12, 12), "末": (12, 12), "初": (1, 1), "中": (6, 7)}.get(close, (1, 12))
