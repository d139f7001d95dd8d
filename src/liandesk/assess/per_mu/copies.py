"""The table as a file: what its page shows."""

from __future__ import annotations

from dataclasses import make_dataclass

import polars as pl
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from liandesk.assess.per_mu.wording import STATES, titles
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.copies import send, write_copy
from liandesk.base.ui.listing import ListColumn, Listing
from liankit.rules.per_mu_method import Method


def columns_of(method: Method) -> tuple[ListColumn, ...]:
    """Return the columns of the table under a method."""
    classes = titles(method.classes)
    return (
        ListColumn("name", _("Enterprise")),
        ListColumn("town", _("Town"), "term", group="towns"),
        ListColumn("state", _("State"), "choice", choices=STATES),
        ListColumn("group", _("Group"), "choice", choices=titles(method.groups), may_be_empty=True),
        ListColumn("low", _("Score, at least"), "number"),
        ListColumn("high", _("Score, at most"), "number"),
        ListColumn("best", _("Class, at best"), "choice", choices=classes, may_be_empty=True),
        ListColumn("worst", _("Class, at worst"), "choice", choices=classes, may_be_empty=True),
        ListColumn("official", _("Class, published"), "choice", choices=classes, may_be_empty=True),
        ListColumn("official_score", _("Score, published"), "number"),
        ListColumn("difference", _("Differs"), "flag", may_be_empty=True),
    )


def send_lines(lines: pl.DataFrame, method: Method, kind: str, *, by: Viewer, seen_as: str) -> FileResponse:
    """Send lines that the viewer may see."""
    columns = columns_of(method)
    listing = Listing("per_mu", _("Yield per mu"), columns, (), "", (), "")
    row_type = make_dataclass("_Row", [*(column.name for column in columns), "is_synthetic"], frozen=True)
    kept = lines.select(*(column.name for column in columns), "is_synthetic")
    bounded = kept.with_columns(high=pl.when(pl.col("high").is_finite()).then("high"))
    rows = [row_type(**row) for row in bounded.iter_rows(named=True)]
    return send(kind, lambda path: write_copy(listing, rows, columns, path, by=by, kind=kind, seen_as=seen_as))
