"""The tables of the pages; rows are mappings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _

from liandesk.assess.per_mu.wording import edge_said, score_said, titles
from liandesk.base.pack import pack
from liandesk.base.ui.display import language
from liandesk.base.ui.templatetags.ui import data, unknown
from liankit.rules.per_mu_method import Method

_NUM = {"td": {"class": "num"}, "th": {"class": "num"}}
Row = Mapping[str, Any]


def town_name(code: str) -> str:
    """Return the name of a town; its code where the pack has none."""
    return next((term.text[language()] for term in pack().towns if term.code == code), code)


class _OfMethod(tables.Table):
    """A table whose rows speak in keys of a method."""

    name = tables.Column(verbose_name=_("Enterprise"))
    town = tables.Column(verbose_name=_("Town"), empty_values=())
    group = tables.Column(verbose_name=_("Group"), empty_values=())

    def __init__(self, method: Method, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.method = method
        self.groups = titles(method.groups)

    def render_name(self, record: Row) -> SafeString:
        url = reverse("per_mu_own", args=[record["enterprise"]])
        return format_html('<a href="{}?method={}">{}</a>', url, self.method.key, data(record["name"]))

    def render_town(self, record: Row) -> SafeString | str:
        return data(town_name(record["town"])) if record["town"] else unknown()

    def render_group(self, record: Row) -> SafeString | str:
        return data(self.groups[record["group"]]) if record["group"] else ""


class MoveTable(_OfMethod):
    """Who changes class."""

    before = tables.Column(verbose_name=_("Class today"))
    after = tables.Column(verbose_name=_("Class then"))
    score_before = tables.Column(verbose_name=_("Score today"), attrs=_NUM, empty_values=())
    score_after = tables.Column(verbose_name=_("Score then"), attrs=_NUM, empty_values=())

    class Meta:
        caption = _("Who changes class")
        sequence = ("name", "town", "group", "...")

    def render_before(self, value: str) -> str:
        return value.upper()

    def render_after(self, value: str) -> str:
        return value.upper()

    def render_score_before(self, record: Row) -> SafeString | str:
        return score_said(record["score_before"], record["score_before"]) or unknown()

    def render_score_after(self, record: Row) -> SafeString | str:
        return score_said(record["score_after"], record["score_after"]) or unknown()


class EdgeTable(_OfMethod):
    """Who stands near a line between classes, with what each indicator alone would have to do."""

    place = tables.Column(verbose_name=_("Class"))
    following = tables.Column(verbose_name=_("Across the line"))
    points = tables.Column(verbose_name=_("Points"), attrs=_NUM)
    ways = tables.Column(verbose_name=_("One indicator alone"), orderable=False)

    class Meta:
        caption = _("Who stands near a line")
        sequence = ("name", "town", "group", "...")

    def render_place(self, value: str) -> str:
        return value.upper()

    def render_following(self, value: str) -> str:
        return value.upper()

    def render_points(self, value: float) -> str:
        return f"{value:+.4f}"

    def render_ways(self, value: list[Row]) -> SafeString:
        said = ((data(edge_said(self.method, way)),) for way in value)
        return format_html("<div>{}</div>", format_html_join(mark_safe("<br>"), "{}", said))
