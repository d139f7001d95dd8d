"""The words of ``words.yaml``, and patterns made of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from liankit.yaml_text import read_yaml


@cache
def words() -> Mapping[str, Any]:
    """Return what ``words.yaml`` says."""
    text = files("liankit.plan.parsing").joinpath("words.yaml").read_text("utf-8")
    return read_yaml(text)


def any_of(choices: Iterable[str]) -> str:
    """Return a pattern that matches any of ``choices``, the longest first."""
    return "(?:" + "|".join(sorted(map(re.escape, choices), key=len, reverse=True)) + ")"


@cache
def pattern(name: str) -> re.Pattern[str]:
    """Return the pattern for the words of the list ``name``; a dot goes one level down (``labels.goal``)."""
    found: Any = words()
    for part in name.split("."):
        found = found[part]
    return re.compile(any_of(found))


def has(name: str, text: str) -> bool:
    """Say whether any word of the list ``name`` stands in ``text``."""
    return pattern(name).search(text) is not None


def tells(title: str) -> bool:
    """Say whether a chapter of that title tells of the situation, principles or goals and sets no tasks."""
    return has("no_measures", title) and not pattern("action_starts").match(title)


def is_goal(title: str) -> bool:
    """Say whether a chapter of that title sets targets."""
    return has("goal_chapters", title) and not pattern("action_starts").match(title)


_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"〇": 0, "两": 2}
_PLACES = {"十": 10, "百": 100, "千": 1000}


def chinese_number(text: str) -> int:
    """Return the value of a Chinese numeral below ten thousand.

    >>> chinese_number("二十四"), chinese_number("十"), chinese_number("一百零五")
    (24, 10, 105)
    """
    total, digit = 0, 0
    for sign in text:
        if sign in _PLACES:
            total += (digit or 1) * _PLACES[sign]
            digit = 0
        else:
            digit = _DIGITS[sign]
    return total + digit
