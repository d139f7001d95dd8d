"""The backup list in the browser: a drill is recorded by the officer whose row it is, and every page looked at."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from tests.liandesk.lists_world import BY, RESIN, publish_world

from liandesk.assess.backups import actions
from liandesk.assess.backups.models import Backup, Technology
from liandesk.base.accounts.cast import officers_office
from liandesk.base.definitions.actions import take_over
from liandesk.base.definitions.packs import shipped
from liandesk.base.pack import pack
from liandesk.base.snapshots import store
from liandesk.base.snapshots.actions import keep, publish
from liankit.risk.candidates import CANDIDATE_SCHEMA

TODAY = date(2024, 9, 30)


def _world(monkeypatch: pytest.MonkeyPatch) -> Backup:
    """One row with two backups, one drill of which is overdue, and a candidate."""
    monkeypatch.setenv("LIANDESK_TODAY", TODAY.isoformat())
    take_over([one for one in shipped() if one.kind.code == "backups"], by=BY)
    before = publish_world()
    row = {
        "item": RESIN,
        "item_name": "层析填料",
        "candidate": "o",
        "candidate_name": "国产填料有限公司",
        "country": "CN",
    }
    row |= {"via": RESIN, "via_name": "层析填料", "basis": "same_item", "supplies_already": False, "source": "r"}
    offered = pl.DataFrame([row | {"is_local": True, "is_synthetic": False}], CANDIDATE_SCHEMA)
    tables = {**before.tables, "candidates": store.put_frame(offered)}
    publish(keep(tables=tables, inputs={"mark": "backups"}, is_synthetic=False, by=BY), name="risks", by=BY)
    said = {"name": "亲和层析工艺", "kind": "process", "item": RESIN, "item_name": "层析填料", "source_country": "SE"}
    said |= {"source_holder": "Cytiva", "ip_warning": "orange", "owner_office": officers_office(pack())}
    made = actions.add_technology(said, by=BY)
    steps = ["screening", "audit", "comparison", "validation"]
    first = {"type": "second_supplier", "holder_name": "Repligen", "country": "US", "steps_done": steps, "trl": 9}
    held = actions.add_backup(made.pk, first | {"change_class": "moderate"}, by=BY, version=1)
    second = {"type": "domestic_substitute", "holder_name": "国产层析有限公司", "steps_done": None}
    actions.add_backup(made.pk, second, by=BY, version=2)
    actions.plan_drill(held.pk, TODAY - timedelta(days=20), by=BY, version=3)
    return held


def test_an_overdue_drill_is_found_on_the_desk_and_recorded(
    monkeypatch: pytest.MonkeyPatch, open_page: Callable[..., Any], look_at: Callable[..., None]
) -> None:
    held = _world(monkeypatch)
    row = Technology.objects.get()
    pages = {
        "list": "/backups/",
        "row": f"/backups/{row.pk}",
        "change": f"/backups/held/{held.pk}",
        "candidates": f"/backups/candidates?item={RESIN}",
        "entry": f"/risks/item:{RESIN}",
    }
    look_at(pages, "backups")
    page = open_page("/", who="Officer", language="en", width=390)
    page.get_by_role("link", name="Drill overdue: Repligen").click()
    page.get_by_role("link", name="Record the drill").click()
    page.get_by_label("Result").select_option("partly")
    page.get_by_label("What failed").fill("yield below the limit")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    held.refresh_from_db()
    assert (held.last_drill, held.last_result, held.next_drill) == (TODAY, "partly", TODAY + timedelta(days=365))
