"""What the chain puts on pages of base and of the registry, and its part in publish."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from liandesk.base.accounts.access import can
from liandesk.base.accounts.roles import Viewer
from liandesk.base.snapshots.actions import register_projection
from liandesk.base.snapshots.queries import RISKS
from liandesk.base.ui import panels, search
from liandesk.base.work.subjects import Subject
from liandesk.base.work.subjects import register as register_subject
from liandesk.know.chain import queries
from liandesk.know.chain.policies import CHAIN, FINDING, SUPPLY_LINK
from liandesk.know.chain.projection import project


def register() -> None:
    register_projection(RISKS, project)
    panels.MENU.append(_menu)
    panels.PANELS.setdefault("organisation", []).append(_of_organisation)
    search.register(search.Searchable("node", gettext_lazy("Node of the chain"), "chain_node", _seen_nodes))
    register_subject("node", Subject(_node_name, lambda node: reverse("chain_node", args=[node])))


def _node_name(viewer: Viewer, node: str) -> str | None:
    found = queries.nodes(viewer).filter(pk=node).first() if can(viewer, CHAIN, "map") else None
    return found.name if found else None


def _seen_nodes(viewer: Viewer) -> pl.Expr | None:
    """Everything for who sees the whole chain; the open map for the others: what is theirs is found as an entry."""
    if not can(viewer, CHAIN, "map"):
        return None
    return pl.lit(True) if queries.sees_everything(viewer) else pl.col("is_open")


def _menu(viewer: Viewer) -> Iterator[panels.MenuItem]:
    if can(viewer, CHAIN, "map"):
        yield panels.MenuItem("know", _("Industry chain"), "chain_nodes", 20)
    if can(viewer, FINDING, "read"):
        yield panels.MenuItem("know", _("Weak, missing and single links"), "chain_links", 21)
        yield panels.MenuItem("know", _("Local suppliers for local buyers"), "chain_partners", 22)
    if can(viewer, SUPPLY_LINK, "read"):
        yield panels.MenuItem("know", _("Supply links"), "supplies", 23)


def _of_organisation(viewer: Viewer, organisation: str) -> panels.Panel | None:
    """Where an organisation stands in the chain."""
    rows = queries.nodes_of(viewer, organisation)
    links = queries.links_of(viewer, organisation)
    if not rows and links is None:
        return None
    context = {"rows": rows[: queries.SHOWN], "more": max(len(rows) - queries.SHOWN, 0), "links": links}
    return panels.Panel(_("In the chain"), "chain/_of_organisation.html", context)
