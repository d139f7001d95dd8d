"""Who changes by the law of another day, as a file."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import FileResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.utils.translation import pgettext_lazy as _c

from liandesk.assess.rules.regrade import Regraded
from liandesk.assess.rules.wording import said
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.copies import send, write_copy
from liandesk.base.ui.listing import ListColumn, Listing

DIRECTIONS = {"up": _c("regraded", "moves up"), "down": _c("regraded", "moves down"), "open": _c("regraded", "open")}
_COLUMNS = (
    ListColumn("name", gettext_lazy("Organisation")),
    ListColumn("town", gettext_lazy("Town"), "term", group="towns", may_be_empty=True),
    ListColumn("direction", _c("regraded", "Movement"), "choice", choices=DIRECTIONS),
    ListColumn("before", gettext_lazy("Law of today"), "flag"),
    ListColumn("after", gettext_lazy("Law of the other day"), "flag"),
    ListColumn("clauses", gettext_lazy("By which clauses")),
)


@dataclass(frozen=True)
class _Row:
    name: str
    town: str
    direction: str
    before: bool | None
    after: bool | None
    clauses: str
    is_synthetic: bool


def send_regraded(found: Regraded, kind: str, *, by: Viewer) -> FileResponse:
    """Send who changes, which way and by which clauses."""
    listing = Listing("regraded", gettext_lazy("By the law of another day"), _COLUMNS, (), "", (), "")
    rows = [
        _Row(
            one.organisation.name,
            one.organisation.town,
            one.direction,
            one.before,
            one.after,
            "; ".join(map(said, one.clauses)),
            one.organisation.is_synthetic,
        )
        for one in found.moved
    ]
    told = _("%(scheme)s, by the law of %(day)s") % {"scheme": said(found.after.title), "day": found.on.isoformat()}
    return send(kind, lambda path: write_copy(listing, rows, _COLUMNS, path, by=by, kind=kind, seen_as=told))
