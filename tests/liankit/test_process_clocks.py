"""Clocks of a case to the day: across holidays, stops, time zones and year ends, against a count day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.process_cases import Log, body, coded, process

from liankit.calendars import is_working_day
from liankit.process import ClockState, Reading, read_clocks, replay

P = process()
HANGZHOU = ZoneInfo("Asia/Shanghai")


def noon(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, 4, tzinfo=UTC)


def reading(log: Log, clock: str, today: date) -> Reading:
    found = read_clocks(P, replay(P, log.events), today, HANGZHOU)
    return next(one for one in found if one.clock.key == clock)


def accepted(at: datetime) -> Log:
    return Log().add("open", at=at, data={"subject": "s"}).add("do", "accept", at=at)


@pytest.mark.parametrize(
    ("start", "stops", "due"),
    [
        (noon(2024, 9, 2), [], date(2024, 9, 14)),  # ten days: 3-6, 9-13, and Saturday the 14th is worked
        (noon(2024, 9, 23), [], date(2024, 10, 11)),  # 24 to 27, 29 and 30 September; 8 to 11 October
        (noon(2024, 9, 2), [(noon(2024, 9, 4), noon(2024, 9, 6))], date(2024, 9, 19)),  # 5 and 6 do not count
        (noon(2024, 9, 2), [(noon(2024, 9, 13), noon(2024, 9, 18))], date(2024, 9, 19)),  # 14 and 18 do not count
        (noon(2024, 9, 2), [(noon(2024, 9, 3), noon(2024, 9, 3))], date(2024, 9, 14)),  # within a day
        (noon(2024, 12, 25), [], date(2025, 1, 9)),  # 26, 27, 30, 31, then 2, 3, 6, 7, 8, 9
    ],
)
def test_a_period_with_stops_is_due_on_the_day_counted_by_hand(
    start: datetime, stops: list[tuple[datetime, datetime]], due: date
) -> None:
    log = accepted(start)
    for since, until in stops:
        log.add("pause", "papers", at=since).add("resume", at=until)
    assert reading(log, "review", start.date()).due == due


def test_the_day_is_that_of_the_district_not_of_greenwich() -> None:
    late = datetime(2024, 9, 2, 17, tzinfo=UTC)  # one in the morning of the third in Hangzhou
    assert reading(accepted(late), "review", date(2024, 9, 3)).started == date(2024, 9, 3)


def test_a_clock_runs_warns_is_breached_and_remembers_that_it_was_late() -> None:
    log = Log().add("open", at=noon(2024, 9, 2), data={"subject": "s"})
    states = [reading(log, "accepting", date(2024, 9, day)).state for day in (2, 3, 4, 5)]
    assert states == [ClockState.RUNNING, ClockState.WARNING, ClockState.WARNING, ClockState.BREACHED]
    assert reading(log, "accepting", date(2024, 9, 5)).left == -1
    log.add("do", "accept", at=noon(2024, 9, 5))
    assert reading(log, "accepting", date(2024, 9, 30)).state == ClockState.LATE
    assert reading(accepted(noon(2024, 9, 2)), "accepting", date(2024, 9, 30)).state == ClockState.MET


def test_a_paused_clock_has_no_due_day_and_loses_none() -> None:
    log = accepted(noon(2024, 9, 2)).add("pause", "papers", at=noon(2024, 9, 4))
    first, later = (reading(log, "review", day) for day in (date(2024, 9, 5), date(2024, 9, 25)))
    assert first.state == ClockState.PAUSED and first.due is None
    assert first.left == later.left == 8


def test_a_clock_without_a_period_is_unset_and_one_that_has_not_started_waits() -> None:
    log = accepted(noon(2024, 9, 2))
    assert reading(log, "signing", date(2024, 9, 9)).state == ClockState.UNSET
    opened = Log().add("open", at=noon(2024, 9, 2), data={"subject": "s"})
    assert reading(opened, "review", date(2024, 9, 9)).state == ClockState.WAITING


def test_a_year_that_nobody_has_published_makes_the_day_preliminary() -> None:
    log = accepted(noon(2090, 9, 1))
    assert not reading(log, "review", date(2090, 9, 2)).is_published


def by_counting(start: date, days: int, stops: list[tuple[date, date]]) -> date:
    """Go day by day: a worked day counts unless it lies in a stop."""
    day, counted = start, 0
    while counted < days:
        day += timedelta(1)
        stood = any(since < day <= until for since, until in stops)
        counted += is_working_day(day) and not stood
    return day


@settings(max_examples=150, deadline=None)
@given(st.dates(date(2022, 1, 1), date(2025, 12, 31)), st.lists(st.integers(0, 9), max_size=8))
def test_due_days_equal_a_count_day_by_day(start: date, gaps: list[int]) -> None:
    log, at, stops = accepted(noon(start.year, start.month, start.day)), start, []
    for length, gap in zip(gaps[::2], gaps[1::2], strict=False):
        since, until = at + timedelta(gap), at + timedelta(gap + length)
        log.add("pause", "papers", at=noon(*since.timetuple()[:3])).add("resume", at=noon(*until.timetuple()[:3]))
        stops.append((since, until))
        at = until
    due = reading(log, "review", at).due
    assert due == by_counting(start, 10, stops)
    if due >= at:
        assert reading(log, "review", due).left == 0


def test_a_clock_until_a_date_follows_the_field_that_holds_it() -> None:
    stages = [{**stage} for stage in body()["stages"]]
    ask = coded(
        "ask", **{"from": "received", "to": "received"}, form=[coded("later", kind="date")], sets={"due": "later"}
    )
    clock = coded("task", starts="open", stops="end", until="due", warn=3)
    changed = process(
        stages=stages,
        form=[coded("due", kind="date")],
        transitions=[*body()["transitions"], ask],
        clocks=[clock],
    )
    log = Log().add("open", at=noon(2024, 9, 2), data={"due": "2024-09-30"})

    def read(day: date) -> Reading:
        return read_clocks(changed, replay(changed, log.events), day, HANGZHOU)[0]

    assert (read(date(2024, 9, 25)).state, read(date(2024, 9, 25)).left) == (ClockState.RUNNING, 4)  # 26, 27, 29, 30
    assert read(date(2024, 9, 26)).state == ClockState.WARNING
    assert (read(date(2024, 10, 2)).state, read(date(2024, 10, 2)).left) == (ClockState.BREACHED, 0)
    log.add("do", "ask", at=noon(2024, 9, 20), data={"later": "2024-10-31"})
    assert read(date(2024, 10, 2)).due == date(2024, 10, 31)
