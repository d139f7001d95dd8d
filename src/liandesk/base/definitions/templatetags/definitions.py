"""How definitions are shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from liandesk.base.definitions.models import Definition
from liandesk.base.ui.templatetags.ui import data, in_language

register = template.Library()

STATES = {"proposed": _("proposed"), "published": _("published"), "withdrawn": _("taken back")}
_MARKS = {"proposed": "…", "published": "✓", "withdrawn": "✕"}


@register.simple_tag
def definition_state(found: Definition) -> SafeString:
    """Render a state as a word with a mark of its own, never colour alone."""
    return format_html('<span class="state">{} {}</span>', _MARKS[found.state], STATES[found.state])


@register.simple_tag
def body_title(body: Mapping[str, Any], key: str) -> SafeString | str:
    """Render the title of a body in the reader's language, its key where it has none."""
    return in_language(body["title"]) if "title" in body else data(key)


@register.simple_tag
def body_value(value: Any) -> SafeString:
    """Render a value of a body as it stands in its text."""
    if isinstance(value, Mapping | list):
        said = yaml.safe_dump(value, allow_unicode=True, sort_keys=False)
        return format_html('<pre class="definition-text" translate="no">{}</pre>', said)
    return format_html('<span translate="no">{}</span>', "" if value is None else value)
