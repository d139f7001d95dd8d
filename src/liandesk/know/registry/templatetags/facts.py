"""How a fact shows its field, its value and where it was said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from liandesk.know.registry.attributes import ATTRIBUTES

register = template.Library()


@register.simple_tag
def attribute(name: str) -> object:
    """Render the name of an attribute in the page's language; one a pack added shows its code."""
    return ATTRIBUTES.get(name, name)


@register.simple_tag
def fact_value(fact: Mapping[str, Any]) -> SafeString | str:
    """Render a value with its unit; thousands are separated, whole numbers have no decimals."""
    if fact["number"] is None:
        return str(fact["text"])
    return format_html("{} {}", f"{fact['number']:,.10g}", fact["unit"])


@register.simple_tag
def fact_source(fact: Mapping[str, Any]) -> str:
    """Render source, file, sheet and row."""
    place = " · ".join(part for part in (fact["file"], fact["sheet"]) if part)
    row = f":{fact['row']}" if fact["row"] else ""
    return f"{fact['source']} · {place}{row}" if place else fact["source"]
