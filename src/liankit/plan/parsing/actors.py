"""Who acts, in running text: 甲局负责,乙局配合。甲局会同乙局开展…; 甲局、乙局等单位联合…"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from itertools import takewhile

from liankit.plan.parsing.found import Role
from liankit.plan.parsing.offices import Unit, are_offices, units
from liankit.plan.parsing.words import any_of, has, words

_SENTENCE = re.compile(r"[^。;!?\n]+")
_NUMBER = re.compile(r"\s*(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十\d]{1,3}\)|\d{1,3}[.、])")
_LINE_MOST = 200  # signs; a longer line is no list
_OPENER = re.compile(
    r"(?P<names>[^\n:。;,()]{1,40}(?:局|委|办|厅|政府|街道|镇|乡|中心|公司|集团|委员会|管委会|办公室|部)):(?=[^\n]{8})"
)
_SURE = 0.6  # of what running text says: less than a list or an end note


def actors(clean: str, start: int, end: int) -> list[Unit]:
    """Return the units that sentences between two places name as those who act, in order."""
    opening = opener(clean, start, end)
    if opening:
        return [replace(one, confidence=_SURE) for one in units(clean, *opening)]
    found = [one for sentence in _SENTENCE.finditer(clean, start, end) for one in _of_sentence(clean, sentence)]
    return [replace(one, confidence=_SURE) for one in found]


def opener(clean: str, start: int, end: int) -> tuple[int, int] | None:
    """Return where the office stands that opens a line and answers for what it says: 甲局:负责建设…."""
    found = _OPENER.match(clean, start, end)
    if not found or not are_offices(found["names"]) or has("labels.units", found["names"]):
        return None
    return found.span("names")


def _of_sentence(clean: str, sentence: re.Match[str]) -> Iterator[Unit]:
    number = _NUMBER.match(sentence[0])
    start = sentence.start() + (number.end() if number else 0)
    told = _duties(clean[start : sentence.end()])
    if told:
        yield from units(clean, start, start + told)
        return
    for found in _together().finditer(clean, sentence.start(), sentence.end()):
        lead, others = _offices_in(clean, found, "lead"), _offices_in(clean, found, "with")
        role: Role = "lead" if found["how"] else "presumed_lead"
        yield from (replace(one, role="with" if place else role) for place, one in enumerate(lead))
        yield from (replace(one, role="with") for one in others)


def _duties(sentence: str) -> int:
    """Return how much of a sentence, from its start, lists offices with a verb of duty; 0 for none.

    What the offices are to do may follow where the sentence opens with 由: 由甲局负责,乙局配合,建设….
    """
    verbs = any_of((*words()["lead_verbs"], *words()["with_verbs"], *words()["own_verbs"]))
    parts = re.split(r",(?![^()]*\))", sentence)
    matches = [re.fullmatch(rf"由?(?P<names>.{{2,60}}?){verbs}", part.strip()) for part in parts]
    told = list(takewhile(lambda one: one is not None and are_offices(one["names"]), matches))
    if len(told) < len(parts) and not sentence.lstrip().startswith("由"):
        return 0
    return len(",".join(parts[: len(told)]))


def is_list(text: str) -> bool:
    """Say whether a line is nothing but offices: with verbs of duty (甲局牵头,乙局配合), or several of them alone."""
    line = text.strip().rstrip("。;")
    if not 4 <= len(line) <= _LINE_MOST or re.search("[。;!?:\\n\\t]", line):
        return False
    return _duties(line) == len(line) or (line.count("、") > 0 and are_offices(line))


@cache
def _together() -> re.Pattern[str]:
    name = r"[一-龥]{2,12}?(?:局|委|办|厅|部|管委会|中心|政府|院)(?:\([^()]{2,8}\))?"
    names = rf"{name}(?:、{name})*(?:[和及与]{name})?"
    several = r"等(?:有关|相关)?(?:单位|部门)"
    return re.compile(
        rf"(?:(?<=[,。;:\n])|^)由?(?P<lead>{names})(?:{several})?(?P<how>会同|商)(?P<with>{names})"
        rf"|(?:(?<=[,。;:\n])|^)由?(?P<all>{name}(?:、{name})+(?:[和及与]{name})?)(?:{several})?(?:联合|共同)",
        re.MULTILINE,
    )


def _offices_in(clean: str, found: re.Match[str], group: str) -> list[Unit]:
    group = "all" if group == "lead" and found["all"] else group
    if not found[group]:
        return []
    named = units(clean, found.start(group), found.end(group))
    return [one for one in named if not has("name_verbs", one.name)]
