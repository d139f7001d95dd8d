"""Segments and products that sheets name in their own words wait until the chain office says which node is meant.

A decision is a statement of the item's name, so it holds for every later sheet of that source that writes the same,
the file's own word stays known beside it, and the next refresh puts the facts on the node meant.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl
from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process, utils

from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.errors import UserError
from liandesk.base.facts.actions import state
from liandesk.base.facts.models import Statement
from liandesk.base.facts.queries import as_known
from liandesk.know.chain.queries import nodes
from liandesk.know.sources.declared import short_hash
from liandesk.know.sources.policies import FREE_TEXT
from liankit.entities import name_key

_KINDS = ("item", "works_in", "makes")
_LIKE = 60.0
"""Likeness, of 100, from which a node is suggested."""


@dataclass(frozen=True)
class FreeText:
    """A text as sheets wrote it. ``meant`` is the node's name that was said, "" where nobody has said it yet."""

    key: str  # in addresses: records hold any sign
    record: str
    text: str
    node_kind: str
    uses: int  # facts of organisations that hang on it
    meant: str


def free_texts(viewer: Viewer, *, waiting: bool) -> list[FreeText]:
    """Return the texts that wait, or those that were decided; what most organisations hang on comes first."""
    check(viewer, FREE_TEXT, "read")
    found = [one for one in _all(viewer) if bool(one.meant) != waiting]
    return sorted(found, key=lambda one: (-one.uses, one.text))


def free_text(viewer: Viewer, key: str) -> FreeText | None:
    """Return one text by its key, or None."""
    check(viewer, FREE_TEXT, "read")
    return next((one for one in _all(viewer) if one.key == key), None)


def suggestions(viewer: Viewer, text: FreeText, *, limit: int = 6) -> list[str]:
    """Return names of nodes that are like a text, the likest first."""
    names = _other_nodes(viewer, text)
    found = process.extract(
        text.text, names, scorer=fuzz.WRatio, processor=utils.default_process, limit=limit, score_cutoff=_LIKE
    )
    return [name for name, *_likeness in found]


def is_node(viewer: Viewer, name: str, text: FreeText) -> bool:
    """Say whether there is a node of that name beside the one that the text itself makes."""
    return name_key(name) in {name_key(other) for other in _other_nodes(viewer, text)}


def say_node(key: str, *, name: str, by: Viewer, is_new: bool = False) -> Statement:
    """Say which node a text means, by the node's name; ``is_new`` lets a name make a node that there is not yet."""
    check(by, FREE_TEXT, "map")
    text = free_text(by, key)
    if text is None:
        raise UserError(_("This text is in no load any more; there is nothing to decide."))
    said = name.strip()
    if not name_key(said):
        raise UserError(_("Name the node that is meant."))
    if not is_new and not is_node(by, said, text):
        raise UserError(_("There is no node of this name. Choose one that there is, or say that it is a new one."))
    return state(record_id=text.record, kind="item", attribute="name", value=said, by=by, reason=f"“{text.text}”")


def _other_nodes(viewer: Viewer, text: FreeText) -> list[str]:
    """Return the names of nodes; the node that an undecided text itself made at the last refresh is none."""
    own = name_key(text.text)
    return [name for name in nodes(viewer).values_list("name", flat=True) if name_key(name) != own]


def _all(viewer: Viewer) -> list[FreeText]:
    known = as_known(None, viewer, kinds=_KINDS)
    items = known.facts.filter(pl.col("kind") == "item")
    free = items.filter(attribute="free_text_node", text="yes")["record"].unique()
    own = items.filter(pl.col("record").is_in(free.implode()))
    overruled = known.contradictions.filter(pl.col("record").is_in(free.implode()), attribute="name")
    written = _texts(overruled.filter(pl.col("source") != "statement"), "name")
    names, kinds = _texts(own, "name"), _texts(own, "node_kind")
    decided = set(own.filter(pl.col("attribute") == "name", pl.col("source") == "statement")["record"])
    uses = _uses(known.facts, free.to_list())
    return [
        FreeText(
            short_hash(record),
            record,
            written.get(record, names[record]),
            kinds.get(record, "item"),
            uses.get(record, 0),
            names[record] if record in decided else "",
        )
        for record in free
        if record in names
    ]


def _texts(facts: pl.DataFrame, attribute: str) -> dict[str, str]:
    return dict(facts.filter(attribute=attribute).select("record", "text").iter_rows())


def _uses(facts: pl.DataFrame, records: Collection[str]) -> dict[str, int]:
    said = facts.filter(pl.col("kind") != "item", pl.col("attribute") == "item", pl.col("text").is_in(list(records)))
    return dict(said.group_by("text").len().iter_rows())
