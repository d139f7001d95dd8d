"""Rows and backups that come out of the data: entries and loaded technologies proposed, candidates accepted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from liandesk.assess.backups import queries
from liandesk.assess.backups.actions import add_backup, add_technology
from liandesk.assess.backups.models import Backup, Technology, TechnologyKind
from liandesk.assess.backups.policies import BACKUP
from liandesk.assess.backups.rules import rules
from liandesk.assess.lists.models import ListEntry
from liandesk.assess.lists.queries import current
from liandesk.base.accounts.access import check
from liandesk.base.accounts.roles import Viewer
from liandesk.base.audit.actions import record
from liandesk.base.errors import Conflict
from liandesk.base.pack import pack
from liandesk.base.snapshots.queries import published, table
from liandesk.know.registry.things_models import Thing
from liandesk.know.registry.things_queries import things

_TYPES = {
    "domestic": "domestic_substitute",
    "other_site": "second_site",
    "technology_reserve": "technology_reserve",
    "talent_reserve": "people",
    "data_backup": "data",
}
"""Kinds of backup of the loaded sheet -> types of this list."""


@dataclass(frozen=True)
class Proposal:
    """A row that the data offers: what would be said of it, and of the backup it comes with, where it does."""

    said: dict[str, Any]
    backup: dict[str, Any] | None
    entered_from: str
    is_synthetic: bool

    @property
    def key(self) -> str:
        return f"{self.said['name']}|{self.said.get('item', '')}"


def proposals(viewer: Viewer) -> list[Proposal]:
    """Return what may be put on the list and is not there: loaded technologies, then entries of the kinds proposed."""
    check(viewer, BACKUP, "list")
    known = set(Technology.objects.values_list("name", "item"))
    items = dict(current(viewer).filter(scope="item").values_list("item_name", "item"))
    offered = [*_of_sheets(viewer, items), *_of_entries(viewer)]
    found: dict[tuple[str, str], Proposal] = {}
    for one in offered:
        place = (one.said["name"], one.said.get("item", ""))
        if place not in known:
            found.setdefault(place, one)
    return list(found.values())


def _of_sheets(viewer: Viewer, items: dict[str, str]) -> Iterator[Proposal]:
    for thing in things(viewer, "technology").order_by("name"):
        yield Proposal(_of_thing(thing, items), _backup_of(thing), "proposed", thing.is_synthetic)


def _of_thing(thing: Thing, items: dict[str, str]) -> dict[str, Any]:
    said = thing.attributes
    item_name = str(said.get("risk_item", ""))
    return {
        "name": thing.name,
        "kind": said.get("technology_kind") or TechnologyKind.METHOD,
        "segment": str(said.get("segment", ""))[:120],
        "item": items.get(item_name, ""),
        "item_name": item_name[:200],
        "status": said.get("status", ""),
        "source_holder": str(said.get("foreign_holder", ""))[:200],
        "ip_warning": said.get("ip_alert", ""),
    }


def _backup_of(thing: Thing) -> dict[str, Any] | None:
    """Return the backup that a row of the sheet tells of; its level only where the scale of nine has it."""
    said = thing.attributes
    type_ = _TYPES.get(str(said.get("backup_kind", "")))
    if type_ is None or not thing.organisation_name:
        return None
    level = said.get("trl")
    return {
        "type": type_,
        "holder_name": thing.organisation_name,
        "holder": thing.organisation,
        "trl": int(level) if level is not None and 1 <= level <= 9 else None,
        "steps_done": None,
        "project": str(said.get("project", ""))[:200],
        "milestone": str(said.get("milestone", ""))[:400],
        "verifier": str(said.get("verifier", ""))[:200],
    }


def _of_entries(viewer: Viewer) -> Iterator[Proposal]:
    kinds = {one.item_kind: one.technology for one in rules().proposed}
    for entry in current(viewer).filter(scope="item", item_kind__in=kinds).order_by("position"):
        yield Proposal(_of_entry(entry, kinds[entry.item_kind]), None, "proposed", entry.is_synthetic)


def _of_entry(entry: ListEntry, kind: str) -> dict[str, Any]:
    owner = next((one.owner for one in pack().item_kinds if one.code == entry.item_kind), "")
    return {
        "name": entry.item_name,
        "kind": kind,
        "item": entry.item,
        "item_name": entry.item_name,
        "owner_office": entry.owner_office or owner,
        **_present_source(entry.key),
    }


def _present_source(key: str) -> dict[str, Any]:
    """Return who supplies an entry's item today, where the snapshot names the critical supplier; else nothing."""
    snapshot = published()
    if snapshot is None:
        return {}
    critical = table(snapshot, "entries").filter(pl.col("entry") == key).select(supplier="critical_supplier")
    named = table(snapshot, "supplies").select("supplier", "supplier_name", "country")
    found = critical.drop_nulls().join(named, on="supplier").drop_nulls("supplier_name").sort("country").collect()
    if found.is_empty():
        return {}
    name, country = found.row(0)[1:]
    return {"source_holder": name[:200], "source_country": country or ""}


@transaction.atomic
def take_proposals(keys: Iterable[str], *, by: Viewer) -> list[Technology]:
    """Put the chosen proposals on the list, with their backups; what is no longer proposed is passed over."""
    wanted = set(keys)
    made = [_take(one, by) for one in proposals(by) if one.key in wanted]
    if made:
        record("backup.take_proposals", "technology", "proposals", by=by, rows=len(made))
    return made


def _take(one: Proposal, by: Viewer) -> Technology:
    row = add_technology(one.said, by=by, entered_from=one.entered_from, is_synthetic=one.is_synthetic, is_logged=False)
    if one.backup:
        add_backup(row.pk, one.backup, by=by, version=row.version, is_logged=False)
    return row


@transaction.atomic
def accept_candidate(item: str, candidate: str, via_name: str, *, by: Viewer) -> Backup:
    """Make a candidate a backup at its first step; the item's row is put on the list where it is not there.

    ``candidate`` is the id of its organisation, "" where it is only named; ``via_name`` what it makes. Raises Conflict
    where the published snapshot has no such candidate any more.
    """
    check(by, BACKUP, "list")
    found = queries.candidates_of(by, [item]).filter(
        (pl.col("candidate").fill_null("") == candidate) & (pl.col("via_name") == via_name)
    )
    if found.is_empty():
        raise Conflict(_("There is no such candidate any more. Look at the candidates again."))
    row = found.row(0, named=True)
    its = _row_of_item(row, by)
    said = {
        "type": "domestic_substitute" if row["country"] == pack().home_country else "second_supplier",
        "holder_name": (row["candidate_name"] or row["via_name"])[:200],
        "holder": row["candidate"] or "",
        "country": row["country"] or "",
        "steps_done": [],
    }
    made = add_backup(
        its.pk, said, by=by, version=its.version, basis=row, is_synthetic=row["is_synthetic"], is_logged=False
    )
    record("backup.accept_candidate", "technology", its.pk, by=by, backup=made.pk, item=item, basis=row["basis"])
    return made


def _row_of_item(row: dict[str, Any], by: Viewer) -> Technology:
    found = Technology.objects.filter(item=row["item"], organisation="", state=queries.STANDING).order_by("pk").first()
    if found is not None:
        return found
    entry = current(by).filter(scope="item", item=row["item"]).first()
    said = _of_entry(entry, TechnologyKind.ITEM) if entry else {"name": row["item_name"], "kind": TechnologyKind.ITEM}
    said |= {"item": row["item"], "item_name": row["item_name"], "name": row["item_name"][:200]}
    synthetic = entry.is_synthetic if entry else row["is_synthetic"]
    return add_technology(said, by=by, entered_from="candidate", is_synthetic=synthetic, is_logged=False)
