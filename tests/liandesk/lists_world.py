"""A small world for the tests of lists: two enterprises, three items, published through the real engine.

``publish_world`` takes the tables as they are or with rows changed; the numbers on the list are the engine's.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from typing import Any

import polars as pl
import pytest
from django.utils import translation

from liandesk.base.accounts.roles import Grant, Role, ScopeKind, Viewer, system_viewer
from liandesk.base.facts.schema import KNOWN_SCHEMA
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.base.snapshots.actions import keep, publish
from liandesk.base.snapshots.models import Snapshot
from liankit.risk import exposure

BY = system_viewer("test")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """Messages are read in English; a module that imports this fixture has it for all its tests."""
    with translation.override("en"):
        yield


ONE, TWO = "enterprise-one", "enterprise-two"  # the organisations of the cast
RESIN, VALVE, MEDIUM = "I-resin", "I-valve", "I-medium"
ONE_RESIN, ONE_VALVE = f"input:{ONE}:{RESIN}", f"input:{ONE}:{VALVE}"
TWO_MEDIUM, RESIN_ITEM = f"input:{TWO}:{MEDIUM}", f"item:{RESIN}"

ITEMS = [
    {"item": RESIN, "name": "层析填料", "item_kind": "excipient"},
    {"item": VALVE, "name": "=隔膜阀", "item_kind": "precision_analysis"},
    {"item": MEDIUM, "name": "培养基", "item_kind": "active_ingredient"},
]
ORGANISATIONS = [
    {"id": ONE, "name": "临安生物一号有限公司", "town": "330113001", "uscc": "91330110MA2GXXXX17"},
    {"id": TWO, "name": "临平器械二号有限公司", "town": "330113002", "uscc": None},
]


def supply(item: str, supplier: str, buyer: str | None, country: str | None = None, **said: Any) -> dict[str, Any]:
    row = {"record": f"workbook:critical_input:{buyer}:{item}", "item": item, "supplier": f"S-{supplier}"}
    row |= {"supplier_name": supplier, "buyer": buyer, "country": country}
    return row | {"share": None, "amount_cny": None} | said


def use(buyer: str, item: str, product: str, **said: Any) -> dict[str, Any]:
    row = {"record": f"workbook:critical_input:{buyer}:{item}", "item": item, "buyer": buyer, "product": product}
    row |= {"output_cny": None, "another_source": None, "stock_days": None}
    row |= {"switch_months_low": 6.0, "switch_months_high": 24.0, "switch_basis": "assumed"}
    return row | said


SUPPLIES = [
    supply(RESIN, "Cytiva", ONE, "SE", amount_cny=1_200_000.0),
    supply(VALVE, "GEMU", ONE, "DE"),
    supply(VALVE, "Saunders", ONE, None),
    supply(MEDIUM, "Gibco", TWO, "US"),
    supply(MEDIUM, "Merck", None, "DE"),
]
USES = [
    use(ONE, RESIN, "单抗注射液", output_cny=50_000_000.0, another_source=False, stock_days=60.0),
    use(ONE, VALVE, "生物反应器", output_cny=8_000_000.0),
    use(TWO, MEDIUM, "细胞制剂", another_source=True, stock_days=20.0),
]
FACTS = [
    ("workbook:critical_input:enterprise-one:I-resin", "critical_input", "control", "出口许可", None, 7),
    ("workbook:critical_input:enterprise-one:I-resin", "critical_input", "lead_time_days", None, 90.0, 7),
    ("workbook:critical_input:enterprise-one:I-resin", "critical_input", "request", "希望对接国产厂商", None, 7),
    ("workbook:critical_input:enterprise-one:I-resin", "critical_input", "item", "workbook:item:resin", None, 7),
    ("workbook:critical_input:enterprise-one:I-valve", "critical_input", "used_for", "生物反应器", None, 8),
    ("workbook:critical_input:enterprise-two:I-medium", "critical_input", "used_for", "细胞制剂", None, 9),
    ("workbook:item:resin", "item", "code", "HS 3914.00", None, 3),
]


def publish_world(
    *,
    supplies: list[dict[str, Any]] = SUPPLIES,
    uses: list[dict[str, Any]] = USES,
    is_synthetic: bool = False,
    mark: str = "",
) -> Snapshot:
    """Compute and publish the risk list of these tables; return the snapshot."""
    snapshot = keep_world(supplies=supplies, uses=uses, is_synthetic=is_synthetic, mark=mark)
    publish(snapshot, name="risks", by=BY)
    return snapshot


def keep_world(
    *, supplies: list[dict[str, Any]], uses: list[dict[str, Any]], is_synthetic: bool = False, mark: str = ""
) -> Snapshot:
    frames = _frames(json.dumps(supplies), json.dumps(uses), is_synthetic)
    tables = {name: store.put_frame(frame) for name, frame in frames.items()}
    return keep(tables=tables, inputs={"mark": mark}, is_synthetic=is_synthetic, by=BY)


@cache
def _frames(supplies: str, uses: str, is_synthetic: bool) -> dict[str, pl.DataFrame]:
    """Compute the tables once for all tests that publish the same rows, given as JSON."""
    items = pl.DataFrame(ITEMS)
    organisations = _organisations(is_synthetic)
    tables = {"items": items, "organisations": organisations}
    tables |= {"supplies": _supplies(json.loads(supplies)), "uses": _uses(json.loads(uses))}
    listing = items.select("item", complete=pl.lit(False))
    found = exposure(items, tables["supplies"], tables["uses"], listing, home_country=pack().home_country)
    names = organisations.select(buyer="id", organisation_name="name", town="town")
    entries = found.entries.join(names, on="buyer", how="left").with_columns(is_synthetic=pl.lit(is_synthetic))
    members = pl.DataFrame(schema={"record": pl.String, "organisation": pl.String})
    return tables | {"entries": entries, "reasons": found.reasons, "members": members, "facts": _facts()}


def _organisations(is_synthetic: bool) -> pl.DataFrame:
    empty = {name: pl.lit(None, dtype=pl.String) for name in ("name_en", "kind", "country", "zone", "segment")}
    schema = dict.fromkeys(ORGANISATIONS[0], pl.String)
    return pl.DataFrame(ORGANISATIONS, schema=schema).with_columns(**empty, is_synthetic=pl.lit(is_synthetic))


def _supplies(rows: list[dict[str, Any]]) -> pl.DataFrame:
    texts = ("record", "item", "supplier", "supplier_name", "buyer", "country")
    schema: dict[str, Any] = dict.fromkeys(texts, pl.String)
    return pl.DataFrame(rows, schema=schema | {"share": pl.Float64, "amount_cny": pl.Float64})


def _uses(rows: list[dict[str, Any]]) -> pl.DataFrame:
    schema: dict[str, Any] = dict.fromkeys(("record", "item", "buyer", "product", "switch_basis"), pl.String)
    numbers = ("output_cny", "stock_days", "switch_months_low", "switch_months_high")
    schema |= dict.fromkeys(numbers, pl.Float64) | {"another_source": pl.Boolean}
    return pl.DataFrame(rows, schema=schema)


def _facts() -> pl.DataFrame:
    rows = [
        {"record": record, "kind": kind, "attribute": attribute, "text": text, "number": number, "row": row}
        | {"unit": "", "file": "摸排表.xlsx", "sheet": "关键投入", "source": "workbook", "landing": "abcd1234"}
        for record, kind, attribute, text, number, row in FACTS
    ]
    return pl.DataFrame(rows, schema=KNOWN_SCHEMA)


def viewer(role: str, kind: str = ScopeKind.DISTRICT, scope: str = "", number: int = 1000) -> Viewer:
    """Return a viewer with one grant and no account, for tests below the faces."""
    return Viewer(f"user:{number}", role, frozenset({Grant(role, kind, scope)}))


OFFICE = viewer(Role.CHAIN_OFFICE, ScopeKind.OFFICE, "economy", 1001)
CHIEF = viewer(Role.CHAIN_CHIEF, number=1002)
MARKET_OFFICER = viewer(Role.OFFICER, ScopeKind.OFFICE, "market", 1003)
TOWN = viewer(Role.TOWN_OFFICER, ScopeKind.TOWN, "330113001", 1004)
ENTERPRISE = viewer(Role.ENTERPRISE, ScopeKind.ORGANISATION, ONE, 1005)
AUDITOR = viewer(Role.AUDITOR, number=1006)
