"""Tags of the pages of supervision."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from liandesk.base.ui.templatetags.ui import icon
from liandesk.steer.supervision.wording import STANDINGS

register = template.Library()


@register.filter
def standing(code: str) -> SafeString:
    """Return a level as word, icon and colour."""
    word, name = STANDINGS[code]
    return format_html('<span class="badge standing-{}">{}{}</span>', code, icon(name), word)
