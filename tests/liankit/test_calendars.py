"""Working days by hand, across holidays, make-up days, year ends and years nobody has published."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liankit.calendars import add_working_days, is_published, is_working_day, working_days

DAYS = st.dates(date(2015, 1, 1), date(2026, 6, 30))


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        # plain weeks of 2024: 2 September is a Monday
        (date(2024, 9, 2), 5, date(2024, 9, 9)),
        (date(2024, 9, 6), 1, date(2024, 9, 9)),
        # Mid-autumn 2024: Saturday 14 September worked, 15 to 17 free
        (date(2024, 9, 13), 1, date(2024, 9, 14)),
        (date(2024, 9, 13), 2, date(2024, 9, 18)),
        # National Day 2024: Sunday 29 September and Saturday 12 October worked, 1 to 7 October free
        (date(2024, 9, 27), 1, date(2024, 9, 29)),
        (date(2024, 9, 30), 1, date(2024, 10, 8)),
        (date(2024, 9, 30), 5, date(2024, 10, 12)),
        (date(2024, 10, 11), 2, date(2024, 10, 14)),
        # a period that starts on a day that is not worked
        (date(2024, 10, 3), 1, date(2024, 10, 8)),
        (date(2024, 10, 5), 2, date(2024, 10, 9)),
        # Spring Festival 2024: Sundays 4 and 18 February worked, 10 to 17 free
        (date(2024, 2, 2), 1, date(2024, 2, 4)),
        (date(2024, 2, 9), 1, date(2024, 2, 18)),
        (date(2024, 2, 8), 3, date(2024, 2, 19)),
        # the turn of the year: 1 January 2025 free, Spring Festival 28 January to 4 February, 26 January worked
        (date(2024, 12, 30), 2, date(2025, 1, 2)),
        (date(2025, 1, 24), 2, date(2025, 1, 27)),
        (date(2025, 1, 27), 1, date(2025, 2, 5)),
        # sixty working days, counted on the sheet of 2024: July 22 + August 22 + September 16
        (date(2024, 7, 1), 60, date(2024, 9, 24)),
        (date(2024, 7, 1), 0, date(2024, 7, 1)),
    ],
)
def test_a_period_ends_on_the_day_counted_by_hand(start: date, days: int, due: date) -> None:
    assert add_working_days(start, days) == (due, True)


def test_a_year_without_a_published_calendar_says_so() -> None:
    last = max(year for year in range(2020, 2090) if is_published(year))
    due = add_working_days(date(last, 12, 20), 20)
    assert not due.is_published and due.on.year == last + 1
    assert not working_days(date(last + 1, 1, 4), date(last + 1, 1, 5)).is_published
    assert is_working_day(date(2090, 1, 2)) and not is_working_day(date(2090, 1, 1))  # a Monday, a Sunday


@given(DAYS, st.integers(1, 300))
def test_the_days_up_to_the_due_day_are_those_of_the_period(start: date, days: int) -> None:
    due = add_working_days(start, days).on
    assert is_working_day(due)
    assert working_days(start, due).days == days


@given(DAYS, DAYS, DAYS)
def test_spans_add_up(first: date, second: date, third: date) -> None:
    a, b, c = sorted((first, second, third))
    assert working_days(a, b).days + working_days(b, c).days == working_days(a, c).days
