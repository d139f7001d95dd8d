"""How policies read: codes in words, amounts as intervals, and windows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from liandesk.assess.policies import wording
from liandesk.assess.policies.queries import CNY, Line
from liandesk.assess.policies.simulation_tables import change
from liandesk.base.ui.templatetags.ui import cny, data, interval, unknown
from liandesk.base.work.wording import said
from liankit.process.definition import Text
from liankit.rules.benefits import Policy, Window

register = template.Library()
_WORDS: Mapping[str, Mapping[Any, Any]] = {
    "benefits": wording.BENEFITS,
    "confidence": wording.CONFIDENCE,
    "levels": wording.LEVELS,
    "outcomes": wording.OUTCOMES,
    "reviews": wording.REVIEWS,
    "short": wording.SHORT,
    "stages": wording.STAGES,
    "verdicts": wording.VERDICTS,
}


@register.filter
def said_of(code: Any, group: str) -> str:
    """Return a code of a group in words."""
    return str(_WORDS[group][code])


@register.filter
def words(text: Text) -> SafeString | str:
    """Return a text of a policy in the reader's language; it is data."""
    return data(said(text))


@register.filter
def amount(line: Line) -> SafeString | str:
    """Return what a line gives, as an interval where something is unknown."""
    return interval((line.low, line.high), "CNY")


@register.filter
def total_amount(ends: tuple[float, float]) -> SafeString | str:
    return interval(ends, "CNY")


@register.filter
def fen(value: int | None) -> SafeString | str:
    """Return whole fen as money; nothing is not known yet."""
    return unknown() if value is None else cny(value / CNY)


@register.simple_tag
def change_of(low: float, high: float) -> SafeString | str:
    """Return by how much an amount moves, with its sign."""
    return change((low, high))


@register.filter
def drawn_change(ends: tuple[float, float, float]) -> SafeString | str:
    """Return the median of draws with the ends between which nine in ten lie."""
    low, middle, high = ends
    if low == high:
        return change((middle, middle))
    return format_html("{} ({})", change((middle, middle)), change((low, high)))


@register.filter
def drawn_amount(ends: tuple[float, float, float]) -> SafeString | str:
    """Return the median of drawn amounts with the ends between which nine in ten lie."""
    low, middle, high = ends
    if low == high:
        return cny(middle)
    return format_html("{} ({})", cny(middle), interval((low, high), "CNY"))


@register.simple_tag
def sure_and_open(sure: int | None, is_open: int | None) -> str:
    """Return how many are surely entitled, and of how many it is unknown."""
    if sure is None:
        return _("not in force")
    return _("%(sure)s, %(open)s unknown") % {"sure": sure, "open": is_open} if is_open else str(sure)


@register.filter
def window(value: Window) -> str:
    """Return from when to when, both days included."""
    if value.start is None and value.until is None:
        return _("at any time")
    return f"{value.start or '…'} – {value.until or '…'}"


@register.filter
def rule_of(policy: Policy, group: str) -> SafeString | str:
    """Return how the clauses of a group stand together."""
    found = next(one for one in policy.groups if one.key == group)
    return data(f"{said(found.title)} · {wording.RULES[found.rule]}")
