"""Working days of the People's Republic of China: weekends, holidays, and the weekends worked to make up for them.

The State Council publishes the days of a year late in the year before; until then nobody knows them. Days of such a
year are counted as if Monday to Friday were worked, and the answer says that it is preliminary. Source of the days:
the State Council's yearly notices on holidays, as the library ``chinesecalendar`` holds them.

A period of days runs from the day after the event that starts it (Civil Code of the PRC, article 201).
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from typing import NamedTuple, cast

import chinese_calendar
import numpy as np

_FIRST, _END = date(2004, 1, 1), date(2100, 1, 1)


class Due(NamedTuple):
    """The last day of a period; preliminary when it touches a year whose working days are not published."""

    on: date
    is_published: bool


class Used(NamedTuple):
    """How many days of a period have passed; preliminary like ``Due``."""

    days: int
    is_published: bool


def is_published(year: int) -> bool:
    """Say whether the working days of a year are known.

    >>> is_published(2024), is_published(2003)
    (True, False)
    """
    return year in _published_years()


def is_working_day(day: date) -> bool:
    """Say whether a day is worked; of an unpublished year, whether it is Monday to Friday.

    >>> is_working_day(date(2024, 10, 12)), is_working_day(date(2024, 10, 7))  # a Saturday made up, a holiday
    (True, False)
    """
    return bool(np.is_busday(day, busdaycal=_working()))


def add_working_days(start: date, days: int) -> Due:
    """Return the last day of a period of working days; the day of the start is not counted, 0 days end on it.

    >>> add_working_days(date(2024, 9, 29), 3).on  # 30 September, then the National Day week, 8 and 9 October
    datetime.date(2024, 10, 9)
    """
    last = np.busday_offset(start, days, roll="backward", busdaycal=_working()) if days else np.datetime64(start)
    on = cast(date, last.item())
    return Due(on, _is_known(start, on))


def working_days(after: date, until: date) -> Used:
    """Count the working days after one day up to and with another; 0 where ``until`` is not later.

    >>> working_days(date(2024, 9, 29), date(2024, 10, 9)).days
    3
    """
    days = max(0, int(np.busday_count(after + timedelta(1), until + timedelta(1), busdaycal=_working())))
    return Used(days, _is_known(after, until))


def add_days(start: date, days: int) -> Due:
    """Return the last day of a period of calendar days, which needs no calendar."""
    return Due(start + timedelta(days), True)


def calendar_days(after: date, until: date) -> Used:
    """Count the calendar days after one day up to and with another; 0 where ``until`` is not later."""
    return Used(max(0, (until - after).days), True)


def _is_known(first: date, last: date) -> bool:
    years = range(min(first, last).year, max(first, last).year + 1)
    return all(is_published(year) for year in years)


@cache
def _published_years() -> frozenset[int]:
    """Return the years of the library: it knows a year when it knows the holidays of that year."""
    return frozenset(day.year for day in chinese_calendar.holidays)


@cache
def _working() -> np.busdaycalendar:
    """Return a calendar of seven working days a week in which every day that is not worked is a holiday.

    NumPy's own weekends cannot have working days, so that make-up days could not be said otherwise.
    """
    span = (_FIRST + timedelta(n) for n in range((_END - _FIRST).days))
    return np.busdaycalendar(weekmask="1111111", holidays=[day for day in span if not _is_worked(day)])


def _is_worked(day: date) -> bool:
    if day.year in _published_years():
        return bool(chinese_calendar.is_workday(day))
    return day.weekday() < 5
