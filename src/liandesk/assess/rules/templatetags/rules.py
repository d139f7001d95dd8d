"""Tags of pages on rules: texts of definitions, and what holds, does not, or is not known."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liandesk.assess.rules import wording
from liandesk.assess.rules.copies import DIRECTIONS
from liandesk.base.ui.templatetags.ui import data, icon, unknown
from liankit.process.definition import Text
from liankit.rules.scheme import Example

register = template.Library()


@register.filter
def rule_text(text: Text | None) -> SafeString | str:
    """Return a text of a definition in the reader's language; it is data."""
    return data(wording.said(text))


@register.filter
def holds(value: bool | None) -> SafeString:
    """Show whether something holds as word and icon; unknown is the grey chip."""
    if value is None:
        return unknown()
    return _chip(pgettext("clause", "met") if value else pgettext("clause", "not met"), is_good=value)


@register.filter
def refuses(value: bool | None) -> SafeString:
    """Show whether a veto holds."""
    if value is None:
        return unknown()
    return _chip(pgettext("veto", "refuses") if value else pgettext("veto", "does not apply"), is_good=not value)


def _chip(word: str, *, is_good: bool) -> SafeString:
    """Return a word with its icon and colour."""
    kind, name = ("met", "circle-check") if is_good else ("failed", "circle-x")
    return format_html('<span class="badge clause-{}">{}{}</span>', kind, icon(name), word)


@register.filter
def expected(example: Example) -> bool | None:
    """Return what follows from an example; None: unknown."""
    return {"yes": True, "no": False}.get(example.expect)


@register.simple_tag
def rule_value(value: float, unit: str) -> SafeString | str:
    """Return a number in the unit of a parameter."""
    return data(wording.value_said(value, unit))


@register.filter
def application(code: str) -> str:
    """Return the name of a kind of application."""
    return _("new applications") if code == "new" else _("re-checks")


@register.filter
def confidence(code: str) -> str:
    """Return how sure a source is."""
    return str(wording.CONFIDENCE[code])


@register.filter
def direction(code: str) -> str:
    """Return what a move by another law is called."""
    return str(DIRECTIONS[code])
