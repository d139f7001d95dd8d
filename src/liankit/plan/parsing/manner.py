"""How a number is meant, by the words around it: at least or at most, cumulative or not, up or down, how firmly."""

from __future__ import annotations

import re
from functools import cache

from liankit.plan.parsing.quantities import Quantity
from liankit.plan.parsing.words import any_of, has, words

_SUFFIX = re.compile(r"\)?(?:及以上|以上|以内|以下|左右|上下)")
_BY_SUFFIX = {"及以上": ">=", "以上": ">=", "以内": "<=", "以下": "<=", "左右": "=", "上下": "="}
_BY_LIST = {"at_least": ">=", "above": ">", "at_most": "<=", "exactly": "="}
_DOING = re.compile("实施|完成|开展|举办|推动|引进|招引|遴选|转化|落地|投产|开工|发布|修订|制定|培训|改造")


def after_of(text: str) -> str:
    """Return the words of measure right after a number: 以上, 以内, 左右; empty where there are none."""
    found = _SUFFIX.match(text)
    return found[0] if found else ""


def comparator_of(clause: str, suffix: str, quantity: Quantity) -> str:
    """Return >=, <=, > or =; a plan that names a plain number wants at least that, or at most where it is to fall."""
    if suffix:
        return _BY_SUFFIX[suffix.removeprefix(")")]
    found = list(_comparing().finditer(clause))
    if found and not quantity.is_more:
        name = next(name for name in _BY_LIST if found[-1][0] in words()[name])
        return _BY_LIST[name]
    return ">="


@cache
def _comparing() -> re.Pattern[str]:
    return re.compile(any_of(word for name in _BY_LIST for word in words()[name]))


def counting_of(clause: str, quantity: Quantity, has_duration: bool) -> str:
    """Return how the number adds up: cumulative, within (the period), growth, rate or level."""
    if quantity.unit == "倍" or (has("growth", clause) and not re.search("(?:提高|提升|增长|上升)(?:到|至)", clause)):
        return "growth"
    if has("down", clause) and not has("at_most", clause):
        return "growth"
    if "累计" in clause or "总数" in clause:
        return "cumulative"
    if has("within", clause) or has_duration:
        return "within"
    if quantity.unit.endswith(("%", "百分点")):
        return "rate"
    return "within" if _DOING.search(clause) else "level"


def direction_of(clause: str, comparator: str) -> str:
    """Return whether more or less of it is better, as the verb before the number says."""
    return "down" if has("down", clause) or comparator.startswith("<") else "up"


def binding_of(behind: str) -> str:
    """Return whether the words in brackets right behind a target call it binding or anticipatory."""
    found = re.match(r"[(\[【〔](约束性|预期性)", behind)
    return {"约束性": "binding", "预期性": "anticipatory"}[found[1]] if found else "unstated"


def commitment_of(before: str, clause: str) -> str:
    """Return how firmly it is promised: the last such word of the sentence; encouraging counts only close by."""
    if has("explore", clause) and not has("strive", clause):
        return "explore"
    found = list(_promising().finditer(before))
    if not found:
        return "plain"
    return "strive" if found[-1][0] in words()["strive"] else "ensure"


@cache
def _promising() -> re.Pattern[str]:
    return re.compile(any_of([*words()["strive"], *words()["ensure"]]))
