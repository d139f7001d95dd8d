"""Names of the attributes that facts carry, in both languages, and their units."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as _c

ATTRIBUTES: Mapping[str, Promise] = {
    "name": _("Name"),
    "name_en": _("English name"),
    "former_name": _("Former name"),
    "uscc": _("Unified social credit code"),
    "stock_code": _("Stock code"),
    "labeler_code": _("Labeler code"),
    "lei": _("Legal entity identifier (LEI)"),
    "registration_number": _("Registration number"),
    "role": _("Kind of organisation"),
    "country": _("Country or region"),
    "country_basis": _("How the country is known"),
    "province": _("Province"),
    "province_guess": _("Guessed province"),
    "town": _("Town"),
    "zone": _("Zone"),
    "segment": _("Segment of the chain"),
    "industry_code": _("Industry code"),
    "main_products": _("Main products"),
    "output_cny": _("Annual output"),
    "purchases_cny": _("Annual purchases"),
    "revenue_cny": _("Annual revenue"),
    "rd_cny": _("Research and development a year"),
    "tax_cny": _("Tax paid a year"),
    "employees": _("Employees"),
    "founded": _("Founded"),
    "address": _("Address"),
    "website": _("Website"),
    "contact": _("Contact"),
    "not_ours": _("Said not to be theirs"),
}
"""Attributes of organisations; one that a pack or a sheet added shows its code."""

IDENTIFIERS = ("uscc", "stock_code", "labeler_code", "lei", "registration_number")
NAMES = ("name", "name_en", "former_name")
PLACES = ("town", "zone")
CODED = {"town": "towns", "zone": "zones"}
"""Attributes whose text is a code of the pack, and its group."""

UNITS: Mapping[str, Promise] = {
    "CNY": _c("unit", "CNY"),
    "people": _c("unit", "people"),
    "share": _c("unit", "share"),
    "mu": _c("unit", "mu"),
    "m2": _c("unit", "m²"),
    "kWh": _c("unit", "kWh"),
    "tce": _c("unit", "tonnes of standard coal"),
}
"""Units that facts carry; another one is shown as the source wrote it."""

CORRECTABLE = (
    "name_en", "former_name", "segment", "main_products", "address", "website", "employees", "output_cny",
    "purchases_cny", "founded", "stock_code", "lei",
)  # fmt: skip
"""What an organisation may correct by itself; its registered name, code, town and kind are the district's to change."""

NUMBERS = {"employees": "people", "output_cny": "CNY", "purchases_cny": "CNY"}
"""Correctable attributes that are numbers, with their unit."""

CONSENT_ITEMS: Mapping[str, Promise] = {
    "critical_input": _("Critical inputs and their suppliers"),
    "supply": _("Supply links"),
    "product": _("Products"),
    "technology": _("Technologies"),
    "organisation.output_cny": _("Annual output"),
    "organisation.purchases_cny": _("Annual purchases"),
    "organisation.employees": _("Employees"),
}
"""What an organisation lets be used: a kind of its facts, or one attribute of itself."""


def attribute_title(name: str) -> Promise | str:
    """Return the title of an attribute; a note on one is called after it."""
    base, _dot, rest = name.partition(".")
    title = ATTRIBUTES.get(base, base)
    return _("%(attribute)s, note") % {"attribute": title} if rest == "note" else title
