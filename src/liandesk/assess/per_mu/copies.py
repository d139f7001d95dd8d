"""What other weights do, and who stands near a line, as files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import make_dataclass
from typing import Any

import polars as pl
from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from liandesk.assess.per_mu.wording import titles
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.copies import send, write_copy
from liandesk.base.ui.listing import ListColumn, Listing
from liankit.rules.per_mu_method import Method


def _columns(method: Method, more: Iterable[ListColumn]) -> tuple[ListColumn, ...]:
    return (
        ListColumn("name", _("Enterprise")),
        ListColumn("town", _("Town"), "term", group="towns", may_be_empty=True),
        ListColumn("group", _("Group"), "choice", choices=titles(method.groups)),
        *more,
    )


def send_moves(moved: pl.DataFrame, method: Method, kind: str, *, by: Viewer, seen_as: str) -> FileResponse:
    """Send who changes class; ``seen_as`` tells the weights."""
    classes = titles(method.classes)
    columns = _columns(
        method,
        (
            ListColumn("before", _("Class today"), "choice", choices=classes),
            ListColumn("after", _("Class then"), "choice", choices=classes),
            ListColumn("score_before", _("Score today"), "number"),
            ListColumn("score_after", _("Score then"), "number"),
        ),
    )
    listing = Listing("per_mu_what_if", _("Who changes class"), columns, (), "", (), "")
    return _send(listing, moved, kind, by, seen_as)


def send_edges(near: pl.DataFrame, method: Method, kind: str, *, by: Viewer, seen_as: str) -> FileResponse:
    """Send who stands near a line, an indicator a row."""
    classes = titles(method.classes)
    columns = _columns(
        method,
        (
            ListColumn("place", _("Class"), "choice", choices=classes),
            ListColumn("following", _("Across the line"), "choice", choices=classes),
            ListColumn("points", _("Points"), "number"),
            ListColumn("indicator", _("One indicator alone"), "choice", choices=titles(method.indicators)),
            ListColumn("amount", _("By how much"), "number"),
        ),
    )
    listing = Listing("per_mu_edges", _("Who stands near a line"), columns, (), "", (), "")
    return _send(listing, near, kind, by, seen_as)


def _send(listing: Listing, lines: pl.DataFrame, kind: str, by: Viewer, seen_as: str) -> FileResponse:
    names = [*(column.name for column in listing.columns), "is_synthetic"]
    row_type = make_dataclass("_Row", names, frozen=True)
    rows = [row_type(**_known(row)) for row in lines.select(names).iter_rows(named=True)]
    columns = listing.columns
    return send(kind, lambda path: write_copy(listing, rows, columns, path, by=by, kind=kind, seen_as=seen_as))


def _known(row: Mapping[str, Any]) -> dict[str, Any]:
    """An enterprise that no list names any more is as synthetic as nothing says."""
    return {**row, "is_synthetic": bool(row["is_synthetic"])}
