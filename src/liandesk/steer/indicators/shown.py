"""A value in the unit of its indicator, in the reader's language, and the names of scopes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.utils.safestring import SafeString

from liandesk.base.accounts.roles import system_viewer
from liandesk.base.pack import pack
from liandesk.base.ui import numbers
from liandesk.base.ui.display import language
from liandesk.base.ui.templatetags.ui import interval, unknown
from liandesk.steer.indicators.definitions import Grade
from liandesk.steer.plan.queries import target as target_of
from liankit.plan.indicators import Indicator


def unit_of(indicator: Indicator) -> str:
    """Return the word of its unit; "share" for a share, which is written in percent."""
    if indicator.unit == "share":
        return "share"
    return indicator.unit.zh if language() == "zh" else indicator.unit.en


def with_unit(value: float | None, indicator: Indicator) -> SafeString | str:
    """Return a value with its unit; unknown stays unknown."""
    return unknown() if value is None else interval((value, value), unit_of(indicator))


def ends_with_unit(ends: Sequence[float] | None, indicator: Indicator) -> SafeString | str:
    """Return low, median and high of a forecast as "4.2 (3–6) companies"."""
    return unknown() if ends is None else interval((ends[1], ends[0], ends[2]), unit_of(indicator))


def plain_with_unit(value: float, indicator: Indicator) -> str:
    """Return a value with its unit as bare text, for pictures and titles."""
    return numbers.span(value, value, unit_of(indicator), language())


def title_of(indicator: Indicator) -> str:
    return indicator.title.zh if language() == "zh" else indicator.title.en


def path_of(target: str) -> list[tuple[date, float]]:
    """Return the steps that the plan says between the baseline of a target and its goal; public as its text is."""
    said = target_of(system_viewer("indicators"), target)
    return [(step.on, step.value) for step in said.path] if said else []


def target_text(target: str) -> str:
    """Return what the plan says of a target; its text is public, whoever may read the pages of the plan."""
    said = target_of(system_viewer("indicators"), target)
    return getattr(said.text, language()) if said else target


def grade_title(grade: Grade) -> str:
    return grade.title.zh if language() == "zh" else grade.title.en


def scope_name(scope: str) -> str:
    """Return the name of a town or office by its scope; the district's for none."""
    kind, _colon, code = scope.partition(":")
    if not kind:
        return pack().district.text[language()]
    term = pack().term(f"{kind}s", code)
    return term.text[language()] if term else code
