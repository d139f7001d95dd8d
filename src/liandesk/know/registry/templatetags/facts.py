"""How a fact shows its field, its value and where it was said; how the registry's codes read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.roles import Role
from liandesk.base.countries import country_name
from liandesk.base.pack import pack
from liandesk.base.ui import numbers
from liandesk.base.ui.display import language
from liandesk.base.ui.templatetags.ui import data
from liandesk.know.registry.attributes import CODED, CONSENT_ITEMS, UNITS, attribute_title
from liandesk.know.registry.queries import KINDS

register = template.Library()

BASES = {
    "code": _("one credit code"),
    "judged": _("a judgement"),
    "name": _("one name"),
    "pair": _("names that are surely one"),
}


@register.simple_tag
def attribute(name: str) -> object:
    """Render the name of an attribute in the page's language; one a pack or a sheet added shows its code."""
    return attribute_title(name)


@register.simple_tag
def fact_value(fact: Mapping[str, Any]) -> SafeString | str:
    """Render a value: amounts by size, other numbers with their unit, codes of the pack by name."""
    if fact["number"] is None:
        return _named(fact["attribute"], str(fact["text"]))
    if fact["unit"] == "CNY":
        exact = numbers.exact_money(fact["number"], language())
        return format_html('<span title="{}">{}</span>', exact, numbers.money(fact["number"], language()))
    return f"{numbers.plain(fact['number'])} {UNITS.get(fact['unit'], fact['unit'])}".strip()


def _named(name: str, text: str) -> str:
    if name in CODED:
        term = pack().term(CODED[name], text)
        return term.text[language()] if term else text
    if name == "role":
        return str(KINDS.get(text, text))
    return country_name(text, language()) if name == "country" else text


@register.simple_tag
def fact_text(name: str, text: str) -> str:
    """Render a value given as text: codes of the pack by name."""
    return _named(name, text)


@register.simple_tag
def fact_source(fact: Mapping[str, Any]) -> str:
    """Render source, file, sheet and row."""
    place = " · ".join(part for part in (fact["file"], fact["sheet"]) if part)
    row = f":{fact['row']}" if fact["row"] else ""
    return f"{fact['source']} · {place}{row}" if place else fact["source"]


@register.simple_tag
def organisation_kind(code: str) -> object:
    """Render a kind of organisation."""
    return KINDS.get(code, code)


@register.simple_tag
def join_basis(code: str) -> object:
    """Render what joined a record to its organisation."""
    return BASES.get(code, code)


@register.simple_tag
def consent_item(code: str) -> object:
    """Render what a consent is about."""
    return CONSENT_ITEMS.get(code, code)


@register.simple_tag
def role_titles(codes: Iterable[str]) -> str:
    """Render the roles that may see an item."""
    return ", ".join(str(Role(code).label) for code in codes)


@register.simple_tag
def record_name(record: str, names: Mapping[str, str]) -> SafeString | str:
    """Render a record by the name of its organisation, itself beside."""
    return format_html("{} <small>{}</small>", names[record], record) if record in names else data(record)
