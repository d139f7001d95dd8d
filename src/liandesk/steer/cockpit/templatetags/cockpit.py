"""What the page of exceptions says of a line."""

from __future__ import annotations

from datetime import date

from django import template

from liandesk.steer.cockpit.queries import Line

register = template.Library()


@register.filter
def is_new(line: Line, day: date) -> bool:
    """Say whether a line is there only since a day."""
    return line.is_new(day)
