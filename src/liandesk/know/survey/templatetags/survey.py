"""How a loss reads on the pages of the survey."""

from __future__ import annotations

from django import template
from django.utils.safestring import SafeString

from liandesk.base.ui.templatetags.ui import interval
from liandesk.know.survey.wording import MONEY

register = template.Library()


@register.filter
def loss(ends: tuple[float | None, float | None], measure: str) -> SafeString | str:
    """Return an interval in yuan or in products."""
    return interval(ends, "cny" if measure == MONEY else "products")
