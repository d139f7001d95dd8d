"""The lists of the chain as declarations: pages, filters, choice of columns and copies follow from them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Model
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from liandesk.base.countries import country_name
from liandesk.base.ui.display import language
from liandesk.base.ui.listing import ListColumn, Listing
from liandesk.know.chain import wording


@dataclass(frozen=True)
class ReasonsColumn(ListColumn):
    """A column whose cells open the reasons of their row in the drawer, or as a page where there is no script."""

    reasons: str = ""

    def render(self, row: Model) -> SafeString | str:
        return format_html(
            '<a href="{0}" hx-get="{0}" hx-target="#drawer" hx-swap="innerHTML" title="{1}">{2}</a>',
            reverse("chain_reasons", args=[self.reasons, row.pk]),
            _("Reasons"),
            self.said(self.value(row)),
        )


@dataclass(frozen=True)
class CountryColumn(ListColumn):
    """A country by its ISO code."""

    def said(self, value: Any) -> Any:
        return country_name(value, language())


def _node_of(name: str) -> Any:
    return lambda row: reverse("chain_node", args=[getattr(row, name)])


def _organisation_of(name: str) -> Any:
    return lambda row: reverse("organisation", args=[getattr(row, name)])


_KIND = ListColumn("node_kind", _("Kind of node"), "choice", choices=wording.NODE_KINDS, is_filter=True)
_ITEM_KIND = ListColumn(
    "item_kind", _("Link of the chain"), "term", group="item_kinds", is_filter=True, may_be_empty=True, is_first=False
)
_BASIS = ListColumn("basis", _("Known by"), "choice", choices=wording.BASES, is_filter=True)
_NODE = ListColumn("name", _("Node"), link=_node_of("pk"))
_INPUTS = ListColumn("inputs", _("Goes into it"), "number")
_OUTPUTS = ListColumn("outputs", _("It goes into"), "number")

_NODES_EMPTY = _("Nodes come from loaded files: critical inputs, products, supply links, relations of the chain.")

NODES = Listing(
    "chain_nodes",
    _("Industry chain"),
    (
        _NODE,
        _KIND,
        _ITEM_KIND,
        ListColumn(
            "need", _("Need in the district"), "choice", choices=wording.NEEDS, is_filter=True, may_be_empty=True
        ),
        ListColumn("is_missing", _("Missing in the district"), "flag", is_filter=True),
        ListColumn("local_users", _("Users in the district"), "number"),
        ListColumn("local_makers", _("Makers in the district"), "number"),
        ListColumn("makers", _("Makers known"), "number"),
        _INPUTS,
        _OUTPUTS,
        _BASIS,
    ),
    text=("name",),
    text_label=_("Name of the node"),
    order=("position",),
    empty_text=_NODES_EMPTY,
)
OPEN_NODES = Listing(
    "chain_nodes",
    _("Industry chain"),
    (_NODE, _KIND, _ITEM_KIND, _BASIS),
    text=("name",),
    text_label=_("Name of the node"),
    order=("position",),
    empty_text=_NODES_EMPTY,
)
"""For whoever sees the map and not who is on it."""

FINDINGS = Listing(
    "chain_links",
    _("Weak, missing and single links"),
    (
        ListColumn("name", _("Node"), link=_node_of("node")),
        ReasonsColumn("kind", _("Judged"), "choice", choices=wording.FOUND, is_filter=True, reasons="links"),
        replace(_KIND, is_first=False),
        _ITEM_KIND,
        ListColumn("buyers", _("Users here who say so"), "number"),
        ListColumn("inferred_buyers", _("Users here, inferred"), "number"),
        ListColumn("local_makers", _("Makers in the district"), "number", is_first=False),
        ListColumn("home_makers", _("Makers at home"), "number"),
        ListColumn("sources", _("Sources known"), "number"),
        ListColumn("source_name", _("The only source"), may_be_empty=True, is_first=False),
        ListColumn("all_abroad", _("All sources abroad"), "flag", is_filter=True),
        ListColumn("sole_buyers", _("Say that there is no other source"), "number", is_first=False),
        ListColumn("short_buyers", _("Stock shorter than lead time"), "number", is_first=False),
    ),
    text=("name", "source_name"),
    text_label=_("Node or source"),
    order=("position",),
    empty_text=_(
        "Links are judged for what enterprises of the district need. Load critical inputs, products or relations."
    ),
)

PARTNERS = Listing(
    "chain_partners",
    _("Local suppliers for local buyers"),
    (
        ListColumn("name", _("Needed"), link=_node_of("node")),
        _ITEM_KIND,
        ListColumn("buyer_name", _("Buyer"), link=_organisation_of("buyer")),
        ListColumn("buyer_town", _("Town of the buyer"), "term", group="towns", is_filter=True, is_first=False),
        ListColumn("supplier_name", _("Possible supplier"), link=_organisation_of("supplier")),
        ListColumn("supplier_town", _("Town of the supplier"), "term", group="towns", is_filter=True, is_first=False),
        ReasonsColumn(
            "match", _("What is made is"), "choice", choices=wording.MATCHES, is_filter=True, reasons="partners"
        ),
        ListColumn("offered_name", _("What is made"), is_first=False),
        ListColumn("bought_abroad", _("Bought abroad now"), "flag", is_filter=True),
        ListColumn("amount_cny", _("Bought a year"), "cny"),
        ListColumn("supplies_already", _("Supplies already"), "flag", is_filter=True),
        ListColumn("need_basis", _("Need known by"), "choice", choices=wording.BASES, is_filter=True),
        ListColumn("offer_basis", _("Product known by"), "choice", choices=wording.BASES, is_first=False),
    ),
    text=("name", "buyer_name", "supplier_name", "offered_name"),
    text_label=_("Item or enterprise"),
    order=("position",),
    empty_text=_("A pair needs an enterprise of the district that uses an item and another one that makes it."),
)

_ITEM = ListColumn("item_name", _("Item"), link=_node_of("item"))

SUPPLIES = Listing(
    "supplies",
    _("Supply links"),
    (
        ListColumn(
            "organisation_name", _("Buyer"), link=lambda row: reverse("chain_organisation", args=[row.organisation])
        ),
        _ITEM,
        _ITEM_KIND,
        ListColumn("other_name", _("Supplier")),
        CountryColumn("country", _("Country or region")),
        ListColumn("amount_cny", _("Bought a year"), "cny"),
        ListColumn("share", _("Share of purchases"), "share"),
        ListColumn("sole_source", _("Sole source"), "flag", is_filter=True),
        ListColumn("lead_time_days", _("Lead time (days)"), "number", is_first=False),
        ListColumn("stock_days", _("Stock (days)"), "number", is_first=False),
        ListColumn("as_of", _("As of"), "date", is_first=False, may_be_empty=True),
        ListColumn("town", _("Town"), "term", group="towns", is_filter=True, is_first=False, may_be_empty=True),
        _BASIS,
    ),
    text=("organisation_name", "other_name", "item_name"),
    text_label=_("Item or enterprise"),
    order=("position",),
    empty_text=_("Supply links come from critical inputs and from the sheet of supply links."),
)
CUSTOMERS = Listing(
    "customers",
    _("Supply links seen from the supplier"),
    (
        ListColumn(
            "organisation_name", _("Supplier"), link=lambda row: reverse("chain_organisation", args=[row.organisation])
        ),
        _ITEM,
        _ITEM_KIND,
        ListColumn("other_name", _("Buyer")),
        ListColumn("town", _("Town"), "term", group="towns", is_filter=True, is_first=False, may_be_empty=True),
        _BASIS,
    ),
    text=("organisation_name", "other_name", "item_name"),
    text_label=_("Item or enterprise"),
    order=("position",),
    empty_text=_("A link stands here when a buyer named a supplier that the registry knows."),
)
"""What a buyer says of its stock and shares is the buyer's: a supplier sees who buys what from it."""

PROBLEMS = Listing(
    "chain_problems",
    _("What is wrong with the chain"),
    (
        ListColumn("name", _("Node"), link=_node_of("node")),
        ListColumn("problem", _("Problem"), "choice", choices=wording.PROBLEMS, is_filter=True),
        ListColumn("names", _("Nodes concerned")),
        ListColumn("nodes", _("How many"), "number"),
    ),
    text=("names",),
    text_label=_("Name of a node"),
    order=("position",),
    empty_text=_("The chain has no circles, doubles or loose nodes."),
)
