"""Tags and filters of every page: unknown, data, numbers, dates, reasons, terms of the pack, icons."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.template.loader_tags import BlockNode
from django.templatetags.static import static
from django.utils import timezone
from django.utils.dateformat import format as format_date
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from liandesk.base.pack import Text, pack
from liandesk.base.ui import levels, numbers, panels
from liandesk.base.ui.display import language
from liandesk.base.ui.saved_views import saved_views, shared_scope
from liankit.reasons import Reason
from liankit.texts import TextError, render

register = template.Library()
log = logging.getLogger("liandesk.ui")


@register.simple_tag(takes_context=True)
def again(context: template.Context, name: str) -> SafeString:
    """Render a block of the page a second time: the title is also the heading."""
    return BlockNode(name, template.NodeList()).render(context)


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon of the sprite; it is decoration, words stand beside it."""
    return format_html(
        '<svg class="icon" aria-hidden="true"><use href="{}#{}"></use></svg>',
        static("vendor/icons.svg"),
        name,
    )


@register.filter
def data(value: object) -> SafeString | str:
    """Mark text that is data, not interface: no translator and no language test touches it."""
    if value is None or value == "":
        return ""
    return format_html('<span translate="no">{}</span>', value)


@register.filter
def in_language(text: Text) -> str:
    """Return a text of the pack in the reader's language."""
    return text[language()]


@register.simple_tag
def pack_term(group: str, code: str) -> SafeString | str:
    """Return the name of a code in a group of the pack ("offices", "towns" …); a code it does not know as it is."""
    term = pack().term(group, code)
    return data(in_language(term.text) if term else code)


@register.simple_tag
def unknown(question: str = "") -> SafeString:
    """Show the grey chip of what is not known, with the question that would settle it."""
    chip = format_html('<span class="badge chip-unknown">{}{}</span>', icon("help-circle"), _("unknown"))
    return format_html('{} <span class="question" translate="no">{}</span>', chip, question) if question else chip


@register.filter
def level(code: str) -> SafeString:
    """Show a risk level as word, icon and colour."""
    found = levels.level(code)
    return format_html('<span class="badge level level-{}">{}{}</span>', found.code, icon(found.icon), found.title)


@register.filter
def number(value: float | None) -> SafeString | str:
    """Return a number with thousands separators."""
    return unknown() if value is None else numbers.plain(value)


@register.filter
def percent(value: float | None) -> SafeString | str:
    """Return a share between 0 and 1 in percent."""
    return unknown() if value is None else numbers.percent(value, language())


@register.filter
def cny(value: float | None) -> SafeString:
    """Return an amount by size, with the exact one on hover."""
    if value is None:
        return unknown()
    return _with_title(numbers.money(value, language()), numbers.exact_money(value, language()))


@register.simple_tag(name="interval")
def interval_tag(low: float | None, high: float | None, unit: str = "") -> SafeString | str:
    """Return the interval between two numbers in a unit."""
    return interval((low, high), unit)


@register.filter
def interval(ends: Sequence[float | None] | None, unit: str = "") -> SafeString | str:
    """Return ``(low, high)`` as "48–75 %" and ``(estimate, low, high)`` as "62 % (48–75)"; unknown stays unknown."""
    known = [end for end in ends or () if end is not None]
    if not known or ends is None:
        return unknown()
    if len(ends) == 3:
        text = numbers.estimate(known[0], known[1], known[2], unit, language())
    else:
        text = numbers.span(ends[0], ends[1], unit, language())
    if unit.lower() != "cny":
        return format_html('<span class="num">{}</span>', text)  # not broken over two lines
    return _with_title(text, " – ".join(numbers.exact_money(end, language()) for end in dict.fromkeys(known)))


@register.filter
def day(value: date | datetime | None) -> str:
    """Return the ISO date."""
    if not value:
        return ""
    local = _local(value)
    return (local.date() if isinstance(local, datetime) else local).isoformat()


@register.filter
def weekday(value: date | datetime | None) -> str:
    """Return the ISO date with the day of the week, for where a clock matters."""
    return f"{day(value)} {format_date(_local(value), 'D')}" if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """Return date and time in the district's time zone."""
    return f"{_local(value):%Y-%m-%d %H:%M}" if value else ""


@register.filter
def counted(lines: Iterable[panels.InboxLine]) -> int:
    """Return how many things the lines of Home stand for."""
    return sum(line.count for line in lines)


@register.inclusion_tag("ui/components/saved_views.html", takes_context=True, name="saved_views")
def saved_views_tag(context: template.Context, page: str) -> dict[str, Any]:
    """Render the saved views of a list, by the name of its route, and the way to save what is shown."""
    request = context["request"]
    return {
        "page": page,
        "views": saved_views(request.viewer, page),
        "query": request.GET.urlencode(),
        "actor": request.viewer.actor,
        "may_share": bool(shared_scope(request.viewer)),
    }


@register.inclusion_tag("ui/components/panels.html", takes_context=True)
def panels_of(context: template.Context, page: str, object_id: object) -> dict[str, Any]:
    """Render what other apps show on the page of an object, to the viewer of the request."""
    return {"panels": panels.panels(page, context["request"].viewer, str(object_id))}


@register.simple_tag
def actor(name: str, names: Mapping[str, str]) -> SafeString | str:
    """Return who it was; a program is called the system."""
    return data(names[name]) if name in names else _("the system")


@register.simple_tag
def text(code: str, params: Mapping[str, Any] | None = None) -> SafeString | str:
    """Return the text of a code of liankit in the reader's language; its parameters are data."""
    return data(_text(code, params or {}))


@register.inclusion_tag("ui/components/reason.html")
def reason(item: Reason) -> dict[str, Any]:
    """Show one reason: what it says, whether it holds, value against threshold, source."""
    given = {name: getattr(item, name) for name in ("value_low", "value_high", "unit", "threshold", "source")}
    ends = (item.value_low, item.value_high)
    return {
        "reason": item,
        "says": _text(item.code, {**given, **item.params}),
        "value": interval(ends, item.unit) if ends != (None, None) else "",
        "threshold": interval((item.threshold, item.threshold), item.unit),
    }


def _text(code: str, params: Mapping[str, Any]) -> str:
    try:
        return render(code, params, language())
    except TextError as error:
        # a snapshot of older code may hold a code that has no text any more: the page still shows the number
        log.warning("text missing", extra={"code": code, "problem": str(error)})
        return code


def _local(value: Any) -> Any:
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value


def _with_title(text_: str, title: str) -> SafeString:
    return format_html('<span class="num" title="{}">{}</span>', title, text_)
