"""The relations around a node as a file: what the picture and the table beside it show."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.copies import send, write_copy
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.know.chain import wording
from liandesk.know.chain.queries import Around


@dataclass(frozen=True)
class Relation:
    """One relation of the copy, in codes."""

    hop: float
    source_name: str
    relation: str
    target_name: str
    basis: str
    is_synthetic: bool


COLUMNS = (
    ListColumn("hop", _("Hop"), "number"),
    ListColumn("source_name", _("Node")),
    ListColumn("relation", _("Relation"), "choice", choices=wording.RELATIONS),
    ListColumn("target_name", _("Other node")),
    ListColumn("basis", _("Known by"), "choice", choices=wording.BASES),
)
_SHOWN = ("hop", "source_name", "relation", "target_name", "basis")


def send_around(found: Around, hops: int, kind: str, *, by: Viewer) -> FileResponse:
    """Send the relations that the viewer may see within some hops of a node."""
    listing = Listing("chain_node", found.node.name, COLUMNS, (), "", (), "")
    seen_as = str(_("%(hops)s hops around the node") % {"hops": hops})
    lines = found.relations.select(_SHOWN).iter_rows(named=True)
    rows = [Relation(**line, is_synthetic=found.node.is_synthetic) for line in lines]
    return send(kind, lambda path: write_copy(listing, rows, COLUMNS, path, by=by, kind=kind, seen_as=seen_as))
