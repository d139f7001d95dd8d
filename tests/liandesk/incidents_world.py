"""The network of the what-ifs with entries of the risk list on it, for rooms about what is disrupted there."""

from __future__ import annotations

from datetime import date

import polars as pl
from tests.liandesk.whatif_world import ONE, OTHER_TOWN, THREE, TOWN, TWO, publish_network

from liandesk.assess.events.actions import enter
from liandesk.assess.events.models import Event
from liandesk.assess.events.said import Said, Target
from liandesk.assess.lists.models import ListEntry
from liandesk.base.accounts.roles import system_viewer
from liandesk.base.definitions.actions import take_over_packs

BY = system_viewer("test")
DAY = date(2024, 9, 20)
CYTIVA = Target("supplier", "Cytiva", "S-Cytiva")
GIBCO = Target("supplier", "Gibco", "S-Gibco")

NEEDS = [(ONE, TOWN, "I-resin", "red"), (TWO, OTHER_TOWN, "I-resin", "yellow"), (THREE, TOWN, "I-N-drug", "orange")]
NAMES = {"I-resin": "层析填料", "I-N-drug": "单抗注射液"}


def make_world() -> None:
    """Publish the network, put its entries on the risk list, take the definitions of the packs over."""
    take_over_packs(by=BY)
    told = {"supplier": ["S-Cytiva", "S-Gibco"], "country": ["SE", None]}
    publish_network(supplies=pl.DataFrame(told, schema={"supplier": pl.String, "country": pl.String}))
    for organisation, town, item, level in NEEDS:
        put_entry(f"input:{organisation}:{item}", item, level, organisation=organisation, town=town)
    put_entry("item:I-resin", "I-resin", "red")


def put_entry(key: str, item: str, level: str, **said: str) -> ListEntry:
    scope = key.partition(":")[0]
    name = {"organisation_name": said["organisation"]} if "organisation" in said else {}
    common = {"item_name": NAMES[item], "item_kind": "active_ingredient", "listed_on": DAY, "recomputed_on": DAY}
    return ListEntry.objects.create(key=key, scope=scope, item=item, level=level, **common, **name, **said)


def disrupted(*targets: Target, title: str = "层析填料停供", cause: str = "halt") -> Event:
    return enter(Said(cause, title, DAY, targets or (CYTIVA,)), by=BY)
