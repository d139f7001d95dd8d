"""Numeric targets of sentences: what is counted, how much of it, by when, how firmly promised."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache

from liankit.plan.parsing.deadlines import Deadline, Period, deadlines, years_of
from liankit.plan.parsing.manner import after_of, binding_of, commitment_of, comparator_of, counting_of, direction_of
from liankit.plan.parsing.quantities import Quantity, quantities
from liankit.plan.parsing.words import any_of, has, pattern, words

_SENTENCE = re.compile(r"[^。;!?\n]+[。;!?\n]?")
_CLAUSE_ENDS = ",;:。!?\n"
_DURATION = re.compile(r"(?:未来|今后)?[1-9一二三四五六七八九]年(?:内|间|新增|实现|累计|共|翻)|规划期[内间]")
_CONDITION = re.compile(
    r"(?:元|美元)?(?:级|(?:以上|及以上|以下|以内)?的)|(?:以上|及以上|以下)(?:企业|项目|工业|农业|服务业|单体|单位|规模|市场)"
)
_INDICATOR = re.compile("(?:[率量额数值入]|规模|面积|人次|比重|占比|强度)$")  # 旅游收入800亿元 needs no verb
_QUALIFIES = re.compile(r"(?:以上|及以上|以下|以内)?的?[^,、。;:和及与或等\d]{0,10}")
_MONEY = ("元", "美元", "欧元", "人民币")


@dataclass(frozen=True)
class Target:
    """A target in the clean text from ``start`` to ``end``; the fields are those of ``Found``."""

    start: int
    end: int
    quantity: Quantity
    indicator: str | None
    comparator: str
    counting: str
    direction: str
    commitment: str
    deadline: date | None
    deadline_from: str | None
    per: str | None
    baseline: float | None
    binding: str
    confidence: float


@dataclass
class Context:
    """What is inherited: the date of the paragraph and of the section above, and the period of the plan."""

    is_goal: bool
    tells: bool  # where the text tells of the situation, only what has a date to reach is a target
    section: date | None = None
    period: Period | None = None
    paragraph: date | None = None  # the last date to reach that was named so far
    first: date | None = None  # the first one, which the paragraphs after this one inherit

    def inherited(self) -> tuple[date | None, str | None]:
        if self.paragraph:
            return self.paragraph, "paragraph"
        if self.section:
            return self.section, "section"
        return (self.period.end, "period") if self.period else (None, None)


@dataclass(frozen=True)
class _Sentence:
    clean: str
    start: int
    end: int
    numbers: tuple[Quantity, ...]
    dates: tuple[Deadline, ...]

    def text(self, start: int | None = None, end: int | None = None) -> str:
        return self.clean[self.start if start is None else start : self.end if end is None else end]

    def clause(self, place: int) -> int:
        """Return where the clause around ``place`` begins: after the last comma that is not within a number."""
        cut = max(self.clean.rfind(sign, self.start, place) for sign in _CLAUSE_ENDS)
        return max(cut + 1, self.start)

    def date_before(self, place: int) -> Deadline | None:
        before = [one for one in self.dates if one.start < place]
        return before[-1] if before else None


def targets(clean: str, start: int, end: int, context: Context) -> Iterator[Target]:
    """Yield the numeric targets between two places of the clean text; ``context.paragraph`` is kept up to date."""
    for found in _SENTENCE.finditer(clean, start, end):
        sentence = _Sentence(
            clean,
            found.start(),
            found.end(),
            tuple(quantities(clean, found.start(), found.end())),
            tuple(deadlines(clean, found.start(), found.end())),
        )
        yield from _of_sentence(sentence, context)
        aims = [one for one in sentence.dates if one.is_aim or _is_planned(sentence, one)]
        if aims and not has("not_a_target.past", sentence.text()):
            context.paragraph, context.first = aims[-1].on, context.first or aims[0].on


def _is_planned(sentence: _Sentence, one: Deadline) -> bool:
    """Say whether a sentence opens with a year and tells what is planned for it: 2024年,全市计划…"""
    opens = not sentence.text(None, one.start).strip() and sentence.text(one.end)[:1] in (",", "度", "全")
    return opens and re.search("将|计划|力争|确保|安排|目标", sentence.text()) is not None


def _of_sentence(sentence: _Sentence, context: Context) -> Iterator[Target]:
    before: Target | None = None
    baseline: Quantity | None = None
    tail = sentence.start
    for place, one in enumerate(sentence.numbers):
        following = sentence.numbers[place + 1] if place + 1 < len(sentence.numbers) else None
        if following and _rises_to(sentence, one, following):
            baseline = one
        elif not (_is_qualifier(sentence, one, following) or _is_of_name(sentence, one, place)) and _is_aimed_at(
            sentence, one, context, before
        ):
            before = _target(sentence, one, context, before, baseline, tail)
            yield before
            baseline, tail = None, before.end


def _rises_to(sentence: _Sentence, one: Quantity, following: Quantity) -> bool:
    """Say whether the text goes from one number to the next: 从300亿元提高到600亿元."""
    between = sentence.text(one.end, following.start)
    lead = sentence.text(sentence.clause(one.start), one.start)
    return bool(re.search("[从由]", lead) and re.search("(?:到|至|为)[^,。]*$", between) and "、" not in between)


def _is_qualifier(sentence: _Sentence, one: Quantity, following: Quantity | None) -> bool:
    """Say whether the number only tells which things are meant: 市值1000亿元以上10家, 3000万元以上的项目."""
    after = sentence.text(one.end)
    if (one.amount_unit in _MONEY or not one.amount_unit) and _CONDITION.match(after):
        return True
    between = sentence.text(one.end, following.start) if following else None
    return (
        between is not None
        and following is not None
        and following.unit != one.unit
        and _QUALIFIES.fullmatch(between) is not None
        and not pattern("verbs").search(between)
    )


def _is_of_name(sentence: _Sentence, one: Quantity, place: int) -> bool:
    """Say whether the number is part of a name, “22条”, or tells which things the number before it counts."""
    quoted = re.search("“[^”]{0,4}$", sentence.text(None, one.start))
    if quoted and re.match("[^“]{0,6}”", sentence.text(one.end)):
        return True
    if one.unit == "项" and re.match("[^,。;、]{0,10}(?:措施|举措|任务)", sentence.text(one.end)):
        return True
    between = sentence.text(sentence.numbers[place - 1].end, one.start) if place else ""
    return (
        one.amount_unit in _MONEY and re.fullmatch("(?:年?产值|营收|投资|市值)?(?:超|过|破|超过)", between) is not None
    )


def _is_aimed_at(sentence: _Sentence, one: Quantity, context: Context, before: Target | None) -> bool:
    """Say whether the number is a target rather than a state, a subsidy, a rank or a rule of procedure."""
    clause = sentence.text(sentence.clause(one.start), one.start)
    dated = sentence.date_before(one.start)
    if _is_past(sentence, one, clause) or (one.amount_unit in _MONEY and has("not_a_target.money", sentence.text())):
        return False
    if re.search(r"[前第]$", clause) or has("not_a_target.tax", sentence.text()):
        return False
    if context.is_goal or before is not None or (dated is not None and dated.is_aim):
        return True
    if sentence.text(one.start, one.end) == "全覆盖":
        return False
    if context.tells and not context.paragraph:
        return False
    if context.paragraph and _INDICATOR.search(clause):
        return True
    if _firm().search(clause) or one.unit == "倍" or re.match("以上|左右|以内", sentence.text(one.end)):
        return bool(context.paragraph) or one.amount_unit not in ("天", "小时", "分钟", "次")
    return bool(context.paragraph or context.section or context.period) and has("verbs", clause)


@cache
def _firm() -> re.Pattern[str]:
    names = ("at_least", "above", "at_most", "within", "growth", "ensure", "strive", "exactly")
    return re.compile(any_of(word for name in names for word in words()[name]) + "|每年|年均|累计")


def _is_past(sentence: _Sentence, one: Quantity, clause: str) -> bool:
    if has("not_a_target.past", clause) or re.search(r"\(20\d\d年[^)]*$", sentence.text(sentence.start, one.start)):
        return True
    dated = sentence.date_before(one.start)
    return dated is not None and sentence.text(dated.start, dated.end).startswith(("截至", "截止"))


def _target(
    sentence: _Sentence,
    one: Quantity,
    context: Context,
    before: Target | None,
    baseline: Quantity | None,
    tail: int,
) -> Target:
    start = _start(sentence, baseline or one, tail)
    clause = sentence.text(start, one.start)
    suffix = after_of(sentence.text(one.end))
    indicator, end = _indicator(sentence, start, (baseline or one).start, one, one.end + len(suffix), before)
    deadline, source = _deadline(sentence, one, context, before)
    has_duration = _DURATION.search(sentence.text(None, one.start)) is not None
    comparator = comparator_of(clause, suffix, one)
    return Target(
        start=start,
        end=end,
        quantity=one,
        indicator=indicator,
        comparator=comparator,
        counting=counting_of(clause, one, has_duration),
        direction=direction_of(clause, comparator),
        commitment=commitment_of(sentence.text(None, one.start), clause),
        deadline=deadline,
        deadline_from=source,
        per=_per(sentence, one, before),
        baseline=baseline.value if baseline else None,
        binding=binding_of(sentence.text(end)),
        confidence=_confidence(indicator, source, context),
    )


def _start(sentence: _Sentence, one: Quantity, tail: int) -> int:
    start = max(sentence.clause(one.start), tail)
    while start < one.start and sentence.clean[start] in " ,、和及与;(\n\t":
        start += 1
    return start


def _deadline(
    sentence: _Sentence, one: Quantity, context: Context, before: Target | None
) -> tuple[date | None, str | None]:
    dated = _respective(sentence, one) or sentence.date_before(one.start)
    if dated:
        return dated.on, "sentence"
    later = [date for date in sentence.dates if date.is_aim]
    if later:
        return later[0].on, "sentence"
    if context.period and (until := _after_years(sentence, one, context.period)):
        return until, "period"
    if _DURATION.search(sentence.text()) and context.period:
        return context.period.end, "period"
    if before and before.deadline:
        return before.deadline, before.deadline_from
    return context.inherited()


def _after_years(sentence: _Sentence, one: Quantity, period: Period) -> date | None:
    """Return the end of the years to come that a clause names, 未来五年, where they outlast the plan."""
    found = re.search(
        r"(?:未来|今后)([1-9一二三四五六七八九十])年", sentence.text(sentence.clause(one.start), one.start)
    )
    until = date(period.start.year + years_of(found[1]) - 1, 12, 31) if found else period.end
    return until if until > period.end else None


def _respective(sentence: _Sentence, one: Quantity) -> Deadline | None:
    """Return the date that belongs to a number of a list: 2024年、2025年产值分别达到300亿元、400亿元."""
    place = sentence.clean.find("分别", sentence.start, one.start)
    before = [date for date in sentence.dates if date.end <= place]
    after = [number for number in sentence.numbers if number.start > place]
    return before[after.index(one)] if place >= 0 and len(before) == len(after) else None


def _per(sentence: _Sentence, one: Quantity, before: Target | None) -> str | None:
    clause = sentence.text(sentence.clause(one.start), one.start)
    if re.search("每年|年均|逐年|年增", clause):
        return "year"
    carries = before is not None and before.per and not _firm().search(clause) and not deadlines(clause, 0, len(clause))
    return "year" if carries else None


def _confidence(indicator: str | None, source: str | None, context: Context) -> float:
    base = {"sentence": 0.95, "paragraph": 0.9, "section": 0.8, "period": 0.75, None: 0.6}[source]
    return round(base - (0.0 if indicator else 0.2) - (0.0 if context.is_goal or source == "sentence" else 0.05), 2)


def _indicator(
    sentence: _Sentence, start: int, until: int, one: Quantity, end: int, before: Target | None
) -> tuple[str | None, int]:
    """Return what is counted and where the target ends: before the number, else behind it, else as just before."""
    lead = _without_dates(sentence, start, until)
    name = _stripped(lead)
    behind = re.match(r"的?([^,、。;:!?\n和及]{2,40})", sentence.text(end)) if one.unit not in ("%", "倍") else None
    makes = pattern("makes").search(lead[-2:]) is not None  # who makes it stands before, what is made behind
    if len(name) >= 2 and not (behind and makes):
        return name, end
    if behind:
        return _stripped(behind[1]) or None, end + behind.end()
    if before:
        return before.indicator, end
    earlier = sentence.text(max(sentence.clause(start - 2), sentence.start), max(start - 1, sentence.start))
    return _stripped(earlier) or None, end


def _without_dates(sentence: _Sentence, start: int, end: int) -> str:
    text, last = "", start
    for one in sentence.dates:
        if start <= one.start < end:
            text, last = text + sentence.text(last, one.start), one.end
    return text + sentence.text(min(last, end), end)


@cache
def _edges() -> tuple[re.Pattern[str], re.Pattern[str]]:
    verbs = any_of((*words()["verbs"], *words()["within"], *words()["at_most"], *words()["above"]))
    years = r"(?:未来|今后)?[\d一二三四五六七八九十]年内?"
    duration = rf"(?:通过|每年|年均|{years}|其中|全区|全市|全县|全省|区域内|以及|并|将|经过|努力)"
    joints = r"[,、和及与:\s了的从由比]|(?:比|较)?20\d\d年"
    front = re.compile(rf"^(?:(?:{verbs})(?![值率量额])|{duration}|{joints})+")
    return front, re.compile(rf"(?:{verbs}|每年|年均|{joints})+$")


def _stripped(text: str) -> str:
    """Take the verbs, durations and joints off both ends of the words around a number."""
    front, back = _edges()
    short = back.sub("", text.strip())
    return front.sub("", short).strip(" ()")
