"""Names of the attributes that facts carry."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

ATTRIBUTES = {
    "name": _("Name"),
    "name_en": _("English name"),
    "former_name": _("Former name"),
    "uscc": _("Credit code"),
    "role": _("Kind"),
    "country": _("Country or region"),
    "country_basis": _("How the country is known"),
    "province": _("Province"),
    "town": _("Town"),
    "zone": _("Zone"),
    "industry_code": _("Industry code"),
    "main_products": _("Main products"),
    "output_cny": _("Annual output"),
    "employees": _("Employees"),
    "founded": _("Founded"),
    "stock_code": _("Stock code"),
    "segment": _("Segment of the chain"),
}
