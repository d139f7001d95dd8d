"""Tags of the chain's pages."""

from __future__ import annotations

from django import template

from liandesk.know.chain import wording

register = template.Library()


@register.filter
def basis(code: str) -> str:
    """Return the word of a basis: asserted, imported, inferred."""
    return wording.say(wording.BASES, code)


@register.filter
def found(code: str) -> str:
    """Return the word of a kind of finding."""
    return wording.say(wording.FOUND, code)


@register.filter
def activity(code: str) -> str:
    """Return the word of an activity."""
    return wording.say(wording.ACTIVITIES, code)
