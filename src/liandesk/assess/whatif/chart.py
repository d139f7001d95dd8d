"""The picture of an answer: who brought the loss to whom, from what fails to the right."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.assess.whatif.summary import Summary
from liandesk.know.chain.drawing import Picture, Thing, Tie, draw

_START = ""


def hits_chart(hits: pl.DataFrame) -> Picture | None:
    """Draw owners by the step in which they are first hit, each hanging on who hit it first; None: nobody else is hit.

    Of each owner the line that is hit first is drawn; of one parent the largest output at stake comes first.
    """
    order = ["step", "stake_high", "loss_high", "line"]
    rows = hits.sort(order, descending=[False, True, True, False], nulls_last=True).unique(
        "owner", keep="first", maintain_order=True
    )
    if rows["step"].max() in (None, 0):
        return None
    first = rows["owner"][0]
    things = [_thing(row, first) for row in rows.iter_rows(named=True)]
    ties = [
        Tie(row["before_owner"], row["owner"], row["input_name"] or "", _line_class(row))
        for row in rows.iter_rows(named=True)
        if row["before_owner"]
    ]
    return draw(things, ties)


def _thing(row: dict[str, Any], first: str) -> Thing:
    parent = row["before_owner"] or (_START if row["owner"] == first else first)
    classes = "is-start" if row["step"] == 0 else ""
    return Thing(row["owner"], owner_name(row), row["step"], parent, _url(row), classes)


def _line_class(row: dict[str, Any]) -> str:
    return "is-asserted" if row["is_sure"] else "is-inferred"


def owner_name(row: dict[str, Any]) -> str:
    """Return the name of who owns a line; a line without an owner is the market of its item."""
    return row["name"] or _("the market of %(item)s") % {"item": row["item_name"]}


def _url(row: dict[str, Any]) -> str:
    if row["organisation"] is None:
        return reverse("chain_node", args=[row["item"]])
    return reverse("organisation", args=[row["organisation"]])


def chart_says(told: Summary) -> str:
    """Return the finding of the picture in words."""
    count, steps = told.enterprises, told.steps
    said = ngettext("%(count)s enterprise is reached", "%(count)s enterprises are reached", count) % {"count": count}
    far = ngettext("in %(count)s step", "in up to %(count)s steps", steps) % {"count": steps}
    return _("%(reached)s %(far)s") % {"reached": said, "far": far}
