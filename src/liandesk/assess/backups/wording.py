"""Words of the pages of the backup list."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

DRILL_STATES = {
    "overdue": _c("drill", "Overdue"),
    "planned": _c("drill", "Planned"),
    "none": _c("drill", "None planned"),
}
BASES = {
    "same_item": _("Same item"),
    "same_ingredient": _("Same active ingredients"),
    "subtype": _("Narrower or broader kind"),
    "named_in_notice": _("Named in a notice"),
}
ACTIONS = {
    "add": _("put on the list"),
    "change": _("changed"),
    "retire": _("taken off the list"),
    "add_backup": _("a backup was added"),
    "change_backup": _("a backup was changed"),
    "confirm": _("a backup was confirmed"),
    "withdraw": _("a backup was withdrawn"),
    "plan_drill": _("a drill was planned"),
    "record_drill": _("a drill was recorded"),
    "cancel_drill": _("a drill was called off"),
}
FIELDS = {
    "name": _c("backup list", "Technology or item"),
    "kind": _("Kind"),
    "segment": _("Segment"),
    "item": _("Item of the chain"),
    "item_name": _("Item at risk"),
    "status": _("Status"),
    "source_holder": _("Present source"),
    "source_country": _("Country of the present source"),
    "barrier": _("Patents in the way"),
    "ip_warning": _("Alert of intellectual property"),
    "owner_office": _("Responsible office"),
    "organisation": _("Enterprise"),
    "organisation_name": _("Enterprise"),
    "town": _("Town"),
    "note": _("Note"),
    "state": _("State"),
    "type": _("Type of backup"),
    "holder_name": _("Who holds the backup"),
    "holder": _("Its organisation"),
    "country": _("Country of the backup"),
    "trl": _("Technology readiness level"),
    "steps_done": _("Steps done"),
    "change_class": _("Class of the change"),
    "stock_days": _("Stock held (days)"),
    "project": _("Research project"),
    "milestone": _("Milestone"),
    "verifier": _("Verifier or first user"),
    "ready_on": _("Expected to be ready on"),
    "confirmed_on": _("Confirmed on"),
    "last_drill": _("Last drill"),
    "last_result": _("Result of the last drill"),
    "next_drill": _("Next drill"),
}
"""What the fields of a row and of a backup are called."""
