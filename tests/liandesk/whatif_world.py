"""A small supply network as the tables of a snapshot: what fails far away reaches three enterprises of two towns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from liandesk.assess.whatif.actions import JOB, keep_answer
from liandesk.assess.whatif.answer import answer, load
from liandesk.assess.whatif.models import WhatIf
from liandesk.base.accounts.roles import system_viewer
from liandesk.base.clock import now
from liandesk.base.jobs.actions import enqueue
from liandesk.base.snapshots import store
from liandesk.base.snapshots.actions import keep
from liandesk.base.snapshots.models import Pointer, Snapshot
from liandesk.base.snapshots.queries import RISKS, published

BY = system_viewer("test")
ONE, TWO, THREE = "enterprise-one", "enterprise-two", "enterprise-three"
TOWN, OTHER_TOWN = "330113001", "330113002"  # of the town officers of the cast

LINE_SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("line", "owner", "organisation", "name", "item", "item_name"), pl.String),
    "output_cny": pl.Float64,
    "is_district": pl.Boolean,
    "is_product": pl.Boolean,
    "town": pl.String,
    "coverage": pl.Float64,
    "is_synthetic": pl.Boolean,
}
LINK_SCHEMA: dict[str, Any] = {
    **dict.fromkeys(("supplier", "buyer", "item"), pl.String),
    "share_low": pl.Float64,
    "share_high": pl.Float64,
    "essential": pl.Int8,
    "stock_days_low": pl.Float64,
    "stock_days_high": pl.Float64,
    "basis": pl.String,
    "is_synthetic": pl.Boolean,
}


def supplier(line: str, name: str | None, item: str, item_name: str) -> dict[str, Any]:
    """Return the line of a maker outside the district; without a name it is the market of its item."""
    owner = f"S-{name}" if name else None
    row = {"line": line, "owner": owner, "organisation": None, "name": name, "item": item, "item_name": item_name}
    return row | {"output_cny": None, "is_district": False, "is_product": False, "town": None, "coverage": None}


def product(line: str, organisation: str, name: str, item_name: str, **said: Any) -> dict[str, Any]:
    """Return the line of an enterprise of the district."""
    row = {"line": line, "owner": organisation, "organisation": organisation, "name": name, "item": f"I-{line}"}
    row |= {"item_name": item_name, "output_cny": None, "is_district": True, "is_product": True}
    return row | {"town": TOWN, "coverage": None} | said


def link(source: str, target: str, item: str, shares: tuple[float, float], **said: Any) -> dict[str, Any]:
    row = {"supplier": source, "buyer": target, "item": item, "share_low": shares[0], "share_high": shares[1]}
    return row | {"essential": 2, "stock_days_low": None, "stock_days_high": None, "basis": "declared"} | said


LINES = [
    supplier("N-cytiva", "Cytiva", "I-resin", "层析填料"),
    supplier("N-gibco", "Gibco", "I-medium", "培养基"),
    supplier("N-market", None, "I-medium", "培养基"),
    product("N-drug", ONE, "临安生物一号有限公司", "单抗注射液", output_cny=50e6, coverage=0.9),
    product("N-device", TWO, "临平器械二号有限公司", "诊断试剂", output_cny=9e6, coverage=0.3, town=OTHER_TOWN),
    product("N-bag", THREE, "临平制剂三号有限公司", "冻干粉针", output_cny=8e6, coverage=0.8),
]
LINKS = [
    link("N-cytiva", "N-drug", "I-resin", (1.0, 1.0), stock_days_low=60.0, stock_days_high=60.0),
    link("N-cytiva", "N-device", "I-resin", (0.0, 1.0)),
    link("N-drug", "N-bag", "I-N-drug", (0.4, 0.7), stock_days_low=10.0, stock_days_high=20.0),
    link("N-gibco", "N-market", "I-medium", (1.0, 1.0), stock_days_low=0.0, stock_days_high=0.0),
    link("N-market", "N-bag", "I-medium", (1.0, 1.0), stock_days_low=30.0, stock_days_high=30.0),
]


def tables() -> dict[str, pl.DataFrame]:
    """Return the tables of the supply network."""
    lines = pl.DataFrame([{"is_synthetic": False, **row} for row in LINES], schema=LINE_SCHEMA)
    links = pl.DataFrame([{"is_synthetic": False, **row} for row in LINKS], schema=LINK_SCHEMA)
    return {"cascade_lines": lines, "cascade_links": links}


def publish_network(**more: pl.DataFrame) -> Snapshot:
    """Keep a snapshot with the network and let it be the one that is read; no list is projected."""
    digests = {name: store.put_frame(frame) for name, frame in (tables() | more).items()}
    snapshot = keep(tables=digests, inputs={}, is_synthetic=False, by=BY)
    Pointer.objects.update_or_create(name=RISKS, defaults={"snapshot": snapshot, "published_at": now()})
    return snapshot


def answered(ids: Mapping[str, str]) -> WhatIf:
    """Return an answered what-if whose texts are marked; it reaches the enterprises One and Two of the access world."""
    names = {ONE: ("One", ids["One"]), TWO: ("Two", ids["Two"]), THREE: ("One", ids["One"])}
    lines = [
        row | {"name": f"MarkHit{part}", "organisation": own, "owner": own, "is_synthetic": False}
        for row in LINES
        if row["organisation"] in names
        for part, own in [names[row["organisation"]]]
    ]
    outside = supplier("N-cytiva", "MarkBrings", "I-resin", "层析填料") | {"is_synthetic": False}
    network = tables()["cascade_links"].filter(pl.col("supplier") != "N-gibco", pl.col("supplier") != "N-market")
    loaded = load(pl.DataFrame([outside, *lines], schema=LINE_SCHEMA), network)
    found = answer(loaded, pl.DataFrame({"line": ["N-cytiva"], "loss": [1.0]}), (), 0.5)
    snapshot = published()
    assert snapshot is not None
    asked = WhatIf.objects.create(
        title="MarkAsked",
        note="MarkAskedNote",
        asked_by=BY.actor,
        asked_at=now(),
        snapshot=snapshot,
        shocks=[{"kind": "maker", "id": "S", "name": "MarkFails", "loss": 1.0}],
        job=enqueue(JOB, by=BY),
    )
    digests = {"hits": store.put_frame(found.hits), "stops": store.put_frame(found.stops)}
    keep_answer(asked, digests, [TOWN, OTHER_TOWN], by=BY)
    return asked
