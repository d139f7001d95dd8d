"""The relations around a node as a table: what the picture shows, and what it has no room for."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
import polars as pl
from django.utils.translation import gettext_lazy as _
from django_tables2.data import TableData

from liandesk.base.ui.columns import DataColumn
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
    hop = tables.Column(verbose_name=_("Hop"), attrs={"td": {"class": "num"}, "th": {"class": "num"}})
    source_name = DataColumn(verbose_name=_("Node"), linkify=("chain_node", [tables.A("source")]))
    relation = tables.Column(verbose_name=_("Relation"))
    target_name = DataColumn(verbose_name=_("Other node"), linkify=("chain_node", [tables.A("target")]))
    basis = tables.Column(verbose_name=_("Known by"))

    def render_relation(self, value: str) -> str:
        return wording.say(wording.RELATIONS, value)

    def render_basis(self, value: str) -> str:
        return wording.say(wording.BASES, value)

    class Meta:
        caption = _("Relations around the node")
