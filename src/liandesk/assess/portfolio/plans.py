"""An intervention as a portfolio weighs it, and what the words of a person about one mean in the supply network."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import polars as pl
from django.utils.translation import gettext as _

from liandesk.assess.portfolio.models import Intervention, Kind
from liandesk.base.errors import UserError
from liandesk.base.pack import pack
from liandesk.base.snapshots.models import Snapshot
from liandesk.base.snapshots.queries import table
from liankit.risk.effects import CHANGE_SCHEMA, Chain, entries_in_cny, needs_of

MOST = 8
"""How many of those that a text may mean are named."""
FREE, LOCKED, EXCLUDED = "free", "locked", "excluded"


@dataclass(frozen=True)
class Said:
    """An intervention in a person's words: names or ids; costs in CNY, months until it takes effect."""

    kind: str
    item: str
    covers: float
    cost_cny: tuple[int, int]
    supplier: str = ""  # blank: the critical one of the item
    buyer: str = ""  # blank: everybody
    new_supplier: str = ""
    title: str = ""
    months: tuple[float, float] | None = None  # None: what the pack assumes for the kind of item
    cost_source: str = ""
    months_source: str = ""


@dataclass(frozen=True)
class Plan:
    """An intervention with what it means in the network; the fields of ``Intervention``, beside ``key`` and state."""

    kind: str
    title: str
    item: str
    item_name: str
    supplier: str
    supplier_name: str
    buyer: str
    buyer_name: str
    new_supplier: str
    new_supplier_name: str
    covers: float
    cost_low_cny: int
    cost_high_cny: int
    cost_source: str
    months_low: float | None
    months_high: float | None
    months_source: str
    key: str = ""
    state: str = FREE

    @property
    def entry(self) -> str:
        """Return the key of the entry of its item."""
        return f"item:{self.item}"

    def columns(self) -> dict[str, Any]:
        """Return what ``Intervention`` keeps of it."""
        return {name: value for name, value in asdict(self).items() if name not in ("key", "state")}


def plan_of(found: Intervention, state: str = FREE) -> Plan:
    """Return an intervention of the register as a portfolio weighs it."""
    kept = {part.name: getattr(found, part.name) for part in fields(Plan) if part.name not in ("key", "state")}
    return Plan(**kept, key=f"i{found.pk}", state=state)


def from_json(said: Mapping[str, Any]) -> Plan:
    """Return a plan as a portfolio keeps it."""
    return Plan(**said)


def changes_of(plans: Iterable[Plan]) -> pl.DataFrame:
    """Return what plans change in the network (``effects.CHANGE_SCHEMA``)."""
    rows = [
        (plan.key, plan.item, plan.supplier, plan.buyer or None, plan.covers, plan.new_supplier or None)
        for plan in plans
    ]
    return pl.DataFrame(rows, CHANGE_SCHEMA, orient="row")


def chain_of(snapshot: Snapshot) -> Chain:
    """Return what losses are computed from, as a snapshot has it."""
    lines, links, shares, entries = (table(snapshot, name).collect() for name in TABLES)
    return Chain(entries_in_cny(entries), shares, needs_of(lines, links), lines, links)


TABLES = ("cascade_lines", "cascade_links", "shares", "entries")


class Network:
    """The names of a snapshot, by which the words of a person are understood."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.entries = entries_in_cny(table(snapshot, "entries").collect())
        self.shares = table(snapshot, "shares").drop_nulls("supplier").collect()
        lines = table(snapshot, "cascade_lines").select(id="owner", name="name").drop_nulls().unique("id")
        self.owners = lines.collect()

    def plan(self, said: Said) -> Plan:
        """Return the plan that a person means; raise UserError saying which words mean nothing or several."""
        entry = self._entry(said.item)
        supplier = self._supplier(entry, said.supplier)
        buyer = self._buyer(entry["item"], supplier, said.buyer)
        new = self._new(said)
        months, source = self._months(said, entry["item_kind"])
        low, high = said.cost_cny
        return Plan(
            kind=said.kind,
            title=said.title or f"{Kind(said.kind).label} · {entry['item_name']}"[:120],
            item=entry["item"],
            item_name=entry["item_name"],
            supplier=supplier,
            supplier_name=self._name(supplier),
            buyer=buyer,
            buyer_name=self._name(buyer),
            new_supplier=new[0],
            new_supplier_name=new[1],
            covers=said.covers,
            cost_low_cny=low,
            cost_high_cny=high,
            cost_source=said.cost_source,
            months_low=months[0] if months else None,
            months_high=months[1] if months else None,
            months_source=source,
        )

    def _entry(self, text: str) -> dict[str, Any]:
        names = self.entries.select(id="item", name="item_name")
        found = _meant(names, text, _("No item of the list whose impact is known in yuan is called '%(name)s'."))
        return self.entries.row(by_predicate=pl.col("item") == found, named=True)

    def _supplier(self, entry: Mapping[str, Any], text: str) -> str:
        sold = self.shares.filter(pl.col("item") == entry["item"])["supplier"].unique()
        if text:
            names = self.owners.filter(pl.col("id").is_in(sold.implode()))
            return _meant(names, text, _("Nobody called '%(name)s' supplies this item."))
        if entry["critical_supplier"] is None or entry["critical_supplier"] not in sold:
            raise UserError(
                _("'%(name)s' has no supplier that is proven critical. Name the supplier that is covered.")
                % {"name": entry["item_name"]}
            )
        return str(entry["critical_supplier"])

    def _buyer(self, item: str, supplier: str, text: str) -> str:
        if not text:
            return ""
        bought = self.shares.filter(pl.col("item") == item, pl.col("supplier") == supplier)["buyer"].drop_nulls()
        names = self.owners.filter(pl.col("id").is_in(bought.implode()))
        return _meant(names, text, _("Nobody called '%(name)s' buys this item of this supplier."))

    def _new(self, said: Said) -> tuple[str, str]:
        """Return id and name of who delivers instead; a name that the network does not know has no id."""
        if not said.new_supplier or said.kind == Kind.STOCK:
            return "", ""
        hits = self.owners.filter((pl.col("id") == said.new_supplier) | (pl.col("name") == said.new_supplier))
        if hits.is_empty():
            return "", said.new_supplier
        return hits.row(0)[0], hits.row(0)[1]

    def _months(self, said: Said, item_kind: str | None) -> tuple[tuple[float, float] | None, str]:
        if said.months is not None:
            return said.months, said.months_source
        if said.kind == Kind.STOCK or (kind := pack().term("item_kinds", item_kind or "")) is None:
            return None, ""
        return kind.switch_months, _("assumed by the pack for this kind of item")  # type: ignore[attr-defined]

    def _name(self, owner: str) -> str:
        found = self.owners.filter(pl.col("id") == owner)["name"]
        return found[0] if len(found) else owner


def _meant(names: pl.DataFrame, text: str, unknown: str) -> str:
    """Return the id that a text means: what it names exactly, by id or name, else the only one whose name holds it."""
    exact = names.filter((pl.col("id") == text) | (pl.col("name") == text))
    hits = exact if exact.height else names.filter(pl.col("name").str.contains(text, literal=True)).sort("name")
    if hits.is_empty():
        raise UserError(unknown % {"name": text})
    if hits.height > 1:
        likely = "、".join(hits["name"].head(MOST))
        several = _("'%(name)s' may mean several: %(likely)s. Write one name in full.")
        raise UserError(several % {"name": text, "likely": likely})
    return str(hits["id"][0])
