"""How definitions are shown."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import yaml
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from liandesk.base.definitions.models import Definition
from liandesk.base.ui.display import language
from liandesk.base.ui.templatetags.ui import data, in_language
from liankit.definitions import parts_of
from liankit.process import Process
from liankit.process.diagram import draw, steps
from liankit.texts import render, texts

register = template.Library()

STATES = {"proposed": _("proposed"), "published": _("published"), "withdrawn": _("taken back")}
_MARKS = {"proposed": "…", "published": "✓", "withdrawn": "✕"}


_MOMENT = re.compile(r"^(enter|leave|do) ")
"""What stands before a key where a clock starts or stops."""


@register.simple_tag
def definition_state(found: Definition) -> SafeString:
    """Render a state as a word with a mark of its own, never colour alone."""
    return format_html('<span class="state">{} {}</span>', _MARKS[found.state], STATES[found.state])


@register.simple_tag
def body_title(body: Mapping[str, Any], key: str) -> SafeString | str:
    """Render the title of a body in the reader's language, its key where it has none."""
    return in_language(body["title"]) if "title" in body else data(key)


@register.simple_tag
def body_value(value: Any, body: Mapping[str, Any]) -> SafeString:
    """Render a value of a body as it stands in its text, with the title of the part where it is the key of one."""
    if isinstance(value, str) and (title := _titles(body).get(_MOMENT.sub("", value))):
        return format_html('<span translate="no">{} <code>{}</code></span>', title, value)
    if isinstance(value, Mapping | list):
        said = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
        return format_html('<pre class="definition-text" translate="no">{}</pre>', said)
    return format_html('<span translate="no">{}</span>', "" if value is None else value)


@register.inclusion_tag("definitions/_picture.html")
def process_picture(process: Process, current: Collection[str] = ()) -> dict[str, object]:
    """Draw a process, with the stages a case is in marked, and list its steps in a table that says the same."""
    spoken = language()
    picture = mark_safe(draw(process, spoken, current))  # noqa: S308 (liankit escapes every text in it)
    return {"picture": picture, "steps": steps(process, spoken)}


@register.simple_tag
def change_place(where: str, after: Mapping[str, Any], before: Mapping[str, Any]) -> SafeString | str:
    """Render where a change is, in words: titles of parts, names of keys; a part that is gone by the body before."""
    return data(" › ".join(_words(where.split("."), after, before)))


def _words(keys: list[str], after: Any, before: Any) -> Iterator[str]:
    for key in keys:
        after, before = ((parts_of(body) or {}).get(key) for body in (after, before))
        part = before if after is None else after
        yield part["title"][language()] if isinstance(part, Mapping) and "title" in part else _word(key)


def _word(key: str) -> str:
    """Return the name of a key of definitions, the key itself where none has been given."""
    return render(f"process.key.{key}", {}, language()) if f"process.key.{key}" in texts() else key


def _titles(body: Any) -> dict[str, str]:
    """Return the titles of all parts of a body by their keys, in the reader's language."""
    found: dict[str, str] = {}
    for key, part in (parts_of(body) or {}).items():
        found |= _titles(part)
        if isinstance(part, Mapping) and "title" in part:
            found[key] = part["title"][language()]
    return found
