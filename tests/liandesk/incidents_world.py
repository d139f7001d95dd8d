"""The network of the what-ifs with entries of the risk list on it, for rooms about what is disrupted there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import polars as pl
from tests.liandesk.whatif_world import ONE, OTHER_TOWN, THREE, TOWN, TWO, publish_network

from liandesk.assess.events.actions import enter
from liandesk.assess.events.models import Event
from liandesk.assess.events.said import Hit, Said
from liandesk.assess.incidents import drafts
from liandesk.assess.incidents.actions import open_room
from liandesk.assess.incidents.models import Incident
from liandesk.assess.lists.models import ListEntry
from liandesk.base.accounts.cast import officers_office
from liandesk.base.accounts.models import User
from liandesk.base.accounts.roles import system_viewer, viewer_of
from liandesk.base.clock import now
from liandesk.base.definitions.actions import take_over_packs
from liandesk.base.pack import pack
from liandesk.base.snapshots.queries import published, table
from liandesk.know.registry.models import Organisation

BY = system_viewer("test")
DAY = date(2024, 9, 20)
PLACE = {"case__parties__scope_id": officers_office(pack())}
"""Where the marked room stands in the access matrix."""
CYTIVA = Hit("supplier", "Cytiva", "S-Cytiva")
GIBCO = Hit("supplier", "Gibco", "S-Gibco")

NEEDS = [(ONE, TOWN, "I-resin", "red"), (TWO, OTHER_TOWN, "I-resin", "yellow"), (THREE, TOWN, "I-N-drug", "orange")]
NAMES = {"I-resin": "层析填料", "I-N-drug": "单抗注射液"}


def make_world() -> None:
    """Publish the network, put its entries on the risk list, take the definitions of the packs over."""
    take_over_packs(by=BY)
    told = {"supplier": ["S-Cytiva", "S-Gibco"], "supplier_name": ["Cytiva", "Gibco"], "country": ["SE", None]}
    publish_network(supplies=pl.DataFrame(told, schema=dict.fromkeys(told, pl.String)))
    for organisation, town, item, level in NEEDS:
        Organisation.objects.create(id=organisation, name=f"企业 {organisation}", kind="enterprise", town=town)
        put_entry(f"input:{organisation}:{item}", item, level, organisation=organisation, town=town)
    put_entry("item:I-resin", "I-resin", "red")


def put_entry(key: str, item: str, level: str, **said: str) -> ListEntry:
    scope = key.partition(":")[0]
    name = {"organisation_name": said["organisation"]} if "organisation" in said else {}
    common = {"item_name": NAMES[item], "item_kind": "active_ingredient", "listed_on": DAY, "recomputed_on": DAY}
    return ListEntry.objects.create(key=key, scope=scope, item=item, level=level, **common, **name, **said)


def marked_room(users: Mapping[str, User], entry: ListEntry) -> dict[str, tuple[object, ...]]:
    """Open a marked room of the bureau officer's office about whoever supplies an entry; return what routes show."""
    office, officer, snapshot = viewer_of(users["ChainOffice"]), viewer_of(users["Officer"]), published()
    assert snapshot is not None
    supplier = table(snapshot, "supplies").filter(item=entry.item).select("supplier").first().collect().item()
    event = enter(Said("halt", "MarkRoom", DAY, (Hit("supplier", "MarkRoom", supplier),)), by=office)
    room = open_room([event.pk], by=officer)
    message = room.messages.get()
    drafts.reword(message.pk, "MarkRoomMessage", DAY, by=office, version=0)
    Incident.objects.update(lesson="MarkLesson", learnt_at=now())
    return {
        "incident": (room.pk,),
        "lesson": (room.pk,),
        "room message": (message.pk,),
        "room task": (room.pk, room.tasks.all()[0].task_id),
        "room entry": (room.pk, room.entries.all()[0].pk),
    }


def disrupted(*hits: Hit, title: str = "层析填料停供", cause: str = "halt") -> Event:
    return enter(Said(cause, title, DAY, hits or (CYTIVA,)), by=BY)
