"""Tags of pages on listings."""

from __future__ import annotations

from collections.abc import Mapping

from django import template
from django.utils.safestring import SafeString

from liandesk.base.ui.templatetags.ui import data

register = template.Library()


@register.simple_tag
def board_title(titles: Mapping[str, str], grants: str) -> SafeString | str:
    """Return what a board is called in the reader's language; it is data."""
    return data(titles.get(grants, grants))
