"""How a run shows its counts and state."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from liandesk.refresh.tables import STATES

register = template.Library()


@register.simple_tag
def counts(rows: Mapping[str, int]) -> SafeString | str:
    """Render counts of rows by table or reason, one a line."""
    if not rows:
        return _("none")
    lines = format_html_join("", "<div><code>{}</code> {}</div>", ((name, f"{rows[name]:,}") for name in rows))
    return format_html("<div>{}</div>", lines)


@register.simple_tag
def job_state(state: str) -> SafeString:
    """Render a state as a word with a mark of its own, never colour alone."""
    marks = {"queued": "…", "running": "▶", "done": "✓", "failed": "✕", "cancelled": "■"}
    return format_html('<span class="state state-{}">{} {}</span>', state, marks[state], STATES[state])
