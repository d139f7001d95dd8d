"""Tags of the pages of lists: an entry's numbers, who did what, what changed, which file said it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from liandesk.assess.lists import values, wording
from liandesk.assess.lists.columns import COLUMNS
from liandesk.base.countries import country_name
from liandesk.base.pack import ItemKind, pack
from liandesk.base.ui import levels
from liandesk.base.ui.display import language
from liandesk.base.ui.templatetags.ui import data, icon, interval, number, unknown
from liandesk.base.ui.templatetags.ui import level as level_chip

register = template.Library()
_UNITS = {"output_cny": "cny", "products": "products"}
_LEVELS = ("level", "computed_level", "computed_level_most", "shown_level")
_DATES = ("due_date", "agreed_from", "evidenced_on")
_GROUPS = {"owner_office": "offices", "item_kind": "item_kinds", "town": "towns"}


@register.simple_tag
def prior(kind: str) -> SafeString | str:
    """Return what the pack assumes of the likelihood for a kind of item, with its source; "" without a prior."""
    found = pack().term("item_kinds", kind)
    if not isinstance(found, ItemKind) or found.prior is None:
        return ""
    share, source = interval(found.prior.share, "share"), found.prior.source[language()]
    sure = _("confidence: %(confidence)s") % {"confidence": wording.CONFIDENCE[found.prior.confidence]}
    return format_html("{} · {} · {}", share, data(source), sure)


@register.filter
def of(counts: Mapping[str, int], code: str) -> int:
    """Return the count of one state."""
    return counts[code]


@register.filter
def total(counts: Iterable[int]) -> int:
    """Return the sum of counts."""
    return sum(counts)


@register.simple_tag
def scope(code: str) -> str:
    return str(wording.SCOPES[code])


@register.simple_tag
def rank(entry: Any) -> SafeString | str:
    """Return the rank with its interval."""
    return wording.rank(entry.rank, entry.rank_low, entry.rank_high) or unknown()


@register.simple_tag
def impact(low: float | None, high: float | None, measure: str | None) -> SafeString | str:
    """Return the impact in its own measure."""
    return interval((low, high), _UNITS.get(measure or "", ""))


@register.filter
def level_or_unknown(code: str) -> SafeString:
    """Show a level, the chip of what is unknown where none is proven."""
    return level_chip(code) if code else unknown()


@register.simple_tag
def possible_level(proven: str, most: str) -> SafeString:
    """Show the level that is proven, and the gravest that cannot be ruled out where it is graver."""
    shown = level_or_unknown(proven)
    if not most or most == proven:
        return shown
    said = _("may be: %(level)s") % {"level": levels.level(most).title}
    return format_html('{}<div class="desk-detail">{}</div>', shown, said)


@register.simple_tag
def staleness(state: str, facts_on: date | None) -> SafeString:
    """Show how old what an entry rests on is: a mark and a word, and the day."""
    when = facts_on.isoformat() if facts_on else ""
    mark = format_html('<span class="state">{} {}</span>', _STALENESS_MARKS[state], wording.STALENESS[state])
    return format_html('{} <span class="num text-nowrap">{}</span>', mark, when)


_STALENESS_MARKS = {"fresh": "●", "ageing": "◐", "stale": "○", "unknown": "?"}


@register.simple_tag
def agreement(agreed_from: date | None, evidence_kind: str, evidenced_on: date | None) -> SafeString | str:
    """Say from when an agreed measure takes effect, or by what and when the switch was proven."""
    if evidenced_on:
        said = _("proven on %(day)s: %(what)s")
        return said % {"day": evidenced_on.isoformat(), "what": wording.EVIDENCE.get(evidence_kind, evidence_kind)}
    if agreed_from:
        return _("agreed, effective from %(day)s") % {"day": agreed_from.isoformat()}
    return ""


@register.simple_tag
def offices(text: str) -> SafeString | str:
    """Return the names of several offices."""
    return data(wording.offices(text, language()))


@register.simple_tag
def basis(code: str) -> str:
    return str(wording.BASES[code])


@register.simple_tag
def verdict(code: str) -> str:
    return str(wording.VERDICTS[code])


@register.simple_tag
def yes_no(value: bool | None) -> SafeString | str:
    """Return yes, no or the chip of what is unknown."""
    return unknown() if value is None else str(wording.YES_NO[value])


@register.simple_tag
def country(code: str | None) -> SafeString | str:
    return country_name(code, language()) if code else unknown()


@register.simple_tag
def done(action: str) -> str:
    return str(wording.ACTIONS[action])


@register.simple_tag
def sources(found: Sequence[Mapping[str, Any]], with_links: bool) -> SafeString | str:
    """Return who said a row: source, file, sheet and row, each linked to its load for whoever may see loads."""
    said = [_linked(one) if with_links and one["landing"] else data(_place(one)) for one in found]
    return format_html_join("; ", "{}", ((one,) for one in said)) or _("not recorded")


def _linked(one: Mapping[str, Any]) -> SafeString:
    url = reverse("load", args=[one["landing"]])
    return format_html('<a href="{}" translate="no">{}</a>', url, _place(one))


def _place(one: Mapping[str, Any]) -> str:
    place = " ".join(part for part in (one["file"], one["sheet"]) if part)
    row = f":{one['row']}" if one["row"] else ""
    return f"{one['source']} {place}{row}".strip()


@register.simple_tag
def who(row: Mapping[str, Any]) -> SafeString | str:
    """Return the enterprise of a frozen row, or of an item how many use it."""
    return data(row["organisation_name"]) or wording.users(row["reach_buyers"])


@register.simple_tag
def change(name: str, pair: Sequence[Any]) -> SafeString:
    """Return one change of a history or a difference: title, before, after."""
    before, after = (said(name, value) for value in pair)
    return format_html("{}: {} → {}", title(name), before, after)


@register.simple_tag
def title(name: str) -> str:
    """Return the title of a column."""
    titles = {"is_current": _("Computed")}
    return titles.get(name) or str(COLUMNS[name].title)


@register.simple_tag
def said(name: str, value: Any) -> SafeString | str:
    """Return a value of a column as a person reads it."""
    if value is None:
        return _("not set") if name in _DATES else unknown()
    if isinstance(value, bool):
        return str(wording.YES_NO[value])
    if isinstance(value, int | float):
        return number(value)
    if name in _GROUPS and value:
        return data(wording.term(_GROUPS[name], value, language()))
    words = {"state": wording.STATES, "impact_measure": wording.MEASURES, "evidence_kind": wording.EVIDENCE}.get(
        name, {}
    )
    if name in _LEVELS:
        return str(levels.level(value).title) if value or name == "level" else unknown()
    if isinstance(value, date):
        return value.isoformat()
    if name == "with_offices" and value:
        return offices(value)
    return str(words[value]) if value in words else data(value) or _("not set")


@register.simple_tag
def supply(row: Mapping[str, Any]) -> SafeString | str:
    """Return the suppliers of a frozen row with their countries."""
    return data(values.supply(dict(row), language()))


@register.simple_tag
def edition_state(edition: Any) -> str:
    return str(wording.EDITION_STATES[edition.state])


@register.simple_tag
def edition_copy(edition: Any, form: str, kind: str) -> str:
    """Return the address of a copy of an edition or a draft."""
    if edition.number:
        return reverse("edition_export", args=[edition.number, form, kind])
    return reverse("edition_draft_export", args=[edition.pk, form, kind])


@register.simple_tag
def holds(it: bool) -> SafeString:
    """Show whether one line of a checklist holds, as icon and word."""
    word = _("holds") if it else _("missing")
    return format_html(
        '<span class="reason-holds" title="{0}">{1}<span class="visually-hidden">{0}</span></span>',
        word,
        icon("check" if it else "x"),
    )


@register.simple_tag
def names(found: Sequence[str]) -> SafeString | str:
    """Return the first ten of some names and the count of the others."""
    rest = _(" and %(count)s more") % {"count": len(found) - 10} if len(found) > 10 else ""
    return format_html("{}{}", data(values.JOIN[language()].join(found[:10])), rest)
