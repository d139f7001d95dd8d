"""The picture of a room: from what is struck to the enterprises that are reached, by the way that is worst."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.know.chain.drawing import Picture, Thing, Tie, draw
from liankit.risk.cascade.stops import VERDICTS, Verdict


def picture_of(lines: pl.DataFrame) -> Picture | None:
    """Draw owners by how many links away they are hit first, each hanging on who brings it; None: nobody is hit."""
    worst, largest = pl.col("verdict").cast(VERDICTS), -pl.col("output_cny").fill_null(0.0)
    rows = lines.with_columns(owner=pl.coalesce("owner", "line"), before_owner=pl.coalesce("before_owner", "before"))
    rows = rows.sort("step", worst, largest, "line").unique("owner", keep="first", maintain_order=True)
    if rows["step"].max() in (None, 0):
        return None
    first = rows["owner"][0]
    things = [_thing(row, first) for row in rows.iter_rows(named=True)]
    ties = [_tie(row) for row in rows.iter_rows(named=True) if row["before_owner"]]
    return draw(things, ties)


def _thing(row: dict[str, Any], first: str) -> Thing:
    parent = row["before_owner"] or ("" if row["owner"] == first else first)
    name = row["name"] or _("the market of %(item)s") % {"item": row["item_name"]}
    return Thing(row["owner"], name, row["step"], parent, _url(row), "is-start" if row["step"] == 0 else "")


def _tie(row: dict[str, Any]) -> Tie:
    classes = "is-asserted" if row["verdict"] == Verdict.STOPS else "is-inferred"
    return Tie(row["before_owner"], row["owner"], row["input_name"] or "", classes)


def _url(row: dict[str, Any]) -> str:
    if row["organisation"] is None:
        return reverse("chain_node", args=[row["item"]])
    return reverse("organisation", args=[row["organisation"]])


def picture_says(products: pl.DataFrame) -> str:
    """Return the finding of the picture in words; ``products`` are those of the district."""
    reached = products.filter(pl.col("step") > 0)
    stops = reached.filter(pl.col("verdict") == Verdict.STOPS)["organisation"].n_unique()
    count = reached["organisation"].n_unique()
    said = ngettext("%(count)s enterprise is reached", "%(count)s enterprises are reached", count) % {"count": count}
    sure = ngettext("%(count)s of them stops for sure", "%(count)s of them stop for sure", stops) % {"count": stops}
    return _("%(reached)s, %(sure)s") % {"reached": said, "sure": sure}
