"""Columns of tables that show data rather than interface."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils import translation
from django.utils.html import format_html

from liandesk.base.pack import pack


def language() -> str:
    """Return "zh" or "en", the key of the pack's and liankit's texts."""
    return "zh" if (translation.get_language() or "").startswith("zh") else "en"


class DataColumn(tables.Column):
    """A text that is data: it keeps its language whatever the page's."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        attrs = kwargs.pop("attrs", {})
        attrs.setdefault("td", {})["translate"] = "no"
        super().__init__(*args, attrs=attrs, **kwargs)


class TermColumn(tables.Column):
    """A code of the pack, shown by its text in the page's language."""

    def __init__(self, group: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.group = group

    def render(self, value: str) -> str:
        term = pack().term(self.group, value)
        return format_html("{}", term.text[language()]) if term else value
