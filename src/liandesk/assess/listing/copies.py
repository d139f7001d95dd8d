"""The distribution as a file."""

from __future__ import annotations

from dataclasses import make_dataclass

from django.http import FileResponse
from django.utils.translation import gettext_lazy as _

from liandesk.assess.listing.queries import Numbers
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.copies import send, write_copy
from liandesk.base.ui.listing import ListColumn, Listing

_COLUMNS = (
    ListColumn("number", _("Listed enterprises"), "number"),
    ListColumn("low", _("Probability, unknown against"), "share"),
    ListColumn("high", _("Probability, unknown in favour"), "share"),
)
_Row = make_dataclass("_Row", [*(column.name for column in _COLUMNS), "is_synthetic"], frozen=True)


def send_numbers(found: Numbers | None, kind: str, *, by: Viewer) -> FileResponse:
    """Send how likely each number is; an empty table where nothing was forecast yet."""
    rows = [_Row(**row, is_synthetic=found.outlook.is_synthetic) for row in found.rows] if found else []
    listing = Listing("listing_outlook", _("Number of listed enterprises"), _COLUMNS, (), "", (), "")
    seen_as = found.outlook.until.isoformat() if found else ""
    return send(kind, lambda path: write_copy(listing, rows, _COLUMNS, path, by=by, kind=kind, seen_as=seen_as))
