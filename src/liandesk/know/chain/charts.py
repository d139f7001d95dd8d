"""What a picture of the chain shows: the boxes and lines of a node's or an organisation's surroundings."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from liandesk.know.chain import wording
from liandesk.know.chain.drawing import Picture, Thing, Tie, draw
from liandesk.know.chain.models import SupplyEnd
from liandesk.know.chain.queries import Around, Links


def around_chart(found: Around) -> Picture:
    """Draw what lies around a node: missing nodes and their relations dashed, inferred relations dotted."""
    missing = set(found.nodes.filter("is_missing")["node"])
    things = [
        Thing(
            row["node"], row["name"], row["column"], row["parent"] or "", _node_url(row["node"]), _classes(row, missing)
        )
        for row in _shown_first(found)
    ]
    ties = [
        Tie(row["source"], row["target"], wording.say(wording.RELATIONS, row["relation"]), _line_classes(row, missing))
        for row in found.relations.iter_rows(named=True)
    ]
    return draw(things, ties)


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


def _shown_first(found: Around) -> Iterator[dict[str, Any]]:
    """The start, then what is missing, then what leads on, each by name: what has no room is what says least."""
    parents = set(found.nodes["parent"].drop_nulls())
    rows = found.nodes.to_dicts()
    yield rows[0]
    yield from sorted(rows[1:], key=lambda row: (not row["is_missing"], row["node"] not in parents, row["name"]))


def _classes(row: dict[str, Any], missing: set[str]) -> str:
    names = [f"is-{row['node_kind']}"]
    names += ["is-start"] if row["hop"] == 0 else []
    names += ["is-missing"] if row["node"] in missing else []
    return " ".join(names)


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
