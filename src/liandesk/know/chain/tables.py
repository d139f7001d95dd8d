"""The relations around a node as a table: what the picture shows, and what it has no room for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import django_tables2 as tables
import polars as pl
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableData

from liandesk.know.chain import wording


class FrameData(TableData):
    """The rows of a Polars table, of which only a page is ever turned into objects."""

    data: pl.DataFrame

    def __len__(self) -> int:
        return self.data.height

    def __getitem__(self, key: Any) -> Any:
        return self.data[key].to_dicts()

    def __iter__(self) -> Any:
        return self.data.iter_rows(named=True)

    def order_by(self, aliases: Any) -> None:
        """Sort by the columns that the aliases name, unknown last."""
        names = [alias.lstrip("-") for alias in aliases]
        down = [alias.startswith("-") for alias in aliases]
        self.data = self.data.sort(names, descending=down, nulls_last=True, maintain_order=True)


class RelationTable(tables.Table):
    """Relations around a node. Rows made cell by cell in a template take several times as long as by ``body``."""

    hop = tables.Column(verbose_name=_("Hop"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    source_name = tables.Column(verbose_name=_("Node"))
    relation = tables.Column(verbose_name=_("Relation"))
    target_name = tables.Column(verbose_name=_("Other node"))
    basis = tables.Column(verbose_name=_("Known by"))

    class Meta:
        caption = _("Relations around the node")
        template_name = "chain/relations.html"

    def body(self) -> SafeString:
        """Return the rows of this page."""
        columns = [
            (format_html('<td {} data-label="{}">', column.attrs["td"].as_html(), column.header), column.name)
            for column in self.columns
        ]
        rows = (
            format_html_join("", "{}{}</td>", ((opening, self.cell(name, row.record)) for opening, name in columns))
            for row in self.paginated_rows
        )
        return format_html_join("", "<tr>{}</tr>\n", ((row,) for row in rows))

    def cell(self, name: str, row: Mapping[str, Any]) -> object:
        """Return one cell."""
        if name == "source_name":
            return _node(row["source"], row["source_name"])
        if name == "target_name":
            return _node(row["target"], row["target_name"])
        words = {"relation": wording.RELATIONS, "basis": wording.BASES}.get(name)
        return row[name] if words is None else wording.say(words, row[name])


def _node(node: str, name: str) -> SafeString:
    return format_html('<a href="{}" translate="no">{}</a>', reverse("chain_node", args=[node]), name)
