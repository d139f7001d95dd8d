"""Clocks of a case to the day: across holidays, stops, time zones and year ends, against a count day by day."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.liankit.process_cases import Log, body, coded, process

from liankit.calendars import is_published, is_working_day
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
        # begun on a Sunday, on a holiday, before the Spring Festivals of 2024 and 2025, before May Day, over a leap day
        (noon(2024, 9, 1), [], date(2024, 9, 13)),  # 2 to 6, 9 to 13
        (noon(2024, 10, 3), [], date(2024, 10, 18)),  # 8 to 11, Saturday the 12th, 14 to 18
        (noon(2024, 2, 8), [], date(2024, 2, 28)),  # 9, Sunday the 18th, 19 to 23, 26 to 28
        (noon(2025, 1, 24), [], date(2025, 2, 13)),  # Sunday the 26th, 27; 5 to 7, Saturday the 8th, 10 to 13
        (noon(2024, 4, 26), [], date(2024, 5, 13)),  # Sunday the 28th, 29, 30; 6 to 10, Saturday the 11th, 13
        (noon(2024, 2, 20), [], date(2024, 3, 5)),  # 21 to 23, 26 to 29; 1, 4, 5
        # stops over a holiday, twice, over the turn of the year
        (noon(2024, 9, 23), [(noon(2024, 9, 29), noon(2024, 10, 9))], date(2024, 10, 15)),  # 24-27, 29; 10-12, 14, 15
        (
            noon(2024, 9, 2),
            [(noon(2024, 9, 4), noon(2024, 9, 6)), (noon(2024, 9, 10), noon(2024, 9, 11))],
            date(2024, 9, 20),  # 3, 4, 9, 10, 12 to 14, 18 to 20
        ),
        (noon(2024, 12, 25), [(noon(2024, 12, 27), noon(2025, 1, 3))], date(2025, 1, 15)),  # 26, 27; 6-10, 13-15
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


def test_a_stop_is_of_the_days_of_the_district() -> None:
    log = accepted(noon(2024, 9, 2)).add("pause", "papers", at=datetime(2024, 9, 4, 17, tzinfo=UTC))
    log.add("resume", at=noon(2024, 9, 6))
    assert reading(log, "review", date(2024, 9, 6)).due == date(2024, 9, 18)  # in Hangzhou only the 6th is lost
    greenwich = read_clocks(P, replay(P, log.events), date(2024, 9, 6), UTC)[1]
    assert greenwich.due == date(2024, 9, 19)  # in Greenwich the 5th and the 6th


def test_a_stop_that_began_before_the_clock_holds_it_from_its_start() -> None:
    log = Log().add("open", at=noon(2024, 9, 2), data={"subject": "s"}).add("pause", "papers", at=noon(2024, 9, 2))
    log.add("do", "accept", at=noon(2024, 9, 4)).add("resume", at=noon(2024, 9, 6))
    assert reading(log, "review", date(2024, 9, 9)).due == date(2024, 9, 23)  # 9 to 14, 18 to 20, 23
    assert reading(log, "accepting", date(2024, 9, 4)).due == date(2024, 9, 4)  # no papers stop this one


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (noon(2024, 1, 31), date(2024, 3, 1)),
        (noon(2023, 1, 31), date(2023, 3, 2)),
        (noon(2024, 12, 15), date(2025, 1, 14)),
    ],
)
def test_calendar_days_run_over_leap_days_holidays_and_the_turn_of_the_year(start: datetime, due: date) -> None:
    log = accepted(start).add("pause", "papers", at=start)
    assert reading(log, "whole", start.date()).due == due


def test_a_rest_day_after_the_last_day_is_too_late() -> None:
    log = Log().add("open", at=noon(2024, 9, 12), data={"subject": "s"})  # due on Saturday the 14th, which is worked
    states = [reading(log, "accepting", date(2024, 9, day)).state for day in (14, 15, 16)]
    assert states == [ClockState.WARNING, ClockState.BREACHED, ClockState.BREACHED]
    log.add("do", "accept", at=noon(2024, 9, 15))
    assert reading(log, "accepting", date(2024, 9, 30)).state == ClockState.LATE


def test_a_clock_that_stops_while_it_stands_lost_no_days() -> None:
    log = accepted(noon(2024, 9, 2)).add("pause", "papers", at=noon(2024, 9, 4))
    log.add("do", "pass", at=noon(2024, 10, 30), data={"number": "1"})
    found = reading(log, "review", date(2024, 11, 1))
    assert (found.state, found.used, found.left) == (ClockState.MET, 2, 8)


def test_a_stage_that_is_entered_again_starts_its_clock_again() -> None:
    back = coded("back", **{"from": ["contract", "ethics"], "to": "received"})
    changed = process(transitions=[*body()["transitions"], back])
    log = accepted(noon(2024, 9, 2)).add("do", "back", at=noon(2024, 9, 13)).add("do", "accept", at=noon(2024, 9, 23))
    found = read_clocks(changed, replay(changed, log.events), date(2024, 9, 24), HANGZHOU)[1]
    assert (found.started, found.due) == (date(2024, 9, 23), date(2024, 10, 11))


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
    last = max(year for year in range(2020, 2090) if is_published(year))
    for day, is_known in [(noon(last, 12, 1), True), (noon(last, 12, 28), False)]:  # ten days from the 28th reach over
        assert reading(accepted(day), "review", day.date()).is_published is is_known
    assert reading(accepted(noon(2090, 9, 1)), "whole", date(2090, 9, 2)).is_published  # calendar days need no notice


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
