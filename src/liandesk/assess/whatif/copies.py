"""The hits of a what-if as a file: what its page shows."""

from __future__ import annotations

from dataclasses import make_dataclass

from django.http import FileResponse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.whatif.queries import Opened
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.copies import send, write_copy
from liandesk.base.ui.listing import ListColumn, Listing

COLUMNS = (
    ListColumn("name", _("Enterprise")),
    ListColumn("town", _("Town"), "term", group="towns"),
    ListColumn("item_name", _("Product")),
    ListColumn("loss_low", _("Loss of output, at least"), "share"),
    ListColumn("loss_high", _("Loss of output, at most"), "share"),
    ListColumn("stake_low", _("Output at stake a year, at least"), "cny"),
    ListColumn("stake_high", _("Output at stake a year, at most"), "cny"),
    ListColumn("step", _c("cascade", "Steps"), "number"),
    ListColumn("origin_name", _("Sets out from"), may_be_empty=True),
    ListColumn("before_name", _("Comes by"), may_be_empty=True),
    ListColumn("input_name", _("Lacks"), may_be_empty=True),
    ListColumn("day_low", _("From day, at the earliest"), "number"),
    ListColumn("day_high", _("From day, at the latest"), "number"),
    ListColumn("coverage", _("Purchases known"), "share"),
)
_Row = make_dataclass("_Row", [*(column.name for column in COLUMNS), "is_synthetic"], frozen=True)


def send_hits(found: Opened, kind: str, *, by: Viewer) -> FileResponse:
    """Send the rows of an answer that the viewer may see."""
    assert found.hits is not None  # the page offers no copy before there is an answer
    listing = Listing("what_if", found.what_if.title, COLUMNS, (), "", (), "")
    shown = found.hits.filter("is_product").select(*(column.name for column in COLUMNS), "is_synthetic")
    rows = [_Row(**row) for row in shown.iter_rows(named=True)]
    return send(kind, lambda path: write_copy(listing, rows, COLUMNS, path, by=by, kind=kind, seen_as=_now("none")))
