"""Deals as a list: what each would close, how far it came, since when it holds and whether the switch is proven."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Model
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from liandesk.act.deals import queries
from liandesk.act.deals.effects import PROCESS
from liandesk.act.deals.models import Deal, Evidence, Kind, Stage, Switch
from liandesk.base.accounts.roles import Viewer
from liandesk.base.ui.levels import LEVELS
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.base.ui.templatetags.ui import level, unknown
from liandesk.base.work.of_cases import SeenColumn, reason_column, title_column


@dataclass(frozen=True)
class LevelColumn(ListColumn):
    """A level of the entry without or with the deal, where the viewer sees the entry."""

    seen: frozenset[str] = frozenset()

    @property
    def path(self) -> str:
        return "entry__computed_level"

    def value(self, row: Deal) -> str | None:  # type: ignore[override]
        found = queries.levels_of(row) if row.entry_id in self.seen else queries.Levels()
        return (found.before if self.name == "level_before" else found.after) or None

    def render(self, row: Model) -> SafeString | str:
        value = self.value(row)  # type: ignore[arg-type]
        return level(value) if value else unknown()


def deals(viewer: Viewer) -> Listing:
    """Return the list of deals as this viewer reads it."""
    return Listing(
        "deals",
        _("Co-operation deals"),
        (*_names(viewer), *_STANDING, *_levels(viewer), *_MORE, reason_column(PROCESS, is_first=False)),
        ("title", "weak_link", "partner", "organisation_name"),
        _("Deal, weak link, partner or enterprise"),
        ("-case_id",),
        _("A deal is opened from the page of the entry or of the key technology that it would close."),
    )


def _names(viewer: Viewer) -> tuple[ListColumn, ...]:
    seen = queries.entries_seen(viewer)
    return (
        title_column(viewer, PROCESS, _("Deal")),
        SeenColumn(
            "weak_link", _("Weak link"), link=lambda row: reverse("risk", args=[row.entry_id]), seen=seen, by="entry_id"
        ),
    )


def _levels(viewer: Viewer) -> tuple[ListColumn, ...]:
    if not queries.sees_levels(viewer):
        return ()
    seen, names = queries.entries_seen(viewer), {one.code: one.title for one in LEVELS}
    return (
        LevelColumn("level_before", _("Level without it"), "choice", choices=names, seen=seen),
        LevelColumn("level_after", _("Level once proven"), "choice", choices=names, seen=seen),
    )


_STANDING = (
    ListColumn("kind", _("Kind of deal"), "choice", choices=dict(Kind.choices), is_filter=True),
    ListColumn("stage", _("Stage"), "choice", choices=dict(Stage.choices), is_filter=True),
    ListColumn("evidence", _("Evidence"), "choice", choices=dict(Evidence.choices), is_filter=True),
    ListColumn("effective_from", _("Effective from"), "date", may_be_empty=True),
)
_MORE = (
    ListColumn("switch_by", _("What it brings"), "choice", choices=dict(Switch.choices), is_filter=True),
    ListColumn("organisation_name", _("Enterprise"), may_be_empty=True),
    ListColumn("partner", _("Partner"), may_be_empty=True, is_first=False),
    ListColumn("partner_country", _("Where the partner is"), may_be_empty=True, is_first=False),
    ListColumn("office", _("Office that leads"), "term", group="offices", is_filter=True, is_first=False),
    ListColumn("town", _("Town"), "term", group="towns", is_filter=True, may_be_empty=True, is_first=False),
    ListColumn("opened_on", _("Opened on"), "date", is_first=False),
    ListColumn("closed_on", _("Closed on"), "date", may_be_empty=True, is_first=False),
    ListColumn("evidenced_on", _("Proven on"), "date", may_be_empty=True, is_first=False),
)
