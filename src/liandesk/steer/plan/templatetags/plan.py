"""How the plan is shown: lights, texts in the reader's language, words of codes."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from liandesk.base.ui.display import language
from liandesk.base.ui.templatetags.ui import data, day, icon
from liandesk.base.work.wording import said
from liandesk.steer.plan import wording
from liandesk.steer.plan.lights import WORDS, page_of
from liandesk.steer.plan.shown import TargetLine
from liankit.plan.model import Unit
from liankit.process.definition import Text

register = template.Library()


@register.simple_tag
def light(colour: str, kind: str = "computed") -> SafeString:
    """Show a light as word, icon and colour: round where it was computed, square where it was reported."""
    return _badge(colour, kind, language())


@lru_cache(maxsize=32)
def _badge(colour: str, kind: str, _language: str) -> SafeString:
    """Draw it once: a plan shows hundreds."""
    word, picture = WORDS[colour]
    title = pgettext("light", "computed") if kind == "computed" else pgettext("light", "reported")
    return format_html(
        '<span class="badge light light-{} is-{}" title="{}">{}{}</span>', colour, kind, title, icon(picture), word
    )


@register.simple_tag
def target_item(line: TargetLine) -> SafeString:
    """Show a target in a list: its text, what it asks for by when, its lights. In one tag: a plan has hundreds."""
    due = _("by %(day)s") % {"day": day(line.target.by)}
    lights = light(line.light.colour)
    if line.light.url:
        lights = format_html('<a href="{}">{}</a>', line.light.url, lights)
    if line.light.reported:
        lights = format_html("{} {}", lights, light(line.light.reported, "reported"))
    return format_html(
        '<li class="list-group-item plan-target"><span class="desk-line"><a href="{}">{}</a>'
        '<span class="desk-detail">{} · {}</span></span> <span class="plan-lights">{}</span></li>',
        page_of("plan_target", line.id),
        plan_text(line.target.text),
        data(line.wanted),
        due,
        lights,
    )


@register.filter
def plan_text(text: Text) -> SafeString | str:
    """Return a text of the plan in the reader's language."""
    return data(said(text))


@register.simple_tag
def word(group: str, code: str) -> str:
    """Return the words of a code: ``{% word "COUNTINGS" target.counting %}``."""
    return str(getattr(wording, group).get(code, code))


@register.simple_tag
def amount(value: float, unit: str) -> SafeString | str:
    """Return a number of a target with its unit."""
    return data(wording.amount(value, unit))


@register.inclusion_tag("plan/_units.html")
def units(found: Iterable[Unit]) -> dict[str, object]:
    """Show who answers: each office with its role, leading to its page."""
    return {"units": list(found)}
