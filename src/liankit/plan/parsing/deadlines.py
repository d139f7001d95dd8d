"""The dates by which something is to be reached, and the period of the plan."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from liankit.plan.parsing.words import chinese_number

_YEAR = r"(?P<year>(?:19|20)\d{2})"
_COUNT = r"(?:[1-9]\d?|[一二三四五六七八九十]{1,2})"
_SPAN = rf"(?P<since>20\d\d)年(?:起|开始),?(?:用|力争)?(?P<count>{_COUNT})年(?:内|左右)?"
_DEADLINE = re.compile(
    rf"(?<!\d){_SPAN}|(?:(?P<to>到|至|截至|截止)?(?<![\d比较从自]){_YEAR}年(?:(?P<month>\d{{1,2}})月(?:(?P<day>\d{{1,2}})日)?)?"
    rf"(?P<mark>底前|底|末|年底|以前|之前|前|上半年|内)?(?!的?基础上|为基[期数]))"
    rf"|(?P<plan>“?十(?P<which>[二三四五六七])五”?)(?P<end>末|期末|期间|时期|规划期)"
)
_PERIOD = re.compile(rf"{_YEAR}\s*年?\s*[-—–~～至]{{1,2}}\s*(?P<until>20\d{{2}})\s*年?")
_TITLE = "方案|计划|规划|意见|要点|任务|分解|分工|清单|目标|措施|实事|通知|报告"
_ONE_YEAR = re.compile(rf"{_YEAR}年[^。;]*(?:{_TITLE})|(?:{_TITLE})[^。;]*\({_YEAR.replace('year', 'behind')}年?\)$")
_PLAN = re.compile(r"[“\"]?十(?P<which>[二三四五六七])五[”\"]?")
_FIVE_YEARS = {"二": 2015, "三": 2020, "四": 2025, "五": 2030, "六": 2035, "七": 2040}


@dataclass(frozen=True)
class Deadline:
    """A date named in the clean text; ``is_aim``: by its words a date to reach, no mere mention of a year."""

    start: int
    end: int
    on: date
    is_aim: bool


@dataclass(frozen=True)
class Period:
    """The years a plan runs."""

    start: date
    end: date


def deadlines(clean: str, start: int, end: int) -> list[Deadline]:
    """Return the dates named between two places of the clean text, each as the last day of what is named."""
    return [_deadline(found) for found in _DEADLINE.finditer(clean, start, end)]


def period(text: str) -> Period | None:
    """Return the years of a plan that a heading names: 2021—2025年, or “十四五”; None where it names none."""
    span = re.search(_SPAN, text)
    if span:
        since = int(span["since"])
        return Period(date(since, 1, 1), date(since + years_of(span["count"]) - 1, 12, 31))
    found = _PERIOD.search(text)
    if found and int(found["year"]) < int(found["until"]) <= int(found["year"]) + 15:
        return Period(date(int(found["year"]), 1, 1), date(int(found["until"]), 12, 31))
    named = _PLAN.search(text)
    if named:
        until = _FIVE_YEARS[named["which"]]
        return Period(date(until - 4, 1, 1), date(until, 12, 31))
    return None


def due_of(clean: str, start: int, end: int, year: Period | None) -> date | None:
    """Return the date that a cell names; a month without its year is of the year of the plan."""
    dated = deadlines(clean, start, end)
    month = re.search(r"(\d{1,2})月", clean[start:end])
    if dated or not month or not year or not 1 <= int(month[1]) <= 12:
        return dated[-1].on if dated else None
    return date(year.end.year, int(month[1]), calendar.monthrange(year.end.year, int(month[1]))[1])


def years_of(count: str) -> int:
    """Return a number of years told in digits or words."""
    return int(count) if count.isdigit() else chinese_number(count)


def year_of_title(title: str) -> Period | None:
    """Return the year of a plan for one year, 2024年工作要点; None where the line is no title or names none."""
    found = _ONE_YEAR.search(title) if not title.endswith(("。", ";")) else None
    dated = _DEADLINE.search(title)
    if not found or (dated and dated.group("mark", "to") != (None, None)):
        return None
    year = int(found["year"] or found["behind"])
    return Period(date(year, 1, 1), date(year, 12, 31))


def _deadline(found: re.Match[str]) -> Deadline:
    if found["since"]:
        on = date(int(found["since"]) + years_of(found["count"]) - 1, 12, 31)
        return Deadline(found.start(), found.end(), on, True)
    if found["plan"]:
        on = date(_FIVE_YEARS[found["which"]], 12, 31)
        return Deadline(found.start(), found.end(), on, True)
    year, month = int(found["year"]), min(int(found["month"] or 12), 12) or 12
    if found["mark"] == "上半年":
        month = 6
    last = calendar.monthrange(year, month)[1]
    day = min(int(found["day"] or last), last) or last
    is_aim = found["to"] in ("到", "至") or (bool(found["mark"]) and not found["to"])
    return Deadline(found.start(), found.end(), date(year, month, day), is_aim)
