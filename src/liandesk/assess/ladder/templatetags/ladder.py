"""Tags of pages of the ladder."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from django import template
from django.utils.safestring import SafeString

from liandesk.assess.rules.wording import said
from liandesk.base.ui.templatetags.ui import data
from liankit.process.definition import Text

register = template.Library()


@register.simple_tag
def title_name(names: Mapping[str, Text], code: str) -> SafeString | str:
    """Return what a title is called; a code that no words name as it is."""
    return data(said(names[code]) if code in names else code)


@register.filter
def beside(first: Sequence[object], second: Sequence[object]) -> Iterator[tuple[object, object]]:
    """Return two rows of the same length as pairs."""
    return zip(first, second, strict=True)
