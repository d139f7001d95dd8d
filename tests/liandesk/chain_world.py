"""A small chain told in facts under the names that the sheets give them, landed and refreshed as the district would."""

from __future__ import annotations

import hashlib

import polars as pl

from liandesk.base.accounts.roles import system_viewer
from liandesk.base.facts.actions import NewLanding, land
from liandesk.base.facts.schema import FACT_SCHEMA
from liandesk.base.pack import pack
from liandesk.know.chain.models import Node
from liandesk.know.registry.models import Organisation
from liandesk.refresh.runs import run_now
from liankit.tables import PROBLEM_SCHEMA

BY = system_viewer("test")
Said = str | float
Record = tuple[str, str, dict[str, Said]]


def facts_of(*records: Record) -> pl.DataFrame:
    """Return facts of records given as (record, kind, attributes)."""
    lines = [
        {
            "record": record,
            "kind": kind,
            "attribute": name,
            "text": value if isinstance(value, str) else None,
            "number": None if isinstance(value, str) else float(value),
            "unit": "",
            "file": "chain.xlsx",
            "sheet": kind,
            "row": row,
        }
        for row, (record, kind, said) in enumerate(records, start=2)
        for name, value in said.items()
    ]
    return pl.DataFrame(lines, schema=FACT_SCHEMA)


def organisation(key: str, name: str, town: int | None = None, source: str = "workbook", **said: Said) -> Record:
    """Return an organisation; ``town`` is the place of its town in the pack, None outside the district."""
    placed: dict[str, Said] = {"name": name, "role": "enterprise", "country": "CN"}
    placed |= {"town": pack().towns[town].code} if town is not None else {}
    return (f"{source}:organisation:{key}", "organisation", placed | said)


def item(key: str, name: str, source: str = "workbook", **said: Said) -> Record:
    return (f"{source}:item:{key}", "item", {"name": name, **said})


def relation(source: str, relation: str, target: str, where: str = "workbook") -> Record:
    ends: dict[str, Said] = {"from": f"{where}:item:{source}", "to": f"{where}:item:{target}", "relation": relation}
    return (f"{where}:relation:{source}{relation}{target}", "relation", ends)


def needs(who: str, what: str, **said: Said) -> Record:
    ends: dict[str, Said] = {"organisation": f"workbook:organisation:{who}", "item": f"workbook:item:{what}"}
    return (f"workbook:critical_input:{who}{what}", "critical_input", ends | said)


def makes(who: str, what: str, source: str = "workbook", **said: Said) -> Record:
    ends: dict[str, Said] = {"organisation": f"{source}:organisation:{who}", "item": f"{source}:item:{what}"}
    return (f"{source}:makes:{who}{what}", "makes", ends | said)


def supply(supplier: str, buyer: str, what: str, **said: Said) -> Record:
    ends: dict[str, Said] = {
        "supplier": f"workbook:organisation:{supplier}",
        "buyer": f"workbook:organisation:{buyer}",
        "item": f"workbook:item:{what}",
    }
    return (f"workbook:supply:{supplier}{buyer}{what}", "supply", ends | said)


CHAIN = (
    organisation("one", "临平一号生物制药有限公司", 0),
    organisation("two", "临平二号填料科技有限公司", 1),
    organisation("three", "临平三号医疗器械有限公司", 1),
    organisation("away", "苏州纳微层析有限公司"),
    organisation("abroad", "Cytal Bioprocess AB", country="SE"),
    item("bio", "生物药", node_kind="segment"),
    item("drug", "单抗注射液", item_kind="other"),
    item("resin", "层析填料", item_kind="process_equipment"),
    item("protein_a", "Protein A 层析填料", item_kind="process_equipment"),
    item("agarose", "琼脂糖微球", item_kind="excipient"),
    item("medium", "无血清培养基", item_kind="excipient"),
    item("bag", "一次性储液袋", item_kind="process_equipment"),
    item("filling", "无菌灌装服务", node_kind="service"),
    relation("drug", "used_in", "bio"),
    relation("resin", "input_of", "drug"),
    relation("medium", "input_of", "drug"),
    relation("bag", "input_of", "drug"),
    relation("filling", "used_in", "bio"),
    relation("protein_a", "subtype_of", "resin"),
    relation("agarose", "input_of", "protein_a"),
    makes("one", "drug", revenue_share=0.8),
    makes("two", "protein_a"),
    makes("away", "resin"),
    makes("away", "agarose"),
    needs(
        "one", "resin", supplier="Cytal Bioprocess AB", supplier_country="SE", another_source="no", stock_days=30,
        lead_time_days=120, amount_cny=3_200_000, share=0.9,
    ),
    needs("one", "medium", supplier_country="US"),
    supply("away", "two", "agarose", share=0.6, sole_source="no", stock_days=45),
    supply("two", "three", "bag", amount_cny=150_000),
)  # fmt: skip


def build_chain_world(*records: Record) -> dict[str, str]:
    """Land the facts (``CHAIN`` if none are given), refresh, and return ids of organisations and nodes by name."""
    told = facts_of(*(records or CHAIN))
    content = hashlib.sha256(told.write_csv().encode()).hexdigest()
    land(NewLanding("workbook", "chain", content, told, pl.DataFrame(schema=PROBLEM_SCHEMA), {}), by=BY)
    run_now()
    named = [*Organisation.objects.values_list("name", "pk"), *Node.objects.values_list("name", "pk")]
    return dict(named)
