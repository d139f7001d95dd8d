"""The kinds of things that are simply listed, each declared once: its columns, its owner, where it is read from.

The table of the snapshot, the projection, the page, its filters, the copy and the API all follow from this. A further
kind is a further declaration.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

from liandesk.base.ui.listing import ColumnKind, ListColumn, Listing

STORE = "attributes"


@dataclass(frozen=True)
class ThingKind:
    """One kind: ``code`` is also the kind of its facts, ``slug`` the route of its list and the table of the snapshot.

    ``names`` is the attribute that names it; ``owner`` and ``partner`` hold records of organisations, ``owner_text``
    the name of one that need not be known, ``items`` records of items. Columns without a store are fields of every
    thing.
    """

    code: str
    slug: str
    one: Promise
    listing: Listing
    names: str = "name"
    owner: str = ""
    owner_text: str = ""
    partner: str = ""
    items: tuple[str, ...] = ()

    @property
    def attributes(self) -> tuple[ListColumn, ...]:
        """The columns that only this kind has."""
        return tuple(column for column in self.listing.columns if column.store)

    def title_of(self, attribute: str) -> Promise | str:
        """Return the title of an attribute of the facts; one that no column shows keeps its own name."""
        said = {
            self.names: "name",
            self.owner: "organisation_name",
            self.owner_text: "organisation_name",
            self.partner: "partner_name",
            "contact_office": "office",
        }
        name = said.get(attribute, attribute)
        return next((column.title for column in self.listing.columns if column.name == name), attribute)

    @property
    def route(self) -> str:
        """The name of the route of one thing."""
        return f"{self.slug}_one"


def _own(name: str, title: Promise, kind: ColumnKind = "text", **more: Any) -> ListColumn:
    return ListColumn(name, title, kind, store=STORE, **more)


def _link(slug: str) -> Any:
    return lambda row: reverse(f"{slug}_one", args=[row.pk])


def _organisation(title: Promise, name: str = "organisation") -> ListColumn:
    return ListColumn(f"{name}_name", title)


_TOWN = ListColumn("town", _("Town"), "term", group="towns", is_filter=True)
_ZONE = ListColumn("zone", _("Zone"), "term", group="zones", is_filter=True, may_be_empty=True)
_OFFICE = ListColumn("office", _("Office to ask"), "term", group="offices", is_filter=True)
_ITS_TOWN = ListColumn("town", _("Town"), "term", group="towns", is_filter=True, is_first=False)
_FILLED = _("Send the chain office's workbook with this sheet filled in, load it, and refresh the lists.")

SPACE_KINDS = {
    "parcel": _("Parcel"),
    "plant": _("Plant"),
    "floor": _("Floor"),
    "land_reserve": _("Land reserve"),
}
RESOURCE_KINDS = {
    "laboratory": _("Laboratory"),
    "biobank": _("Biobank"),
    "testing": _("Testing"),
    "animal_study": _("Animal studies"),
    "human_study": _("Human studies"),
    "other": _("Other"),
}
TECHNOLOGY_KINDS = {
    "process": _("Process"),
    "know_how": _("Know-how"),
    "equipment": _("Equipment"),
    "method": _("Method"),
}
TECHNOLOGY_STATUS = {"imported": _c("technology", "Imported"), "own": _c("technology", "Own")}
BACKUP_KINDS = {
    "domestic": _("Domestic backup"),
    "other_site": _("Backup at another site"),
    "technology_reserve": _("Technology in reserve"),
    "talent_reserve": _("People in reserve"),
    "data_backup": _("Data backup"),
}
ALERTS = {"red": _("Red"), "orange": _("Orange"), "yellow": _("Yellow"), "blue": _("Blue")}
LEVELS = {
    "national": _("National"),
    "provincial": _("Provincial"),
    "municipal": _("Municipal"),
    "district": _c("title", "District"),
}
PHASES = {
    "phase_1": _("Phase 1"),
    "phase_1_2": _("Phase 1/2"),
    "phase_2": _("Phase 2"),
    "phase_2_3": _("Phase 2/3"),
    "phase_3": _("Phase 3"),
    "phase_4": _("Phase 4"),
    "bioequivalence": _("Bioequivalence"),
    "device": _c("trial", "Device"),
    "other": _("Other"),
}
SITE_KINDS = {
    "plant": _c("site", "Plant"),
    "laboratory": _c("site", "Laboratory"),
    "warehouse": _c("site", "Warehouse"),
    "office": _c("site", "Office"),
}


def _kind(
    code: str, slug: str, one: Promise, many: Promise, name: Promise, columns: tuple[ListColumn, ...], **more: Any
) -> ThingKind:
    """Declare a kind; its name is the first column and leads to its page."""
    named = ListColumn("name", name, link=_link(slug))
    texts = tuple(c.name for c in columns if c.kind == "text" and not c.store)
    listing = Listing(slug, many, (named, *columns), ("name", *texts), name, ("name", "id"), _FILLED)
    return ThingKind(code, slug, one, listing, **more)


KINDS: Mapping[str, ThingKind] = {
    kind.code: kind
    for kind in (
        _kind(
            "product",
            "products",
            _("Product"),
            _("Products"),
            _("Product or organisation"),
            (
                _organisation(_("Organisation")),
                _own("item", _("Item of the chain")),
                _own("registration_number", _("Registration number")),
                _own("revenue_share", _("Share of revenue"), "share"),
                _ITS_TOWN,
            ),
            owner="organisation",
            items=("item",),
        ),
        _kind(
            "technology",
            "technologies",
            _("Technology"),
            _("Technologies and their backup"),
            _("Technology"),
            (
                _own("technology_kind", _("Kind"), "choice", choices=TECHNOLOGY_KINDS, is_filter=True),
                _own("segment", _("Segment"), is_first=False),
                _own("risk_item", _("Item at risk")),
                _own("status", _("Status"), "choice", choices=TECHNOLOGY_STATUS, is_filter=True),
                _own("foreign_holder", _("Foreign holder"), is_first=False),
                _own("trl", _("Readiness level"), "number"),
                _own("backup_kind", _("Kind of backup"), "choice", choices=BACKUP_KINDS, is_filter=True),
                _organisation(_("Who holds the backup")),
                _own("project", _("Project"), is_first=False),
                _own("milestone", _("Milestone"), is_first=False),
                _own("verifier", _("Who verifies"), is_first=False),
                _own(
                    "switchable_on",
                    _("Can be switched on"),
                    "date",
                    choices={"past": _("Can be switched today"), "future": _("Not yet")},
                    is_filter=True,
                ),
                _own(
                    "ip_alert",
                    _("Alert of intellectual property"),
                    "choice",
                    choices=ALERTS,
                    is_first=False,
                    is_filter=True,
                ),
            ),
            owner="backup_organisation",
            items=("risk_item",),
        ),
        _kind(
            "space",
            "spaces",
            _("Space"),
            _("Available space"),
            _("Space"),
            (
                _own("space_kind", _("Kind"), "choice", choices=SPACE_KINDS, is_filter=True),
                _TOWN,
                _ZONE,
                _own("area_m2", _("Area"), "number", unit="m²"),
                _own("floor_load", _("Floor load"), "number", unit="t/m²", is_first=False),
                _own("clear_height_m", _("Clear height"), "number", unit="m", is_first=False),
                _own("power_kva", _("Power"), "number", unit="kVA", is_first=False),
                _own("environmental_limits", _("Environmental limits")),
                _own("owner", _("Owner"), is_first=False),
                _own(
                    "free_from",
                    _("Free from"),
                    "date",
                    choices={"past": _("Free today"), "future": _("Free later")},
                    is_filter=True,
                ),
            ),
        ),
        _kind(
            "site",
            "sites",
            _("Site"),
            _("Sites"),
            _("Site or organisation"),
            (
                _organisation(_("Organisation")),
                _own("site_kind", _("Kind"), "choice", choices=SITE_KINDS, is_filter=True),
                _own("address", _("Address")),
                _TOWN,
                _ZONE,
            ),
            owner="organisation",
        ),
        _kind(
            "resource",
            "shared-resources",
            _("Shared resource"),
            _("Shared resources"),
            _("Resource or organisation"),
            (
                _own("resource_kind", _("Kind"), "choice", choices=RESOURCE_KINDS, is_filter=True),
                _organisation(_("Organisation")),
                _own("open_to", _("Open to")),
                _own("capacity", _("Capacity")),
                _own("accreditation", _("Accreditation")),
                _OFFICE,
                _ITS_TOWN,
            ),
            owner="organisation",
        ),
        _kind(
            "title",
            "titles",
            _c("honour", "Title"),
            _("Titles of organisations"),
            _("Title or organisation"),
            (
                _organisation(_("Organisation")),
                _own("level", _c("title", "Level"), "choice", choices=LEVELS, is_filter=True),
                _own("awarded_on", _("Awarded"), "date"),
                _own(
                    "expires_on",
                    _("Expires"),
                    "date",
                    choices={"future": _("In force"), "past": _("Expired")},
                    is_filter=True,
                ),
                _own("document", _("Document"), is_first=False),
                _TOWN,
            ),
            names="title",
            owner="organisation",
        ),
        _kind(
            "trial",
            "trials",
            _("Clinical trial"),
            _("Clinical trials"),
            _("Trial, hospital or sponsor"),
            (
                _organisation(_("Hospital")),
                _organisation(_("Sponsor"), "partner"),
                _own("phase", _("Phase"), "choice", choices=PHASES, is_filter=True),
                _own("received_on", _("Received"), "date"),
                _own("approved_on", _("Approved to start"), "date", is_first=False),
                _own("ethics_on", _("Ethics approval"), "date", is_first=False),
                _own("contract_on", _("Contract"), "date", is_first=False),
                _own("site_initiated_on", _("Site initiated"), "date", is_first=False),
                _own("first_patient_on", _("First patient"), "date"),
            ),
            names="trial",
            owner="hospital",
            partner="sponsor",
        ),
        _kind(
            "lead",
            "leads",
            _("Lead"),
            _("Investment leads"),
            _("Lead"),
            (
                _organisation(_("Organisation named")),
                _own("stage", _("Stage")),
                _own("investor", _("Investor"), is_first=False),
                _own("amount_cny", _("Amount"), "cny"),
                _TOWN,
                _ZONE,
                _own("received_on", _("Received"), "date"),
                _OFFICE,
                _own("note", _("Note"), is_first=False, may_be_empty=True),
            ),
            owner_text="organisation",
        ),
    )
}
"""Every kind by its code, in the order of the menu."""
