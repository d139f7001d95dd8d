"""What a picture of the chain shows: the boxes and lines of a node's or an organisation's surroundings."""

from __future__ import annotations

from typing import Any

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.know.chain import wording
from liandesk.know.chain.drawing import MOST_IN_COLUMN, MOST_OF_PARENT, Picture, Thing, Tie, draw
from liandesk.know.chain.models import SupplyEnd
from liandesk.know.chain.queries import Around, Links


def around_chart(found: Around) -> Picture:
    """Draw what lies around a node: missing nodes and their relations dashed, inferred relations dotted."""
    kept = _worth_drawing(found.nodes)
    counts = {(parent, column): count for parent, column, count in _children(found.nodes, kept).iter_rows()}
    ends = kept["node"].implode()
    lines = found.relations.filter(pl.col("source").is_in(ends) & pl.col("target").is_in(ends))
    missing = set(kept.filter("is_missing")["node"])
    words = {code: str(word) for code, word in wording.RELATIONS.items()}
    ties = [
        Tie(row["source"], row["target"], words[row["relation"]], _line_classes(row, missing))
        for row in lines.iter_rows(named=True)
    ]
    return draw([_thing(row) for row in kept.iter_rows(named=True)], ties, counts)


def _children(nodes: pl.DataFrame, parents: pl.DataFrame) -> pl.DataFrame:
    return nodes.filter(pl.col("parent").is_in(parents["node"].implode())).group_by("parent", "column").len()


def _worth_drawing(nodes: pl.DataFrame) -> pl.DataFrame:
    """Return the nodes that a picture has room for, parents before children: of thousands a few dozen.

    Of each parent those come first that are missing, then those that lead on, by name.
    """
    leads_on = pl.col("node").is_in(nodes["parent"].implode())
    first: list[pl.Expr | str] = [pl.col("is_missing").fill_null(False).not_(), leads_on.not_(), "name"]
    kept = nodes.head(1)
    for hop in nodes["hop"].unique().sort()[1:]:
        drawn = kept.select(parent="node").with_row_index("place")
        here = nodes.filter((pl.col("hop") == hop) & pl.col("parent").is_in(kept["node"].implode()))
        ordered = here.join(drawn, on="parent").sort("place", *first).drop("place")
        few = ordered.group_by("parent", "column", maintain_order=True).head(MOST_OF_PARENT)
        kept = pl.concat([kept, few.group_by("column", maintain_order=True).head(MOST_IN_COLUMN).select(kept.columns)])
    return kept


def _thing(row: dict[str, Any]) -> Thing:
    names = [f"is-{row['node_kind']}"]
    names += ["is-start"] if row["hop"] == 0 else []
    names += ["is-missing"] if row["is_missing"] else []
    return Thing(row["node"], row["name"], row["column"], row["parent"] or "", _node_url(row["node"]), " ".join(names))


def around_says(found: Around) -> str:
    """Return the finding of the picture in words."""
    size = found.nodes.height - 1
    missing = found.nodes.filter("is_missing").height
    said = ngettext("%(count)s node around it", "%(count)s nodes around it", size) % {"count": size}
    if found.nodes["is_missing"].null_count():
        return said
    lack = ngettext("%(count)s is missing in the district", "%(count)s are missing in the district", missing) % {
        "count": missing
    }
    return _("%(nodes)s, %(missing)s") % {"nodes": said, "missing": lack}


def _line_classes(row: dict[str, Any], missing: set[str]) -> str:
    if row["source"] in missing:
        return "is-missing"
    return f"is-{row['basis']}"


def _node_url(node: str) -> str:
    return reverse("chain_node", args=[node])


def links_chart(links: Links, *, leads_on: bool) -> Picture:
    """Draw an organisation between its suppliers and its buyers, with the item on each line.

    ``leads_on``: whether the boxes of organisations of the district lead to their links; else to the item's node.
    """
    url = reverse("chain_organisation", args=[links.organisation])
    start = Thing(links.organisation, links.name, 0, "", url, "is-start")
    bought = [(_other(end, -1, links, leads_on), end) for end in links.bought]
    sold = [(_other(end, 1, links, leads_on), end) for end in links.sold]
    things = list({thing.key: thing for thing, _end in (*bought, *sold)}.values())
    ties = [Tie(thing.key, start.key, end.item_name, f"is-{end.basis}") for thing, end in bought]
    ties += [Tie(start.key, thing.key, end.item_name, f"is-{end.basis}") for thing, end in sold]
    return draw([start, *things], ties)


def _other(end: SupplyEnd, column: int, links: Links, leads_on: bool) -> Thing:
    name = end.other_name or _("not named")
    url = reverse("chain_organisation", args=[end.other]) if leads_on and end.other_town else _node_url(end.item)
    return Thing(f"{column}:{end.other or end.pk}", name, column, links.organisation, url)
