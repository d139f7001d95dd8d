"""A small district for the tests of the registry: its facts are landed by hand, its lists are computed by a refresh."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

import polars as pl
from tests.liandesk.lists_world import viewer

from liandesk.base.accounts.roles import Role, ScopeKind, Viewer, system_viewer
from liandesk.base.facts.actions import NewLanding, land
from liandesk.base.facts.models import Landing
from liandesk.base.facts.schema import FACT_SCHEMA
from liandesk.base.jobs import actions as jobs
from liandesk.base.jobs.handlers import REFRESH
from liandesk.base.jobs.models import Job
from liandesk.know.registry.models import Record
from liandesk.refresh.actions import refresh as compute

BY = system_viewer("test")
OFFICE = viewer(Role.CHAIN_OFFICE, ScopeKind.OFFICE, "economy", 1001)
AUDITOR = viewer(Role.AUDITOR, number=1006)
CODES = ("91330100799655058B", "914403001922038216")

Said = dict[str, str | float]


def enterprise(organisation: str) -> Viewer:
    """Return whoever acts for an organisation."""
    return viewer(Role.ENTERPRISE, ScopeKind.ORGANISATION, organisation, 1005)


def said(kind: str, key: str, **values: str | float) -> list[dict[str, Any]]:
    """Return the facts of one record."""
    line = {"record": f"workbook:{kind}:{key}", "kind": kind, "unit": "", "file": "survey.xlsx", "sheet": "", "row": 7}
    return [
        line | {"attribute": name, ("number" if isinstance(value, float) else "text"): value}
        for name, value in values.items()
    ]


def organisation(key: str, name: str, **values: str | float) -> list[dict[str, Any]]:
    return said("organisation", key, name=name, role="enterprise", country="CN", town="330113001", **values)


def needs(key: str, item: str, output: float = 5e7, **values: str | float) -> list[dict[str, Any]]:
    """An enterprise needs an item."""
    ids = {"organisation": f"workbook:organisation:{key}", "item": f"workbook:item:{item}"}
    more: Said = {"used_for": f"产品{key}", "output_cny": output, "supplier_country": "US", "another_source": "no"}
    return said("critical_input", f"{key}-{item}", **ids, **more | values)


def item(key: str) -> list[dict[str, Any]]:
    return said("item", key, name=f"物项{key}", item_kind="excipient")


DISTRICT = [
    *item("resin"),
    *item("valve"),
    *organisation("a", "杭州甲生物科技有限公司"),
    *organisation("b", "浙江乙医疗器械有限公司"),
    *organisation("c", "临平丙制药有限公司", uscc=CODES[0]),
    *needs("a", "resin"),
    *needs("b", "resin", 3e7),
    *needs("b", "valve", 2e7),
    *needs("c", "valve", 9e7),
]


def load(lines: list[dict[str, Any]] = DISTRICT, mark: str = "district") -> Landing:
    """Land facts under a name of their own."""
    content = hashlib.sha256(mark.encode()).hexdigest()
    return land(
        NewLanding("workbook", mark, content, pl.DataFrame(lines, schema=FACT_SCHEMA), pl.DataFrame(), {}), by=BY
    )


def refresh() -> Job:
    """Do the refresh that was asked for, or a new one, in the test's own transaction."""
    asked = jobs.enqueue(REFRESH, by=BY)
    job = jobs.claim("test", job_id=asked.pk)
    assert job is not None
    jobs.finish(job, result=compute(job))
    return job


def members() -> dict[str, str]:
    """Return the permanent id of each record's organisation, records by their last part."""
    rows: Mapping[str, str] = dict(Record.objects.values_list("record", "organisation"))
    return {record.rsplit(":", 1)[1]: pk for record, pk in rows.items()}


def record(key: str) -> str:
    return f"workbook:organisation:{key}"
